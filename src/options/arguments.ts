/** The options and arguments that were given, checked against the command's table. */
export interface Arguments {
  readonly positionals: readonly string[]
  /** An option's value, or its default. */
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  flag(name: string): boolean
}
