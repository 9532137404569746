import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** Every benchmark, each in a process of its own. Options such as --rounds=3 are passed on. */
for (const name of ['start', 'scan', 'hash', 'whole', 'snapshot', 'growth', 'releases']) {
  spawnSync(process.execPath, [path.join(import.meta.dirname, `${name}.ts`), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
}
