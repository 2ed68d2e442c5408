import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CaptureFact } from '../../../../core/domain/capture-fact.ts'
import { parseCallId, parseChannelId, parseInteractionId, parseNodeName, parsePbxId, parseRecordingId } from '../../../../core/domain/ids.ts'
import type { WantedFormat } from '../../../../core/domain/media.ts'
import type { Recording, RecordingOrigin, SegmentFiles, StateReason } from '../../../../core/domain/recording.ts'
import { AgeCipher } from '../../../../core/crypto/age-cipher.ts'
import { KeyRing, newIdentity } from '../../../../core/crypto/key-ring.ts'
import type { IngestSurroundings } from '../../../../core/ingest/ingest-surroundings.ts'
import { type IngestOptions, IngestWorker } from '../../../../core/ingest/ingest-worker.ts'
import { wavHeader } from '../../../../core/domain/wav-header.ts'
import { collect } from '../../../support/bytes.ts'
import { MemoryAuditLog } from '../../../support/fakes/memory-audit-log.ts'
import { MemoryBlobStore } from '../../../support/fakes/memory-blob-store.ts'
import { MemoryJobQueue } from '../../../support/fakes/memory-job-queue.ts'
import { MemoryRecordingRepository } from '../../../support/fakes/memory-recording-repository.ts'
import { MemoryRecordingSource } from '../../../support/fakes/memory-recording-source.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'
import type { PauseTerms } from '../../../../core/domain/rules/pause-terms.ts'
import { type AnnouncementDemand, NO_RULE, type RecordingTerms } from '../../../../core/domain/rules/rule.ts'
import { decisionWith } from '../../../support/decisions.ts'

export const RATE = 8000
export const PBX = parsePbxId('pbx')
export const RECORDING = parseRecordingId('4096')
const NODE = parseNodeName('node')
const INTERACTION = parseInteractionId('i-1')
const CHANNEL = parseChannelId('1.1')
const AGENT_CHANNEL = parseChannelId('1.2')
/** The call begins here; the times of a call are milliseconds from it. */
const BEGAN_MS = Date.UTC(2026, 0, 1, 12)

export function at(ms: number): Date {
  return new Date(BEGAN_MS + ms)
}

/** Samples by their place. */
export type Sound = (frame: number) => number

/** A tone that is never exactly zero for two samples, so that it cannot be taken for silence. */
export function tone(hz: number, amplitude = 8000): Sound {
  return (frame) => Math.round(amplitude * Math.sin((2 * Math.PI * hz * frame) / RATE)) || 1
}

/** A sound with exact zeros in a span of milliseconds. */
export function masked(sound: Sound, fromMs: number, toMs: number): Sound {
  return (frame) => (frame >= (fromMs * RATE) / 1000 && frame < (toMs * RATE) / 1000 ? 0 : sound(frame))
}

/** A mono file as the PBX writes it. `declared`: what its header says of its length. */
export function spoolWav(ms: number, sound: Sound, { rate = RATE, declared = 'right' }: { readonly rate?: number; readonly declared?: 'right' | 'zero' } = {}): Buffer {
  const samples = Int16Array.from({ length: Math.round((ms * rate) / 1000) }, (_, frame) => sound(frame))
  const data = Buffer.from(samples.buffer)
  return Buffer.concat([wavHeader({ channels: 1, sampleRateHz: rate, dataBytes: declared === 'right' ? data.length : 0 }), data])
}

/** A file with both channels, what was received on the left. */
export function stereoWav(ms: number, { left, right }: { readonly left: Sound; readonly right: Sound }, { rate = RATE, declared = 'right' }: { readonly rate?: number; readonly declared?: 'right' | 'zero' } = {}): Buffer {
  const samples = Int16Array.from({ length: 2 * Math.round((ms * rate) / 1000) }, (_, index) => (index % 2 === 0 ? left : right)(Math.floor(index / 2)))
  const data = Buffer.from(samples.buffer)
  return Buffer.concat([wavHeader({ channels: 2, sampleRateHz: rate, dataBytes: declared === 'right' ? data.length : 0 }), data])
}

/** What was found, without its time. */
export function findings(recording: Recording): readonly { code: string; segmentIndex: number | null; details: Readonly<Record<string, number>> }[] {
  return recording.findings.map(({ code, segmentIndex, details }) => ({ code, segmentIndex, details }))
}

/** The first milliseconds of a sound, as its file has them. */
export function samples(ms: number, sound: (frame: number) => number): Int16Array {
  return Int16Array.from({ length: (ms * RATE) / 1000 }, (_, frame) => sound(frame))
}

export function filesOf(index: number): SegmentFiles {
  return { received: `4096.${index}.rx.wav`, transmitted: `4096.${index}.tx.wav` }
}

/** Of a PBX that writes both channels into one file. */
export function oneFileOf(index: number): SegmentFiles {
  return { received: `4096.${index}.wav`, transmitted: `4096.${index}.wav` }
}

interface SegmentTimes {
  readonly startMs: number
  readonly endMs: number
  /** The PBX threw its files away. */
  readonly discarded?: boolean
  /** It began with a hold, which ended then; `null`: never. */
  readonly unheldMs?: number | null
}

/** A call as capture would tell it. */
export interface Call {
  readonly segments?: readonly SegmentTimes[]
  readonly files?: (index: number) => SegmentFiles
  readonly answeredMs?: number | null
  readonly endMs: number
  /** `failed`: the PBX did not confirm the mask. */
  readonly pauses?: readonly { readonly fromMs: number; readonly toMs: number; readonly outcome?: 'masked' | 'failed'; readonly limitMs?: number }[]
  readonly reason?: StateReason
  readonly origin?: RecordingOrigin
  readonly announcement?: AnnouncementDemand
  /** Who is there, from when on: the recorded customer, or an agent. */
  readonly parties?: readonly { readonly who: 'customer' | 'agent'; readonly fromMs: number }[]
  /** What the rule says of pauses. */
  readonly pauseTerms?: PauseTerms
  /** What the rule wants it stored as. */
  readonly mediaFormat?: WantedFormat | null
}

/** Everything that ingest needs, in memory. */
export class IngestFixture {
  readonly source = new MemoryRecordingSource()
  readonly blobs = new MemoryBlobStore()
  readonly audit = new MemoryAuditLog()
  readonly jobs = new MemoryJobQueue()
  readonly recordings = new MemoryRecordingRepository({ audit: this.audit, jobs: this.jobs })
  readonly cipher: AgeCipher
  readonly published: string[] = []
  /** Milliseconds of the call's time. */
  nowMs = 0
  readonly runtime = quietRuntime(() => at(this.nowMs))
  #workers = 0

  private constructor(cipher: AgeCipher) {
    this.cipher = cipher
  }

  static async open(): Promise<IngestFixture> {
    const { recipient, fileText } = await identity
    const keys = await KeyRing.load({ recipients: [{ place: 'r', text: recipient }], identities: [{ place: 'i', text: fileText }] })
    return new IngestFixture(new AgeCipher(keys))
  }

  get surroundings(): IngestSurroundings {
    return {
      ...this.runtime,
      recordings: this.recordings,
      jobs: this.jobs,
      audit: this.audit,
      blobs: this.blobs,
      cipher: this.cipher,
      changes: { publish: (id) => void this.published.push(id) },
      placedOf: () => (name) => name,
      formatOf: () => 'wav',
      spoolOf: (pbxId) => (pbxId === PBX ? this.source : null),
    }
  }

  /** The catalogue learns of a call that has ended; it is a minute later then. */
  async told(call: Call): Promise<void> {
    const facts = factsOf(call)
    await this.recordings.apply({ node: NODE, journal: 'of-the-test' }, facts.map((fact, index) => ({ sequence: index + 1, fact })))
    this.nowMs = call.endMs + 60_000
  }

  /** Puts both files of a segment into the spool; `null`: that one is missing. */
  spool(received: Uint8Array | null, transmitted: Uint8Array | null, { index = 0, modifiedMs = 0 } = {}): void {
    const files = filesOf(index)
    if (received !== null) this.source.put(files.received, received, at(modifiedMs))
    if (transmitted !== null) this.source.put(files.transmitted, transmitted, at(modifiedMs))
  }

  /** A worker that nobody has seen before. */
  worker(changes: Partial<IngestSurroundings> = {}, options: Partial<IngestOptions> = {}): IngestWorker {
    this.#workers += 1
    return new IngestWorker({ ...this.surroundings, ...changes }, { owner: `worker-${this.#workers}`, ...options })
  }

  /** Runs jobs until none is due. */
  async ingest(changes: Partial<IngestSurroundings> = {}): Promise<Recording> {
    const worker = this.worker(changes)
    while (await worker.runOnce() === 'worked') await nextTurn()
    return this.recording()
  }

  async recording(): Promise<Recording> {
    const recording = await this.recordings.find(RECORDING, { type: 'all' })
    if (recording === null) throw new Error('the fixture was told of no call')
    return recording
  }

  /** What is stored, opened: both channels, and the bytes of the file. */
  async stored(): Promise<{ readonly file: Buffer; readonly received: Int16Array; readonly transmitted: Int16Array }> {
    const { media } = await this.recording()
    const header = await this.recordings.mediaHeader(RECORDING)
    const payload = media === null ? null : await this.blobs.open(media.payloadName)
    if (header === null || payload === null) throw new Error('nothing is stored')
    using opened = await this.cipher.open(header, payload)
    if (opened === null) throw new Error('what is stored was sealed to somebody else')
    const file = await collect(opened.read(0, opened.sizeBytes))
    const frames = (file.length - 44) / 4
    const channel = (offset: number): Int16Array => Int16Array.from({ length: frames }, (_, frame) => file.readInt16LE(44 + frame * 4 + offset))
    return { file, received: channel(0), transmitted: channel(2) }
  }
}

const identity = newIdentity(at(0))

function factsOf({ segments, files = filesOf, answeredMs = 0, endMs, pauses = [], reason = 'hangup', origin = 'controlled', announcement = NO_RULE.terms.announcement, pauseTerms = NO_RULE.terms.pause, mediaFormat = null, parties = [] }: Call): readonly CaptureFact[] {
  const recordingId = RECORDING
  const timed: { readonly ms: number; readonly fact: CaptureFact }[] = []
  const add = (ms: number, fact: CaptureFact): void => void timed.push({ ms, fact })
  for (const [index, { startMs, endMs: segmentEndMs, discarded = false, unheldMs }] of (segments ?? [{ startMs: 0, endMs }]).entries()) {
    add(startMs, { type: 'segment-opened', recordingId, at: at(startMs), index, channelId: CHANNEL, files: files(index) })
    add(startMs, { type: 'segment-started', recordingId, at: at(startMs), index, recorderId: `0x${index}` })
    if (unheldMs !== undefined) add(startMs, { type: 'segment-held', recordingId, at: at(startMs), index })
    if (typeof unheldMs === 'number') add(unheldMs, { type: 'segment-unheld', recordingId, at: at(unheldMs), index })
    add(segmentEndMs, { type: 'segment-closed', recordingId, at: at(segmentEndMs), index })
    if (discarded) add(segmentEndMs, { type: 'segment-discarded', recordingId, at: at(segmentEndMs), index })
  }
  if (answeredMs !== null) add(answeredMs + 0.5, { type: 'answered', recordingId, at: at(answeredMs) })
  for (const { who, fromMs } of parties) {
    const party = { channelId: who === 'customer' ? CHANNEL : AGENT_CHANNEL, side: who, identity: { number: null, name: null }, endpoint: null, agent: null, fromAt: at(fromMs), toAt: null }
    add(fromMs, { type: 'party-joined', recordingId, at: at(fromMs), party })
  }
  for (const { fromMs, toMs, outcome = 'masked', limitMs = null } of pauses) {
    add(fromMs, { type: 'pause-asked', recordingId, at: at(fromMs), by: 'agent A', how: 'api', limitMs })
    if (outcome === 'failed') {
      add(toMs, { type: 'pause-failed', recordingId, at: at(toMs) })
      continue
    }
    add(fromMs, { type: 'pause-effective', recordingId, at: at(fromMs) })
    add(toMs, { type: 'resume-asked', recordingId, at: at(toMs), by: 'agent A', how: 'api' })
    add(toMs, { type: 'resume-effective', recordingId, at: at(toMs) })
  }
  const facts = timed.toSorted((one, other) => one.ms - other.ms).map(({ fact }) => fact)
  return [requested(origin, { ...NO_RULE.terms, announcement, pause: pauseTerms, mediaFormat }), ...facts, { type: 'recording-stopped', recordingId, at: at(endMs), reason }]
}

function requested(origin: RecordingOrigin, terms: RecordingTerms): CaptureFact {
  return {
    type: 'recording-requested',
    recordingId: RECORDING,
    at: at(0),
    interactionId: INTERACTION,
    pbxId: PBX,
    site: null,
    callId: parseCallId('1.1'),
    channelId: CHANNEL,
    side: 'source',
    origin,
    direction: 'inbound',
    caller: { number: '100', name: null },
    callee: { number: '200', name: null },
    agent: null,
    queue: null,
    announcement: null,
    attachedChanges: [], clockOffsetMs: 0,
    decision: decisionWith({ terms }),
  }
}
