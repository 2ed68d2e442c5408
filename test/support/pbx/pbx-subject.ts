import type { SegmentFiles } from '../../../core/domain/recording.ts'
import type { TransferKind } from '../../../core/domain/transfer.ts'
import type { HeardEvents } from './heard-events.ts'

/** What the contract needs of a PBX, and what not everyone who stands in for one can play. */
export const PBX_DEEDS = ['restart', 'blind transfer', 'attended transfer', 'native recording', 'feature code', 'queue members', 'data after the request', 'discarded file'] as const
export type PbxDeed = (typeof PBX_DEEDS)[number]

/** What each subject cannot play, and why: printed beside the test that it does not play. */
export type Inability = Readonly<Partial<Record<PbxDeed, string>>>

/** Attached data of every kind that a caller may bring. What carries them has these keys, and no other. */
export const ATTACHED_KINDS = {
  PLAIN: 'gold',
  UTF8: 'Łódź é 東京 ☎ 𝄞',
  LINES: 'first\r\nEvent: Hangup\r\n\r\nsecond\n\nthird',
  PERCENT: '100%25 %41 %zz %',
  QUOTES: `'";DROP TABLE x;--`,
  EXPANSION: '${EPOCH}$[1+1]a):1:2,b',
  PATH: '../../etc/passwd',
  LONG: 'ab 12;é'.repeat(512),
} as const
/** Set on the customer's leg after the request. */
export const CHANGED_KEY = 'LATER'
export const CHANGED_VALUE = 'silver, é %41'
export const SUBJECT_KEYS = [...Object.keys(ATTACHED_KINDS), CHANGED_KEY]

export interface CallPlan {
  /** `every kind`: what ATTACHED_KINDS holds is attached before the route asks, and CHANGED_KEY is set after it has its answer. */
  readonly attached: 'nothing' | 'every kind'
  /** It does not go through the PBX, and a recorder on the customer's leg is given none. */
  readonly sound?: 'passes by'
}

/** A customer who calls, an agent whose telephone rings, takes the call when it is put through, and talks. */
export interface SubjectCall {
  /** The agent hands the customer over to a colleague, who answers. `number`: what the agent dialled. */
  passOn(kind: TransferKind): Promise<{ readonly number: string }>
  /** The agent presses the keys of a feature code. */
  pressCode(): Promise<void>
  hangUp(): Promise<void>
}

/** A PBX that the contract plays with: a real one, or what stands in for it. */
export interface PbxSubject extends AsyncDisposable {
  /** A service on this PBX, from its start; whoever asks ends it. */
  service(): HeardEvents
  /**
   * The customer dials; the route asks for a decision and waits for its answer; the agent answers. Resolves when the customer has
   * dialled. The call goes on by itself, whatever is answered.
   */
  call(plan?: CallPlan): Promise<SubjectCall>
  /** Ends every call. */
  endCalls(): Promise<void>
  /** The link breaks, and stays so until it is mended. */
  cut(): void
  mend(): void
  /** The link stays, but commands are heard by nobody from now on; until the link is cut. */
  fallSilent(): void
  restart(): Promise<void>
  /** Lets the PBX's time go on. */
  pass(ms: number): Promise<void>
  /** How long both sides of this segment are silenced without a break, in its file, or as whoever stands in was told. */
  silencedMs(files: SegmentFiles): Promise<number>
}
