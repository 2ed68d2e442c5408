import { EventEmitter, once } from 'node:events'
import { HoldfastError } from '../../core/domain/errors.ts'
import { silence } from './audio-source.ts'
import { CallMedia, type CallAudioOptions } from './call-media.ts'
import { withinDeadline } from './deadline.ts'
import type { G711Codec } from './g711.ts'
import { cancels, IncomingCall } from './incoming-call.ts'
import { OutgoingCall } from './outgoing-call.ts'
import type { PhoneCall } from './phone-call.ts'
import { ALLOWED_METHODS, type PhoneLine } from './phone-line.ts'
import { Registration } from './registration.ts'
import { RtpStream } from './rtp-stream.ts'
import { parseHostAndPort } from './sip-address.ts'
import { headerValue, type SipHeader } from './sip-message.ts'
import type { ServerTransaction } from './sip-server-transaction.ts'
import { SipTransactions } from './sip-transactions.ts'

export type SipPhoneOptions = CallAudioOptions & {
  /** The user part of the address, by which the PBX knows the telephone. */
  readonly name: string
  /** `host:port` of the PBX. */
  readonly proxy: string
  /** For digest authentication; none when left out. */
  readonly password?: string
  /** Loopback when left out: a telephone for tests is nobody else's business. */
  readonly bindAddress?: string
  /** Chosen by the system when left out. */
  readonly port?: number
  /** In the order of preference; µ-law, A-law when left out. */
  readonly codecs?: readonly G711Codec[]
}

export type CallOptions = CallAudioOptions & {
  /** Added to the INVITE, such as `X-Interaction-ID`. */
  readonly headers?: Readonly<Record<string, string>>
  /** Made by chance when left out. */
  readonly callId?: string
}

/** Calls that ring at once. More are busy: nobody answers them. */
const MAX_RINGING = 100
/** How long a test or a demonstration waits for a call that it expects. */
const INCOMING_DEADLINE_MS = 30_000

/** A telephone: SIP over UDP, G.711 over RTP. Malformed messages are passed over; nothing is left open after `close`. */
export class SipPhone implements AsyncDisposable {
  readonly #options: SipPhoneOptions
  readonly #line: PhoneLine
  readonly #registration: Registration
  readonly #calls = new Set<PhoneCall>()
  readonly #arriving = new Set<ServerTransaction>()
  readonly #waiting: IncomingCall[] = []
  readonly #arrivals = new EventEmitter<{ call: [IncomingCall] }>()
  #handler: ((call: IncomingCall) => void) | null = null

  private constructor(options: SipPhoneOptions, line: PhoneLine) {
    this.#options = options
    this.#line = line
    this.#registration = new Registration(line)
  }

  /** @throws HoldfastError `FIELD_REFUSED` for a proxy that is no address */
  static async open(options: SipPhoneOptions): Promise<SipPhone> {
    const proxy = parseHostAndPort(options.proxy)
    if (proxy === null) throw new HoldfastError('FIELD_REFUSED', `"${options.proxy}" is not host:port`)
    const bindAddress = options.bindAddress ?? '127.0.0.1'
    let phone: SipPhone | null = null
    const transactions = await SipTransactions.open({
      bindAddress,
      port: options.port ?? 0,
      onRequest: (transaction) => {
        if (phone !== null) phone.#receive(transaction)
      },
    })
    const user = encodeURIComponent(options.name)
    phone = new SipPhone(options, {
      transactions,
      proxy,
      bindAddress,
      localUri: `sip:${user}@${options.proxy}`,
      contact: `<sip:${user}@${transactions.address}>`,
      credentials: options.password === undefined ? null : { username: options.name, password: options.password },
      codecs: options.codecs ?? ['PCMU', 'PCMA'],
    })
    return phone
  }

  /** `host:port` where it listens. */
  get address(): string {
    return this.#line.transactions.address
  }

  /** Tells the PBX where it is, until it is closed. @throws HoldfastError `PHONE_CALL_FAILED`, `PHONE_TIMEOUT` */
  register(): Promise<void> {
    return this.#registration.register()
  }

  /** Calls an extension of the PBX or a `sip:` URI. It rings; `answered` tells when it is taken. */
  async call(target: string, options: CallOptions = {}): Promise<OutgoingCall> {
    const headers = Object.entries(options.headers ?? {}).map(([name, value]): SipHeader => [name, value])
    const call = new OutgoingCall(this.#line, await this.#openMedia(options), { target, headers, callId: options.callId ?? null })
    this.#remember(call)
    call.place()
    return call
  }

  /** The next call that comes in, also one that rings already. @throws HoldfastError `PHONE_TIMEOUT` */
  async incoming(timeoutMs: number = INCOMING_DEADLINE_MS): Promise<IncomingCall> {
    for (let call = this.#waiting.shift(); call !== undefined; call = this.#waiting.shift()) {
      // Its caller may have given up while nobody asked.
      if (call.state === 'ringing') return call
    }
    const abort = new AbortController()
    const arrival = once(this.#arrivals, 'call', { signal: abort.signal })
    arrival.catch(() => undefined)
    try {
      await withinDeadline(arrival, timeoutMs, 'waiting for a call')
    } finally {
      abort.abort()
    }
    return this.incoming(timeoutMs)
  }

  /** Every later call goes to the handler instead of `incoming`. */
  onIncoming(handler: (call: IncomingCall) => void): void {
    this.#handler = handler
  }

  /** Ends all calls, leaves the PBX, closes the socket. */
  async close(): Promise<void> {
    await Promise.all([...this.#calls].map((call) => call.hangUp()))
    await this.#registration.close()
    await this.#line.transactions.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #receive(transaction: ServerTransaction): void {
    const { request } = transaction
    const call = [...this.#calls].find((candidate) => candidate.owns(transaction))
    if (call !== undefined) {
      call.receive(transaction)
    } else if (request.method === 'CANCEL') {
      this.#receiveCancel(transaction)
    } else if (/;\s*tag=/i.test(headerValue(request, 'to') ?? '')) {
      transaction.respond({ status: 481 })
    } else if (request.method === 'INVITE') {
      void this.#receiveInvite(transaction)
    } else {
      transaction.respond({ status: request.method === 'OPTIONS' ? 200 : 405, headers: [['Allow', ALLOWED_METHODS]] })
    }
  }

  #receiveCancel(transaction: ServerTransaction): void {
    const call = [...this.#calls].find((candidate) => candidate instanceof IncomingCall && cancels(transaction.request, candidate.invite))
    const arriving = [...this.#arriving].find((invite) => cancels(transaction.request, invite.request))
    transaction.respond({ status: call === undefined && arriving === undefined ? 481 : 200 })
    if (call instanceof IncomingCall && call.state === 'ringing') call.cancelled()
    arriving?.respond({ status: 487 })
  }

  async #receiveInvite(transaction: ServerTransaction): Promise<void> {
    const ringing = [...this.#calls].filter((call) => call.state === 'ringing').length
    if (ringing >= MAX_RINGING) {
      transaction.respond({ status: 486 })
      return
    }
    transaction.respond({ status: 100 })
    this.#arriving.add(transaction)
    const media = await this.#openMedia({}).catch(() => null)
    this.#arriving.delete(transaction)
    if (media === null) {
      // No socket to be had: the caller may try again, and the calls that we have go on.
      transaction.respond({ status: 480 })
      return
    }
    if (!transaction.isOpen) {
      // Cancelled, or closed, while the audio socket was opened.
      await media.stream.close()
      return
    }
    const call = new IncomingCall(this.#line, media, transaction)
    this.#remember(call)
    if (this.#handler !== null) {
      this.#handler(call)
      return
    }
    this.#waiting.push(call)
    this.#arrivals.emit('call', call)
  }

  #remember(call: PhoneCall): void {
    for (const other of this.#calls) if (other.isFinished) this.#calls.delete(other)
    this.#calls.add(call)
  }

  async #openMedia(options: CallAudioOptions): Promise<CallMedia> {
    const chosen: CallAudioOptions = { ...this.#options, ...options }
    return new CallMedia(
      this.#line,
      await RtpStream.open({
        bindAddress: this.#line.bindAddress,
        source: chosen.source ?? silence(),
        sequenceNumber: chosen.sequenceNumber ?? null,
        keeps: chosen.keeps ?? 'audio',
      }),
    )
  }
}
