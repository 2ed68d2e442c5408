import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { AudioEncoder } from '../../core/ports/audio-encoder.ts'
import { OpusLength, WavLength } from './sound-length.ts'

/** It encodes hundreds of times faster than speech is spoken, so that a day's recording takes minutes; who takes nothing for longer is gone. A guess. */
const DEADLINE_MS = 30 * 60_000
/** Per channel pair: speech of a telephone is clear at half of it. Source: RFC 6716 §2.1.1 */
const BITS_PER_SECOND = '32k'
/** What reads the sound ends with its next piece; a store that hangs is left behind. A guess. */
const FED_DEADLINE_MS = 500
/** What ffmpeg says of a fault is a line or two; of a broken sound it says the same for each packet. */
const MAX_SAID_CHARACTERS = 500
/** A packet of Opus. ffmpeg tells the end to the sample (seen with 5.1: at 8, 11.025, 16 and 44.1 kHz): what is further away than this is missing. */
const SLACK_MS = 20
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
    // A group of its own: a script in its place, and what that has started, end with it. Of our own death, and of a Ctrl-C that does not reach it, it learns by the end of its input.
    const child = spawn(this.#program, ARGUMENTS, { stdio: ['pipe', 'pipe', 'pipe'], signal: over, killSignal: 'SIGKILL', shell: false, detached: true })
    const end = (): void => endGroup(child)
    over.addEventListener('abort', end)
    const said = new LastWords(child.stderr)
    const ended = endOf(child, said)
    const [given, made] = [new WavLength(), new OpusLength()]
    // The source's own failure is told as it is; that the program stopped reading is told by its end, and by the length of what it made.
    let sourceFault: unknown = null
    const failed = (error: unknown): void => {
      sourceFault = error
      end()
    }
    const feeding = pipeline(Readable.from(watched(wav, { passed: (bytes) => given.take(bytes), failed })), child.stdin).catch(() => undefined)
    try {
      for await (const piece of child.stdout) {
        made.take(piece as Uint8Array)
        yield piece as Uint8Array
      }
      await inTime(feeding)
      const fault = sourceFault ?? await ended ?? otherLength(given, made, said)
      if (fault !== null) throw fault
    } catch (error) {
      // A pipe that broke is told by what broke it.
      throw sourceFault ?? await ended ?? error
    } finally {
      over.removeEventListener('abort', end)
      end()
      await inTime(feeding)
      await ended
    }
  }
}

/** A pipe that is closed waits for what fills it, however long that waits itself. */
async function inTime(feeding: Promise<unknown>): Promise<void> {
  const over = Promise.withResolvers<undefined>()
  const timer = setTimeout(over.resolve, FED_DEADLINE_MS, undefined)
  await Promise.race([feeding, over.promise])
  clearTimeout(timer)
}

/** With what it has started; and nobody waits for a pipe that something else keeps open. */
function endGroup(child: ChildProcessByStdio<Writable, Readable, Readable>): void {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(child.pid)
  for (const pipe of child.stdio) pipe?.destroy()
}

/** Of a program whose end was not told yet: its number, and that of its group, is nobody else's until then. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It was waited for in this very moment, and that will be told next.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** The last of what a program says about itself. */
class LastWords {
  #text = ''

  constructor(stream: Readable) {
    stream.setEncoding('utf8').on('data', (text: string) => (this.#text = `${this.#text}${text}`.slice(-MAX_SAID_CHARACTERS))).on('error', () => undefined)
  }

  get text(): string {
    return this.#text.trim()
  }
}

/** A sound that breaks off is a shorter file to ffmpeg, and no failure. */
function otherLength({ ms: soundMs }: WavLength, { ms: opusMs }: OpusLength, said: LastWords): HoldfastError | null {
  if (soundMs !== null && opusMs !== null && Math.abs(soundMs - opusMs) <= SLACK_MS) return null
  return new HoldfastError('ENCODER_FAILED', 'ffmpeg did not make Opus of the whole sound', { soundMs, opusMs, said: said.text })
}

/** Why the program did not do it, or `null`. */
async function endOf(child: ChildProcessByStdio<Writable, Readable, Readable>, said: LastWords): Promise<HoldfastError | null> {
  try {
    const [status] = await once(child, 'close') as [number | null]
    return status === 0 ? null : new HoldfastError('ENCODER_FAILED', 'ffmpeg could not make Opus of the sound', { status, said: said.text })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    if (code === 'ENOENT') return new HoldfastError('ENCODER_MISSING', 'ffmpeg is not installed here: install it, or take the sound as WAV', {}, { cause })
    return new HoldfastError('ENCODER_FAILED', 'ffmpeg was ended before it was done', { reason: code, said: said.text }, { cause })
  }
}

/** Tells what goes by, and what the source itself throws; what a stream throws into it when it is closed early is nobody's fault there. */
async function* watched(bytes: AsyncIterable<Uint8Array>, { passed, failed }: { readonly passed: (bytes: Uint8Array) => void; readonly failed: (error: unknown) => void }): AsyncGenerator<Uint8Array, void> {
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
    for (let step = await next(); step.done !== true; step = await next()) {
      passed(step.value)
      yield step.value
    }
  } finally {
    await source.return?.()
  }
}
