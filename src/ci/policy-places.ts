import { ANYWHERE, type Places, placesBelow } from '../places.ts'
import { workspaceOfStrangers } from './platform.ts'

/**
 * Where the files may lie that a policy names: anywhere, unless the pipeline is for a pull or merge request, whose
 * author wrote the policy.
 *
 * @param allowed folders of --allow-path, and others that the user named for the policy's sake
 */
export function policyPlaces(
  environment: Readonly<Record<string, string | undefined>>,
  allowed: readonly string[],
): Places {
  const workspace = workspaceOfStrangers(environment)
  return workspace === undefined ? ANYWHERE : placesBelow(workspace, allowed)
}
