import { dayLabel, type LocalTime, monthLabel, weekLabel } from './local-time.ts'

export const QUOTA_SUBJECTS = ['agent', 'queue', 'businessUnit', 'caller', 'everyone'] as const
/** For whom a quota is counted; `everyone`: for all calls together. */
export type QuotaSubject = (typeof QUOTA_SUBJECTS)[number]

export const QUOTA_PERIODS = ['day', 'week', 'month'] as const
/** By the calendar of the policy's time zone; weeks begin on Monday. */
export type QuotaPeriod = (typeof QUOTA_PERIODS)[number]

/** "5 per agent per week". */
export interface Quota {
  readonly calls: number
  readonly per: QuotaSubject
  readonly period: QuotaPeriod
}

/** How many interactions each key has to its account, by {@link quotaKey}. A key that is not there has not been counted. */
export type QuotaCounts = Pick<ReadonlyMap<string, number>, 'get'>

/** What a decision asked about a quota, and which account it goes on. */
export interface QuotaUse {
  readonly rule: string
  readonly key: string
  readonly kind: 'at-most' | 'at-least'
  readonly quota: Quota
  /** Interactions before this one; `null`: nobody had counted them, and it was taken for none. */
  readonly counted: number | null
}

const PERIOD_LABELS: Record<QuotaPeriod, (local: LocalTime) => string> = { day: dayLabel, week: weekLabel, month: monthLabel }

/** The account of a rule's quota: `["sample","agent","17","2026-W47"]`. */
export function quotaKey(account: { readonly rule: string; readonly quota: Quota; readonly subject: string }, local: LocalTime): string {
  const { rule, quota, subject } = account
  return JSON.stringify([rule, quota.per, subject, PERIOD_LABELS[quota.period](local)])
}

/** The same counts with some accounts changed; none falls below nothing. */
export function countsShifted(counts: QuotaCounts, accounts: readonly string[], by: 1 | -1): QuotaCounts {
  if (accounts.length === 0) return counts
  return {
    get: (key) => {
      const count = counts.get(key)
      return accounts.includes(key) ? Math.max(0, (count ?? 0) + by) : count
    },
  }
}
