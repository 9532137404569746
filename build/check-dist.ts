import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** Builds the bundle anew in another folder and compares it, byte for byte, with the committed one. */
const folder = mkdtempSync(path.join(tmpdir(), 'debproof-dist-'))
try {
  execFileSync('rolldown', ['-c', 'rolldown.config.ts', '--dir', folder, '--logLevel', 'silent'], { stdio: 'inherit' })
  const names = [...new Set([...readdirSync(folder), ...readdirSync('dist')])].sort()
  const differing = names.filter((name) => {
    const [built, committed] = [folder, 'dist'].map((place) => readOrNothing(path.join(place, name)))
    return built === undefined || committed === undefined || !built.equals(committed)
  })
  if (differing.length > 0) {
    console.error(`dist/ is not what src/ builds: ${differing.join(', ')}. Run \`npm run build\` and commit dist/.`)
    process.exitCode = 1
  } else {
    console.log(`dist/ is what src/ builds: ${names.length} files.`)
  }
} finally {
  rmSync(folder, { recursive: true })
}

function readOrNothing(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}
