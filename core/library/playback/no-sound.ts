import { HoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { PackedRecording } from '../../domain/package/manifest.ts'
import type { Recording } from '../../domain/recording.ts'

/** Why the sound of a recording is given to nobody here, to hear or to take away; `null`: it is there. `playArchived`: whether it is given from the archive. */
export function whyNoSound({ state, media }: Pick<Recording, 'state' | 'media'>, playArchived: boolean): PackedRecording['withoutSound'] {
  if (state === 'purged') return 'destroyed'
  if (media === null) return 'not-recorded'
  return state === 'archived' && !playArchived ? 'archived' : null
}

export function absent(id: RecordingId): HoldfastError {
  return new HoldfastError('MEDIA_ABSENT', 'there is no sound of this recording, and none is going to come', { recordingId: id })
}

export function inArchive(id: RecordingId): HoldfastError {
  return new HoldfastError('MEDIA_ABSENT', 'the recording lies in the archive, from which nothing is played or exported here: ask whoever keeps the archive', { recordingId: id })
}
