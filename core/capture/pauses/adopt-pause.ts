import { isHoldfastError } from '../../domain/errors.ts'
import type { CaptureFact } from '../../domain/capture-fact.ts'
import type { InteractionId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { NativePause } from '../../ports/pbx-event.ts'
import { discard } from '../recorders/adoption.ts'
import { agentAt } from '../people/agents.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { forbidsPauses } from '../calls/interaction-pauses.ts'
import { openSegment } from '../calls/live-recordings.ts'
import { endForbidden } from '../calls/pause-ends.ts'

/**
 * Takes over what the dialplan paused or resumed by itself: where recorders were stopped, each recording of that leg has ended its segment,
 * and after a resume the dialplan's own files are its next one. Idempotent: told by its event, and again at each resynchronisation until it is forgotten.
 */
export async function adoptPause(context: CaptureContext, pause: NativePause): Promise<void> {
  const { live, adapter, runtime, pbxId } = context
  const { channelId, action, stage } = pause
  const recordings = stage === 'void' ? [] : live.onChannel(pbxId, channelId)
  for (const recording of recordings) {
    if (await isKnown(context, recording, pause)) continue
    const isForbidden = live.ofInteraction(recording.interactionId).some(forbidsPauses)
    if (action === 'pause' && isForbidden && pause.recorder === 'ended') await refused(context, recording, pause)
    else if (action === 'pause') await paused(context, recording, pause)
    else await resumed(context, recording, pause)
    // A recorder that goes on is silent, and has to be told otherwise: that silence is one that was too much.
    if (action === 'pause' && isForbidden) endForbidden(context, recording.interactionId)
    runtime.metrics.count('holdfast_native_pauses_total', { pbx: pbxId, action })
    runtime.log.info({ recordingId: recording.id, action }, 'the dialplan did it by itself: adopted')
  }
  await adapter.forgetPauses(channelId)
}

/** The rules do not want what this leg recorded natively: what was begun after a pause goes with it. */
export async function discardResumed(context: CaptureContext, { channelId, resumed: begun }: NativePause): Promise<void> {
  if (begun !== null) await discard(context, { channelId, ...begun })
  await context.adapter.forgetPauses(channelId)
}

/** After a gap: recordings of conversations that the dialplan resumed, and that it could not reach, have sound again, too. */
export function resumeRest({ live, pauses, pauseControl, runtime, pbxId }: CaptureContext, acts: readonly NativePause[]): void {
  const interactions = new Set<InteractionId>(acts.filter(({ action }) => action === 'resume').flatMap((act) => live.onChannel(pbxId, act.channelId)).map(({ interactionId }) => interactionId))
  for (const interactionId of interactions) {
    if (pauses.of(interactionId) !== null) continue
    pauseControl.resume([interactionId], { by: { type: 'pbx', id: pbxId }, how: 'system' }).catch((error: unknown) => {
      runtime.metrics.count('holdfast_capture_errors_total', { pbx: pbxId, code: isHoldfastError(error) ? error.code : 'BUG' })
      runtime.log.error({ pbxId, interactionId, error }, 'a pause that the dialplan ended could not be ended everywhere')
    })
  }
}

/** Told before, and a service that was killed then has not forgotten it at the PBX. */
async function isKnown({ journal }: CaptureContext, { id, pauses, segments }: Recording, { askedAt, stoppedAt, resumed: begun }: NativePause): Promise<boolean> {
  if (begun !== null && await journal.recordingOfFile(begun.files.received) === id) return true
  const at = (stoppedAt ?? askedAt).getTime()
  return pauses.some((pause) => [pause.askedAt, pause.resumeAskedAt].some((asked) => asked?.getTime() === askedAt.getTime())) || segments.some(({ endedAt }) => endedAt?.getTime() === at)
}

/**
 * Nobody was there to refuse it, and it is no pause: what was not written is lost, and missing wherever it is looked for (`gap`, the
 * coverage). That somebody did it is on record; the recorder begins again at once.
 */
async function refused(context: CaptureContext, recording: Recording, { askedAt, stoppedAt, ...act }: NativePause): Promise<void> {
  const { live, runtime } = context
  const { id: recordingId, pbxId } = recording
  const { by, how } = askedBy(context, act)
  await live.record(
    { type: 'control-refused', recordingId, action: 'pause', by, how, reason: 'PAUSE_NOT_ALLOWED', at: askedAt },
    ...ending(recording, stoppedAt ?? askedAt),
  )
  runtime.metrics.count('holdfast_pauses_forbidden_total', { pbx: pbxId })
  runtime.log.error({ recordingId, by }, 'the dialplan paused by itself what may not be paused: it is recorded again')
}

async function paused(context: CaptureContext, recording: Recording, { askedAt, stoppedAt, recorder, ...act }: NativePause): Promise<void> {
  const { pauses, pauseControl, live } = context
  const { id: recordingId, interactionId, pbxId } = recording
  const { by, how } = askedBy(context, act)
  const pause = pauses.of(interactionId) ?? pauseControl.pauseOf(live.ofInteraction(interactionId), { by: { type: 'pbx', id: by }, how, leg: { pbxId, channelId: act.by.channelId } })
  if (pause === null) return
  // Whoever asked hung up in the middle: it is in force from when it was asked for, and what was written after that is silenced.
  const at = stoppedAt ?? askedAt
  await pauses.begin({ ...pause, at: pause.at < askedAt ? pause.at : askedAt }, [
    { type: 'pause-asked', recordingId, by, how, limitMs: pause.limitMs, at: askedAt },
    ...recorder === 'ended' ? ending(recording, at) : [],
    { type: 'pause-effective', recordingId, at },
  ])
}

/** What the dialplan was to begin or to unmask, and did not, is done by the reconciliation. */
async function resumed(context: CaptureContext, recording: Recording, { askedAt, stoppedAt, recorder, resumed: begun, ...act }: NativePause): Promise<void> {
  const { pauses, journal } = context
  const { id: recordingId, interactionId } = recording
  const { by, how } = askedBy(context, act)
  const asked: CaptureFact = { type: 'resume-asked', recordingId, by, how, at: askedAt }
  if (recorder === 'goes-on') {
    await pauses.end(interactionId, { by, how, at: askedAt }, stoppedAt === null ? [asked] : [asked, { type: 'resume-effective', recordingId, at: stoppedAt }])
    return
  }
  const facts: readonly CaptureFact[] = [asked, ...ending(recording, stoppedAt ?? askedAt)]
  // Two recordings of one leg cannot have the same files: the second is begun by the reconciliation, too.
  if (begun === null || begun.startedAt === null || await journal.recordingOfFile(begun.files.received) !== null) {
    await pauses.end(interactionId, { by, how, at: askedAt }, facts)
    return
  }
  const { files, recorderId, startedAt: at } = begun
  const segment = { recordingId, index: recording.segments.length, at }
  await pauses.end(interactionId, { by, how, at: askedAt }, [
    ...facts,
    { type: 'segment-opened', ...segment, channelId: act.channelId, files },
    { type: 'segment-started', ...segment, recorderId },
    { type: 'resume-effective', recordingId, at },
  ])
}

function ending(recording: Recording, at: Date): readonly CaptureFact[] {
  const segment = openSegment(recording)
  return segment === null ? [] : [{ type: 'segment-closed', recordingId: recording.id, index: segment.index, at: at < segment.startedAt ? segment.startedAt : at }]
}

/** Who it was: the person at the telephone, or the telephone itself. Behind a route there is nobody. */
function askedBy({ pbxId, tracker, seating }: CaptureContext, { by: { channelId, endpoint }, way }: Pick<NativePause, 'by' | 'way'>): { readonly by: string; readonly how: NativePause['way'] } {
  const leg = tracker.find(channelId)
  const sitter = endpoint === null ? null : seating.sitterAt({ pbxId, endpoint })
  const agent = leg === null ? sitter : agentAt({ pbxId, seating }, leg)
  return { by: way === 'dialplan' ? pbxId : agent ?? endpoint ?? channelId, how: way }
}
