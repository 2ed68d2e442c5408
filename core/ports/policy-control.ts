import type { Requester } from '../domain/actor.ts'
import type { AttachedSchema } from '../domain/rules/attached-schema.ts'
import type { Policy } from '../domain/rules/policy.ts'

/** One fault of a policy's text. */
export interface PolicyProblem {
  /** As one would write it: `rules[0].when.caller`; empty for the text as a whole. */
  readonly path: string
  /** May repeat what stands there. */
  readonly message: string
  /** From 1; `null`: it has no place in the text. */
  readonly position: { readonly line: number; readonly column: number } | null
}

/** What a policy's text says, or everything that is wrong with it. */
export type PolicyReading =
  | { readonly outcome: 'valid'; readonly policy: Policy; readonly attached: AttachedSchema }
  | { readonly outcome: 'invalid'; readonly problems: readonly PolicyProblem[] }

export const POLICY_ORIGINS = ['file', 'kept', 'none'] as const
/** Where the rules in force come from. `kept`: the file was wrong at the start, and the copy of the last good one holds; `none`: no file is named. */
export type PolicyOrigin = (typeof POLICY_ORIGINS)[number]

/** The rules in force on this node. */
export interface PolicyStanding {
  readonly policy: Policy
  readonly attached: AttachedSchema
  /** As it was read; `null` without a file. */
  readonly text: string | null
  readonly origin: PolicyOrigin
  /** Since when, on this node: its start, or a later reading. */
  readonly sinceAt: Date
  /** When the file was read last, and what was wrong with it then; nothing when it was in order. */
  readonly readAt: Date
  readonly problems: readonly PolicyProblem[]
}

/** What became of reading the file again. */
export type PolicyReload =
  | { readonly outcome: 'in-force' | 'unchanged' | 'no-file'; /** What is still to be done by hand, in sentences. */ readonly advice: readonly string[] }
  | { readonly outcome: 'refused'; readonly problems: readonly PolicyProblem[] }

/** The rules of this node, for those who look after them. */
export interface PolicyControl {
  standing(): PolicyStanding
  /**
   * Reads a draft, with the sampling key in force; opens no file that it names. In a thread of its own: calls do not wait for it.
   * @throws HoldfastError `QUERY_TIMEOUT` when the text takes too long to read
   */
  read(draft: string): Promise<PolicyReading>
  /**
   * Reads the policy file again. One with faults changes nothing but an alarm.
   * @param by - who asked, for the audit; `null`: a signal
   */
  reload(by: Requester | null): Promise<PolicyReload>
}
