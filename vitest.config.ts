import { defineConfig } from 'vitest/config'

/** Hermetic by default; `--project live` talks to the mirror of apt's sources, `--project e2e` builds with Debian's tools. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'hermetic',
          include: ['__tests__/**/*.test.ts'],
          exclude: ['__tests__/**/*.live.test.ts', '__tests__/e2e/**'],
          testTimeout: 20_000,
        },
      },
      { test: { name: 'live', include: ['__tests__/**/*.live.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
      {
        test: {
          name: 'e2e',
          include: ['__tests__/e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
