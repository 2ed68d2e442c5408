import type { CallId, ChannelId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { NativeRecording } from '../../ports/pbx-event.ts'
import { adopt, askedAround, discard } from './adoption.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { Guard, thenForget } from '../calls/guard.ts'
import { isHeldBack } from '../calls/interaction-pauses.ts'
import { openSegment, recordedChannel } from '../calls/live-recordings.ts'
import type { Recorder } from './recorder.ts'
import { isFromRoute, sideOfCaller, wishLate } from './recording-request.ts'

/**
 * As {@link adopt}, but what stands in for a leg that is still to be dialled is left running until its own is connected, and it is known
 * what became of the other. Work comes late: whoever hears that the leg is connected settles it.
 */
export async function takeNative(context: CaptureContext, recorder: Recorder, native: NativeRecording): Promise<'kept' | 'unwanted'> {
  const { insurances, tracker, adapter } = context
  const isNeeded = tracker.find(native.channelId) !== null && await standsIn(context, recorder, native)
  if (!isNeeded) return await adopt(context, recorder, native)
  insurances.hold(native, tracker)
  // Who was connected unseen is so now at the latest; whoever was seen to be is known since when.
  insurances.meet({ channelId: native.channelId, at: adapter.now > native.at ? adapter.now : native.at }, tracker)
  // What led to that may still wait for its turn, and has to have it first.
  if (insurances.wasConnected(native)) settleLater(context, recorder, native)
  return 'kept'
}

/**
 * Whether only legs are wanted that this one dials. An answer that came too late for the dialplan, or was not given any more, costs the
 * call nothing as long as nobody talks: it would be the wrong leg that is recorded, and its recording ends where the other's goes on.
 */
async function standsIn(context: CaptureContext, recorder: Recorder, native: NativeRecording): Promise<boolean> {
  const wishes = wishesOf(context, native.channelId)
  if (native.because === 'insured') return wishes.length > 0
  if (native.because !== 'no-answer' || context.tracker.peers(native.channelId).length > 0 || context.insurances.wasConnected(native)) return false
  if (await context.journal.recordingOfFile(native.files.received) !== null) return false
  const asked = askedAround(context, native.channelId)
  if (asked.length === 0) return await wishLate(context, recorder, native) !== null
  // What runs within a pause is masked, and nobody masks what only stands in.
  const isToCome = (recording: Recording): boolean => isFromRoute(recording) && recording.side !== sideOfCaller(native.direction) && !isHeldBack(context.pauses, recording)
  return asked.every((recording) => wishes.includes(recording) && isToCome(recording))
}

/** As {@link takeNative}, after a gap in the events: nobody is going to tell again who is connected by now. */
export async function takeFound(context: CaptureContext, recorder: Recorder, native: NativeRecording): Promise<'kept' | 'unwanted'> {
  const { insurances } = context
  // Nobody was there to be late.
  const wasThere = native.because === 'insured' || insurances.of(native.channelId) !== null
  const taken = await (wasThere ? takeNative : adopt)(context, recorder, native)
  if (insurances.of(native.channelId) === null || !insurances.wasConnected(native)) return taken
  let became = taken
  await thenForget(async () => {
    became = await adopt(context, recorder, native)
  }, () => insurances.release(native.channelId))
  return became
}

interface Settling {
  readonly native: NativeRecording
  /** A leg that is over: nobody is going to tell that it was picked up. */
  readonly over?: ChannelId
}

/**
 * Legs were connected: what was insured is recorded now, and the insurance goes; or it is not, and the insurance is the recording. A
 * recorder on a leg that is not connected may follow to the one that is: Asterisk may tell of a pick-up after it has connected who
 * picked up. That is waited for, or the end of that leg. Source: Asterisk 22 main/pickup.c, ast_do_pickup()
 */
async function settleInsurance(context: CaptureContext, recorder: Recorder, { native, over }: Settling): Promise<void> {
  const { insurances } = context
  const { channelId } = native
  if (insurances.of(channelId) !== native || !insurances.wasConnected(native)) return
  const wishes = wishesOf(context, channelId)
  const isConnected = (wish: Recording): boolean => insurances.wasWith(native, recordedChannel(wish))
  const isRecorded = wishes.some((wish) => isConnected(wish) && openSegment(wish)?.recorderId != null)
  const mayFollow = insurances.isPickedUp(native) || wishes.some((wish) => !isConnected(wish) && recordedChannel(wish) !== null && recordedChannel(wish) !== over)
  if (isRecorded || !mayFollow) await thenForget(async () => void await adopt(context, recorder, native), () => insurances.release(channelId))
}

/** A leg was connected: with it, or with whom it met, what stands in for a recording is settled, each in the order of its own call. */
export async function settleConnected(context: CaptureContext, recorder: Recorder, { channelId, callId }: { readonly channelId: ChannelId; readonly callId: CallId }): Promise<void> {
  for (const native of context.insurances.around(channelId)) {
    if (native.callId === callId) await settleInsurance(context, recorder, { native })
    else settleLater(context, recorder, native)
  }
}

/** In the order of its own call. What fails is settled with the hang-up of its leg. */
function settleLater(context: CaptureContext, recorder: Recorder, native: NativeRecording): void {
  const { channelId, callId } = native
  const guard = new Guard(context, 'an insurance could not be settled')
  void context.serial.run(`${context.pbxId} ${callId}`, () => guard.run({ channelId }, () => settleInsurance(context, recorder, { native })))
}

/** A leg is over, and its recordings go nowhere any more: what they were insured by is settled. Call it before they are ended. */
export async function settleWithout(context: CaptureContext, recorder: Recorder, over: ChannelId): Promise<void> {
  for (const asker of new Set(context.live.onChannel(context.pbxId, over).map(({ channelId }) => channelId))) {
    const native = context.insurances.of(asker)
    if (native !== null) await settleInsurance(context, recorder, { native, over })
  }
}

/** The asking leg hangs up, and was never connected: there was nothing to record. Call it before its recordings are ended. */
export async function dropInsurance(context: CaptureContext, recorder: Recorder, { channelId, at }: { readonly channelId: ChannelId; readonly at: Date }): Promise<void> {
  const { insurances, live, adapter } = context
  const native = insurances.of(channelId)
  if (native === null) return
  await thenForget(async () => {
    // It was connected, and what was to be recorded is not known to be, or the journal has not taken that yet.
    if (insurances.wasConnected(native)) {
      await adopt(context, recorder, native)
      return
    }
    const guard = new Guard(context, 'what was recorded of a call that nobody answered could not be removed')
    // What stays in the spool then is nobody's, and goes with its sweep.
    await guard.run({ channelId }, () => discard(context, native))
    for (const { id: recordingId } of wishesOf(context, channelId)) await live.record({ type: 'insurance-ended', recordingId, reason: 'never-answered', at })
    await guard.run({ channelId }, () => adapter.forgetNative(channelId))
  }, () => insurances.release(channelId))
}

/** What this leg asked for, of other legs; in the name of the telephone behind it, where it is one within the PBX. */
function wishesOf({ live, tracker, insurances, pbxId }: CaptureContext, channelId: ChannelId): readonly Recording[] {
  const askers = [...new Set([channelId, insurances.speakerOf(channelId, tracker)])]
  return askers.flatMap((asker) => live.askedBy(pbxId, asker)).filter(({ segments }) => segments.every((segment) => !askers.includes(segment.channelId)))
}
