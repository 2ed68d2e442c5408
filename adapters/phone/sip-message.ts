import { HoldfastError } from '../../core/domain/errors.ts'

export type SipHeader = readonly [name: string, value: string]

export type SipRequest = {
  readonly type: 'request'
  readonly method: string
  readonly uri: string
  readonly headers: readonly SipHeader[]
  readonly body: string
}

export type SipResponse = {
  readonly type: 'response'
  readonly status: number
  readonly reason: string
  readonly headers: readonly SipHeader[]
  readonly body: string
}

export type SipMessage = SipRequest | SipResponse

/** Source: RFC 3261 §7.3.3, RFC 3515 §2, RFC 3891 §6 */
const COMPACT_NAMES: Readonly<Record<string, string>> = {
  i: 'call-id', m: 'contact', e: 'content-encoding', l: 'content-length', c: 'content-type', f: 'from', s: 'subject', k: 'supported', t: 'to', v: 'via', r: 'refer-to', o: 'event', b: 'referred-by',
}

/** Headers that may stand once with several values, parted by commas. Source: RFC 3261 §7.3.1 */
const LISTS = new Set(['via', 'route', 'record-route', 'contact', 'allow', 'supported', 'require'])

/** A message of a well-meaning peer has about 20. */
const MAX_HEADERS = 200

/** Headers without which a message cannot be answered. Source: RFC 3261 §8.1.1 */
const INDISPENSABLE = ['via', 'from', 'to', 'call-id', 'cseq']

/** Reads a datagram that anybody may have sent; null when it is not a SIP message that can be answered. */
export function parseSipMessage(datagram: Uint8Array): SipMessage | null {
  const text = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength).toString('utf8').replace(/^(?:\r\n)+/, '')
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return null
  // A line that begins with a blank continues the one before it. Source: RFC 3261 §7.3.1
  const [startLine, ...lines] = text.slice(0, end).replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  if (startLine === undefined || lines.length > MAX_HEADERS) return null
  const headers = parseHeaders(lines)
  if (headers === null || INDISPENSABLE.some((name) => !headers.some(([other]) => other === name))) return null
  const body = parseBody(text.slice(end + 4), headers)
  return body === null ? null : parseStartLine(startLine, headers, body)
}

function parseStartLine(line: string, headers: readonly SipHeader[], body: string): SipMessage | null {
  const request = /^([A-Z]{1,32}) (\S+) SIP\/2\.0$/.exec(line)
  if (request?.[1] !== undefined && request[2] !== undefined) return { type: 'request', method: request[1], uri: request[2], headers, body }
  const response = /^SIP\/2\.0 ([1-6]\d\d) ?(.*)$/.exec(line)
  if (response?.[1] !== undefined) return { type: 'response', status: Number(response[1]), reason: response[2] ?? '', headers, body }
  return null
}

function parseHeaders(lines: readonly string[]): SipHeader[] | null {
  const headers: SipHeader[] = []
  for (const line of lines) {
    const match = /^([!%'*+\-.`~\w]+)[ \t]*:[ \t]*(.*)$/s.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) return null
    const name = match[1].toLowerCase()
    headers.push([COMPACT_NAMES[name] ?? name, match[2].trim()])
  }
  return headers
}

/** A datagram that is shorter than it says is refused; what is longer is cut. Source: RFC 3261 §18.3 */
function parseBody(rest: string, headers: readonly SipHeader[]): string | null {
  const length = headers.find(([name]) => name === 'content-length')?.[1]
  if (length === undefined) return rest
  if (!/^\d{1,5}$/.test(length)) return null
  const bytes = Buffer.from(rest)
  return bytes.byteLength < Number(length) ? null : bytes.subarray(0, Number(length)).toString('utf8')
}

/** The bytes to send. @throws HoldfastError `FIELD_REFUSED` for a value that would begin a new line */
export function formatSipMessage(message: SipMessage): Buffer {
  const startLine =
    message.type === 'request' ? `${message.method} ${message.uri} SIP/2.0` : `SIP/2.0 ${message.status} ${message.reason}`
  const headers: SipHeader[] = [...message.headers, ['Content-Length', String(Buffer.byteLength(message.body))]]
  const lines = [startLine, ...headers.map(([name, value]) => `${name}: ${value}`)]
  if (lines.some((line) => /[\r\n\0]/.test(line))) throw new HoldfastError('FIELD_REFUSED', 'a SIP header may not hold CR, LF or NUL')
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${message.body}`)
}

/** The first value of a header, or null. */
export function headerValue(message: SipMessage, name: string): string | null {
  return headerValues(message, name)[0] ?? null
}

/** Every value of a header, in order; lists are taken apart. */
export function headerValues(message: SipMessage, name: string): string[] {
  const wanted = name.toLowerCase()
  const values = message.headers.filter(([other]) => other.toLowerCase() === wanted).map(([, value]) => value)
  return LISTS.has(wanted) ? values.flatMap(splitList) : values
}

/** Parts at commas that stand neither in quotes nor between angle brackets. */
function splitList(value: string): string[] {
  const items = value.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,])+/g) ?? []
  return items.map((item) => item.trim()).filter((item) => item !== '')
}

/** `314 INVITE` taken apart, or null. */
export function parseCSeq(message: SipMessage): { readonly sequence: number; readonly method: string } | null {
  const match = /^(\d{1,10})\s+([A-Z]+)$/.exec(headerValue(message, 'cseq') ?? '')
  return match?.[1] === undefined || match[2] === undefined ? null : { sequence: Number(match[1]), method: match[2] }
}
