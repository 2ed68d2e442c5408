import type { PbxId } from '../../domain/ids.ts'
import type { CaptureJournal } from '../../ports/capture-journal.ts'
import type { PbxAdapter } from '../../ports/pbx-adapter.ts'
import type { PauseMeans } from '../../domain/rules/pause-terms.ts'
import type { CaptureControl } from '../../ports/capture-control.ts'
import type { RecordingSource } from '../../ports/recording-source.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { CallTracker } from './call-tracker.ts'
import type { InteractionPauses } from './interaction-pauses.ts'
import type { LiveChanges } from '../control/live-changes.ts'
import type { Expectations } from '../ledger/expectations.ts'
import type { Insurances } from './insurances.ts'
import type { LiveRecordings } from './live-recordings.ts'
import type { PauseControl } from '../pauses/pause-control.ts'
import type { Rulebook } from '../rules/rulebook.ts'
import type { Presences } from './presences.ts'
import type { OwnStops } from './own-stops.ts'
import type { OwnTelephones } from '../rules/own-telephones.ts'
import type { Seating } from '../people/seating.ts'
import type { SerialByKey } from './serial.ts'
import type { ToldInteractions } from './told-interactions.ts'
import type { Wishes } from './wishes.ts'

export const PEER_CHANGES = ['segment', 'continue'] as const
/**
 * What a recorder does when the other side changes. `segment`: it stops and another begins, because some builds of Asterisk
 * record silence instead of the new party when a recorder lives through the change (decision 0009).
 */
export type PeerChange = (typeof PEER_CHANGES)[number]

/** What the parts of capture on one PBX share. */
export interface CaptureContext {
  readonly pbxId: PbxId
  readonly site: string | null
  readonly adapter: PbxAdapter
  readonly source: RecordingSource
  readonly journal: CaptureJournal
  readonly live: LiveRecordings
  /** Which conversations are to be silent. One for all PBXs. */
  readonly pauses: InteractionPauses
  readonly pauseControl: Pick<PauseControl, 'resume' | 'settle' | 'pauseOf' | 'endForbidden'>
  /** The link is up, and what became of the recordings is known: what was due meanwhile is done at once. */
  readonly linked: () => void
  /** For those who watch their own calls. One for all PBXs. */
  readonly liveChanges: LiveChanges
  readonly tracker: CallTracker
  /** What other sites said of calls that came from them. */
  readonly told: ToldInteractions
  readonly wishes: Wishes
  readonly ownStops: OwnStops
  readonly insurances: Insurances
  /** Who is heard on which leg, by the order in which work on events is done. */
  readonly presences: Presences
  /** Which legs are to be heard: the coverage ledger. */
  readonly expectations: Expectations
  /** The rules in force, and what may be attached. One for all PBXs. */
  readonly rules: Rulebook
  /** Which legs are telephones of ours, as far as nobody asked about their call. */
  readonly telephones: OwnTelephones
  /** Who sits where. One for all PBXs. */
  readonly seating: Seating
  /** Whether a new segment begins when the other side changes. */
  readonly peerChange: PeerChange
  /** By which ways of the settings anybody may pause at all. */
  readonly pauseWays: readonly PauseMeans[]
  readonly runtime: Runtime
  /** Commands to live calls: what an agent asks for with her telephone goes the way of every other command. */
  readonly control: Pick<CaptureControl, 'control' | 'live' | 'isConfirmedElsewhere'>
  /** Work on one interaction is done in order; interactions do not wait for each other. */
  readonly serial: SerialByKey
}
