import type { IncomingMessage } from 'node:http'
import { HoldfastError, isHoldfastError } from '../../core/domain/errors.ts'
import type { Clock } from '../../core/ports/runtime.ts'
import type { RecordingSource, SpoolFile } from '../../core/ports/recording-source.ts'
import { guardedSpoolFileName, isSpoolFileName } from '../wire/spool-file-name.ts'
import type { AriEndpoint } from './ari-endpoint.ts'
import { callAri, unreachable } from './ari-http.ts'
import type { AriLink } from './ari-link.ts'

/** Sizes are asked for file by file; more at once would keep Asterisk's HTTP server from others. A guess. */
const QUESTIONS_AT_ONCE = 4

interface Seen {
  readonly sizeBytes: number
  readonly since: Date
}

/**
 * The spool of an Asterisk whose disk we do not share, by ARI: what lies below `<astspooldir>/recording` is a stored recording there.
 * A file streams straight to its caller; nothing is kept here.
 */
export class AriRecordingSource implements RecordingSource {
  readonly #link: AriLink
  readonly #endpoint: AriEndpoint
  readonly #clock: Clock
  /** ARI tells no time of change, so that a file counts as changed when its size was first seen. */
  readonly #seen = new Map<string, Seen>()

  constructor({ link, endpoint, clock }: { readonly link: AriLink; readonly endpoint: AriEndpoint; readonly clock: Clock }) {
    this.#link = link
    this.#endpoint = endpoint
    this.#clock = clock
  }

  async list(signal: AbortSignal): Promise<readonly SpoolFile[]> {
    signal.throwIfAborted()
    const stored = await reachable(this.#link.storedRecordings())
    const names = stored.map(({ name, format }) => `${name}.${format}`).filter(isSpoolFileName)
    for (const name of this.#seen.keys()) if (!names.includes(name)) this.#seen.delete(name)
    const files: (SpoolFile | null)[] = []
    for (let at = 0; at < names.length; at += QUESTIONS_AT_ONCE) {
      files.push(...(await Promise.all(names.slice(at, at + QUESTIONS_AT_ONCE).map((name) => this.stat(name, signal)))))
    }
    return files.filter((file) => file !== null)
  }

  async stat(name: string, signal: AbortSignal): Promise<SpoolFile | null> {
    const answer = await this.#get(name, signal)
    answer?.destroy()
    const sizeBytes = answer === null ? null : sizeOf(answer)
    return sizeBytes === null ? null : { name, sizeBytes, modifiedAt: this.#changedAt(name, sizeBytes) }
  }

  async open(name: string, signal: AbortSignal): Promise<{ readonly sizeBytes: number; readonly bytes: AsyncIterable<Uint8Array> }> {
    const file = await this.stat(name, signal)
    if (file === null) throw missing(name)
    return { sizeBytes: file.sizeBytes, bytes: this.#read(file, signal) }
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    const answer = await callAri(this.#endpoint, { method: 'DELETE', path: storedPath(name), signal })
    answer.resume()
    if (answer.statusCode !== 204 && answer.statusCode !== 404) throw refused(answer)
    this.#seen.delete(name)
  }

  async freeBytes(): Promise<number | null> {
    return null
  }

  /** Asked for when it is first read, so that a stream nobody reads holds nothing open. What was appended since is not read. */
  async *#read({ name, sizeBytes }: SpoolFile, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const answer = await this.#get(name, signal)
    if (answer === null) throw missing(name)
    let position = 0
    try {
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        const wanted = chunk.subarray(0, sizeBytes - position)
        position += wanted.length
        if (wanted.length > 0) yield wanted
        if (position === sizeBytes) return
      }
    } catch (error) {
      signal.throwIfAborted()
      throw isHoldfastError(error) ? error : unreachable(error)
    } finally {
      answer.destroy()
    }
    if (position < sizeBytes) throw new HoldfastError('SPOOL_FILE_INCOMPLETE', 'a spool file became shorter while it was read', { sizeBytes, position })
  }

  async #get(name: string, signal: AbortSignal): Promise<IncomingMessage | null> {
    const answer = await callAri(this.#endpoint, { method: 'GET', path: `${storedPath(name)}/file`, signal })
    if (answer.statusCode === 200) return answer
    answer.destroy()
    if (answer.statusCode === 404) return null
    throw refused(answer)
  }

  #changedAt(name: string, sizeBytes: number): Date {
    const seen = this.#seen.get(name)
    if (seen?.sizeBytes === sizeBytes) return seen.since
    const since = this.#clock.now()
    this.#seen.set(name, { sizeBytes, since })
    return since
  }
}

/** ARI leaves out the extension, and takes a slash only when it is encoded. */
function storedPath(name: string): string {
  const recording = guardedSpoolFileName(name).replace(/\.[^.]+$/, '')
  return `recordings/stored/${encodeURIComponent(recording)}`
}

function sizeOf(answer: IncomingMessage): number {
  const sizeBytes = Number(answer.headers['content-length'])
  if (!Number.isSafeInteger(sizeBytes)) throw new HoldfastError('SPOOL_UNREACHABLE', 'ARI gave a file without its length')
  return sizeBytes
}

function missing(name: string): HoldfastError {
  return new HoldfastError('SPOOL_FILE_MISSING', 'a spool file is not there', { name })
}

function refused(answer: IncomingMessage): HoldfastError {
  return new HoldfastError('SPOOL_UNREACHABLE', `ARI refused a request for a spool file with status ${answer.statusCode ?? 0}`, { status: answer.statusCode ?? 0 })
}

async function reachable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isHoldfastError(error) ? new HoldfastError('SPOOL_UNREACHABLE', `the spool cannot be listed: ${error.message}`, { code: error.code }, { cause: error }) : error
  }
}
