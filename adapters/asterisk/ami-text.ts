const ESCAPED: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', "'": "'", '"': '"', '?': '?' }

/**
 * What a C-escaped value was before. VarSet and ChanVariable values come so; a sequence that C does not know stays as it is.
 * Source: Asterisk 22 main/manager_channels.c, `ast_escape_c_alloc`; seen: `line1\nline2\r\nEvil: yes`
 */
export function unescapeC(text: string): string {
  return text.replace(/\\(.)/gs, (sequence, letter: string) => ESCAPED[letter] ?? sequence)
}

/**
 * Undoes the dialplan's URIENCODE(). A `%` that begins no pair of hexadecimal digits stays as it is, and bytes that are not UTF-8
 * become U+FFFD: one broken value must not cost the call its recording.
 */
export function uriDecode(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}

/** Undoes the two layers of the dialplan's holdfast-encode. */
export function decodeHandedOver(text: string): string {
  return uriDecode(uriDecode(text))
}
