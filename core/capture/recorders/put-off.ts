import type { Recording } from '../../domain/recording.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { followParties } from './hearing.ts'
import type { Recorder } from './recorder.ts'
import { armDialled, armRequested, sideOfCaller } from './recording-request.ts'

/** A pause is over: the recordings that were asked for during it, and those whose leg came during it, begin now. */
export async function startPutOff(context: CaptureContext, recorder: Recorder, resumed: readonly Recording[]): Promise<void> {
  for (const { id } of resumed) {
    const recording = context.live.find(id)
    if (recording === null || recording.segments.length > 0 || recording.state !== 'requested') continue
    await begin(context, recorder, recording)
    await present(context, recorder, recording)
  }
}

/** Who rang or was connected meanwhile. After a restart nobody knows who dialled whom, and those who are connected are taken. */
async function begin(context: CaptureContext, recorder: Recorder, recording: Recording): Promise<void> {
  const { tracker, live } = context
  if (tracker.find(recording.channelId) === null) return
  await armRequested(context, recorder, recording)
  if (recording.side === sideOfCaller(recording.direction) || live.find(recording.id)?.segments.length !== 0) return
  for (const { channel } of tracker.peers(recording.channelId).filter(({ dialledBy }) => dialledBy === null)) await armDialled(context, recorder, { wish: recording, callee: channel })
}

/** They were connected before the recording began: nobody is going to tell that again. */
async function present(context: CaptureContext, recorder: Recorder, { interactionId }: Recording): Promise<void> {
  const { live, adapter, pbxId } = context
  const begun = live.ofInteraction(interactionId).filter((recording) => recording.pbxId === pbxId && recording.segments.length > 0)
  for (const recording of begun) await followParties(context, recorder, { recording, at: adapter.now })
}
