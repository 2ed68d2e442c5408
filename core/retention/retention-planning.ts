import { judgeRetention } from '../domain/retention/judge-retention.ts'
import type { RetentionRules } from '../domain/retention/retention-rules.ts'
import { fieldsAsked } from '../domain/retention/retention-subject.ts'
import type { RecordingId } from '../domain/ids.ts'
import type { Hold, HoldRegister } from '../ports/hold-register.ts'
import type { RetentionCandidate, RetentionStore } from '../ports/retention-store.ts'
import type { PlannedRecording } from '../ports/retention-control.ts'
import { type PlanCircumstances, planRetention } from './plan-retention.ts'

/** Rows at one look: some milliseconds of this thread, between which everybody else has his turn. */
export const PLANNED_AT_ONCE = 2000
/** Recordings that are loaded whole at once, to ask which searches find them. */
const HELD_AT_ONCE = 500

export interface PlanningParts {
  readonly store: Pick<RetentionStore, 'candidates' | 'candidate' | 'recordings'>
  readonly holds: Pick<HoldRegister, 'list' | 'named' | 'over'>
  /** Whether there is a target to archive to. */
  readonly archive: 'there' | 'none'
}

/** Of which recordings it matters is asked only where searches stand. */
export type CasesOf = (candidates: () => readonly RetentionCandidate[]) => Promise<PlanCircumstances['casesOf']>

/** A page of a plan. */
export interface PlannedPage {
  readonly planned: readonly PlannedRecording[]
  readonly candidates: readonly RetentionCandidate[]
}

interface Walk {
  /** All rules that are asked. */
  readonly rules: readonly RetentionRules[]
  readonly signal: AbortSignal
}

/** Every recording, oldest first, page by page; the next page is read while the one before it is judged. */
export async function* candidatePages(store: Pick<RetentionStore, 'candidates'>, { rules, signal }: Walk): AsyncGenerator<readonly RetentionCandidate[]> {
  const fields = fieldsAsked(rules)
  const read = (after: RecordingId | null): Promise<readonly RetentionCandidate[]> => store.candidates({ after, first: PLANNED_AT_ONCE, fields })
  for (let coming: Promise<readonly RetentionCandidate[]> | null = read(null); coming !== null;) {
    const candidates: readonly RetentionCandidate[] = await coming
    signal.throwIfAborted()
    const last = candidates.at(-1)
    if (last === undefined) return
    coming = candidates.length < PLANNED_AT_ONCE ? null : read(last.subject.id)
    // What it fails with is told when its turn comes; who goes before that does not want it.
    coming?.catch(() => undefined)
    yield candidates
  }
}

/** Every recording, page by page, as the rules see it at one moment. */
export async function* planPages({ store, holds, archive }: PlanningParts, { rules, now, signal }: { readonly rules: RetentionRules; readonly now: Date; readonly signal: AbortSignal }): AsyncGenerator<PlannedPage> {
  const casesOf = await caseLookup(store, holds)
  for await (const candidates of candidatePages(store, { rules: [rules], signal })) {
    // Of what is not purged anyway a hold changes nothing.
    const held = await casesOf(() => candidates.filter(({ subject, stampedUntil }) => judgeRetention(subject, { rules, now, stampedUntil, cases: [], archive }).due?.action === 'purge'))
    yield { planned: planRetention(candidates, { rules, now, archive, casesOf: held }), candidates }
  }
}

/** Which cases hold recordings: by their names where holds name them, and by asking each search where one stands. */
export async function caseLookup(store: Pick<RetentionStore, 'recordings'>, holds: PlanningParts['holds']): Promise<CasesOf> {
  const standing = await holds.list('standing')
  if (standing.length === 0) return async () => () => []
  if (standing.every(({ searches }) => searches.length === 0)) {
    const named = await allNamed(holds, standing)
    return async () => ({ subject }) => named.get(subject.id) ?? []
  }
  return async (asked) => {
    const candidates = asked()
    const over = new Map<RecordingId, readonly string[]>()
    for (let from = 0; from < candidates.length; from += HELD_AT_ONCE) {
      const recordings = await store.recordings(candidates.slice(from, from + HELD_AT_ONCE).map(({ subject }) => subject.id))
      for (const [id, found] of await holds.over(recordings)) over.set(id, found.map(({ caseName }) => caseName))
    }
    return ({ subject }) => over.get(subject.id) ?? []
  }
}

async function allNamed(holds: PlanningParts['holds'], standing: readonly Hold[]): Promise<ReadonlyMap<RecordingId, readonly string[]>> {
  const named = new Map<RecordingId, readonly string[]>()
  for (const { id, caseName } of standing) {
    for (let before: RecordingId | null = null; ;) {
      const page: readonly RecordingId[] = await holds.named(id, { first: PLANNED_AT_ONCE, before })
      for (const recordingId of page) named.set(recordingId, [...named.get(recordingId) ?? [], caseName])
      if (page.length < PLANNED_AT_ONCE) break
      before = page.at(-1) ?? null
    }
  }
  return named
}
