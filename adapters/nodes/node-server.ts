import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { NodeName } from '../../core/domain/ids.ts'
import type { PeerOrders } from '../../core/ports/peer-node.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { boundedBody } from './bounded-body.ts'
import { ORDERS_PATH } from './http-peer-node.ts'
import { answerText, MAX_MESSAGE_BYTES, type NodeMessage, parseMessage } from './node-message.ts'
import { isSigned, SIGNATURE_HEADER, signatureOf } from './node-signature.ts'

/** How far two nodes' clocks may be apart, and an order be on its way: beyond it, it is taken for a replay. Let nodes keep time by NTP. */
const MAX_AGE_MS = 60_000
/** Answers are kept twice as long as their orders are taken: told again, an order is not carried out again. */
const REMEMBERED_MS = 2 * MAX_AGE_MS
/** Orders of some minutes at some hundred calls per second; what is beyond it is refused until others have grown old. */
const MAX_REMEMBERED = 50_000
const HEADERS_TIMEOUT_MS = 5000
const REQUEST_TIMEOUT_MS = 10_000
/** Each peer opens one for each order. */
const MAX_CONNECTIONS = 200
/** Answers that are being written get so much at the end. */
const CLOSE_DEADLINE_MS = 2000

/** Why an order was not taken. */
export const ORDER_REFUSALS = ['path', 'size', 'signature', 'malformed', 'stranger', 'age', 'busy'] as const
export type OrderRefusal = (typeof ORDER_REFUSALS)[number]

const STATUS: Readonly<Record<OrderRefusal, number>> = { path: 404, size: 413, signature: 401, malformed: 400, stranger: 403, age: 408, busy: 503 }

export interface NodeServerOptions {
  readonly host: string
  /** 0: the operating system chooses. */
  readonly port: number
  readonly tls: { readonly certificatePem: string; readonly keyPem: string } | null
  readonly name: NodeName
  readonly peers: readonly NodeName[]
  readonly secret: string
  readonly orders: PeerOrders
  readonly runtime: Runtime
}

/** A server that listens. */
export interface NodeServer {
  readonly port: number
  close(): Promise<void>
}

interface Remembered {
  readonly untilMs: number
  readonly answer: Promise<string>
}

/** Takes orders of the other nodes. Resolves when it listens. @throws HoldfastError `LISTEN_FAILED` */
export async function startNodeServer(options: NodeServerOptions): Promise<NodeServer> {
  const { host, port, tls, runtime } = options
  const door = new Door(options)
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    door.answer(request, response).catch((error: unknown) => {
      runtime.log.error({ error }, 'answering another node failed')
      response.destroy()
    })
  }
  const limits = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS }
  const server = tls === null ? createPlainServer(limits, listener) : createTlsServer({ ...limits, cert: tls.certificatePem, key: tls.keyPem, minVersion: 'TLSv1.2' }, listener)
  server.maxConnections = MAX_CONNECTIONS
  await listening(server, host, port)
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : port, close: () => closed(server) }
}

/** Who may come in, and who has been here with the same order. */
class Door {
  readonly #options: NodeServerOptions
  readonly #remembered = new Map<string, Remembered>()

  constructor(options: NodeServerOptions) {
    this.#options = options
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { secret, runtime } = this.#options
    const message = await this.#admitted(request)
    if (typeof message === 'string') {
      runtime.metrics.count('holdfast_node_orders_refused_total', { reason: message })
      runtime.log.warn({ reason: message }, 'an order of another node was refused')
      response.writeHead(STATUS[message], { connection: 'close' }).end()
      return
    }
    const body = Buffer.from(await this.#once(message))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, [SIGNATURE_HEADER]: signatureOf(secret, `answer ${message.commandId}`, body) }).end(body)
  }

  /** The order, or why it is not taken. Nothing of it is looked at before it is known who wrote it. */
  async #admitted(request: IncomingMessage): Promise<NodeMessage | OrderRefusal> {
    const { secret, name, peers, runtime } = this.#options
    if (request.method !== 'POST' || request.url !== ORDERS_PATH) return 'path'
    if (Number(request.headers['content-length'] ?? 0) > MAX_MESSAGE_BYTES) return 'size'
    const body = await boundedBody(request)
    if (body === null) return 'size'
    const signature = request.headers[SIGNATURE_HEADER]
    if (!isSigned(secret, 'order', { body, signature: typeof signature === 'string' ? signature : undefined })) return 'signature'
    const message = parseMessage(body.toString('utf8'))
    if (message === null) return 'malformed'
    if (message.to !== name || !peers.includes(message.from)) return 'stranger'
    const nowMs = runtime.clock.now().getTime()
    if (Math.abs(nowMs - message.sentAt.getTime()) > MAX_AGE_MS) return 'age'
    for (const [id, { untilMs }] of this.#remembered) if (untilMs < nowMs) this.#remembered.delete(id)
    return this.#remembered.size >= MAX_REMEMBERED && !this.#remembered.has(message.commandId) ? 'busy' : message
  }

  /** The answer to this command: that which was given before, if it was. What could not be done at all may be ordered again. */
  async #once({ commandId, from, order }: NodeMessage): Promise<string> {
    const { orders, runtime } = this.#options
    const known = this.#remembered.get(commandId)
    if (known !== undefined) return await known.answer
    const answer = orders.obey(from, order).then(answerText)
    this.#remembered.set(commandId, { untilMs: runtime.clock.now().getTime() + REMEMBERED_MS, answer })
    try {
      return await answer
    } catch (error) {
      this.#remembered.delete(commandId)
      throw error
    }
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => {
      reject(new HoldfastError('LISTEN_FAILED', `other nodes cannot be listened to on ${host}, port ${port}: ${cause.code ?? cause.message}`, { host, port, reason: cause.code ?? null }, { cause }))
    }
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_DEADLINE_MS)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
