import { attachedValue, RECORD_KEY } from '../attached-data.ts'
import type { PauseRight, RecordedSide } from '../policy.ts'
import type { DecisionInput } from './decision-input.ts'
import type { Draw } from './draw.ts'
import type { QuotaUse } from './quota.ts'
import type { RecordingTerms } from './rule.ts'

export const DIALPLAN_WORDS = ['source', 'destination', 'no', 'nothing', 'unreadable'] as const
/** What the dialplan's `record` said. `unreadable`: something, but none of the words that it may say. */
export type DialplanWord = (typeof DIALPLAN_WORDS)[number]

export const DECIDERS = ['never', 'rule', 'no-rule'] as const
export type Decider = (typeof DECIDERS)[number]

/** An answer that names its rule and can be made again from what it holds; stored also when it is "no". */
export interface Decision {
  readonly outcome: 'record' | 'do-not-record'
  readonly sides: readonly RecordedSide[]
  readonly rule: string
  readonly policyVersion: string
  readonly partitions: readonly string[]
  readonly pause: PauseRight
  readonly input: DecisionInput
  /** What kind of rule it was. */
  readonly decider: Decider
  /** What the dialplan asked for, and whether that, and not the rule's own word, made the sides. */
  readonly asked: DialplanWord
  readonly sidesBy: 'rule' | 'dialplan'
  readonly labels: readonly string[]
  readonly terms: RecordingTerms
  /** Fields that the rules up to this one look at, by name. */
  readonly lookedAt: readonly string[]
  /** Every lot that was drawn, also those that let the call pass on to this rule. */
  readonly draws: readonly Draw[]
  /** Every quota that was asked. */
  readonly quotas: readonly QuotaUse[]
  /** The accounts of quotas on which the interaction goes: each once, however often it is decided again. */
  readonly accounts: readonly string[]
  /** Parts of `GRECORD_PARTITIONS` that are no partitions. */
  readonly partitionsRefused: number
}

const READABLE: readonly string[] = ['source', 'destination', 'no'] satisfies readonly DialplanWord[]

/** What the dialplan's own key says. */
export function dialplanWord({ attached }: Pick<DecisionInput, 'attached'>): DialplanWord {
  const value = attachedValue(attached, RECORD_KEY)
  if (value === null || value === '') return 'nothing'
  return READABLE.includes(value) ? (value as DialplanWord) : 'unreadable'
}
