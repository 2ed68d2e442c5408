import { attachedValue } from '../../domain/attached-data.ts'
import type { RecordingFact } from '../../domain/capture-fact.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { recordedChannel } from '../calls/live-recordings.ts'

/** A change of one key on one leg of a call. */
export type LegChange = Pick<Extract<PbxEvent, { type: 'attached-changed' }>, 'channelId' | 'callId' | 'change'>

/** Journals a change with each live recording of its call that does not have the value yet; gives those that have it now. */
export async function noteChange({ live, pbxId }: CaptureContext, { channelId, callId, change }: LegChange, factOf: (recordingId: RecordingId) => RecordingFact): Promise<readonly RecordingId[]> {
  const concerned = live.related(pbxId, { legs: [channelId], callId }).filter((recording) => recording.callId === callId || recordedChannel(recording) === channelId || recording.channelId === channelId)
  for (const { id, attached } of concerned) {
    if (attachedValue(attached, change.key) !== change.value) await live.record(factOf(id))
  }
  return concerned.map(({ id }) => id)
}
