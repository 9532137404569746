/**
 * Text that comes from outside, with what a terminal or a log would act on made visible. Line ends stay, and the
 * colours that the program itself puts around a line.
 */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  return text.replaceAll(
    /\x1b(?!\[(?:1;3[123]|0)m)|[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
