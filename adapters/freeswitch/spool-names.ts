import type { StartSegment } from '../../core/ports/pbx-adapter.ts'
import type { SegmentFiles } from '../../core/domain/recording.ts'
import { guardedSpoolFileName, isSpoolFileName, SPOOL_FOLDER } from '../wire/spool-file-name.ts'

/** Both channels in one file, relative to the spool's root. */
export function segmentFilesOf({ recordingId, index }: Pick<StartSegment, 'recordingId' | 'index'>): SegmentFiles {
  const file = `${SPOOL_FOLDER}/${recordingId}.${index}.wav`
  return { received: file, transmitted: file }
}

/**
 * As FreeSWITCH sees it.
 * @throws HoldfastError `FIELD_REFUSED` for what is no name of ours, whoever remembered it
 */
export function pathOf(recordingDirectory: string, file: string): string {
  return `${recordingDirectory}/${guardedSpoolFileName(file)}`
}

/** Relative to the spool's root, or `null` for a file that is not ours. */
export function fileOf(recordingDirectory: string, path: string | null): string | null {
  if (path === null || !path.startsWith(`${recordingDirectory}/`)) return null
  const file = path.slice(recordingDirectory.length + 1)
  return isSpoolFileName(file) ? file : null
}
