import { RESOLUTION_MS } from '../../domain/assess-coverage.ts'
import type { AttachedChange, AttachedData } from '../../domain/attached-data.ts'
import type { ChannelId } from '../../domain/ids.ts'
import { fileNames, isVoid, type Recording, type Segment } from '../../domain/recording.ts'
import type { NativeRecording } from '../../ports/pbx-event.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { inputOfNative } from '../rules/decision-inputs.ts'
import { openSegment, recordedChannel } from '../calls/live-recordings.ts'
import { tellEarlier, tellJoined } from './parties.ts'
import { type Recorder, type Wanted, withdrawn } from './recorder.ts'
import { sideOfCaller } from './recording-request.ts'

/** Removing a refused file is a rename or an unlink on a local disk; a PBX over HTTP answers in well under this. */
const DISCARD_DEADLINE_MS = 10_000

/**
 * Takes over a recording that the dialplan began by itself: keeps, re-labels or discards it by the rules.
 * Idempotent: the same native recording is told by its event, and again at each resynchronisation until it is forgotten.
 * @returns whether anybody wants what this leg recorded natively
 */
export async function adopt(context: CaptureContext, recorder: Recorder, native: NativeRecording): Promise<'kept' | 'unwanted'> {
  const { journal, adapter } = context
  const known = await journal.recordingOfFile(native.files.received)
  if (known === null) await take(context, recorder, native)
  // A service that was killed between the journal and the discarding left the files: they go now.
  else if ((await journal.recording(known))?.state === 'not-recorded') await discard(context, native)
  await adapter.forgetNative(native.channelId)
  const became = known ?? await journal.recordingOfFile(native.files.received)
  return became !== null && (await journal.recording(became))?.state === 'not-recorded' ? 'unwanted' : 'kept'
}

async function take(context: CaptureContext, recorder: Recorder, native: NativeRecording): Promise<void> {
  const { pbxId, runtime } = context
  const asked = askedAround(context, native.channelId)
  const own = asked.find((recording) => isOfLeg(recording, native)) ?? null
  const others = asked.filter((recording) => recording !== own)
  const running = others.filter((recording) => runsSince(recording, null) && isOfConversation(context, { native, recording }))
  const superior = running.find((recording) => hasItAll(context, { native, recording })) ?? null
  // One that was insured, and is recorded, is no native recording: the service was there all the time.
  if (native.because !== 'insured' || superior === null) runtime.metrics.count('holdfast_native_recordings_total', { pbx: pbxId, because: native.because })
  if (own !== null && runsSince(own, native.at)) await surrender(context, native)
  else if (own !== null) await complete(context, recorder, { own, native })
  else if (superior !== null) await surrenderTo(context, native, superior)
  // What runs goes on where it began too late: it is of the leg that was wanted, and only its beginning is elsewhere.
  else await takeOver(context, recorder, { native, superseded: running.length > 0 ? [] : others })
}

/**
 * What the leg asked for, or what is recorded of it. A route on a leg within the PBX asks in the name of the telephone behind it: what runs
 * by that word, or waits for its leg, counts as well.
 */
export function askedAround({ live, tracker, insurances, pbxId }: CaptureContext, channelId: ChannelId): readonly Recording[] {
  const ofLeg = live.askedByOrOn(pbxId, channelId)
  const ofSpeaker = live.askedBy(pbxId, insurances.speakerOf(channelId, tracker)).filter((recording) => recording.segments.length === 0 || runsSince(recording, null))
  return [...new Set([...ofLeg, ...ofSpeaker])]
}

/** Whether a recording is of the leg that the native one records, and not of one that this leg dials. */
function isOfLeg(recording: Recording, { channelId, direction }: NativeRecording): boolean {
  const recorded = recordedChannel(recording)
  return recorded === channelId || (recorded === null && recording.side === sideOfCaller(direction))
}

/** Whether it is of a leg that the native one's is connected with; any, while that is connected with none. */
function isOfConversation({ insurances }: CaptureContext, { native, recording }: { readonly native: NativeRecording; readonly recording: Recording }): boolean {
  return !insurances.wasConnected(native) || insurances.wasWith(native, recordedChannel(recording))
}

/** Whether it ran when the native one's leg was first connected: then nothing was said that it has not. */
function hasItAll({ insurances }: CaptureContext, { native, recording }: { readonly native: NativeRecording; readonly recording: Recording }): boolean {
  const metAt = insurances.firstMeeting(native)
  return metAt === null || recording.segments.some((segment) => !isVoid(segment) && segment.startedAt.getTime() <= metAt.getTime() + RESOLUTION_MS)
}

/** Whether a recorder of ours is known to run, and began before then. One that began after the native one has nothing that this has not. */
function runsSince(recording: Recording, at: Date | null): boolean {
  const segment = openSegment(recording)
  return segment !== null && segment.recorderId !== null && (at === null || segment.startedAt <= at)
}

/** The recording had an id, but no sound, or not from the beginning: the native files become its segment. */
async function complete(context: CaptureContext, recorder: Recorder, { own, native }: { readonly own: Recording; readonly native: NativeRecording }): Promise<void> {
  const { channelId, files, at, announcement } = native
  const late = openSegment(own)
  const index = own.segments.length
  // Ours began after the native one, or never. Before the journal, so that a death in between leads here again: the PBX still notes the native files.
  if (late !== null) await discard(context, late)
  await context.live.record(
    ...late === null ? [] : [withdrawn(own.id, late)],
    { type: 'segment-opened', recordingId: own.id, index, channelId, files, at },
    { type: 'segment-started', recordingId: own.id, index, recorderId: native.recorderId, at },
    ...announcement === null ? [] : [{ type: 'announced', recordingId: own.id, announcement, at: announcement.endedAt } as const],
  )
  await recorder.maskWithin({ recordingId: own.id, channelId }, native.recorderId)
  await tellEarlier(context, own.id)
  context.runtime.log.info({ recordingId: own.id }, 'native recording completes a requested one')
}

/** Ours runs since before the dialplan lost its patience: the second one says nothing more, and goes. */
async function surrender(context: CaptureContext, native: NativeRecording): Promise<void> {
  await discard(context, native)
  context.runtime.log.info({ pbxId: context.pbxId, channelId: native.channelId }, 'native recording is superseded by a controlled one')
}

/** The other leg, which was to be recorded when it rings, is. */
async function surrenderTo(context: CaptureContext, native: NativeRecording, { id: recordingId }: Recording): Promise<void> {
  await surrender(context, native)
  await context.live.record({ type: 'insurance-ended', recordingId, reason: 'superseded', at: context.adapter.now })
}

interface TakeOver {
  readonly native: NativeRecording
  /** Recordings of the other leg, which was to be recorded when it rings: the native one has both voices from the first word. */
  readonly superseded: readonly Recording[]
}

async function takeOver(context: CaptureContext, recorder: Recorder, { native, superseded }: TakeOver): Promise<void> {
  const { live, tracker, runtime } = context
  const { channelId, files, at } = native
  const decision = await context.rules.decide(inputOfNative(context, native))
  const wanted = wantedOf(context, native, decision)
  const keeps = decision.outcome === 'record'
  for (const late of superseded.flatMap((other) => openSegment(other) ?? [])) await discard(context, late)
  const recordingId = await recorder.request(wanted, (id) => [
    { type: 'segment-opened', recordingId: id, index: 0, channelId, files, at },
    keeps
      ? { type: 'segment-started', recordingId: id, index: 0, recorderId: native.recorderId, at }
      : { type: 'recording-declined', recordingId: id, reason: 'not-wanted', at },
    ...superseded.map((other) => ({ type: 'recording-declined', recordingId: other.id, reason: 'superseded', at: context.adapter.now }) as const),
  ], toldWith(native))
  if (!keeps) {
    await discard(context, native)
    return
  }
  for (const asker of new Set([channelId, context.insurances.speakerOf(channelId, tracker)])) context.wishes.fulfil(asker)
  await recorder.maskWithin({ recordingId, channelId }, native.recorderId)
  runtime.log.info({ recordingId, because: native.because }, 'native recording adopted')
  const tracked = tracker.find(channelId)
  if (tracked?.channel.answeredAt != null) await live.record({ type: 'answered', recordingId, at: tracked.channel.answeredAt })
  await tellJoined(context, { recordingId, at })
  if (tracked !== null) void recorder.tellPauseWays(channelId)
}

function wantedOf(context: CaptureContext, native: NativeRecording, decision: Wanted['decision']): Wanted {
  const { pbxId, site } = context
  const { callId, channelId, direction, caller, at } = native
  const { interactionId, agent, queue } = decision.input
  return {
    interactionId,
    pbxId, site, callId, channelId, direction, caller, decision, at,
    callee: { number: native.dialled, name: null },
    side: sideOfCaller(direction),
    origin: 'native',
    agent,
    queue,
    announcement: native.announcement,
  }
}

/** Where its data came from. The channel may be gone, and nothing else known of it. */
function toldWith({ attached, headers, at }: NativeRecording): readonly AttachedChange[] {
  const changes = (data: AttachedData, source: AttachedChange['source']): readonly AttachedChange[] => Object.entries(data).map(([key, value]) => ({ key, value, source, at }))
  return [...changes(attached, 'dialplan'), ...changes(headers, 'sip-header').filter(({ key }) => !Object.hasOwn(attached, key))]
}

/** The rules do not want it, or it is there twice: the recorder stops and the files go; the journal says why. */
export async function discard({ tracker, adapter, source, ownStops }: CaptureContext, { channelId, recorderId, files }: Pick<Segment, 'channelId' | 'recorderId' | 'files'>): Promise<void> {
  const signal = AbortSignal.timeout(DISCARD_DEADLINE_MS)
  // Without its id the PBX would stop whichever recorder is the newest; this one then writes into a file that has no name any more.
  if (recorderId !== null && tracker.find(channelId) !== null) {
    ownStops.expect(channelId)
    await adapter.stopSegment({ channelId, recorderId })
  }
  for (const name of fileNames(files)) await source.remove(name, signal)
}

/**
 * A recorder of the dialplan's own waits for the answer of its leg. Of one that waited in vain no file is missing: its segment never ran.
 * One that wrote all the same has its file; ingest looks again, in a spool that answers.
 */
export async function withdrawUnbegun(context: CaptureContext, recording: Recording): Promise<void> {
  const segment = openSegment(recording)
  if (recording.origin !== 'native' || recording.answeredAt !== null || segment === null) return
  if (await lastWrite(context, recording) === null) await context.live.record(withdrawn(recording.id, segment))
}

/** When the PBX wrote to a recording's files last: the best that is known of an end that nobody saw. */
export async function lastWrite(context: CaptureContext, recording: Recording): Promise<Date | null> {
  const files = recording.segments.at(-1)?.files
  if (files === undefined) return null
  const signal = AbortSignal.timeout(DISCARD_DEADLINE_MS)
  const found = await Promise.all(fileNames(files).map((name) => context.source.stat(name, signal)))
  const times = found.filter((file) => file !== null).map((file) => file.modifiedAt.getTime())
  return times.length === 0 ? null : new Date(Math.max(...times))
}
