import type { ChannelId } from '../domain/ids.ts'
import type { Recording, Segment } from '../domain/recording.ts'
import type { LiveChannel, NativePause, PbxEvent } from '../ports/pbx-event.ts'
import { adoptPause, discardResumed, resumeRest } from './pauses/adopt-pause.ts'
import { lastWrite, withdrawUnbegun } from './recorders/adoption.ts'
import type { CaptureContext } from './calls/capture-context.ts'
import { Guard } from './calls/guard.ts'
import { followParties } from './recorders/hearing.ts'
import { isPutOff, isToBeSilent, pauseAsked } from './calls/interaction-pauses.ts'
import { takeFound } from './recorders/insurance.ts'
import { openSegment, recordedChannel } from './calls/live-recordings.ts'
import { finishStop, isStopPending } from './recorders/on-demand.ts'
import { endOfAgent, hasPassedOn } from './recorders/pass-on.ts'
import { type Recorder, running, withdrawn } from './recorders/recorder.ts'
import { sideOfCaller } from './recorders/recording-request.ts'

/** Looking at a spool file is a stat on a local disk, or one request to the PBX. */
const SPOOL_DEADLINE_MS = 10_000

type LinkUp = Extract<PbxEvent, { type: 'link-up' }>

/** A gap in the events of one PBX. */
export interface Gap {
  /** Its end, and what exists then. */
  readonly event: LinkUp
  /** Its beginning; `null` when we were not there either. */
  readonly lostAt: Date | null
}

/**
 * What the PBX does against what we believe, after every gap in its events: native recordings are adopted; then each live
 * recording goes on, is begun again under a new segment, or has ended unseen. Pauses are put in force again. Sound that the
 * PBX writes is never touched.
 * @throws HoldfastError `STORE_FAILED`, after all were tried: it has to be done again, and changes nothing of what was done
 */
export async function reconcile(context: CaptureContext, recorder: Recorder, { event, lostAt }: Gap): Promise<void> {
  // First: a recording that was only asked for lives on in the native one of its call, also when the call has ended.
  const unwanted = new Set<ChannelId>()
  // A call that ends in this moment, or a file that cannot be read, is one call's trouble: the others are gone on with.
  const guard = new Guard(context, 'a recording could not be gone on with')
  for (const native of event.natives) {
    await guard.run({ channelId: native.channelId }, async () => {
      if (await takeFound(context, recorder, native) === 'unwanted') unwanted.add(native.channelId)
    })
  }
  for (const pause of event.pauses) {
    await guard.run({ channelId: pause.channelId }, () => unwanted.has(pause.channelId) ? discardResumed(context, pause) : adoptPause(context, pause))
  }
  for (const recording of context.live.ofPbx(context.pbxId)) {
    await guard.run({ recordingId: recording.id }, () => settle(context, recorder, { recording, event, lostAt }))
  }
  guard.rethrow()
  resumeRest(context, event.pauses)
}

async function settle(context: CaptureContext, recorder: Recorder, { recording, event, lostAt }: Gap & { readonly recording: Recording }): Promise<void> {
  const channelId = recordedChannel(recording) ?? recording.channelId
  const found = event.channels.find(({ channel }) => channel.channelId === channelId) ?? null
  if (found === null) await endUnseen(context, recorder, { recording, event, lostAt })
  else if (isStopPending(recording)) await finishStop({ context, recorder }, recording)
  else await goOn(context, recorder, { recording, found, event })
}

/** The dialplan has paused or resumed a leg by itself, though we are here: the recordings go on, and without sound as long as they are paused. */
export async function goOnAfter(context: CaptureContext, recorder: Recorder, { channelId, at }: NativePause): Promise<void> {
  const { live, tracker, pbxId } = context
  for (const recording of live.onChannel(pbxId, channelId)) {
    const last = recording.segments.at(-1)
    if (tracker.find(channelId) === null || last === undefined) continue
    if (openSegment(recording) === null) await beginAgain(context, recorder, { recording, last })
    await restorePause(context, recording, at)
  }
}

async function goOn(context: CaptureContext, recorder: Recorder, { recording, found, event }: { readonly recording: Recording; readonly found: LiveChannel; readonly event: LinkUp }): Promise<void> {
  if (hasPassedOn(recording)) {
    await endOfAgent(context, recorder, { recording, at: event.at })
    return
  }
  const segment = openSegment(recording)
  const last = recording.segments.at(-1)
  if (segment !== null && segment.recorderId === null) await confirm(context, recorder, { recording, found })
  else if (segment === null && last !== undefined) await beginAgain(context, recorder, { recording, last })
  else if (segment === null) await beginLate(context, recorder, { recording, event })
  if (found.channel.answeredAt !== null && recording.answeredAt === null) {
    await context.live.record({ type: 'answered', recordingId: recording.id, at: found.channel.answeredAt })
  }
  await restorePause(context, recording, event.at)
  await restoreParties(context, recorder, { recording, event })
  if (recording.side !== sideOfCaller(recording.direction) && recording.decision.input.occasion !== 'telephone') context.wishes.remember(recording)
}

/** The service died within a cut: whether the old recorder was told to stop is not known. It is told again (that is idempotent), and the next begins. */
async function beginAgain(context: CaptureContext, recorder: Recorder, { recording, last }: { readonly recording: Recording; readonly last: Segment }): Promise<void> {
  // Without an id the PBX would stop whichever recorder is the newest.
  if (last.recorderId !== null) await context.adapter.stopSegment(running(last))
  if (await recorder.startSegment(recording, last.channelId) === 'refused') await recorder.ended(recording, 'start-refused', context.adapter.now)
}

/** Asked for, and the service died before the leg to record was there, or before its recorder was journalled. */
async function beginLate(context: CaptureContext, recorder: Recorder, { recording, event }: { readonly recording: Recording; readonly event: LinkUp }): Promise<void> {
  const caller = recording.channelId
  const bridge = event.channels.find(({ channel }) => channel.channelId === caller)?.bridgeId ?? null
  const peer = event.channels.find(({ channel, bridgeId }) => bridge !== null && bridgeId === bridge && channel.channelId !== caller)?.channel.channelId
  if (isPutOff(context.pauses, recording)) return
  const isTime = recording.decision.terms.from === 'route' || bridge !== null
  const own = isTime ? caller : undefined
  const target = recording.side === sideOfCaller(recording.direction) ? own : peer
  if (target !== undefined && await recorder.startSegment(recording, target) === 'refused') await recorder.failed(recording.id, 'start-refused')
}

/** The command was sent, its answer never seen: the file tells whether the recorder runs. Never the same name twice: it would be truncated. */
async function confirm(context: CaptureContext, recorder: Recorder, { recording, found }: { readonly recording: Recording; readonly found: LiveChannel }): Promise<void> {
  const segment = openSegment(recording)
  if (segment === null) return
  const file = await context.source.stat(segment.files.received, AbortSignal.timeout(SPOOL_DEADLINE_MS))
  if (file !== null) {
    await context.live.record({ type: 'segment-started', recordingId: recording.id, index: segment.index, recorderId: found.recorderId, at: segment.startedAt })
    return
  }
  await context.live.record(withdrawn(recording.id, segment))
  const current = context.live.find(recording.id)
  if (current !== null && await recorder.startSegment(current, segment.channelId) === 'refused') await recorder.failed(recording.id, 'start-refused')
}

/** What was asked for last is in force, whatever became of the link: the PBX is told again (mask and unmask are idempotent). */
async function restorePause(context: CaptureContext, recording: Recording, now: Date): Promise<void> {
  const { live, pauses, adapter } = context
  const current = live.find(recording.id)
  const segment = current === null ? null : openSegment(current)
  if (current === null || segment === null) return
  if (isToBeSilent(pauses, current)) {
    await silenceAgain(context, current, segment)
    return
  }
  const pause = current.pauses.at(-1) ?? null
  if (pause === null) return
  await adapter.unmask(running(segment))
  // Whether it took effect when it was asked for or only now, nobody saw: what was said since then was meant to be kept, and is not silenced.
  if (pause.resumedAt === null) await live.record({ type: 'resume-effective', recordingId: recording.id, at: pause.resumeAskedAt ?? now })
}

/** A mask that fails is owed, and tried again with the link: the pause itself stays in force. */
async function silenceAgain({ live, pauses, adapter }: CaptureContext, recording: Recording, segment: Segment): Promise<void> {
  const { id: recordingId, interactionId } = recording
  const pause = pauses.of(interactionId)
  pauses.owe(recordingId, 'mask')
  const { at } = await adapter.mask(running(segment))
  pauses.settled(recordingId)
  const last = recording.pauses.at(-1)
  const isAsked = last !== undefined && last.resumedAt === null && last.resumeAskedAt === null
  if (!isAsked && pause !== null) await live.record(pauseAsked(pause, { recordingId, at }))
  await live.record({ type: 'pause-effective', recordingId, at })
}

/** Who was heard has changed unseen: the parties are put right, and a recorder that lived through the change is cut as if it had been seen. */
async function restoreParties(context: CaptureContext, recorder: Recorder, { recording, event }: { readonly recording: Recording; readonly event: LinkUp }): Promise<void> {
  const current = context.live.find(recording.id)
  if (current !== null) await followParties(context, recorder, { recording: current, at: event.at })
}

/** A PBX that died was heard of until the link went down: what its files lack of that is lost, and has to be said. */
async function endUnseen(context: CaptureContext, recorder: Recorder, { recording, event, lostAt }: Gap & { readonly recording: Recording }): Promise<void> {
  const wasRestarted = event.pbxStartedAt !== null && event.pbxStartedAt > recording.startedAt
  const seenAt = wasRestarted ? lostAt : null
  const end = seenAt ?? await lastWrite(context, recording) ?? event.at
  if (event.natives.some(({ began, files }) => began === 'no' && recording.segments.some((segment) => segment.files.received === files.received))) await withdrawUnbegun(context, recording)
  await recorder.ended(context.live.find(recording.id) ?? recording, wasRestarted ? 'pbx-restarted' : 'ended-unseen', end < recording.startedAt ? recording.startedAt : end)
}
