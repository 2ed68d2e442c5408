import type { StartSegment } from '../../core/ports/pbx-adapter.ts'
import type { SegmentFiles } from '../../core/domain/recording.ts'
import { SPOOL_FOLDER } from '../wire/spool-file-name.ts'
import type { ChannelId } from '../../core/domain/ids.ts'
import type { RecorderFiles } from './ami-actions.ts'
import { nativeName } from './dialplan-names.ts'

export const SPOOL_FORMATS = ['wav', 'wav16'] as const
/** WAV with 8 or 16 kHz; it is the file's extension, from which MixMonitor takes the format. */
export type SpoolFormat = (typeof SPOOL_FORMATS)[number]

/** Relative to the spool's root. */
export function segmentFilesOf({ recordingId, index }: Pick<StartSegment, 'recordingId' | 'index'>, format: SpoolFormat): SegmentFiles {
  return lanes(`${SPOOL_FOLDER}/${recordingId}.${index}`, format)
}

/** Relative to the spool's root; as holdfast.conf names them. */
export function nativeFiles(channelId: string, number: string): SegmentFiles {
  return lanes(`${SPOOL_FOLDER}/native-${nativeName(channelId)}.${number}`, 'wav')
}

/** What the dialplan recorded after a pause that it ended by itself. Relative to the spool's root; as holdfast.conf names them. */
export function resumedFiles(channelId: ChannelId, id: string): SegmentFiles {
  return lanes(`${SPOOL_FOLDER}/resumed-${nativeName(channelId)}.${id}`, 'wav')
}

/** As the PBX sees them. */
export function absoluteFiles(recordingDirectory: string, files: SegmentFiles): RecorderFiles {
  return { received: `${recordingDirectory}/${files.received}`, transmitted: `${recordingDirectory}/${files.transmitted}` }
}

function lanes(base: string, format: SpoolFormat): SegmentFiles {
  return { received: `${base}.rx.${format}`, transmitted: `${base}.tx.${format}` }
}
