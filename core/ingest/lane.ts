import { HoldfastError } from '../domain/errors.ts'
import type { RecordingSource, SpoolFile } from '../ports/recording-source.ts'
import { type Channels, MAX_HEAD_BYTES, parseWavHead } from './wav.ts'
import { SAMPLE_BYTES } from '../domain/wav-header.ts'

/** One direction of a segment: what its spool file holds. Of a file that holds both, each is one, and they are alike. */
export interface Lane {
  readonly name: string
  readonly sizeBytes: number
  /** Of `frames`: the file's own, times `factor`. */
  readonly sampleRateHz: number
  /** How many frames are made of each sample of the file. */
  readonly factor: number
  readonly dataOffset: number
  /** 0: the file is there, but nothing was ever written into it. */
  readonly frames: number
  /** What the header says beside what the file has: they differ when the PBX died before it closed the file. */
  readonly header: 'right' | 'repaired'
  readonly modifiedAt: Date
}

/**
 * A file that nobody has written to for this long is closed, whatever its header says.
 * Source: Asterisk writes blocks of 32,768 bytes, 2.05 s of 8 kHz sound; FreeSWITCH, unless told otherwise, 65,536 bytes of two channels,
 * which is as long; a busy disk may take a few of them (a guess).
 */
export const SETTLE_MS = 10_000
/** Clocks may differ, and a file's time may lie in the future: after this long since the end it is taken as it is. */
export const SETTLE_DEADLINE_MS = 600_000

/** From 8 to 192 kHz, the least and the most that a PBX writes; a header that says more lies. Source: Asterisk 22 `core show codecs`, slin to slin192 */
const MAX_FACTOR = 24

/** The end of a recording, against which the age of its files is measured. */
export interface Ending {
  /** When the recording ended. */
  readonly endedAt: Date
  readonly now: Date
}

/**
 * Looks at a spool file after the end of its recording.
 * @returns `null` when it is not there
 * @throws HoldfastError `SPOOL_FILE_INCOMPLETE` while the PBX may still be closing it; `SPOOL_FILE_MISSING` while it may still come; `SPOOL_FILE_BROKEN`
 */
export async function inspectLane(source: RecordingSource, { name, channels }: { readonly name: string; readonly channels: Channels }, at: Ending & { readonly signal: AbortSignal }): Promise<Lane | null> {
  const file = await source.stat(name, at.signal)
  if (file === null) {
    // A shared folder may show a file late; a folder that is read over HTTP, too.
    if (at.now.getTime() - at.endedAt.getTime() < SETTLE_MS) throw new HoldfastError('SPOOL_FILE_MISSING', 'a spool file is not there (yet)', { name })
    return null
  }
  const head = await readHead(source, file, at.signal)
  const lane = head.length === 0 ? emptyLane(file) : laneOf(file, head, channels)
  if ((lane.header === 'repaired' || lane.frames === 0) && !settled(file, at)) {
    throw new HoldfastError('SPOOL_FILE_INCOMPLETE', 'a spool file is still being written', { sizeBytes: file.sizeBytes })
  }
  return lane
}

function laneOf(file: SpoolFile, head: Uint8Array, channels: Channels): Lane {
  const { sampleRateHz, dataOffset, declaredDataBytes } = parseWavHead(head, channels)
  const dataBytes = Math.max(0, file.sizeBytes - dataOffset)
  return {
    name: file.name,
    sizeBytes: file.sizeBytes,
    sampleRateHz,
    factor: 1,
    dataOffset,
    frames: Math.floor(dataBytes / (SAMPLE_BYTES * channels)),
    header: declaredDataBytes === dataBytes ? 'right' : 'repaired',
    modifiedAt: file.modifiedAt,
  }
}

/**
 * The lane at a higher rate: a PBX may write one call at more than one, the dialplan by itself at that of the telephone and we at another.
 * @throws HoldfastError `SPOOL_FILE_BROKEN` when the ratio is not a whole number, or larger than a PBX's can be
 */
export function broughtTo(sampleRateHz: number, lane: Lane): Lane {
  if (lane.frames === 0 || lane.sampleRateHz === sampleRateHz) return lane
  const factor = sampleRateHz / lane.sampleRateHz
  if (!Number.isInteger(factor) || factor > MAX_FACTOR) throw new HoldfastError('SPOOL_FILE_BROKEN', 'the rates of spool files have no whole ratio', { lower: lane.sampleRateHz, higher: sampleRateHz })
  return { ...lane, sampleRateHz, factor, frames: lane.frames * factor }
}

/** A PBX that died within the first 32 KB leaves nothing, not even a header. */
function emptyLane(file: SpoolFile): Lane {
  return { name: file.name, sizeBytes: file.sizeBytes, sampleRateHz: 0, factor: 1, dataOffset: 0, frames: 0, header: 'right', modifiedAt: file.modifiedAt }
}

function settled(file: SpoolFile, { now, endedAt }: Ending): boolean {
  return now.getTime() - file.modifiedAt.getTime() >= SETTLE_MS || now.getTime() - endedAt.getTime() >= SETTLE_DEADLINE_MS
}

async function readHead(source: RecordingSource, file: SpoolFile, signal: AbortSignal): Promise<Uint8Array> {
  const { bytes } = await source.open(file.name, signal)
  const head = Buffer.alloc(Math.min(MAX_HEAD_BYTES, file.sizeBytes))
  let filled = 0
  for await (const piece of bytes) {
    const taken = Math.min(piece.length, head.length - filled)
    head.set(piece.subarray(0, taken), filled)
    filled += taken
    if (filled === head.length) break
  }
  return head.subarray(0, filled)
}
