import { attachedValue } from '../domain/attached-data.ts'
import { decide } from '../domain/policy.ts'
import type { Recording } from '../domain/recording.ts'
import type { NativeRecording } from '../ports/pbx-event.ts'
import type { CaptureContext } from './capture-context.ts'
import { interactionOfCall } from './interaction-id.ts'
import type { Recorder, Wanted } from './recorder.ts'
import { sideOfCaller } from './recording-request.ts'

/** Removing a refused file is a rename or an unlink on a local disk; a PBX over HTTP answers in well under this. */
const DISCARD_DEADLINE_MS = 10_000

/**
 * Takes over a recording that the dialplan began by itself: keeps, re-labels or discards it by the rules.
 * Idempotent: the same native recording is told by its event, and again at each resynchronisation until it is forgotten.
 */
export async function adopt(context: CaptureContext, recorder: Recorder, native: NativeRecording): Promise<void> {
  const { journal, runtime, pbxId, adapter } = context
  if (await journal.recordingOfFile(native.files.received) === null) {
    runtime.metrics.count('holdfast_native_recordings_total', { pbx: pbxId, because: native.because })
    const own = ownRecording(context, native)
    if (own === null) await takeOver(context, recorder, native)
    else if (own.segments.some((segment) => segment.recorderId !== null)) await surrender(context, native)
    else await complete(context, own, native)
  }
  await adapter.forgetNative(native.channelId)
}

/** Our own recording of the same leg: asked for, but too late for the dialplan, or not at all because the service died. */
function ownRecording(context: CaptureContext, native: NativeRecording): Recording | null {
  const { live, pbxId } = context
  return [...live.onChannel(pbxId, native.channelId), ...live.waitingOn(pbxId, native.channelId)][0] ?? null
}

/** The recording had an id but no sound: the native files become its segment. */
async function complete(context: CaptureContext, own: Recording, native: NativeRecording): Promise<void> {
  const index = own.segments.length
  const { channelId, files, at } = native
  await context.live.record(
    ...own.segments.filter((segment) => segment.endedAt === null).map((segment) => ({ type: 'segment-closed' as const, recordingId: own.id, index: segment.index, at })),
    { type: 'segment-opened', recordingId: own.id, index, channelId, files, at },
    { type: 'segment-started', recordingId: own.id, index, recorderId: native.recorderId, at },
  )
  context.runtime.log.info({ recordingId: own.id }, 'native recording completes a requested one')
}

/** Ours runs since before the dialplan lost its patience: the second one says nothing more, and goes. */
async function surrender(context: CaptureContext, native: NativeRecording): Promise<void> {
  await discard(context, native)
  context.runtime.log.info({ pbxId: context.pbxId, channelId: native.channelId }, 'native recording is superseded by a controlled one')
}

async function takeOver(context: CaptureContext, recorder: Recorder, native: NativeRecording): Promise<void> {
  const { live, tracker, runtime } = context
  const { channelId, files, at } = native
  const decision = decide(context.policy(), { attached: native.attached, caller: native.caller.number, callee: native.dialled })
  const wanted = wantedOf(context, native, decision)
  const keeps = decision.outcome === 'record'
  const recordingId = await recorder.request(wanted, (id) => [
    { type: 'segment-opened', recordingId: id, index: 0, channelId, files, at },
    keeps
      ? { type: 'segment-started', recordingId: id, index: 0, recorderId: native.recorderId, at }
      : { type: 'recording-declined', recordingId: id, reason: 'not-wanted', at },
  ])
  if (!keeps) {
    await discard(context, native)
    return
  }
  runtime.log.info({ recordingId, because: native.because }, 'native recording adopted')
  const tracked = tracker.find(channelId)
  const recording = live.find(recordingId)
  if (tracked === null && recording !== null) await recorder.ended(recording, 'ended-unseen', await lastWrite(context, recording) ?? at)
  else if (tracked?.channel.answeredAt != null) await live.record({ type: 'answered', recordingId, at: tracked.channel.answeredAt })
}

function wantedOf(context: CaptureContext, native: NativeRecording, decision: Wanted['decision']): Wanted {
  const { pbxId, site } = context
  const { callId, channelId, direction, caller, at } = native
  return {
    interactionId: interactionOfCall(pbxId, callId, native.interactionId),
    pbxId, site, callId, channelId, direction, caller, decision, at,
    callee: { number: native.dialled, name: null },
    side: sideOfCaller(direction),
    origin: 'native',
    agent: attachedValue(native.attached, 'agent'),
    queue: null,
    announcement: null,
  }
}

/** The rules do not want it, or it is there twice: the recorder stops and the files go; the journal says why. */
async function discard(context: CaptureContext, { channelId, recorderId, files }: NativeRecording): Promise<void> {
  const { tracker, adapter, source } = context
  const signal = AbortSignal.timeout(DISCARD_DEADLINE_MS)
  if (tracker.find(channelId) !== null) await adapter.stopSegment({ channelId, recorderId })
  await source.remove(files.received, signal)
  await source.remove(files.transmitted, signal)
}

/** When the PBX wrote to a recording's files last: the best that is known of an end that nobody saw. */
export async function lastWrite(context: CaptureContext, recording: Recording): Promise<Date | null> {
  const files = recording.segments.at(-1)?.files
  if (files === undefined) return null
  const signal = AbortSignal.timeout(DISCARD_DEADLINE_MS)
  const found = await Promise.all([context.source.stat(files.received, signal), context.source.stat(files.transmitted, signal)])
  const times = found.filter((file) => file !== null).map((file) => file.modifiedAt.getTime())
  return times.length === 0 ? null : new Date(Math.max(...times))
}
