import type { WantedFormat } from '../media.ts'
import type { RecordAction } from '../policy.ts'
import type { Condition } from './condition.ts'
import type { PauseTerms } from './pause-terms.ts'
import type { Quota } from './quota.ts'

export const DIALPLAN_RIGHTS = ['obeyed', 'overruled'] as const
/** Whether the dialplan's own word (`record`) goes before the rule's; `overruled` is what the file calls `mandatory`. */
export type DialplanRight = (typeof DIALPLAN_RIGHTS)[number]

export const RECORD_FROM = ['route', 'bridge'] as const
/** `route`: from the moment the call is decided, with prompts, music and ringing; `bridge`: only while two people are connected. */
export type RecordFrom = (typeof RECORD_FROM)[number]

export const ON_DEMAND = ['start', 'stop'] as const
/** What agents and integrators may do to a live call besides pausing (R8). */
export type OnDemand = (typeof ON_DEMAND)[number]

/** Whether the caller has to hear of the recording; a recording without it is kept and marked. `prompt` null: any prompt will do. */
export type AnnouncementDemand = { readonly type: 'none' } | { readonly type: 'demanded'; readonly prompt: string | null }

/** What a rule, besides sides, says of the recordings that are made under it. */
export interface RecordingTerms {
  readonly from: RecordFrom
  readonly announcement: AnnouncementDemand
  readonly pause: PauseTerms
  readonly onDemand: readonly OnDemand[]
  /** Name of a retention class; `null`: the rules of retention look at the recording themselves. */
  readonly retention: string | null
  /** What they are stored as; `null`: as the settings of their PBX say. */
  readonly mediaFormat: WantedFormat | null
}

/** Terms as they were kept: those of before there was a word for the format lack it. */
export type KeptTerms = Omit<RecordingTerms, 'mediaFormat'> & Partial<Pick<RecordingTerms, 'mediaFormat'>>

export function termsOfKept(kept: KeptTerms): RecordingTerms {
  return { ...kept, mediaFormat: kept.mediaFormat ?? null }
}

/** Which of the calls that meet `when` the rule takes. All tests have to be passed; the rest goes on to the next rule. */
export interface Selection {
  /** 0 to 100: the share that is drawn by lot (draw.ts). */
  readonly percent: number
  /** Taken as long as the account has not reached it. */
  readonly atMost: Quota | null
  /** Until the account has reached it, calls are taken without drawing lots. */
  readonly atLeast: Quota | null
}

/** One rule: the first that takes a call decides it. */
export interface Rule {
  /** Shown in the audit trail; unique within a policy. Part of the draw: a renamed rule draws other calls. */
  readonly name: string
  readonly when: Condition
  readonly selection: Selection
  readonly record: RecordAction
  readonly dialplan: DialplanRight
  /** Added to those that `GRECORD_PARTITIONS` names. */
  readonly partitions: readonly string[]
  readonly labels: readonly string[]
  readonly terms: RecordingTerms
}

/** Calls that nothing and nobody records: asked before all rules. */
export interface NeverRule {
  readonly name: string
  readonly when: Condition
}

export const EVERY_CALL: Selection = { percent: 100, atMost: null, atLeast: null }

/** The rule that speaks when no other does: the dialplan's own request is obeyed. */
export const NO_RULE: Rule = {
  name: 'dialplan-request',
  when: { type: 'all', of: [] },
  selection: EVERY_CALL,
  record: 'as-asked',
  dialplan: 'obeyed',
  partitions: [],
  labels: [],
  terms: {
    from: 'route',
    announcement: { type: 'none' },
    pause: { type: 'allowed', by: ['agent', 'supervisor', 'integrator'], ways: ['dtmf', 'api', 'dialplan'], maxDurationMs: null, endsWith: [] },
    onDemand: [],
    retention: null,
    mediaFormat: null,
  },
}

/** What a call has that is never recorded: no pause is needed, and nobody starts it by hand. */
export const NEVER_TERMS: RecordingTerms = { from: 'route', announcement: { type: 'none' }, pause: { type: 'forbidden' }, onDemand: [], retention: null, mediaFormat: null }
