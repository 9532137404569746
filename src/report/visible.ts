/**
 * Text that comes from outside, with what a terminal or a log would act on made visible: control characters, those
 * that turn the direction of writing or show nothing, and `##[`, by which GitHub's runner knows a command anywhere in a
 * line (actions/runner, ActionCommand). Line ends stay.
 */
export function visible(text: string): string {
  return text.replaceAll(
    /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]|(?<=##)\[/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}
