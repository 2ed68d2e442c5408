import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { HoldfastError } from '../../core/domain/errors.ts'
import { ClientTransaction } from './sip-client-transaction.ts'
import { parseParameters, type HostAndPort } from './sip-address.ts'
import { formatSipMessage, headerValue, parseCSeq, parseSipMessage, type SipMessage, type SipRequest, type SipResponse } from './sip-message.ts'
import { ServerTransaction } from './sip-server-transaction.ts'

/** What begins every branch that is unique. Source: RFC 3261 §8.1.1.7 */
const BRANCH_COOKIE = 'z9hG4bK'

/** Finished transactions answer repeated messages for this long: timers B, D, F, H and J of RFC 3261 §17, 64 times T1. */
const LINGER_MS = 32_000

/** A stranger may send request after request; more at once than a telephone ever has are not answered. */
const MAX_SERVER_TRANSACTIONS = 2000

export type OutgoingRequest = {
  /** Without a Via header; it is added. */
  readonly request: SipRequest
  readonly destination: HostAndPort
  readonly onProvisional?: (response: SipResponse) => void
}

/** Requests and their answers over one UDP socket: repeats what may have been lost, recognises what comes twice. */
export class SipTransactions {
  readonly host: string
  readonly port: number
  readonly #socket: Socket
  readonly #onRequest: (transaction: ServerTransaction) => void
  readonly #clients = new Map<string, ClientTransaction>()
  readonly #servers = new Map<string, ServerTransaction>()
  readonly #lingering = new Set<NodeJS.Timeout>()
  #closed = false

  private constructor(socket: Socket, onRequest: (transaction: ServerTransaction) => void) {
    this.#socket = socket
    this.host = socket.address().address
    this.port = socket.address().port
    this.#onRequest = onRequest
    socket.on('message', (datagram, from) => this.#receive(datagram, { host: from.address, port: from.port }))
    // An undeliverable datagram counts as lost: it is repeated, and the transaction's deadline ends the waiting.
    socket.on('error', () => undefined)
  }

  static async open(options: {
    readonly bindAddress: string
    readonly port: number
    readonly onRequest: (transaction: ServerTransaction) => void
  }): Promise<SipTransactions> {
    const socket = createSocket(options.bindAddress.includes(':') ? 'udp6' : 'udp4')
    socket.bind(options.port, options.bindAddress)
    await once(socket, 'listening')
    return new SipTransactions(socket, options.onRequest)
  }

  /** `host:port` as it stands in Via and Contact. */
  get address(): string {
    return `${this.host.includes(':') ? `[${this.host}]` : this.host}:${this.port}`
  }

  /** Sends a request and repeats it until it is answered or the deadline has passed. */
  start({ request, destination, onProvisional }: OutgoingRequest): ClientTransaction {
    if (this.#closed) throw new HoldfastError('PHONE_CALL_FAILED', 'the telephone is closed')
    const branch = `${BRANCH_COOKIE}${randomBytes(12).toString('hex')}`
    const transaction = new ClientTransaction({
      request: this.#withVia(request, branch),
      send: (message) => this.#send(message, destination),
      onProvisional: onProvisional ?? (() => undefined),
      startCancel: (cancel) => this.#track(cancel, `${branch}/CANCEL`),
    })
    this.#track(transaction, `${branch}/${request.method}`)
    return transaction
  }

  /** Sends what is never answered: the ACK of a success. */
  sendOnce(request: SipRequest, destination: HostAndPort): void {
    this.#send(this.#withVia(request, `${BRANCH_COOKIE}${randomBytes(12).toString('hex')}`), destination)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const transaction of [...this.#clients.values(), ...this.#servers.values()]) transaction.close()
    for (const timer of this.#lingering) clearTimeout(timer)
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()))
  }

  #track(transaction: ClientTransaction, key: string): void {
    this.#clients.set(key, transaction)
    transaction.start()
    void transaction.response.catch(() => undefined).then(() => this.#linger(() => this.#clients.delete(key)))
  }

  #withVia(request: SipRequest, branch: string): SipRequest {
    return { ...request, headers: [['Via', `SIP/2.0/UDP ${this.address};rport;branch=${branch}`], ...request.headers] }
  }

  #receive(datagram: Uint8Array, from: HostAndPort): void {
    const message = parseSipMessage(datagram)
    const cseq = message === null ? null : parseCSeq(message)
    const branch = message === null ? undefined : parseParameters(headerValue(message, 'via') ?? '').get('branch')
    if (message === null || cseq === null || branch === undefined) return
    if (message.type === 'response') this.#clients.get(`${branch}/${cseq.method}`)?.receive(message)
    else this.#receiveRequest(message, { from, branch, sequence: cseq.sequence })
  }

  #receiveRequest(request: SipRequest, context: { readonly from: HostAndPort; readonly branch: string; readonly sequence: number }): void {
    const callId = headerValue(request, 'call-id') ?? ''
    if (request.method === 'ACK') {
      // The ACK of a success has a branch of its own, so the INVITE is found by the call and its number.
      for (const server of this.#servers.values()) if (server.isAcknowledgedBy(callId, context.sequence)) server.acknowledge()
      return
    }
    const key = `${context.from.host}:${context.from.port}/${context.branch}/${request.method}`
    const known = this.#servers.get(key)
    if (known !== undefined) {
      known.repeat()
      return
    }
    if (this.#servers.size >= MAX_SERVER_TRANSACTIONS) return
    const transaction = new ServerTransaction({ request, callId, sequence: context.sequence, send: (message) => this.#send(message, context.from) })
    this.#servers.set(key, transaction)
    void transaction.finished.then(() => this.#linger(() => this.#servers.delete(key)))
    this.#onRequest(transaction)
  }

  #linger(forget: () => void): void {
    if (this.#closed) return
    const timer = setTimeout(() => {
      this.#lingering.delete(timer)
      forget()
    }, LINGER_MS)
    this.#lingering.add(timer)
  }

  #send(message: SipMessage, destination: HostAndPort): void {
    if (!this.#closed) this.#socket.send(formatSipMessage(message), destination.port, destination.host, () => undefined)
  }
}
