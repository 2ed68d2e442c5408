/** What a Range header asks of a file: bytes `[start, end)`, all of it, or something that is not there. */
export type ByteRange = { readonly type: 'whole' } | { readonly type: 'part'; readonly start: number; readonly end: number } | { readonly type: 'unsatisfiable' }

/** One range of bytes. Source: RFC 9110 §14.1.2 */
const SINGLE_RANGE = /^bytes=[\t ]*(\d{0,20})-(\d{0,20})[\t ]*$/i
const WHOLE: ByteRange = { type: 'whole' }

/**
 * Single ranges are served; several at once, other units and what is no range are answered with the whole, as RFC 9110 §14.2
 * allows: no player asks for several, and each of them would cost as much as a request.
 */
export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange {
  const match = SINGLE_RANGE.exec(header ?? '')
  if (match === null) return WHOLE
  const [, first = '', last = ''] = match
  if (first === '') return last === '' ? WHOLE : suffix(Number(last), sizeBytes)
  const start = Number(first)
  if (last !== '' && Number(last) < start) return WHOLE
  if (start >= sizeBytes) return { type: 'unsatisfiable' }
  return { type: 'part', start, end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) }
}

/** The last bytes; more than there are is all of them, none of them is nothing. */
function suffix(length: number, sizeBytes: number): ByteRange {
  if (length === 0 || sizeBytes === 0) return { type: 'unsatisfiable' }
  return { type: 'part', start: Math.max(0, sizeBytes - length), end: sizeBytes }
}
