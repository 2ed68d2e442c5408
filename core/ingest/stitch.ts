import { type Hash, createHash } from 'node:crypto'
import type { RecordingSource } from '../ports/recording-source.ts'
import { framesOf, msOf, overlap } from './frames.ts'
import { BLOCK_FRAMES } from './lane-file.ts'
import { type LaneBlock, readLanes } from './lane-reader.ts'
import { MASK_EDGE_MS } from './plan-masks.ts'
import type { SoundCoder } from './sound-coder.ts'
import { type ChannelSound, SoundMeter, peakStretchMs } from './sound-meter.ts'
import type { PlacedSegment, StitchPlan } from './stitch-plan.ts'

/** What passed by. */
export interface StitchReport {
  readonly sizeBytes: number
  readonly sha256: string
  readonly received: ChannelSound
  readonly transmitted: ChannelSound
  readonly stretchMs: number
  /** Milliseconds of sound, per segment, that stood inside a pause and were silenced. */
  readonly soundInPauses: ReadonlyMap<number, number>
  /** Of each segment, as the PBX wrote it. */
  readonly lanesHeard: ReadonlyMap<number, LanesHeard>
}

/** The last frame of each lane that is anything but exact zeros, counted in its segment; `null` where there is none. */
export interface LanesHeard {
  readonly received: number | null
  readonly transmitted: number | null
}

/** Makes one two-channel file of a plan: stitches, silences and measures in one pass that holds one block of sound. Used once. */
export class Stitcher {
  readonly #source: RecordingSource
  readonly #plan: StitchPlan
  readonly #coder: SoundCoder
  readonly #signal: AbortSignal
  readonly #hash: Hash = createHash('sha256')
  readonly #stretchMs: number
  readonly #received: SoundMeter
  readonly #transmitted: SoundMeter
  readonly #soundInPauses = new Map<number, number>()
  readonly #lanesHeard = new Map<number, LanesHeard>()
  #sizeBytes = 0

  constructor({ source, plan, coder, signal }: { readonly source: RecordingSource; readonly plan: StitchPlan; readonly coder: SoundCoder; readonly signal: AbortSignal }) {
    this.#coder = coder
    this.#source = source
    this.#plan = plan
    this.#signal = signal
    this.#stretchMs = peakStretchMs(msOf(plan.totalFrames, plan.sampleRateHz))
    this.#received = new SoundMeter(this.#stretchMs, plan.sampleRateHz)
    this.#transmitted = new SoundMeter(this.#stretchMs, plan.sampleRateHz)
  }

  /** The file, from its header to its last sample. */
  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    yield this.#passed(this.#coder.header())
    for await (const block of this.#blocks()) {
      const bytes = this.#coded(block)
      if (bytes.length > 0) yield bytes
    }
    const last = this.#coder.end()
    if (last.length > 0) yield this.#passed(last)
  }

  /** The same without its bytes. */
  async pass(): Promise<void> {
    for await (const block of this.#blocks()) this.#coder.encode(block)
    this.#coder.end()
  }

  async *#blocks(): AsyncGenerator<LaneBlock, void, undefined> {
    let at = 0
    for (const segment of this.#plan.segments) {
      for (; at < segment.at; at += BLOCK_FRAMES) yield silence(Math.min(BLOCK_FRAMES, segment.at - at))
      let inSegment = 0
      for await (const block of readLanes(this.#source, segment, this.#signal)) {
        this.#hear(segment, block, inSegment)
        this.#silence(segment, block, inSegment)
        yield block
        inSegment += block.received.length
      }
      at = segment.at + segment.frames
    }
  }

  /** After the last byte. */
  report(): StitchReport {
    return {
      sizeBytes: this.#sizeBytes,
      sha256: this.#hash.digest('hex'),
      received: this.#received.end(),
      transmitted: this.#transmitted.end(),
      stretchMs: this.#stretchMs,
      soundInPauses: this.#soundInPauses,
      lanesHeard: this.#lanesHeard,
    }
  }

  #hear({ index }: PlacedSegment, { received, transmitted }: LaneBlock, at: number): void {
    const before = this.#lanesHeard.get(index) ?? { received: null, transmitted: null }
    this.#lanesHeard.set(index, { received: lastSound(received, at) ?? before.received, transmitted: lastSound(transmitted, at) ?? before.transmitted })
  }

  /** Puts zeros where a pause was asked for. There should be nothing else: what is found well inside is counted. */
  #silence(segment: PlacedSegment, { received, transmitted }: LaneBlock, at: number): void {
    const edge = framesOf(MASK_EDGE_MS, this.#plan.sampleRateHz)
    let sounding = 0
    for (const pause of segment.silences) {
      const here = overlap(pause, { from: at, to: at + received.length })
      if (here === null) continue
      for (let frame = here.from; frame < here.to; frame += 1) {
        const inside = frame >= pause.from + edge && frame < pause.to - edge
        if (inside && (received[frame - at] !== 0 || transmitted[frame - at] !== 0)) sounding += 1
      }
      received.fill(0, here.from - at, here.to - at)
      transmitted.fill(0, here.from - at, here.to - at)
    }
    if (sounding > 0) {
      const before = this.#soundInPauses.get(segment.index) ?? 0
      this.#soundInPauses.set(segment.index, before + (sounding * 1000) / this.#plan.sampleRateHz)
    }
  }

  #coded(block: LaneBlock): Uint8Array {
    this.#signal.throwIfAborted()
    this.#received.push(block.received)
    this.#transmitted.push(block.transmitted)
    return this.#passed(this.#coder.encode(block))
  }

  #passed(bytes: Uint8Array): Uint8Array {
    this.#hash.update(bytes)
    this.#sizeBytes += bytes.length
    return bytes
  }
}

function lastSound(samples: Int16Array, at: number): number | null {
  const last = samples.findLastIndex((sample) => sample !== 0)
  return last === -1 ? null : at + last
}

function silence(frames: number): LaneBlock {
  return { received: new Int16Array(frames), transmitted: new Int16Array(frames) }
}
