import { dropSecrets } from './ci/inputs.ts'

/** What GitHub runs after the job: saves the cache. */
dropSecrets(process.env)
