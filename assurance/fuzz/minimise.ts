/** Executions that one finding may cost. */
const MAX_TRIES = 3000

/**
 * Makes an input smaller for as long as it still fails: pieces are taken out, the largest first, then bytes are made
 * plain.
 */
export async function minimise(
  bytes: Uint8Array,
  fails: (candidate: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let smallest = bytes
  let tries = 0
  const attempt = async (candidate: Uint8Array): Promise<boolean> => {
    tries += 1
    if (tries > MAX_TRIES || !(await fails(candidate))) return false
    smallest = candidate
    return true
  }
  for (let size = Math.max(1, smallest.length >> 1); size >= 1 && tries <= MAX_TRIES; size = size >> 1) {
    for (let at = 0; at < smallest.length && tries <= MAX_TRIES; ) {
      const without = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)])
      if (!(await attempt(without))) at += size
    }
  }
  for (let at = 0; at < smallest.length && tries <= MAX_TRIES; at++) {
    if (smallest[at] === 0x61) continue
    const plain = Uint8Array.from(smallest)
    plain[at] = 0x61
    await attempt(plain)
  }
  return smallest
}
