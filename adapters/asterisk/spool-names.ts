import { HoldfastError } from '../../core/domain/errors.ts'
import type { StartSegment } from '../../core/ports/pbx-adapter.ts'
import type { SegmentFiles } from '../../core/domain/recording.ts'
import { SPOOL_FOLDER } from '../wire/spool-file-name.ts'
import type { ChannelId } from '../../core/domain/ids.ts'
import type { RecorderFiles } from './ami-actions.ts'
import { nativeName } from './dialplan-names.ts'

export const SPOOL_FORMATS = ['wav', 'wav16'] as const
/** WAV with 8 or 16 kHz; it is the file's extension, from which MixMonitor takes the format. */
export type SpoolFormat = (typeof SPOOL_FORMATS)[number]

/** Characters that MixMonitor's options take as they are: a comma or a parenthesis would begin another option, and `Command` is one of them. Source: facts of Asterisk 22, app_mixmonitor */
const SAFE_DIRECTORY = /^\/[0-9A-Za-z._/-]*$/
/** Two paths, `r()t()i(HOLDFAST_MMID)` and the names within them must fit into one line of AMI. */
const MAX_DIRECTORY_BYTES = 400

/**
 * The spool's root as the PBX sees it.
 * @throws HoldfastError `CONFIG_INVALID` unless absolute, of `0-9A-Za-z._/-`, at most 400 bytes
 */
export function parseRecordingDirectory(text: string): string {
  if (!SAFE_DIRECTORY.test(text) || text.length > MAX_DIRECTORY_BYTES || text.split('/').includes('..')) {
    throw new HoldfastError('CONFIG_INVALID', `the recording directory has to be an absolute path of at most ${MAX_DIRECTORY_BYTES} characters 0-9 A-Z a-z . _ / - without ".."`)
  }
  return text.replace(/\/+$/, '')
}

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
