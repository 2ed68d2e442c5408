import { endianness } from 'node:os'
import { HoldfastError } from '../domain/errors.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import { Interpolator } from './interpolator.ts'
import type { Lane } from './lane.ts'
import { type Channels } from './wav.ts'
import { SAMPLE_BYTES } from '../domain/wav-header.ts'

/** Frames that are read, stitched and sealed at once: one second of 16 kHz. */
export const BLOCK_FRAMES = 16_000

/** One channel of a file, and what is given out of it: its samples, or what is made of them. */
interface Channel {
  readonly samples: Int16Array
  readonly frames: Int16Array
  readonly interpolator: Interpolator | null
}

/** The samples of one spool file in blocks, by channel; zeros beyond its end. */
export class LaneFile implements AsyncDisposable {
  readonly #source: RecordingSource
  readonly #lane: Lane | null
  readonly #signal: AbortSignal
  /** Aligned memory of our own: a source's pieces may begin in the middle of a sample. */
  readonly #interleaved: Int16Array
  readonly #bytes: Uint8Array
  readonly #channels: readonly Channel[]
  #stream: AsyncIterator<Uint8Array> | null = null
  #piece: Uint8Array = new Uint8Array(0)
  #framesLeft: number

  /** @param lane - of a file that holds two, either */
  constructor(source: RecordingSource, { lane, channels }: { readonly lane: Lane | null; readonly channels: Channels }, signal: AbortSignal) {
    this.#source = source
    this.#lane = lane
    this.#signal = signal
    this.#framesLeft = lane?.frames ?? 0
    this.#interleaved = new Int16Array(BLOCK_FRAMES * channels)
    this.#bytes = new Uint8Array(this.#interleaved.buffer)
    this.#channels = Array.from({ length: channels }, () => channelOf(lane, channels === 1 ? this.#interleaved : new Int16Array(BLOCK_FRAMES)))
  }

  /** The next frames of each channel. The arrays are used again for the next ones. */
  async read(frames: number): Promise<readonly Int16Array[]> {
    const real = Math.min(frames, this.#framesLeft)
    const needs = this.#channels[0]?.interpolator?.needs(real) ?? real
    await this.#fill(this.#bytes.subarray(0, needs * this.#frameBytes))
    this.#separate(needs)
    this.#framesLeft -= real
    return this.#channels.map(({ samples, frames: given, interpolator }) => {
      interpolator?.writeTo(given.subarray(0, real), samples)
      given.fill(0, real, frames)
      return given.subarray(0, frames)
    })
  }

  /** A file that grew after it was verified is not the file that was verified. A last frame that is not whole is none. */
  async expectEnd(): Promise<void> {
    if (this.#lane === null || this.#lane.frames === 0) return
    let left = this.#piece.length
    for (let piece = await this.#next(); piece !== null && left < this.#frameBytes; piece = await this.#next()) left += piece.length
    if (left >= this.#frameBytes) throw changed(this.#lane)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream?.return?.()
  }

  get #frameBytes(): number {
    return SAMPLE_BYTES * this.#channels.length
  }

  /** A file of one channel is read where its samples are wanted. */
  #separate(frames: number): void {
    if (this.#channels.length === 1) return
    for (const [offset, { samples }] of this.#channels.entries()) {
      for (let frame = 0; frame < frames; frame += 1) samples[frame] = this.#interleaved[frame * this.#channels.length + offset] ?? 0
    }
  }

  async #fill(target: Uint8Array): Promise<void> {
    if (target.length === 0 || this.#lane === null) return
    if (this.#stream === null) await this.#begin(this.#lane)
    for (let filled = 0; filled < target.length;) {
      if (this.#piece.length === 0) {
        const piece = await this.#next()
        if (piece === null) throw changed(this.#lane)
        this.#piece = piece
      }
      const taken = Math.min(this.#piece.length, target.length - filled)
      target.set(this.#piece.subarray(0, taken), filled)
      this.#piece = this.#piece.subarray(taken)
      filled += taken
    }
  }

  async #begin(lane: Lane): Promise<void> {
    const { bytes } = await this.#source.open(lane.name, this.#signal)
    this.#stream = bytes[Symbol.asyncIterator]()
    for (let skip = lane.dataOffset; skip > 0;) {
      const piece = await this.#next()
      if (piece === null) throw changed(lane)
      this.#piece = piece.subarray(skip)
      skip -= Math.min(skip, piece.length)
    }
  }

  async #next(): Promise<Uint8Array | null> {
    const next = await this.#stream?.next()
    return next === undefined || next.done === true ? null : next.value
  }
}

function channelOf(lane: Lane | null, samples: Int16Array): Channel {
  if (lane === null || lane.factor === 1) return { samples, frames: samples, interpolator: null }
  return { samples, frames: new Int16Array(BLOCK_FRAMES), interpolator: new Interpolator(lane.factor) }
}

function changed(lane: Lane): HoldfastError {
  return new HoldfastError('SPOOL_FILE_INCOMPLETE', 'a spool file changed after it was verified', { sizeBytes: lane.sizeBytes })
}

// Samples are read as the machine's own 16-bit numbers, which is several times faster than byte by byte.
if (endianness() !== 'LE') throw new Error('samples are little-endian, and this machine is not')
