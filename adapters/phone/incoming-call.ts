import { setTimeout as delay } from 'node:timers/promises'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { CallMedia } from './call-media.ts'
import { PhoneCall } from './phone-call.ts'
import { ALLOWED_METHODS, SDP_CONTENT, type PhoneLine } from './phone-line.ts'
import { parseSipAddress, type SipAddress } from './sip-address.ts'
import { SipDialog } from './sip-dialog.ts'
import { headerValue, parseCSeq, type SipRequest } from './sip-message.ts'
import type { ServerTransaction } from './sip-server-transaction.ts'

/** A call that came to us. It rings as soon as it is there. */
export class IncomingCall extends PhoneCall {
  readonly remote: SipAddress
  readonly #transaction: ServerTransaction

  constructor(line: PhoneLine, media: CallMedia, transaction: ServerTransaction) {
    super(line, media)
    this.#transaction = transaction
    this.remote = parseSipAddress(headerValue(transaction.request, 'from') ?? '') ?? { displayName: null, uri: '', parameters: new Map() }
    transaction.respond({ status: 180, headers: [['Contact', line.contact]] })
  }

  get invite(): SipRequest {
    return this.#transaction.request
  }

  get callId(): string {
    return headerValue(this.#transaction.request, 'call-id') ?? ''
  }

  /** A header of the INVITE, such as `X-Interaction-ID`, or null. */
  header(name: string): string | null {
    return headerValue(this.#transaction.request, name)
  }

  /**
   * Takes the call, after letting it ring for a while.
   * @throws HoldfastError `PHONE_CALL_FAILED` when the caller has given up, or offers no audio that we know
   */
  async answer({ afterMs = 0 }: { readonly afterMs?: number } = {}): Promise<void> {
    if (afterMs > 0) await this.#ring(afterMs)
    const dialog = SipDialog.asCallee(this.#transaction.request, this.#transaction.localTag)
    const { request } = this.#transaction
    if (this.state !== 'ringing' || dialog === null) throw new HoldfastError('PHONE_CALL_FAILED', 'the call cannot be answered any more')
    // An INVITE without a description asks for ours; the peer's then comes with the ACK, which only old gateways do.
    const body = this.media.answer(request.body)
    if (body === null) {
      this.#refuse(488)
      throw new HoldfastError('PHONE_CALL_FAILED', 'the caller offers no audio that we know')
    }
    this.#transaction.respond({ status: 200, headers: [['Contact', this.line.contact], ['Allow', ALLOWED_METHODS], SDP_CONTENT], body })
    this.markAnswered(dialog)
  }

  /** Refuses the call; 486 is busy, 603 is no. */
  reject(status = 486): void {
    if (this.state === 'ringing') this.#refuse(status)
  }

  /** Sends the caller elsewhere: to an extension of the PBX or a `sip:` URI. Source: RFC 3261 §8.1.3.4 */
  redirect(target: string): void {
    if (this.state !== 'ringing') return
    this.#transaction.respond({ status: 302, headers: [['Contact', `<${this.uriOf(target)}>`]] })
    this.markEnded({ by: 'us', status: 302, causeQ850: null })
  }

  /** The caller has given up. */
  cancelled(): void {
    this.#transaction.respond({ status: 487 })
    this.markEnded({ by: 'them', status: 487, causeQ850: null })
  }

  protected abandon(): Promise<void> {
    this.#refuse(603)
    return Promise.resolve()
  }

  /** Until the time is over or the caller gives up. */
  async #ring(durationMs: number): Promise<void> {
    const ended = new AbortController()
    this.once('ended', () => ended.abort())
    await delay(durationMs, undefined, { signal: ended.signal }).catch(() => undefined)
  }

  #refuse(status: number): void {
    this.#transaction.respond({ status })
    this.markEnded({ by: 'us', status, causeQ850: null })
  }
}

/** Whether a CANCEL means this INVITE. Source: RFC 3261 §9.2 */
export function cancels(cancel: SipRequest, invite: SipRequest): boolean {
  return headerValue(cancel, 'call-id') === headerValue(invite, 'call-id') && parseCSeq(cancel)?.sequence === parseCSeq(invite)?.sequence
}
