import { t as dropSecrets } from "./inputs.js";
// src/save-cache.ts
/** What GitHub runs after the job: saves the cache. */
dropSecrets(process.env);
export {};
