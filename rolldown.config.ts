import { fileURLToPath } from 'node:url'
import { defineConfig } from 'rolldown'
import { notices } from './build/notices.ts'

/**
 * Three small entries and lazily loaded chunks. Not minified: those who must trust the bundle can read it, and the
 * licences of what is in it ask that it can be rebuilt with other versions. Chunk names hold no hash, so that a
 * change shows as a change.
 */
export default defineConfig({
  input: { action: 'src/action.ts', 'save-cache': 'src/save-cache.ts', cli: 'src/cli.ts' },
  platform: 'node',
  external: [/^node:/],
  plugins: [notices()],
  resolve: { alias: { 'unzip-stream': fileURLToPath(new URL('build/no-downloads.ts', import.meta.url)) } },
  output: {
    dir: 'dist',
    format: 'esm',
    sourcemap: false,
    cleanDir: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  },
})
