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

/** A day, for clocks that differ and zones west of the one that the account was named in. */
const ZONES_MS = 24 * 3_600_000
const DAY_MS = 24 * 3_600_000

/** When the period of an account is over in every zone; `null` for a text that is no account. */
export function accountEndsAt(account: string): Date | null {
  const label = /"([^"]*)"\]$/.exec(account)?.[1] ?? ''
  const [, year = '', month = '', day] = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(label) ?? []
  if (day !== undefined) return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day) + 1) + ZONES_MS)
  if (year !== '') return new Date(Date.UTC(Number(year), Number(month), 1) + ZONES_MS)
  const [, weekYear, week] = /^(\d{4})-W(\d{2})$/.exec(label) ?? []
  // The fourth of January always lies in the first week. Source: ISO 8601
  return weekYear === undefined ? null : new Date(mondayOf(Date.UTC(Number(weekYear), 0, 4)) + Number(week) * 7 * DAY_MS + ZONES_MS)
}

function mondayOf(instant: number): number {
  return instant - (new Date(instant).getUTCDay() + 6) % 7 * DAY_MS
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
