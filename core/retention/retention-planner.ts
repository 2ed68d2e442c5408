import type { RecordingId } from '../domain/ids.ts'
import { judgeRetention, type RetentionVerdict } from '../domain/retention/judge-retention.ts'
import type { RetentionRules } from '../domain/retention/retention-rules.ts'
import type { PlannedRecording, RetentionControl, RetentionPlan, RetentionReading, RetentionWhatIf } from '../ports/retention-control.ts'
import type { RetentionRun, RetentionStore } from '../ports/retention-store.ts'
import type { Clock } from '../ports/runtime.ts'
import { PlanTally } from './plan-retention.ts'
import { DifferenceTally } from './retention-differences.ts'
import { caseLookup, PLANNED_AT_ONCE, type PlanningParts, planPages } from './retention-planning.ts'

export interface PlannerParts extends PlanningParts {
  readonly store: Pick<RetentionStore, 'candidates' | 'candidate' | 'recordings' | 'runs'>
  readonly clock: Clock
  readonly standing: () => RetentionRules
  readonly read: (text: string) => RetentionReading
}

/** Says what the rules come to, and does nothing. */
export class RetentionPlanner implements RetentionControl {
  readonly #parts: PlannerParts

  constructor(parts: PlannerParts) {
    this.#parts = parts
  }

  standing(): RetentionRules {
    return this.#parts.standing()
  }

  read(text: string): RetentionReading {
    return this.#parts.read(text)
  }

  async plan({ samples: most, signal, onProgress }: Parameters<RetentionControl['plan']>[0]): Promise<RetentionPlan> {
    const [rules, plannedAt] = [this.standing(), this.#parts.clock.now()]
    const tally = new PlanTally()
    const samples: PlannedRecording[] = []
    for await (const { planned, candidates } of planPages(this.#parts, { rules, now: plannedAt, signal })) {
      tally.add(planned, candidates.length)
      samples.push(...planned.slice(0, most - samples.length))
      onProgress?.(tally.totals.looked)
    }
    return { version: rules.version, plannedAt, totals: tally.totals, digest: tally.digest(), samples }
  }

  async explain(id: RecordingId): Promise<RetentionVerdict | null> {
    const { store, holds, archive, clock } = this.#parts
    const candidate = await store.candidate(id)
    if (candidate === null) return null
    const { subject, stampedUntil } = candidate
    const cases = subject.state === 'purged' ? [] : (await (await caseLookup(store, holds))([candidate]))(candidate)
    return judgeRetention(subject, { rules: this.standing(), now: clock.now(), stampedUntil, cases, archive })
  }

  async whatIf(draft: RetentionRules, { samples, signal }: Parameters<RetentionControl['whatIf']>[1]): Promise<RetentionWhatIf> {
    const { store, holds, archive, clock } = this.#parts
    const [before, now] = [this.standing(), clock.now()]
    const tally = new DifferenceTally(samples)
    const casesOf = await caseLookup(store, holds)
    let looked = 0
    for (let after: RecordingId | null = null; ;) {
      signal.throwIfAborted()
      const candidates = await store.candidates({ after, first: PLANNED_AT_ONCE })
      const purged = candidates.filter(({ subject, stampedUntil }) => [before, draft].some((rules) => judgeRetention(subject, { rules, now, stampedUntil, cases: [], archive }).does === 'purge'))
      tally.add(candidates, { before, after: draft, now, archive, casesOf: await casesOf(purged) })
      looked += candidates.length
      if (candidates.length < PLANNED_AT_ONCE) break
      after = candidates.at(-1)?.subject.id ?? after
    }
    return { version: draft.version, inForce: before.version, looked, differences: tally.differences }
  }

  runs(page: { readonly first: number; readonly before: Date | null }): Promise<readonly RetentionRun[]> {
    return this.#parts.store.runs(page)
  }
}
