import { randomBytes } from 'node:crypto'
import { Retransmission, T2_MS } from './retransmission.ts'
import { headerValue, headerValues, type SipHeader, type SipMessage, type SipRequest, type SipResponse } from './sip-message.ts'

export type ServerTransactionOptions = {
  readonly request: SipRequest
  readonly callId: string
  readonly sequence: number
  readonly send: (message: SipMessage) => void
}

export type Answer = {
  readonly status: number
  readonly headers?: readonly SipHeader[]
  readonly body?: string
}

const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying', 180: 'Ringing', 200: 'OK', 202: 'Accepted', 400: 'Bad Request', 405: 'Method Not Allowed', 480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist', 486: 'Busy Here', 487: 'Request Terminated', 488: 'Not Acceptable Here', 603: 'Decline',
}

/** A request of the peer until our answer has arrived. Source: RFC 3261 §17.2 */
export class ServerTransaction {
  readonly request: SipRequest
  /** What we are called in the dialog that this request may begin. */
  readonly localTag = randomBytes(8).toString('hex')
  /** Fulfilled when the final answer was sent and, for an INVITE, acknowledged or given up. */
  readonly finished: Promise<void>
  readonly #options: ServerTransactionOptions
  readonly #finish = Promise.withResolvers<void>()
  readonly #retransmission: Retransmission
  #last: SipResponse | null = null
  #state: 'open' | 'answered' | 'finished' = 'open'

  constructor(options: ServerTransactionOptions) {
    this.request = options.request
    this.#options = options
    this.finished = this.#finish.promise
    this.#retransmission = new Retransmission({ send: () => this.repeat(), onDeadline: () => this.#end(), longestMs: T2_MS })
  }

  /** True until a final answer was given. */
  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Sends an answer. After a final one further answers are nothing: the peer's CANCEL and our refusal may cross. */
  respond(answer: Answer): void {
    if (this.#state !== 'open') return
    this.#last = this.#response(answer)
    if (answer.status < 200) {
      this.repeat()
    } else if (this.request.method === 'INVITE') {
      // Repeated until the ACK comes: the answer to an INVITE has no other guard against loss.
      this.#state = 'answered'
      this.#retransmission.start()
    } else {
      this.repeat()
      this.#end()
    }
  }

  /** Sends the last answer again. */
  repeat(): void {
    if (this.#last !== null) this.#options.send(this.#last)
  }

  isAcknowledgedBy(callId: string, sequence: number): boolean {
    return this.#state === 'answered' && this.#options.callId === callId && this.#options.sequence === sequence
  }

  acknowledge(): void {
    this.#end()
  }

  close(): void {
    this.#end()
  }

  #end(): void {
    this.#state = 'finished'
    this.#retransmission.stop()
    this.#finish.resolve()
  }

  #response(answer: Answer): SipResponse {
    const to = headerValue(this.request, 'to') ?? ''
    const tagged = /;\s*tag=/i.test(to) || answer.status === 100 ? to : `${to};tag=${this.localTag}`
    const headers: SipHeader[] = [
      ...headerValues(this.request, 'via').map((via): SipHeader => ['Via', via]),
      ...headerValues(this.request, 'record-route').map((route): SipHeader => ['Record-Route', route]),
      ['From', headerValue(this.request, 'from') ?? ''],
      ['To', tagged],
      ['Call-ID', this.#options.callId],
      ['CSeq', headerValue(this.request, 'cseq') ?? ''],
      ...(answer.headers ?? []),
    ]
    return { type: 'response', status: answer.status, reason: REASONS[answer.status] ?? 'Other', headers, body: answer.body ?? '' }
  }
}
