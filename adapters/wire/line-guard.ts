import { HoldfastError } from '../../core/domain/errors.ts'

/** A field on its way to a wire: its name for the error, its value as it came. */
export interface WireField {
  readonly name: string
  readonly value: string
  /** Longest value in UTF-8 bytes. */
  readonly maxBytes: number
}

/**
 * The value, when it can neither end a line nor begin another one.
 * Refused, not mended: a value without its line breaks would be a different value.
 * @throws HoldfastError `FIELD_REFUSED` for CR, LF, NUL or another control character (C0 and DEL), or too many bytes
 */
export function guardedField({ name, value, maxBytes }: WireField): string {
  const sizeBytes = Buffer.byteLength(value)
  if (sizeBytes > maxBytes) throw new HoldfastError('FIELD_REFUSED', `${name} is too long for the wire`, { field: name, sizeBytes, maxBytes })
  if (hasControlCharacter(value)) throw new HoldfastError('FIELD_REFUSED', `${name} holds a control character`, { field: name, sizeBytes })
  return value
}

function hasControlCharacter(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}
