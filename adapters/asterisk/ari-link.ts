import { Worker } from 'node:worker_threads'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import { withDeadline } from '../wire/deadlines.ts'
import type { AriEndpoint, AriQuestion, AriReply, AriRequest, AsteriskInformation, StoredRecording } from './ari-endpoint.ts'

/** The driver reads a dozen descriptions before its first question: 0.15 s on one machine, some seconds over a distance. */
const QUESTION_DEADLINE_MS = 15_000
/** Compiled, the worker stands beside us under the other extension. */
const WORKER_FILE = new URL(import.meta.url.endsWith('.ts') ? './ari-worker.ts' : './ari-worker.js', import.meta.url)

interface Waiting {
  readonly resolve: (body: unknown) => void
  readonly reject: (error: HoldfastError) => void
}

/**
 * Questions to one Asterisk by ari-client, in a thread of its own: the package keeps credentials for a whole process, so that with two
 * Asterisks both would get the last one's; it prints; and a refused login, or an answer that it does not understand, is thrown where
 * nobody can catch it. Here that ends the thread, and the next question begins another.
 */
export class AriLink implements AsyncDisposable {
  readonly #endpoint: AriEndpoint
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | null = null
  #lastId = 0

  constructor(endpoint: AriEndpoint) {
    this.#endpoint = endpoint
  }

  /** @throws HoldfastError `PBX_UNREACHABLE`, `PBX_TIMEOUT`, `PBX_REFUSED` */
  async information(): Promise<AsteriskInformation> {
    const body = recordOf(await this.#ask('information'))
    const startedAt = new Date(textOf(recordOf(body['status'])['startup_time']) ?? Number.NaN)
    return {
      version: textOf(recordOf(body['system'])['version']),
      buildOptions: (textOf(recordOf(body['build'])['options']) ?? '').split(',').map((option) => option.trim()).filter((option) => option !== ''),
      startedAt: Number.isNaN(startedAt.getTime()) ? null : startedAt,
    }
  }

  /** Every recording that ARI serves, ours and others'. Errors as `information`. */
  async storedRecordings(): Promise<readonly StoredRecording[]> {
    const body = await this.#ask('stored-recordings')
    return (Array.isArray(body) ? body : []).flatMap((one: unknown) => {
      const { name, format } = recordOf(one)
      return typeof name === 'string' && typeof format === 'string' ? [{ name, format }] : []
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end(new HoldfastError('PBX_UNREACHABLE', 'the ARI link was closed'))
  }

  async #ask(question: AriQuestion): Promise<unknown> {
    const worker = (this.#worker ??= this.#begin())
    this.#lastId += 1
    const id = this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#waiting.set(id, { resolve, reject })
    worker.postMessage({ id, question } satisfies AriRequest)
    try {
      return await withDeadline(promise, { ms: QUESTION_DEADLINE_MS, what: `ARI ${question}` })
    } catch (error) {
      // A driver that hangs is not asked again.
      if (isHoldfastError(error, 'PBX_TIMEOUT')) await this.#end(error)
      throw error
    } finally {
      this.#waiting.delete(id)
    }
  }

  #begin(): Worker {
    // What the package prints is read by nobody.
    const worker = new Worker(WORKER_FILE, { workerData: this.#endpoint, stdout: true, stderr: true })
    worker.stdout.resume()
    worker.stderr.resume()
    worker.on('message', (reply: AriReply) => this.#receive(reply))
    worker.on('error', (thrown: unknown) => void this.#end(failureOf(thrown instanceof Error ? thrown.message : String(thrown))))
    return worker
  }

  #receive(reply: AriReply): void {
    const waiting = this.#waiting.get(reply.id)
    if (reply.outcome === 'answered') waiting?.resolve(reply.body)
    else waiting?.reject(failureOf(reply.reason))
  }

  async #end(error: HoldfastError): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    for (const { reject } of this.#waiting.values()) reject(error)
    await worker?.terminate()
  }
}

/** ari-client gives neither class nor status, only a text that begins with the status. Source: swagger-client 2.0.26 lib/swagger.js:108 */
function failureOf(reason: string): HoldfastError {
  const refused = /^\s*40[13]\b/.test(reason)
  return refused
    ? new HoldfastError('PBX_REFUSED', 'ARI refused the login')
    : new HoldfastError('PBX_UNREACHABLE', 'ARI did not answer as it should', { reason: reason.slice(0, 200) })
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
