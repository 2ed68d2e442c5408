import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { AudioEncoder } from '../../core/ports/audio-encoder.ts'

/** It encodes hundreds of times faster than speech is spoken, so that a day's recording takes minutes; who takes nothing for longer is gone. A guess. */
const DEADLINE_MS = 30 * 60_000
/** Per channel pair: speech of a telephone is clear at half of it. Source: RFC 6716 §2.1.1 */
const BITS_PER_SECOND = '32k'
/**
 * Reads WAV from its standard input alone, and writes Ogg to its standard output alone: no protocol but pipes, so that nothing in the sound makes it
 * open a file. `-bitexact`: no date and no name of a program. Source: ffmpeg(1), ffmpeg-protocols(1) `protocol_whitelist`
 */
const ARGUMENTS = [
  '-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'pipe', '-f', 'wav', '-i', 'pipe:0', '-map_metadata', '-1', '-vn',
  '-c:a', 'libopus', '-b:a', BITS_PER_SECOND, '-application', 'voip', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-f', 'ogg', 'pipe:1',
] as const

/** Opus by the ffmpeg of the machine: a program of its own, without a shell, fed and read through pipes. */
export class FfmpegEncoder implements AudioEncoder {
  readonly #program: string
  readonly #deadlineMs: number

  constructor(program = 'ffmpeg', deadlineMs = DEADLINE_MS) {
    this.#program = program
    this.#deadlineMs = deadlineMs
  }

  async *opus(wav: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const over = AbortSignal.any([signal, AbortSignal.timeout(this.#deadlineMs)])
    const child = spawn(this.#program, ARGUMENTS, { stdio: ['pipe', 'pipe', 'ignore'], signal: over, killSignal: 'SIGKILL', shell: false })
    const ended = endOf(child)
    // The source's own failure is told as it is; that the program stopped reading is told by its end.
    let sourceFault: unknown = null
    const fed = pipeline(Readable.from(watched(wav, (error) => (sourceFault = error))), child.stdin).catch(() => undefined)
    try {
      for await (const piece of child.stdout) yield piece as Uint8Array
      await fed
      const fault = sourceFault ?? await ended
      if (fault !== null) throw fault
    } catch (error) {
      // A pipe that broke is told by what broke it.
      throw sourceFault ?? await ended ?? error
    } finally {
      child.kill('SIGKILL')
      await fed
      await ended
    }
  }
}

/** Why the program did not do it, or `null`. */
async function endOf(child: ChildProcess): Promise<HoldfastError | null> {
  try {
    const [status] = await once(child, 'close') as [number | null]
    return status === 0 ? null : new HoldfastError('ENCODER_FAILED', 'ffmpeg could not make Opus of the sound', { status })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    if (code === 'ENOENT') return new HoldfastError('ENCODER_MISSING', 'ffmpeg is not installed here: install it, or take the sound as WAV', {}, { cause })
    return new HoldfastError('ENCODER_FAILED', 'ffmpeg was ended before it was done', { reason: code }, { cause })
  }
}

/** Tells what the source itself throws; what a stream throws into it when it is closed early is nobody's fault there. */
async function* watched(bytes: AsyncIterable<Uint8Array>, failed: (error: unknown) => void): AsyncGenerator<Uint8Array, void> {
  const source = bytes[Symbol.asyncIterator]()
  const next = async (): Promise<IteratorResult<Uint8Array, unknown>> => {
    try {
      return await source.next()
    } catch (error) {
      failed(error)
      throw error
    }
  }
  try {
    for (let step = await next(); step.done !== true; step = await next()) yield step.value
  } finally {
    await source.return?.()
  }
}
