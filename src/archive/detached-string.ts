/**
 * The same text, apart from the one that it was cut out of: V8 keeps all of a text in memory for as long as any piece
 * of it is held, and a file name would hold megabytes.
 */
export function detached(text: string): string {
  return Buffer.from(text).toString()
}
