import { type ClientRequest, type IncomingMessage, request as requestHttp, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { AriEndpoint } from './ari-endpoint.ts'

/** Asterisk answers in milliseconds; over a distance with TLS in a second. */
const ANSWER_DEADLINE_MS = 10_000
/** A file that flows is never silent for so long. */
const SILENCE_DEADLINE_MS = 10_000

export interface AriCall {
  readonly method: 'GET' | 'DELETE'
  /** Below `/ari/`, each part encoded. */
  readonly path: string
  readonly signal: AbortSignal
}

/**
 * One request to ARI, for what ari-client cannot do: give a file as a stream (it holds the whole in memory, as text) and tell statuses apart.
 * The answer's body has to be read or destroyed.
 * @throws HoldfastError `SPOOL_UNREACHABLE`; the signal's reason
 */
export async function callAri(endpoint: AriEndpoint, { method, path, signal }: AriCall): Promise<IncomingMessage> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = begin(endpoint, path, { method, signal })
  const late = setTimeout(() => request.destroy(new Error('no answer in time')), ANSWER_DEADLINE_MS)
  request.setTimeout(SILENCE_DEADLINE_MS, () => request.destroy(new Error('silence')))
  request.on('response', resolve)
  request.on('error', reject)
  request.end()
  try {
    return await promise
  } catch (cause) {
    signal.throwIfAborted()
    throw unreachable(cause)
  } finally {
    clearTimeout(late)
  }
}

export function unreachable(cause: unknown): HoldfastError {
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : 'unknown'
  return new HoldfastError('SPOOL_UNREACHABLE', `ARI cannot be reached: ${reason}`, { reason }, { cause })
}

function begin({ url, username, password, ca }: AriEndpoint, path: string, options: RequestOptions): ClientRequest {
  const target = new URL(`/ari/${path}`, url)
  const all = { ...options, auth: `${username}:${password}`, agent: false, ...(ca === null ? {} : { ca }) }
  return target.protocol === 'https:' ? requestHttps(target, all) : requestHttp(target, all)
}
