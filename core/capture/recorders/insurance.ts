import type { ChannelId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { NativeRecording } from '../../ports/pbx-event.ts'
import { adopt, discard } from './adoption.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { Guard, thenForget } from '../calls/guard.ts'
import type { Recorder } from './recorder.ts'

/**
 * Where only the leg is recorded that is going to be dialled, nothing runs until it rings: a service that dies in between would
 * leave the call unrecorded. So the dialplan records the asking leg meanwhile, and this is what it stands in for.
 */
export class Insurances {
  readonly #held = new Map<ChannelId, NativeRecording>()
  readonly #due = new Set<ChannelId>()

  hold(native: NativeRecording): void {
    this.#held.set(native.channelId, native)
  }

  of(channelId: ChannelId): NativeRecording | null {
    return this.#held.get(channelId) ?? null
  }

  /** Its leg is connected: whatever becomes of the leg, what was recorded is not simply dropped any more. */
  due(channelId: ChannelId): void {
    if (this.#held.has(channelId)) this.#due.add(channelId)
  }

  isDue(channelId: ChannelId): boolean {
    return this.#due.has(channelId)
  }

  forget(channelId: ChannelId): void {
    this.#held.delete(channelId)
    this.#due.delete(channelId)
  }

  /** After a gap in the events: what the PBX noted of legs that ended in it has been adopted. */
  forgetAllBut(existing: ReadonlySet<ChannelId>): void {
    for (const channelId of this.#held.keys()) if (!existing.has(channelId)) this.forget(channelId)
  }
}

/** As {@link adopt}, but an insurance is left running as long as its leg is connected with nobody. */
export async function takeNative(context: CaptureContext, recorder: Recorder, native: NativeRecording): Promise<'kept' | 'unwanted'> {
  const isNeeded = native.because === 'insured' && context.tracker.find(native.channelId) !== null && !isConnected(context, native.channelId) && wishesOf(context, native.channelId).length > 0
  if (!isNeeded) return await adopt(context, recorder, native)
  context.insurances.hold(native)
  return 'kept'
}

/** Legs were connected: what was insured is recorded now, and the insurance goes; or it is not, and the insurance is the recording. */
export async function settleInsurance(context: CaptureContext, recorder: Recorder, channelId: ChannelId): Promise<void> {
  const { tracker, insurances } = context
  for (const leg of [channelId, ...tracker.peers(channelId).map(({ channel }) => channel.channelId)]) {
    const native = insurances.of(leg)
    if (native === null || !isConnected(context, leg)) continue
    insurances.due(leg)
    await thenForget(async () => void await adopt(context, recorder, native), () => insurances.forget(leg))
  }
}

/** The asking leg hangs up, and was never connected: there was nothing to record. Call it before its recordings are ended. */
export async function dropInsurance(context: CaptureContext, recorder: Recorder, { channelId, at }: { readonly channelId: ChannelId; readonly at: Date }): Promise<void> {
  const { insurances, live, adapter } = context
  const native = insurances.of(channelId)
  if (native === null) return
  await thenForget(async () => {
    // It was connected, and the journal has not taken that yet.
    if (insurances.isDue(channelId)) {
      await adopt(context, recorder, native)
      return
    }
    const guard = new Guard(context, 'what was recorded of a call that nobody answered could not be removed')
    // What stays in the spool then is nobody's, and goes with its sweep.
    await guard.run({ channelId }, () => discard(context, native))
    for (const { id: recordingId } of wishesOf(context, channelId)) await live.record({ type: 'insurance-ended', recordingId, reason: 'never-answered', at })
    await guard.run({ channelId }, () => adapter.forgetNative(channelId))
  }, () => insurances.forget(channelId))
}

function isConnected({ tracker }: CaptureContext, channelId: ChannelId): boolean {
  return tracker.peers(channelId).length > 0
}

/** What this leg asked for, of other legs. */
function wishesOf({ live, pbxId }: CaptureContext, channelId: ChannelId): readonly Recording[] {
  return live.ofPbx(pbxId).filter((recording) => recording.channelId === channelId && recording.segments.every((segment) => segment.channelId !== channelId))
}
