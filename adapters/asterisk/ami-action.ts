import { guardedField } from '../wire/line-guard.ts'

/** One request to Asterisk, before it has an ActionID. */
export interface AmiAction {
  readonly name: string
  readonly fields: Readonly<Record<string, string>>
}

/**
 * Longest line that is sent, its name and colon included.
 * Source: Asterisk 22: a line of 1022 bytes is read, 1027 is `Failed to parse message: line too long` (measured)
 */
export const MAX_AMI_LINE_BYTES = 1000

/**
 * The fields as asterisk-manager wants them; none of them can forge a line.
 * @throws HoldfastError `FIELD_REFUSED`
 */
export function guardedFields(action: AmiAction): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [name, value] of Object.entries({ Action: action.name, ...action.fields })) {
    fields[name.toLowerCase()] = guardedField({ name, value, maxBytes: MAX_AMI_LINE_BYTES - name.length - 2 })
  }
  return fields
}
