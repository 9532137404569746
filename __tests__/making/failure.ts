import { describeError } from '../../src/errors.ts'

/** What an action fails with, in words; `accepted` where it does not. */
export async function failure(action: () => unknown): Promise<string> {
  try {
    await action()
    return 'accepted'
  } catch (error) {
    return describeError(error)
  }
}
