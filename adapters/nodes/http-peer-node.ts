import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import type { NodeName, PbxId } from '../../core/domain/ids.ts'
import type { PeerNode, PeerOrder, PeerResult } from '../../core/ports/peer-node.ts'
import type { Clock } from '../../core/ports/runtime.ts'
import { boundedBody } from './bounded-body.ts'
import { messageText, parseAnswer } from './node-message.ts'
import { isSigned, SIGNATURE_HEADER, signatureOf } from './node-signature.ts'

/** Where a node takes orders: POST, JSON. */
export const ORDERS_PATH = '/nodes/orders'
/** The command waits five seconds for all PBXs; who has not answered by then is told to have not. */
const ANSWER_WITHIN_MS = 4500

export interface HttpPeerNodeOptions {
  /** This node. */
  readonly from: NodeName
  readonly name: NodeName
  readonly pbxIds: readonly PbxId[]
  /** Scheme, host and port. */
  readonly url: string
  readonly secret: string
  /** Certificate authorities of an https URL, PEM; `null`: those of the system. */
  readonly caPem: string | null
  readonly clock: Clock
}

/** Another node, over HTTP: each order is signed, and so must the answer be. Redirects are not followed. */
export class HttpPeerNode implements PeerNode {
  readonly name: NodeName
  readonly pbxIds: readonly PbxId[]
  readonly #options: HttpPeerNodeOptions

  constructor(options: HttpPeerNodeOptions) {
    this.name = options.name
    this.pbxIds = options.pbxIds
    this.#options = options
  }

  async send(order: PeerOrder, signal: AbortSignal): Promise<readonly PeerResult[]> {
    const { from, name: to, secret, clock } = this.#options
    const commandId = randomUUID()
    const body = Buffer.from(messageText({ commandId, from, to, sentAt: clock.now(), order }))
    try {
      const response = await this.#post(body, AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]))
      const answer = await boundedBody(response)
      if (response.statusCode !== 200) throw this.#unreachable(`status ${response.statusCode ?? 0}`)
      const signature = response.headers[SIGNATURE_HEADER]
      if (answer === null || typeof signature !== 'string' || !isSigned(secret, `answer ${commandId}`, { body: answer, signature })) throw this.#unreachable('the answer is not signed by it')
      const results = parseAnswer(answer.toString('utf8'))
      if (results === null) throw this.#unreachable('the answer cannot be read')
      return results
    } catch (error) {
      if (isHoldfastError(error) || !(error instanceof Error)) throw error
      throw this.#unreachable(error.name === 'AbortError' || error.name === 'TimeoutError' ? 'no answer in time' : error.message, error)
    }
  }

  async #post(body: Buffer, signal: AbortSignal): Promise<IncomingMessage> {
    const { url, caPem, secret } = this.#options
    const target = new URL(ORDERS_PATH, url)
    const headers = { 'content-type': 'application/json', 'content-length': body.length, [SIGNATURE_HEADER]: signatureOf(secret, 'order', body) }
    // A connection of its own: one that broke unseen would cost the deadline.
    const options = { method: 'POST', headers, signal, agent: false }
    const request = target.protocol === 'https:' ? tlsRequest(target, { ...options, ...caPem === null ? {} : { ca: caPem } }) : plainRequest(target, options)
    request.end(body)
    const [response] = await once(request, 'response') as [IncomingMessage]
    // What comes after the answer has begun reaches whoever reads it.
    request.on('error', () => undefined)
    return response
  }

  #unreachable(reason: string, cause?: Error): HoldfastError {
    return new HoldfastError('NODE_UNREACHABLE', `node ${this.name}: ${reason}`, { node: this.name, reason }, { cause })
  }
}
