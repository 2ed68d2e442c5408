import { endianness } from 'node:os'
import { HoldfastError } from '../domain/errors.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import { Interpolator } from './interpolator.ts'
import type { Lane } from './lane.ts'
import { SAMPLE_BYTES } from './wav.ts'

/** Frames that are read, stitched and sealed at once: one second of 16 kHz. */
export const BLOCK_FRAMES = 16_000

/** The same stretch of both lanes. The arrays are used again for the next block. */
export interface LaneBlock {
  readonly received: Int16Array
  readonly transmitted: Int16Array
}

/** The lanes of a segment and how many frames the longer one has; a lane that is `null`, or shorter, is silent where it has nothing. */
export interface LanePair {
  readonly received: Lane | null
  readonly transmitted: Lane | null
  readonly frames: number
}

/**
 * Both lanes of a segment, side by side, in one pass that holds one block.
 * @throws HoldfastError `SPOOL_FILE_INCOMPLETE` when a file has not the length that it had when it was verified
 */
export async function* readLanes(source: RecordingSource, pair: LanePair, signal: AbortSignal): AsyncGenerator<LaneBlock, void, undefined> {
  await using received = new LaneReader(source, pair.received, signal)
  await using transmitted = new LaneReader(source, pair.transmitted, signal)
  for (let at = 0; at < pair.frames; at += BLOCK_FRAMES) {
    signal.throwIfAborted()
    const frames = Math.min(BLOCK_FRAMES, pair.frames - at)
    yield { received: await received.read(frames), transmitted: await transmitted.read(frames) }
  }
  await received.expectEnd()
  await transmitted.expectEnd()
}

/** Samples of one lane in blocks, zeros beyond its end. */
class LaneReader implements AsyncDisposable {
  readonly #source: RecordingSource
  readonly #lane: Lane | null
  readonly #signal: AbortSignal
  /** Aligned memory of our own: a source's pieces may begin in the middle of a sample. */
  readonly #samples = new Int16Array(BLOCK_FRAMES)
  readonly #bytes = new Uint8Array(this.#samples.buffer)
  readonly #interpolator: Interpolator | null
  /** What is given out: the samples themselves, or what is made of them. */
  readonly #frames: Int16Array
  #stream: AsyncIterator<Uint8Array> | null = null
  #piece: Uint8Array = new Uint8Array(0)
  #framesLeft: number

  constructor(source: RecordingSource, lane: Lane | null, signal: AbortSignal) {
    this.#source = source
    this.#lane = lane
    this.#signal = signal
    this.#framesLeft = lane?.frames ?? 0
    this.#interpolator = lane !== null && lane.factor > 1 ? new Interpolator(lane.factor) : null
    this.#frames = this.#interpolator === null ? this.#samples : new Int16Array(BLOCK_FRAMES)
  }

  async read(frames: number): Promise<Int16Array> {
    const real = Math.min(frames, this.#framesLeft)
    if (this.#interpolator === null) await this.#fill(this.#bytes.subarray(0, real * SAMPLE_BYTES))
    else {
      const needs = this.#interpolator.needs(real)
      await this.#fill(this.#bytes.subarray(0, needs * SAMPLE_BYTES))
      this.#interpolator.writeTo(this.#frames.subarray(0, real), this.#samples)
    }
    this.#frames.fill(0, real, frames)
    this.#framesLeft -= real
    return this.#frames.subarray(0, frames)
  }

  /** A file that grew after it was verified is not the file that was verified. An odd last byte is no sample. */
  async expectEnd(): Promise<void> {
    if (this.#lane === null || this.#lane.frames === 0) return
    let left = this.#piece.length
    for (let piece = await this.#next(); piece !== null && left < SAMPLE_BYTES; piece = await this.#next()) left += piece.length
    if (left >= SAMPLE_BYTES) throw changed(this.#lane)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream?.return?.()
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

function changed(lane: Lane): HoldfastError {
  return new HoldfastError('SPOOL_FILE_INCOMPLETE', 'a spool file changed after it was verified', { sizeBytes: lane.sizeBytes })
}

// Samples are read as the machine's own 16-bit numbers, which is several times faster than byte by byte.
if (endianness() !== 'LE') throw new Error('samples are little-endian, and this machine is not')
