/**
 * Text that comes from outside, with what a terminal or a log would act on made visible: control characters, those
 * that turn the direction of writing or show nothing, and what GitHub's runner knows a command by: `::` at the start of
 * a line, `##[` anywhere in it (actions/runner, ActionCommand). Line ends stay.
 */
export function visible(text: string): string {
  return text.replaceAll(
    /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]|(?<=##)\[|(?<=(?:^|\n)[ \t]*):(?=:)/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}
