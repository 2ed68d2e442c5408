import { type RecordingId, parseRecordingId } from './ids.ts'

/** Ids count milliseconds from here, so that 53 bits last until 2089. */
export const RECORDING_ID_EPOCH_MS = Date.UTC(2020, 0, 1)
export const MAX_NODE_NUMBER = 63
const SEQUENCES_PER_MS = 64
const IDS_PER_MS = 4096

/** The smallest id that a node can give to a recording which starts at this instant: `ms * 4096 + node * 64`. */
export function firstRecordingIdAt(startedAt: Date, nodeNumber: number): RecordingId {
  return fromNumber(msSinceEpoch(startedAt) * IDS_PER_MS + nodeNumber * SEQUENCES_PER_MS)
}

/** The next id of the same node: the next sequence, and after 64 of them the next millisecond. */
export function nextRecordingId(id: RecordingId): RecordingId {
  const value = Number(id)
  const sequence = value % SEQUENCES_PER_MS
  return fromNumber(sequence < SEQUENCES_PER_MS - 1 ? value + 1 : value - sequence + IDS_PER_MS)
}

/** The instant that the id tells: the recording's start up to a few milliseconds; `startedAt` is the truth. */
export function recordingIdTime(id: RecordingId): Date {
  return new Date(RECORDING_ID_EPOCH_MS + Math.floor(Number(id) / IDS_PER_MS))
}

/** Bounds `[least, beyond)` of the ids, of all nodes, whose time lies in `[from, to)`. */
export function recordingIdRange(from: Date, to: Date): { readonly least: number; readonly beyond: number } {
  return { least: msSinceEpoch(from) * IDS_PER_MS, beyond: msSinceEpoch(to) * IDS_PER_MS }
}

function msSinceEpoch(instant: Date): number {
  return Math.max(0, instant.getTime() - RECORDING_ID_EPOCH_MS)
}

function fromNumber(value: number): RecordingId {
  return parseRecordingId(String(value))
}
