import { fileNames, isHeldThroughout } from '../../domain/recording.ts'
import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { CaptureContext } from '../calls/capture-context.ts'

type Discarded = Extract<PbxEvent, { type: 'recorder-discarded' }>

/**
 * Notes that there is nothing to wait for: ingest, which would look for the file for an hour, is told. Most come with the end of their
 * recording, and some behind it. A file of nobody, such as one whose recording was declined and forgotten, is left at that. Idempotent.
 */
export async function noteDiscarded({ journal, live, runtime, pbxId }: CaptureContext, { file, at }: Discarded): Promise<void> {
  const recordingId = await journal.recordingOfFile(file)
  const recording = recordingId === null ? null : await journal.recording(recordingId)
  const segment = recording?.segments.find(({ files }) => fileNames(files).includes(file)) ?? null
  if (recording === null || segment === null || segment.discardedAt !== null) return
  await live.record({ type: 'segment-discarded', recordingId: recording.id, index: segment.index, at })
  if (isHeldThroughout({ ...segment, endedAt: segment.endedAt ?? at })) return
  runtime.metrics.count('holdfast_segments_discarded_total', { pbx: pbxId })
  runtime.log.warn({ recordingId: recording.id, index: segment.index }, 'the PBX threw away what it recorded: nothing had reached its recorder')
}
