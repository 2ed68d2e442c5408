import { createHash, type Hash } from 'node:crypto'
import { judgeRetention, type RetentionAction, type RetentionObstacle } from '../domain/retention/judge-retention.ts'
import type { RetentionRules } from '../domain/retention/retention-rules.ts'
import type { PlannedRecording, RetentionTotals } from '../ports/retention-control.ts'
import type { RetentionCandidate, RetentionVolume } from '../ports/retention-store.ts'

export interface PlanCircumstances {
  readonly rules: RetentionRules
  readonly now: Date
  readonly archive: 'there' | 'none'
  /** Names of the cases over a recording, of those that may be due. */
  readonly casesOf: (candidate: RetentionCandidate) => readonly string[]
}

const NONE: RetentionVolume = { recordings: 0, durationMs: 0, sizeBytes: 0 }

/** Pure: what of these recordings is due, why, and what stands in the way. What is not due is left out. */
export function planRetention(candidates: readonly RetentionCandidate[], { casesOf, ...around }: PlanCircumstances): readonly PlannedRecording[] {
  return candidates.flatMap((candidate) => {
    const { subject, sizeBytes, stampedUntil } = candidate
    const verdict = judgeRetention(subject, { ...around, stampedUntil, cases: casesOf(candidate) })
    return verdict.due === null ? [] : [{ verdict, durationMs: subject.durationMs ?? 0, sizeBytes }]
  })
}

/** Adds a plan up, page after page: a plan over a million rows is never held as a whole. */
export class PlanTally {
  readonly #does: Record<RetentionAction, RetentionVolume> = { archive: NONE, purge: NONE }
  readonly #prevented: Record<RetentionObstacle['type'], RetentionVolume> = { hold: NONE, minimum: NONE, state: NONE, 'not-archived': NONE, 'no-archive': NONE }
  readonly #rules = new Map<string, Record<RetentionAction, RetentionVolume>>()
  readonly #hash: Hash = createHash('sha256')
  #looked = 0

  /** @param looked - how many recordings this page of the plan came of */
  add(planned: readonly PlannedRecording[], looked: number): void {
    this.#looked += looked
    for (const each of planned) this.#addOne(each)
  }

  get looked(): number {
    return this.#looked
  }

  get totals(): RetentionTotals {
    return {
      does: { ...this.#does }, prevented: { ...this.#prevented }, looked: this.#looked,
      rules: [...this.#rules].map(([rule, does]) => ({ rule, archive: does.archive, purge: does.purge })).sort((a, b) => (a.rule < b.rule ? -1 : 1)),
    }
  }

  /** Over what a run would do, in the order of the recordings: two plans with one digest are the same plan. Ends the tally. */
  digest(): string {
    return this.#hash.digest('hex')
  }

  #addOne({ verdict, durationMs, sizeBytes }: PlannedRecording): void {
    const { recordingId, rule, does, obstacles } = verdict
    for (const { type } of obstacles) this.#prevented[type] = plus(this.#prevented[type], { durationMs, sizeBytes })
    if (does === null) return
    this.#hash.update(`${recordingId} ${does} ${JSON.stringify(rule)}\n`)
    this.#does[does] = plus(this.#does[does], { durationMs, sizeBytes })
    const ofRule = this.#rules.get(rule) ?? { archive: NONE, purge: NONE }
    this.#rules.set(rule, { ...ofRule, [does]: plus(ofRule[does], { durationMs, sizeBytes }) })
  }
}

function plus(volume: RetentionVolume, { durationMs, sizeBytes }: Omit<RetentionVolume, 'recordings'>): RetentionVolume {
  return { recordings: volume.recordings + 1, durationMs: volume.durationMs + durationMs, sizeBytes: volume.sizeBytes + sizeBytes }
}
