type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

/** Without the keys that are there but undefined, so that they do not hide inherited ones. */
export function defined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>
}
