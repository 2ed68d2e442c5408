import { hostOfUri, parseSipAddress, type HostAndPort } from './sip-address.ts'
import { headerValue, headerValues, parseCSeq, type SipHeader, type SipMessage, type SipRequest, type SipResponse } from './sip-message.ts'

export type DialogId = { readonly callId: string; readonly localTag: string; readonly remoteTag: string }

type DialogStart = DialogId & {
  readonly localUri: string
  readonly remoteUri: string
  readonly remoteTarget: string
  readonly routes: readonly string[]
  readonly localSequence: number
  readonly remoteSequence: number
}

/** The relation of two parties that an answered INVITE begins. Source: RFC 3261 §12 */
export class SipDialog {
  readonly id: DialogId
  readonly #localUri: string
  readonly #remoteUri: string
  readonly #routes: readonly string[]
  #remoteTarget: string
  #localSequence: number
  #remoteSequence: number

  private constructor(start: DialogStart) {
    this.id = { callId: start.callId, localTag: start.localTag, remoteTag: start.remoteTag }
    this.#localUri = start.localUri
    this.#remoteUri = start.remoteUri
    this.#routes = start.routes
    this.#remoteTarget = start.remoteTarget
    this.#localSequence = start.localSequence
    this.#remoteSequence = start.remoteSequence
  }

  /** Null when the answer lacks what a dialog needs. */
  static asCaller(invite: SipRequest, response: SipResponse): SipDialog | null {
    const local = parseSipAddress(headerValue(invite, 'from') ?? '')
    const remote = parseSipAddress(headerValue(response, 'to') ?? '')
    const target = contactOf(response)
    const localTag = local?.parameters.get('tag')
    const remoteTag = remote?.parameters.get('tag')
    if (!local || !remote || target === null || localTag === undefined || remoteTag === undefined) return null
    return new SipDialog({
      callId: headerValue(invite, 'call-id') ?? '',
      localTag,
      remoteTag,
      localUri: local.uri,
      remoteUri: remote.uri,
      remoteTarget: target,
      routes: headerValues(response, 'record-route').toReversed(),
      localSequence: parseCSeq(invite)?.sequence ?? 1,
      remoteSequence: 0,
    })
  }

  /** Null when the INVITE lacks what a dialog needs. */
  static asCallee(invite: SipRequest, localTag: string): SipDialog | null {
    const local = parseSipAddress(headerValue(invite, 'to') ?? '')
    const remote = parseSipAddress(headerValue(invite, 'from') ?? '')
    const target = contactOf(invite)
    const remoteTag = remote?.parameters.get('tag')
    if (!local || !remote || target === null || remoteTag === undefined) return null
    return new SipDialog({
      callId: headerValue(invite, 'call-id') ?? '',
      localTag,
      remoteTag,
      localUri: local.uri,
      remoteUri: remote.uri,
      remoteTarget: target,
      routes: headerValues(invite, 'record-route'),
      localSequence: 0,
      remoteSequence: parseCSeq(invite)?.sequence ?? 0,
    })
  }

  /** How a third party is told of this dialog. The tags are those of the side that reads it. Source: RFC 3891 §3 */
  get replaces(): string {
    const { callId, localTag, remoteTag } = this.id
    return `${callId};to-tag=${remoteTag};from-tag=${localTag}`
  }

  get remoteUri(): string {
    return this.#remoteUri
  }

  /** Null when the peer named no place that can be reached. */
  get destination(): HostAndPort | null {
    const [firstRoute] = this.#routes
    return hostOfUri(firstRoute === undefined ? this.#remoteTarget : (parseSipAddress(firstRoute)?.uri ?? ''))
  }

  /** The next request of ours; an ACK has the number of its INVITE. */
  request(method: string, headers: readonly SipHeader[] = [], body = ''): SipRequest {
    if (method !== 'ACK') this.#localSequence += 1
    return this.#request(method, { sequence: this.#localSequence, headers, body })
  }

  acknowledgement(sequence: number): SipRequest {
    return this.#request('ACK', { sequence, headers: [], body: '' })
  }

  /** Whether a request belongs here. */
  matches(request: SipRequest): boolean {
    const tag = (name: string): string | undefined => parseSipAddress(headerValue(request, name) ?? '')?.parameters.get('tag')
    return headerValue(request, 'call-id') === this.id.callId && tag('to') === this.id.localTag && tag('from') === this.id.remoteTag
  }

  /** Takes note of a request's number and of the peer's new address. False for one that comes too late. Source: RFC 3261 §12.2.2 */
  accept(request: SipRequest): boolean {
    const sequence = parseCSeq(request)?.sequence ?? 0
    if (sequence <= this.#remoteSequence) return false
    this.#remoteSequence = sequence
    this.refreshTarget(request)
    return true
  }

  refreshTarget(message: SipMessage): void {
    this.#remoteTarget = contactOf(message) ?? this.#remoteTarget
  }

  #request(method: string, { sequence, headers, body }: { readonly sequence: number; readonly headers: readonly SipHeader[]; readonly body: string }): SipRequest {
    const own: SipHeader[] = [
      ['Max-Forwards', '70'],
      ...this.#routes.map((route): SipHeader => ['Route', route]),
      ['From', `<${this.#localUri}>;tag=${this.id.localTag}`],
      ['To', `<${this.#remoteUri}>;tag=${this.id.remoteTag}`],
      ['Call-ID', this.id.callId],
      ['CSeq', `${sequence} ${method}`],
    ]
    return { type: 'request', method, uri: this.#remoteTarget, headers: [...own, ...headers], body }
  }
}

function contactOf(message: SipMessage): string | null {
  return parseSipAddress(headerValue(message, 'contact') ?? '')?.uri ?? null
}
