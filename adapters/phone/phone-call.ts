import { EventEmitter } from 'node:events'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { AudioSource } from './audio-source.ts'
import type { AudioTrack } from './audio-track.ts'
import type { CallMedia } from './call-media.ts'
import { withinDeadline } from './deadline.ts'
import { exchange, SDP_CONTENT, type PhoneLine } from './phone-line.ts'
import { statusOfNotification } from './call-transfer.ts'
import type { SipAddress } from './sip-address.ts'
import type { ClientTransaction } from './sip-client-transaction.ts'
import type { SipDialog } from './sip-dialog.ts'
import { headerValue, parseCSeq, type SipHeader, type SipResponse } from './sip-message.ts'
import type { ServerTransaction } from './sip-server-transaction.ts'

export type CallState = 'ringing' | 'answered' | 'ended'

export type CallEnd = {
  readonly by: 'us' | 'them'
  /** Final SIP status of a call that was not answered, else null. */
  readonly status: number | null
  /** What the peer said in `Reason: Q.850`, else null. Source: RFC 3326 */
  readonly causeQ850: number | null
}

type PhoneCallEvents = {
  answered: []
  ended: [end: CallEnd]
  digit: [digit: string]
  /** SIP status of the transferred call, as far as it has come. */
  transferNotified: [status: number]
}

/** A person takes a few seconds, a queue longer; tests that expect no answer say their own time. */
const ANSWER_DEADLINE_MS = 30_000
/** Ending a call is one exchange. */
const END_DEADLINE_MS = 30_000
/** A dead PBX cannot confirm the end; we have left all the same. */
const HANG_UP_DEADLINE_MS = 2000
/** The target has to ring and to be answered. */
const TRANSFER_DEADLINE_MS = 60_000

/** A call of our telephone, from ringing to its end, whoever began it. */
export abstract class PhoneCall extends EventEmitter<PhoneCallEvents> implements AsyncDisposable {
  /** The other party as the first message named it. */
  abstract readonly remote: SipAddress
  protected readonly line: PhoneLine
  protected readonly media: CallMedia
  #state: CallState = 'ringing'
  #dialog: SipDialog | null = null
  #receivedDigits = ''
  #transfer: PromiseWithResolvers<number> | null = null
  readonly #answered = Promise.withResolvers<void>()
  readonly #ended = Promise.withResolvers<CallEnd>()

  constructor(line: PhoneLine, media: CallMedia) {
    super()
    this.line = line
    this.media = media
    media.stream.onDigit((digit) => {
      this.#receivedDigits += digit
      this.emit('digit', digit)
    })
    // Nobody has to ask whether the call was answered.
    this.#answered.promise.catch(() => undefined)
  }

  /** Ends a call that rings: CANCEL or a refusal. */
  protected abstract abandon(): Promise<void>

  get state(): CallState {
    return this.#state
  }

  /** What was sent and received, on the time lines of RTP. */
  get sent(): AudioTrack {
    return this.media.stream.sent
  }

  get received(): AudioTrack {
    return this.media.stream.received
  }

  get sentSamples(): number {
    return this.sent.sampleCount
  }

  /** Keys that the other party has pressed so far. */
  get receivedDigits(): string {
    return this.#receivedDigits
  }

  /** @throws HoldfastError `PHONE_CALL_FAILED` when it ends unanswered, `PHONE_TIMEOUT` */
  answered(timeoutMs: number = ANSWER_DEADLINE_MS): Promise<void> {
    return withinDeadline(this.#answered.promise, timeoutMs, 'waiting for the answer')
  }

  /** @throws HoldfastError `PHONE_TIMEOUT` */
  ended(timeoutMs: number = END_DEADLINE_MS): Promise<CallEnd> {
    return withinDeadline(this.#ended.promise, timeoutMs, 'waiting for the end of the call')
  }

  /** Ends the call in whatever state it is; nothing when it has ended. */
  async hangUp(): Promise<void> {
    if (this.#state === 'ended') return
    if (this.#state === 'ringing') {
      await this.abandon()
      return
    }
    this.markEnded({ by: 'us', status: null, causeQ850: null })
    // The end is ours to decide: whether the peer confirms it changes nothing.
    await withinDeadline(this.exchangeInDialog('BYE'), HANG_UP_DEADLINE_MS, 'waiting for the confirmation').catch(() => undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hangUp()
  }

  play(source: AudioSource): void {
    this.media.stream.play(source)
  }

  stopSending(): void {
    this.media.stream.setSending('off')
  }

  startSending(): void {
    this.media.stream.setSending('on')
  }

  /** Presses keys (`0`–`9`, `*`, `#`, `A`–`D`); fulfilled when the last was released or the call has ended. Source: RFC 4733 */
  dtmf(digits: string): Promise<void> {
    return this.media.stream.sendDigits(digits)
  }

  /** Puts the other party on hold; nothing is sent meanwhile. @param headers - added to the INVITE that asks for it */
  hold(headers: readonly SipHeader[] = []): Promise<void> {
    return this.#renegotiate('held', headers)
  }

  unhold(): Promise<void> {
    return this.#renegotiate('active')
  }

  /**
   * Hands the other party over to `target` (an extension or a `sip:` URI).
   * @returns the final SIP status of the transferred call
   * @throws HoldfastError `PHONE_CALL_FAILED` when it is refused, `PHONE_TIMEOUT`
   */
  transferBlind(target: string): Promise<number> {
    return this.#refer(`<${this.uriOf(target)}>`)
  }

  /** Joins the other parties of this call and of the consultation. Source: RFC 3891, RFC 5589 §7 */
  transferAttended(consultation: PhoneCall): Promise<number> {
    const dialog = consultation.establishedDialog()
    return this.#refer(`<${dialog.remoteUri}?Replaces=${encodeURIComponent(dialog.replaces)}>`)
  }

  /** True when no message of this call is expected any more. */
  get isFinished(): boolean {
    return this.#state === 'ended' && this.#transfer === null
  }

  /** Whether a request of the peer belongs to this call. */
  owns(transaction: ServerTransaction): boolean {
    return this.#dialog?.matches(transaction.request) ?? false
  }

  /** Answers a request of the peer within this call. */
  receive(transaction: ServerTransaction): void {
    const { request } = transaction
    if (!this.#dialog?.accept(request)) {
      transaction.respond({ status: 500 })
      return
    }
    const answers: Readonly<Record<string, () => void>> = {
      BYE: () => this.#receiveBye(transaction),
      INVITE: () => this.#receiveOffer(transaction),
      UPDATE: () => this.#receiveOffer(transaction),
      NOTIFY: () => this.#receiveNotify(transaction),
      INFO: () => transaction.respond({ status: 200 }),
      OPTIONS: () => transaction.respond({ status: 200 }),
    }
    const answer = answers[request.method] ?? ((): void => transaction.respond({ status: 405 }))
    answer()
  }

  protected markAnswered(dialog: SipDialog): void {
    this.#dialog = dialog
    if (this.#state !== 'ringing') return
    this.#state = 'answered'
    this.media.stream.start()
    this.#answered.resolve()
    this.emit('answered')
  }

  protected markEnded(end: CallEnd): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#answered.reject(new HoldfastError('PHONE_CALL_FAILED', `the call ended (${end.status ?? 'hung up'})`, { status: end.status }))
    this.#ended.resolve(end)
    void this.media.stream.close()
    this.emit('ended', end)
  }

  /** @throws HoldfastError `PHONE_CALL_FAILED` when the call was never answered */
  protected establishedDialog(): SipDialog {
    if (this.#dialog === null) throw new HoldfastError('PHONE_CALL_FAILED', 'the call is not answered')
    return this.#dialog
  }

  protected uriOf(target: string): string {
    const host = this.line.proxy.host.includes(':') ? `[${this.line.proxy.host}]` : this.line.proxy.host
    return /^sips?:/i.test(target) ? target : `sip:${encodeURIComponent(target)}@${host}:${this.line.proxy.port}`
  }

  protected exchangeInDialog(method: string, headers: readonly SipHeader[] = [], body = ''): Promise<SipResponse> {
    const dialog = this.establishedDialog()
    return exchange(this.line, {
      destination: dialog.destination ?? this.line.proxy,
      build: (authorization) => dialog.request(method, [['Contact', this.line.contact], ...headers, ...authorization], body),
      onTransaction: (transaction) => {
        if (method === 'INVITE') void transaction.response.then((response) => this.acknowledge(transaction, { dialog, response }), () => undefined)
      },
    })
  }

  /** Confirms a success, and again whenever it is repeated. Source: RFC 3261 §13.2.2.4 */
  protected acknowledge(transaction: ClientTransaction, { dialog, response }: { readonly dialog: SipDialog; readonly response: SipResponse }): void {
    if (response.status >= 300) return
    dialog.refreshTarget(response)
    const acknowledgement = dialog.acknowledgement(parseCSeq(transaction.request)?.sequence ?? 0)
    transaction.acknowledgeWith(() => this.line.transactions.sendOnce(acknowledgement, dialog.destination ?? this.line.proxy))
  }

  async #renegotiate(held: 'held' | 'active', headers: readonly SipHeader[] = []): Promise<void> {
    this.media.setHeld(held)
    const response = await this.exchangeInDialog('INVITE', [SDP_CONTENT, ...headers], this.media.offer())
    if (response.status >= 300 || !this.media.acceptAnswer(response.body)) {
      throw new HoldfastError('PHONE_CALL_FAILED', `the peer refused a new description: ${response.status}`, { status: response.status })
    }
  }

  async #refer(referTo: string): Promise<number> {
    const transfer = Promise.withResolvers<number>()
    this.#transfer = transfer
    transfer.promise.catch(() => undefined)
    try {
      const response = await this.exchangeInDialog('REFER', [['Refer-To', referTo], ['Referred-By', this.line.contact]])
      if (response.status >= 300) throw new HoldfastError('PHONE_CALL_FAILED', `the transfer was refused: ${response.status}`, { status: response.status })
      const status = await withinDeadline(transfer.promise, TRANSFER_DEADLINE_MS, 'waiting for the transfer')
      // Who has handed over leaves. Source: RFC 5589 §6.1
      if (status < 300) await this.hangUp()
      return status
    } finally {
      this.#transfer = null
    }
  }

  #receiveBye(transaction: ServerTransaction): void {
    transaction.respond({ status: 200 })
    const cause = /Q\.850\s*;.*?cause=(\d{1,3})/i.exec(headerValue(transaction.request, 'reason') ?? '')?.[1]
    this.markEnded({ by: 'them', status: null, causeQ850: cause === undefined ? null : Number(cause) })
  }

  /** The peer may change the session, or refresh it by sending no description. */
  #receiveOffer(transaction: ServerTransaction): void {
    if (this.#state === 'ended') {
      transaction.respond({ status: 481 })
      return
    }
    const isRefresh = transaction.request.body === ''
    if (isRefresh && transaction.request.method === 'UPDATE') {
      transaction.respond({ status: 200, headers: [['Contact', this.line.contact]] })
      return
    }
    const body = isRefresh ? this.media.offer() : this.media.answer(transaction.request.body)
    if (body === null) transaction.respond({ status: 488 })
    else transaction.respond({ status: 200, headers: [['Contact', this.line.contact], SDP_CONTENT], body })
  }

  #receiveNotify(transaction: ServerTransaction): void {
    const status = statusOfNotification(transaction.request)
    if (this.#transfer === null || status === null) {
      transaction.respond({ status: 481 })
      return
    }
    transaction.respond({ status: 200 })
    if (status >= 200) this.#transfer.resolve(status)
    this.emit('transferNotified', status)
  }
}
