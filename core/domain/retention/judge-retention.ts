import type { RecordingId } from '../ids.ts'
import { isUnfinished, type RecordingState } from '../lifecycle.ts'
import { holds } from '../rules/holds.ts'
import type { RetentionRule, RetentionRules } from './retention-rules.ts'
import { lookupOf, retentionBegan, type RetentionSubject } from './retention-subject.ts'

const DAY_MS = 86_400_000

export const RETENTION_ACTIONS = ['archive', 'purge'] as const
export type RetentionAction = (typeof RETENTION_ACTIONS)[number]

export const OBSTACLES = ['hold', 'minimum', 'state', 'not-archived', 'no-archive'] as const satisfies readonly RetentionObstacle['type'][]
/** What keeps a recording from what its rule wants. */
export type RetentionObstacle =
  | { readonly type: 'hold'; readonly cases: readonly string[] }
  | { readonly type: 'minimum'; readonly until: Date }
  /** It is being recorded, or brought in. */
  | { readonly type: 'state'; readonly state: RecordingState }
  /** Its rule archives before it purges, and it is not archived. */
  | { readonly type: 'not-archived' }
  /** There is no target to archive to. */
  | { readonly type: 'no-archive' }

/** What the rules say of one recording at one moment. */
export interface RetentionVerdict {
  readonly recordingId: RecordingId
  readonly rule: string
  /** What its rule wants of it, the last step first, and since when; `null`: nothing yet. */
  readonly due: { readonly action: RetentionAction; readonly since: Date } | null
  /** What a run does now; less than what is due while something stands in the way. */
  readonly does: RetentionAction | null
  /** Against what is due. */
  readonly obstacles: readonly RetentionObstacle[]
  /** Until when nobody may destroy it; `null`: no minimum. */
  readonly keptUntil: Date | null
  readonly archiveAt: Date | null
  readonly purgeAt: Date | null
}

/** What has to be known besides the recording itself. */
export interface RetentionCircumstances {
  readonly rules: RetentionRules
  readonly now: Date
  /** The minimum that was stamped on it; `null`: none was. */
  readonly stampedUntil: Date | null
  /** Names of the cases that hold it. */
  readonly cases: readonly string[]
  readonly archive: 'there' | 'none'
}

/** The first rule that holds, or the default. */
export function retentionRuleOf({ rules, otherwise }: RetentionRules, subject: RetentionSubject): Omit<RetentionRule, 'when'> {
  const lookup = lookupOf(subject)
  return rules.find(({ when }) => holds(when, lookup)) ?? otherwise
}

/** Until when the rules alone keep it; `null`: no minimum. */
export function minimumUntil(rules: RetentionRules, subject: RetentionSubject): Date | null {
  return minimumOf(retentionRuleOf(rules, subject), subject)
}

/** Pure: the same words for plan, dry run, run and explanation. */
export function judgeRetention(subject: RetentionSubject, { rules, now, stampedUntil, cases, archive }: RetentionCircumstances): RetentionVerdict {
  const rule = retentionRuleOf(rules, subject)
  const began = retentionBegan(subject)
  const keptUntil = later(minimumOf(rule, subject), stampedUntil)
  const archiveAt = subject.state === 'stored' ? after(began, rule.archiveAfterDays) : null
  const purgeAt = subject.state === 'purged' ? null : after(began, rule.purgeAfterDays)
  const due = dueOf({ archiveAt, purgeAt }, now)
  const known = { recordingId: subject.id, rule: rule.name, due, keptUntil, archiveAt, purgeAt }
  if (due === null) return { ...known, does: null, obstacles: [] }
  const stored: readonly RetentionObstacle[] = archiveAt !== null && archive === 'none' ? [{ type: 'no-archive' }] : []
  const obstacles: readonly RetentionObstacle[] = due.action === 'archive' ? stored : [
    ...(isUnfinished(subject.state) ? [{ type: 'state', state: subject.state } as const] : []),
    ...(cases.length > 0 ? [{ type: 'hold', cases } as const] : []),
    ...(keptUntil !== null && keptUntil > now ? [{ type: 'minimum', until: keptUntil } as const] : []),
    ...(archiveAt !== null ? [{ type: 'not-archived' } as const, ...stored] : []),
  ]
  const archives = archiveAt !== null && archiveAt <= now && archive === 'there'
  return { ...known, does: obstacles.length === 0 ? due.action : archives ? 'archive' : null, obstacles }
}

function dueOf({ archiveAt, purgeAt }: Pick<RetentionVerdict, 'archiveAt' | 'purgeAt'>, now: Date): RetentionVerdict['due'] {
  if (purgeAt !== null && purgeAt <= now) return { action: 'purge', since: purgeAt }
  return archiveAt !== null && archiveAt <= now ? { action: 'archive', since: archiveAt } : null
}

function minimumOf({ minimumDays }: Pick<RetentionRule, 'minimumDays'>, subject: RetentionSubject): Date | null {
  return minimumDays === 0 ? null : after(retentionBegan(subject), minimumDays)
}

function after(from: Date, days: number | null): Date | null {
  return days === null ? null : new Date(from.getTime() + days * DAY_MS)
}

/** The later of two; `null` is none. */
export function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b
  return a > b ? a : b
}
