import type { AttachedData } from '../../core/domain/attached-data.ts'
import { isRecordingFact, type CaptureFact, type RecordingRequested } from '../../core/domain/capture-fact.ts'
import { evolve } from '../../core/domain/evolve.ts'
import { parseCallId, parseChannelId, parseInteractionId, parsePbxId, type RecordingId } from '../../core/domain/ids.ts'
import type { MediaObject } from '../../core/domain/media.ts'
import type { Recording } from '../../core/domain/recording.ts'
import { firstRecordingIdAt, recordingIdTime } from '../../core/domain/recording-id.ts'
import type { JournalledFact } from '../../core/ports/capture-journal.ts'
import { decisionWith } from './decisions.ts'

/** A morning on which all the calls of these tests begin. */
export const MORNING = new Date('2026-03-02T08:00:00.000Z')
export const AGENT_CHANNEL = parseChannelId('1772438400.2')
export const CUSTOMER_CHANNEL = parseChannelId('1772438400.1')

/** An instant some seconds after the morning. */
export function seconds(count: number): Date {
  return new Date(MORNING.getTime() + count * 1000)
}

export function idAt(second: number): RecordingId {
  return firstRecordingIdAt(seconds(second), 1)
}

export interface RequestOptions {
  readonly id: RecordingId
  readonly partitions?: readonly string[]
  readonly attached?: AttachedData
  readonly interaction?: string
  readonly change?: Partial<RecordingRequested>
}

/** The first fact of a recording: an inbound call of a customer, recorded for her side. */
export function requested({ id, partitions = [], attached = {}, interaction = `i-${id}`, change = {} }: RequestOptions): RecordingRequested {
  return {
    type: 'recording-requested',
    recordingId: id,
    at: recordingIdTime(id),
    interactionId: parseInteractionId(interaction),
    pbxId: parsePbxId('pbx-1'),
    site: 'site 1',
    callId: parseCallId('1772438400.1'),
    channelId: CUSTOMER_CHANNEL,
    side: 'source',
    origin: 'controlled',
    direction: 'inbound',
    caller: { number: '+4915550100', name: 'customer' },
    callee: { number: '500', name: null },
    agent: null,
    queue: 'orders',
    decision: decisionWith({ partitions, input: { interactionId: parseInteractionId(interaction), attached, caller: '+4915550100', callee: '500' } }),
    announcement: null,
    attachedChanges: [], clockOffsetMs: 0,
    ...change,
  }
}

/** Everything that can be told of one recording, from its request to its end. */
export function wholeLife(options: RequestOptions): readonly CaptureFact[] {
  const { id } = options
  const start = recordingIdTime(id).getTime()
  const of = (ms: number): { readonly recordingId: RecordingId; readonly at: Date } => ({ recordingId: id, at: new Date(start + ms) })
  const request = requested(options)
  const agent = { channelId: AGENT_CHANNEL, side: 'agent', identity: { number: '201', name: 'agent A' }, endpoint: 'PJSIP/agentA', agent: 'agent A', fromAt: new Date(start + 900), toAt: null } as const
  return [
    { type: 'interaction-opened', interactionId: request.interactionId, at: request.at },
    request,
    { type: 'announced', ...of(10), announcement: { prompt: 'recorded', outcome: 'played', startedAt: new Date(start), endedAt: new Date(start + 10) } },
    { type: 'segment-opened', ...of(20), index: 0, channelId: CUSTOMER_CHANNEL, files: { received: `${id}.0.rx.wav`, transmitted: `${id}.0.tx.wav` } },
    { type: 'segment-started', ...of(25), index: 0, recorderId: 'mm-1' },
    { type: 'answered', ...of(800) },
    { type: 'party-joined', ...of(900), party: agent },
    { type: 'agent-known', ...of(900), agent: 'agent A' },
    { type: 'attached-changed', ...of(1000), change: { key: 'customer', value: 'C-1', source: 'dialplan', at: new Date(start + 1000) } },
    { type: 'pause-asked', ...of(2000), by: 'agent A', how: 'api', limitMs: null },
    { type: 'pause-effective', ...of(2040) },
    { type: 'resume-asked', ...of(4000), by: 'agent A', how: 'api' },
    { type: 'resume-effective', ...of(4040) },
    { type: 'segment-closed', ...of(5000), index: 0 },
    { type: 'segment-opened', ...of(5010), index: 1, channelId: CUSTOMER_CHANNEL, files: { received: `${id}.1.rx.wav`, transmitted: `${id}.1.tx.wav` } },
    { type: 'segment-started', ...of(5025), index: 1, recorderId: 'mm-2' },
    { type: 'attached-changed', ...of(5100), change: { key: 'customer', value: 'C-2', source: 'api', at: new Date(start + 5100) } },
    { type: 'stop-asked', ...of(8000), by: 'agent A', how: 'api' },
    { type: 'stop-failed', ...of(8100) },
    { type: 'party-left', ...of(9000), channelId: AGENT_CHANNEL },
    { type: 'recording-stopped', ...of(9500), reason: 'hangup' },
    { type: 'interaction-ended', interactionId: request.interactionId, at: new Date(start + 9500) },
  ]
}

/** The facts with their places in a journal. */
export function journalled(facts: readonly CaptureFact[], after = 0): readonly JournalledFact[] {
  return facts.map((fact, index) => ({ sequence: after + index + 1, fact }))
}

/** What the facts make of their one recording. */
export function recordingFrom(facts: readonly CaptureFact[]): Recording {
  const recording = facts.filter((fact) => isRecordingFact(fact)).reduce<Recording | null>((before, fact) => evolve(before, fact), null)
  if (recording === null) throw new Error('the facts tell of no recording')
  return recording
}

/** The sealed sound of a recording. */
export function mediaOf(id: RecordingId, durationMs = 9475): MediaObject {
  return {
    format: 'wav-pcm16', channels: 2, sampleRateHz: 8000, beganAt: new Date('2026-11-22T08:00:00Z'), durationMs, sizeBytes: 44 + durationMs * 32, sha256: 'ab'.repeat(32),
    payloadName: `${id}.payload`, payloadSizeBytes: durationMs * 32 + 100, payloadSha256: 'cd'.repeat(32), headerVersion: 1,
    peaks: [[0, 12, 255], [3, 4, 5]], peakStretchMs: 3200, storedAt: new Date(recordingIdTime(id).getTime() + 60_000),
  }
}
