/**
 * Undoes percent-encoding. A `%` that begins no pair of hexadecimal digits stays as it is, and bytes that are not UTF-8
 * become U+FFFD: one broken value must not cost the call its recording.
 */
export function uriDecode(text: string): string {
  if (!text.includes('%')) return text
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}
