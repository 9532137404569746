import { saveCache } from './ci/cache-service.ts'
import { dropSecrets } from './ci/inputs.ts'

/** What GitHub runs after the job: hands what the run used to the cache service. It never fails the job. */
dropSecrets(process.env)
await saveCache()
