import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { DebproofError } from '../errors.ts'

/**
 * A URL as a policy writes it. `file:` may be followed by a path relative to the policy, as in `file:archive/`.
 *
 * @param where the place in the policy, for errors
 * @throws DebproofError POLICY
 */
export function policyUrl(text: string, where: string, folder: string): URL {
  const relative = /^file:(?!\/)(.+)$/.exec(text)?.[1]
  const slash = relative?.endsWith('/') === true ? '/' : ''
  const url = relative === undefined ? text : pathToFileURL(path.resolve(folder, relative)).href + slash
  if (!URL.canParse(url)) throw new DebproofError('POLICY', `${where}: ${JSON.stringify(text)} is not a URL.`)
  const parsed = new URL(url)
  if (parsed.search !== '' || parsed.hash !== '') {
    throw new DebproofError('POLICY', `${where} must not have a query or a fragment.`)
  }
  // It would stand in the report and in the log.
  if (parsed.username !== '' || parsed.password !== '') {
    throw new DebproofError('POLICY', `${where} must not hold a login.`)
  }
  return parsed
}

/** The same for a folder, whose URL ends in `/` whether that was written or not. */
export function folderUrl(text: string, where: string, folder: string): URL {
  const url = policyUrl(text, where, folder)
  return url.href.endsWith('/') ? url : new URL(`${url.href}/`)
}
