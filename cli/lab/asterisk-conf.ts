import { HoldfastError } from '../../core/domain/errors.ts'

/** One `[name]` of a configuration file. Order matters to Asterisk, and a key may stand more than once. */
export type ConfSection = {
  readonly name: string
  readonly entries: readonly ConfEntry[]
}

export type ConfEntry = readonly [key: string, value: string | number]

/**
 * The text of an Asterisk configuration file.
 * A comment sign in a value is escaped; a value that would begin a new line is refused.
 * @throws HoldfastError `FIELD_REFUSED`
 * Source: Asterisk 22 main/config.c, process_text_line
 */
export function confText(sections: readonly ConfSection[]): string {
  return sections.map((section) => `[${oneLine(section.name)}]\n${section.entries.map(entryText).join('')}`).join('\n')
}

function entryText([key, value]: ConfEntry): string {
  return `${oneLine(key)} = ${oneLine(String(value)).replaceAll(';', '\\;')}\n`
}

function oneLine(text: string): string {
  if (/[\r\n\0]/.test(text)) throw new HoldfastError('FIELD_REFUSED', 'a value of an Asterisk configuration may not hold CR, LF or NUL')
  return text
}
