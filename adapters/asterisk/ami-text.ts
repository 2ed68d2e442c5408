import { uriDecode } from '../wire/percent-text.ts'

const ESCAPED: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"', '?': '?' }

/**
 * What a C-escaped value was before. VarSet and ChanVariable values come so; a sequence that C does not know stays as it is.
 * Source: Asterisk 22 main/manager_channels.c, `ast_escape_c_alloc`; seen: `line1\nline2\r\nEvil: yes`
 */
export function unescapeC(text: string): string {
  return text.replace(/\\(.)/gs, (sequence, letter: string) => ESCAPED[letter] ?? sequence)
}

/** Undoes the two layers of the dialplan's holdfast-encode. */
export function decodeHandedOver(text: string): string {
  return uriDecode(uriDecode(text))
}

/** Undoes the dialplan's URIENCODE(). */
export { uriDecode }
