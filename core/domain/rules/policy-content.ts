import type { FactKeys } from './decision-input.ts'
import type { NeverRule, Rule } from './rule.ts'

/** What a policy says: plain data. */
export interface PolicyContent {
  /** Whose calendar the periods of quotas follow. IANA name. */
  readonly timeZone: string
  readonly factKeys: FactKeys
  readonly never: readonly NeverRule[]
  /** In order of precedence. */
  readonly rules: readonly Rule[]
}
