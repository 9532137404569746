import { s as saveCache, t as dropSecrets } from "./inputs.js";
// src/save-cache.ts
/** What GitHub runs after the job: hands what the run used to the cache service. It never fails the job. */
dropSecrets(process.env);
await saveCache();
export {};
