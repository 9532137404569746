import { expect, it, vi } from 'vitest'
import { targetNamed } from '../../assurance/fuzz/targets.ts'

/** As if signatures were not verified at all. */
vi.mock('../../src/archive/signature-check.ts', () => ({
  verifyByKeyAlone: async () => {},
}))

it.each(['signed-release', 'signed-buildinfo', 'sha256sums', 'in-toto-link', 'in-toto-layout'])(
  'a forgery is told by the target %s, were one ever accepted',
  async (name) => {
    const target = targetNamed(name)
    const [{ bytes } = { bytes: new Uint8Array() }] = await target.seeds()
    const forged = Buffer.from(bytes)
    // One digit of a hash, or of the number of rebuilders who must agree.
    const pattern =
      name === 'in-toto-layout' ? /(?<="threshold": ?)\d/g : /(?<=[^0-9a-f])[0-9a-f](?=[0-9a-f]{63}[^0-9a-f])/g
    for (const { index } of forged.toString('latin1').matchAll(pattern))
      forged[index] = forged[index] === 0x31 ? 0x32 : 0x31
    expect(forged.equals(bytes)).toBe(false)
    await expect(Promise.resolve(target.run(forged))).rejects.toThrow('FORGERY')
  },
)
