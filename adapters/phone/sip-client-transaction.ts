import { HoldfastError } from '../../core/domain/errors.ts'
import { Retransmission, T2_MS, TRANSACTION_DEADLINE_MS } from './retransmission.ts'
import { headerValue, headerValues, parseCSeq, type SipHeader, type SipMessage, type SipRequest, type SipResponse } from './sip-message.ts'

export type ClientTransactionOptions = {
  /** With its Via. */
  readonly request: SipRequest
  readonly send: (message: SipMessage) => void
  readonly onProvisional: (response: SipResponse) => void
  /** Registers the transaction of a CANCEL, which has the branch of its INVITE. */
  readonly startCancel: (cancel: ClientTransaction) => void
}

/** A request of ours until its final answer. Source: RFC 3261 §17.1 */
export class ClientTransaction {
  /** The final answer. Rejects with `PHONE_TIMEOUT` when none comes and `PHONE_CALL_FAILED` when the telephone is closed. */
  readonly response: Promise<SipResponse>
  readonly #options: ClientTransactionOptions
  readonly #retransmission: Retransmission
  readonly #outcome = Promise.withResolvers<SipResponse>()
  #progress: 'calling' | 'proceeding' | 'completed' = 'calling'
  #cancel: 'no' | 'wanted' | 'sent' = 'no'
  #cancelDeadline: NodeJS.Timeout | null = null
  #acknowledgement: (() => void) | null = null

  constructor(options: ClientTransactionOptions) {
    this.#options = options
    this.response = this.#outcome.promise
    this.#retransmission = new Retransmission({
      send: () => options.send(options.request),
      onDeadline: () => this.#fail(new HoldfastError('PHONE_TIMEOUT', `no answer to ${options.request.method} within ${TRANSACTION_DEADLINE_MS} ms`)),
      longestMs: this.#isInvite ? Infinity : T2_MS,
    })
  }

  start(): void {
    this.#retransmission.start()
  }

  /** The request as it went out, for the ACK's and CANCEL's sake. */
  get request(): SipRequest {
    return this.#options.request
  }

  receive(response: SipResponse): void {
    if (this.#progress === 'completed') {
      // Our ACK was lost.
      if (response.status >= 200) this.#acknowledgement?.()
      return
    }
    if (response.status < 200) this.#receiveProvisional(response)
    else this.#complete(response)
  }

  /** What is sent for the success, now and whenever the success is repeated. */
  acknowledgeWith(send: () => void): void {
    this.#acknowledgement = send
    send()
  }

  /** Gives up an INVITE that rings; the answer is then 487. Waits for a sign of life first. Source: RFC 3261 §9.1 */
  cancel(): void {
    if (!this.#isInvite || this.#progress === 'completed' || this.#cancel === 'sent') return
    this.#cancel = 'wanted'
    if (this.#progress === 'proceeding') this.#sendCancel()
  }

  close(): void {
    this.#fail(new HoldfastError('PHONE_CALL_FAILED', 'the telephone was closed'))
  }

  get #isInvite(): boolean {
    return this.#options.request.method === 'INVITE'
  }

  #receiveProvisional(response: SipResponse): void {
    if (this.#progress === 'calling' && this.#isInvite) this.#retransmission.stop()
    this.#progress = 'proceeding'
    if (this.#cancel === 'wanted') this.#sendCancel()
    this.#options.onProvisional(response)
  }

  #complete(response: SipResponse): void {
    this.#progress = 'completed'
    this.#stopTimers()
    if (this.#isInvite && response.status >= 300) this.acknowledgeWith(() => this.#options.send(acknowledgementOf(this.#options.request, response)))
    this.#outcome.resolve(response)
  }

  #sendCancel(): void {
    this.#cancel = 'sent'
    const { send, request } = this.#options
    this.#options.startCancel(new ClientTransaction({ ...this.#options, send, request: cancelOf(request), onProvisional: () => undefined }))
    // A peer that never confirms the cancellation must not keep us waiting.
    this.#cancelDeadline = setTimeout(
      () => this.#fail(new HoldfastError('PHONE_TIMEOUT', 'the cancelled call was not confirmed')),
      TRANSACTION_DEADLINE_MS,
    )
  }

  #fail(error: HoldfastError): void {
    this.#progress = 'completed'
    this.#stopTimers()
    this.#outcome.reject(error)
  }

  #stopTimers(): void {
    this.#retransmission.stop()
    if (this.#cancelDeadline !== null) clearTimeout(this.#cancelDeadline)
    this.#cancelDeadline = null
  }
}

/** The ACK of a refusal belongs to the INVITE's own transaction. Source: RFC 3261 §17.1.1.3 */
function acknowledgementOf(invite: SipRequest, response: SipResponse): SipRequest {
  return sibling(invite, 'ACK', headerValue(response, 'to') ?? '')
}

function cancelOf(invite: SipRequest): SipRequest {
  return sibling(invite, 'CANCEL', headerValue(invite, 'to') ?? '')
}

function sibling(invite: SipRequest, method: string, to: string): SipRequest {
  const copied = ['From', 'Call-ID'].map((name): SipHeader => [name, headerValue(invite, name) ?? ''])
  const headers: SipHeader[] = [
    ['Via', headerValue(invite, 'via') ?? ''],
    ['Max-Forwards', '70'],
    ...copied,
    ['To', to],
    ['CSeq', `${parseCSeq(invite)?.sequence ?? 1} ${method}`],
    ...headerValues(invite, 'route').map((route): SipHeader => ['Route', route]),
  ]
  return { type: 'request', method, uri: invite.uri, headers, body: '' }
}
