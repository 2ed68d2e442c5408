import type { ChannelId } from '../domain/ids.ts'
import type { Recording } from '../domain/recording.ts'
import type { NativeRecording } from '../ports/pbx-event.ts'
import { adopt, discard } from './adoption.ts'
import type { CaptureContext } from './capture-context.ts'
import type { Recorder } from './recorder.ts'

/**
 * Where only the leg is recorded that is going to be dialled, nothing runs until it rings: a service that dies in between would
 * leave the call unrecorded. So the dialplan records the asking leg meanwhile, and this is what it stands in for.
 */
export class Insurances {
  readonly #held = new Map<ChannelId, NativeRecording>()

  hold(native: NativeRecording): void {
    this.#held.set(native.channelId, native)
  }

  take(channelId: ChannelId): NativeRecording | null {
    const native = this.#held.get(channelId) ?? null
    this.#held.delete(channelId)
    return native
  }

  has(channelId: ChannelId): boolean {
    return this.#held.has(channelId)
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
    if (!insurances.has(leg) || !isConnected(context, leg)) continue
    const native = insurances.take(leg)
    if (native !== null) await adopt(context, recorder, native)
  }
}

/** The asking leg hangs up, and was never connected: there was nothing to record. Call it before its recordings are ended. */
export async function dropInsurance(context: CaptureContext, channelId: ChannelId, at: Date): Promise<void> {
  const native = context.insurances.take(channelId)
  if (native === null) return
  await discard(context, native)
  for (const { id: recordingId } of wishesOf(context, channelId)) await context.live.record({ type: 'insurance-ended', recordingId, reason: 'never-answered', at })
  await context.adapter.forgetNative(channelId)
}

function isConnected({ tracker }: CaptureContext, channelId: ChannelId): boolean {
  return tracker.peers(channelId).length > 0
}

/** What this leg asked for, of other legs. */
function wishesOf({ live, pbxId }: CaptureContext, channelId: ChannelId): readonly Recording[] {
  return live.ofPbx(pbxId).filter((recording) => recording.channelId === channelId && recording.segments.every((segment) => segment.channelId !== channelId))
}
