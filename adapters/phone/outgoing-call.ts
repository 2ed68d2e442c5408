import { randomBytes, randomInt } from 'node:crypto'
import type { CallMedia } from './call-media.ts'
import { PhoneCall } from './phone-call.ts'
import { ALLOWED_METHODS, exchange, SDP_CONTENT, type PhoneLine } from './phone-line.ts'
import type { SipAddress } from './sip-address.ts'
import type { ClientTransaction } from './sip-client-transaction.ts'
import { SipDialog } from './sip-dialog.ts'
import type { SipHeader, SipRequest, SipResponse } from './sip-message.ts'

/** Two exchanges: the CANCEL and the answer 487 to the INVITE. */
const CANCEL_DEADLINE_MS = 2000

/** A call that we began. */
export class OutgoingCall extends PhoneCall {
  readonly remote: SipAddress
  readonly callId: string
  readonly #headers: readonly SipHeader[]
  readonly #tag = randomBytes(8).toString('hex')
  #sequence = randomInt(1, 1000)
  #transaction: ClientTransaction | null = null
  #abandoned = false

  constructor(line: PhoneLine, media: CallMedia, setup: { readonly target: string; readonly headers: readonly SipHeader[]; readonly callId: string | null }) {
    super(line, media)
    this.remote = { displayName: null, uri: this.uriOf(setup.target), parameters: new Map() }
    this.callId = setup.callId ?? `${randomBytes(12).toString('hex')}@${line.transactions.host}`
    this.#headers = setup.headers
  }

  /** Sends the INVITE; how it ends is told by `answered` and `ended`. */
  place(): void {
    const offer = this.media.offer()
    void exchange(this.line, {
      destination: this.line.proxy,
      build: (authorization) => this.#invite(offer, authorization),
      onProvisional: (response) => this.#receiveProvisional(response),
      onTransaction: (transaction) => {
        this.#transaction = transaction
        if (this.#abandoned) transaction.cancel()
      },
    }).then(
      (response) => this.#receiveFinal(response),
      () => this.markEnded({ by: 'them', status: null, causeQ850: null }),
    )
  }

  protected async abandon(): Promise<void> {
    this.#abandoned = true
    this.#transaction?.cancel()
    // A PBX that is gone confirms nothing; we have left all the same.
    await this.ended(CANCEL_DEADLINE_MS).catch(() => this.markEnded({ by: 'us', status: null, causeQ850: null }))
  }

  /** Early media, such as an announcement before the answer, is heard; nothing is sent yet. */
  #receiveProvisional(response: SipResponse): void {
    if (response.body !== '') this.media.acceptAnswer(response.body)
  }

  #receiveFinal(response: SipResponse): void {
    const transaction = this.#transaction
    if (transaction === null || response.status >= 300) {
      this.markEnded({ by: this.#abandoned ? 'us' : 'them', status: response.status, causeQ850: null })
      return
    }
    const dialog = SipDialog.asCaller(transaction.request, response)
    if (dialog === null) {
      // An answer that names no dialog cannot even be acknowledged.
      this.markEnded({ by: 'us', status: 400, causeQ850: null })
      return
    }
    this.acknowledge(transaction, { dialog, response })
    const joined = this.media.acceptAnswer(response.body)
    this.markAnswered(dialog)
    // Answered in the moment in which we gave up, or without audio that we know: ended in order.
    if (this.#abandoned || !joined) void this.hangUp()
  }

  #invite(offer: string, authorization: readonly SipHeader[]): SipRequest {
    this.#sequence += 1
    const headers: SipHeader[] = [
      ['Max-Forwards', '70'],
      ['From', `<${this.line.localUri}>;tag=${this.#tag}`],
      ['To', `<${this.remote.uri}>`],
      ['Call-ID', this.callId],
      ['CSeq', `${this.#sequence} INVITE`],
      ['Contact', this.line.contact],
      ['Allow', ALLOWED_METHODS],
      ['Supported', 'replaces'],
      SDP_CONTENT,
    ]
    return { type: 'request', method: 'INVITE', uri: this.remote.uri, headers: [...headers, ...this.#headers, ...authorization], body: offer }
  }
}
