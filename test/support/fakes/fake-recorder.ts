import type { ChannelId } from '../../../core/domain/ids.ts'
import type { SegmentFiles } from '../../../core/domain/recording.ts'

/** What a recorder of a PBX in memory is. */
export interface FakeRecorder {
  readonly channelId: ChannelId
  readonly recorderId: string
  readonly files: SegmentFiles
  masked: boolean
}

export interface Silence {
  readonly from: Date
  /** `null` while it lasts. */
  readonly to: Date | null
}
