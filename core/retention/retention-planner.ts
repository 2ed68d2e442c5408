import type { RecordingId } from '../domain/ids.ts'
import { judgeRetention, type RetentionVerdict } from '../domain/retention/judge-retention.ts'
import type { RetentionRules } from '../domain/retention/retention-rules.ts'
import type { PlannedRecording, RetentionControl, RetentionPlan, RetentionReading, RetentionWhatIf } from '../ports/retention-control.ts'
import type { RetentionRun, RetentionStore } from '../ports/retention-store.ts'
import type { Clock } from '../ports/runtime.ts'
import { PlanTally } from './plan-retention.ts'
import { DifferenceTally } from './retention-differences.ts'
import { candidatePages, caseLookup, type PlanningParts, planPages } from './retention-planning.ts'

export interface PlannerParts extends PlanningParts {
  readonly store: Pick<RetentionStore, 'candidates' | 'countCandidates' | 'candidate' | 'recordings' | 'runs'>
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
    const of = onProgress === undefined ? 0 : await this.#parts.store.countCandidates()
    for await (const { planned, candidates } of planPages(this.#parts, { rules, now: plannedAt, signal })) {
      tally.add(planned, candidates.length)
      samples.push(...planned.slice(0, most - samples.length))
      onProgress?.(tally.looked, Math.max(of, tally.looked))
    }
    return { version: rules.version, plannedAt, totals: tally.totals, digest: tally.digest(), samples }
  }

  async explain(id: RecordingId): Promise<RetentionVerdict | null> {
    const { store, holds, archive, clock } = this.#parts
    const candidate = await store.candidate(id)
    if (candidate === null) return null
    const { subject, stampedUntil } = candidate
    const cases = subject.state === 'purged' ? [] : (await (await caseLookup(store, holds))(() => [candidate]))(candidate)
    return judgeRetention(subject, { rules: this.standing(), now: clock.now(), stampedUntil, cases, archive })
  }

  async whatIf(draft: RetentionRules, { samples, signal, onProgress }: Parameters<RetentionControl['whatIf']>[1]): Promise<RetentionWhatIf> {
    const { store, holds, archive, clock } = this.#parts
    const [before, now] = [this.standing(), clock.now()]
    const tally = new DifferenceTally(samples)
    const casesOf = await caseLookup(store, holds)
    const of = onProgress === undefined ? 0 : await store.countCandidates()
    let looked = 0
    for await (const candidates of candidatePages(store, { rules: [before, draft], signal })) {
      const held = await casesOf(() => candidates.filter(({ subject, stampedUntil }) => [before, draft].some((rules) => judgeRetention(subject, { rules, now, stampedUntil, cases: [], archive }).does === 'purge')))
      tally.add(candidates, { before, after: draft, now, archive, casesOf: held })
      looked += candidates.length
      onProgress?.(looked, Math.max(of, looked))
    }
    return { version: draft.version, inForce: before.version, looked, differences: tally.differences }
  }

  runs(page: { readonly first: number; readonly before: Date | null }): Promise<readonly RetentionRun[]> {
    return this.#parts.store.runs(page)
  }
}
