import { once } from 'node:events'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { CheckpointOutlet } from '../../core/ports/audit-evidence.ts'

export interface WebhookTarget {
  readonly url: URL
  /** Sent as bearer; `null`: the address alone is enough. */
  readonly token: string | null
  /** Certificate authorities of an https URL, PEM; `null`: those of the system. */
  readonly caPem: string | null
}

/** A server that takes each checkpoint as a POST of JSON and answers 2xx. Redirects are not followed. */
export class WebhookOutlet implements CheckpointOutlet {
  readonly name = 'webhook'
  readonly #target: WebhookTarget

  constructor(target: WebhookTarget) {
    this.#target = target
  }

  async write(line: string, signal: AbortSignal): Promise<void> {
    const { url, token, caPem } = this.#target
    const body = Buffer.from(line)
    const headers = { 'content-type': 'application/json', 'content-length': body.length, ...(token === null ? {} : { authorization: `Bearer ${token}` }) }
    // A connection of its own: one that broke unseen would cost the deadline.
    const options = { method: 'POST', headers, signal, agent: false }
    const request = url.protocol === 'https:' ? tlsRequest(url, { ...options, ...(caPem === null ? {} : { ca: caPem }) }) : plainRequest(url, options)
    request.end(body)
    const [response] = await once(request, 'response') as [IncomingMessage]
    // What comes after the answer has begun is of no interest, and must not end the process.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    response.destroy()
    const status = response.statusCode ?? 0
    if (status < 200 || status > 299) throw new Error(`the webhook answered with status ${status}`)
  }

  async close(): Promise<void> {}
}
