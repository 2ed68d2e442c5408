import type { PbxId } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import type { CaptureJournal } from '../ports/capture-journal.ts'
import type { PbxAdapter } from '../ports/pbx-adapter.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { CallTracker } from './call-tracker.ts'
import type { LiveRecordings } from './live-recordings.ts'
import type { PeerChange } from './peer-change.ts'
import type { SerialByKey } from './serial.ts'

/** What the parts of capture on one PBX share. */
export interface CaptureContext {
  readonly pbxId: PbxId
  readonly site: string | null
  readonly adapter: PbxAdapter
  readonly source: RecordingSource
  readonly journal: CaptureJournal
  readonly live: LiveRecordings
  readonly tracker: CallTracker
  /** The rules in force now. */
  readonly policy: () => Policy
  /** Whether a new segment begins when the other side changes. */
  readonly peerChange: PeerChange
  readonly runtime: Runtime
  /** Work on one interaction is done in order; interactions do not wait for each other. */
  readonly serial: SerialByKey
}
