import { judgeRetention, type RetentionVerdict } from '../domain/retention/judge-retention.ts'
import type { RetentionRules } from '../domain/retention/retention-rules.ts'
import { DIFFERENCES, type RetentionDifference, type RetentionWhatIf } from '../ports/retention-control.ts'
import type { RetentionCandidate, RetentionVolume } from '../ports/retention-store.ts'
import type { PlanCircumstances } from './plan-retention.ts'

type Sample = RetentionWhatIf['differences'][number]['samples'][number]
interface Counted {
  volume: RetentionVolume
  readonly samples: Sample[]
}

/** Compares two sets of rules, recording by recording. */
export class DifferenceTally {
  readonly #most: number
  readonly #counted = new Map<RetentionDifference, Counted>()

  /** @param most - samples of a kind */
  constructor(most: number) {
    this.#most = most
  }

  add(candidates: readonly RetentionCandidate[], { before, after, casesOf, ...around }: Omit<PlanCircumstances, 'rules'> & { readonly before: RetentionRules; readonly after: RetentionRules }): void {
    for (const candidate of candidates) {
      const known = { ...around, stampedUntil: candidate.stampedUntil, cases: casesOf(candidate) }
      const pair = { before: judgeRetention(candidate.subject, { ...known, rules: before }), after: judgeRetention(candidate.subject, { ...known, rules: after }) }
      const kind = differenceOf(pair)
      if (kind !== null) this.#count(kind, pair, candidate)
    }
  }

  get differences(): RetentionWhatIf['differences'] {
    return DIFFERENCES.flatMap((kind) => {
      const counted = this.#counted.get(kind)
      return counted === undefined ? [] : [{ kind, ...counted }]
    })
  }

  #count(kind: RetentionDifference, pair: Sample, { subject, sizeBytes }: RetentionCandidate): void {
    const counted = this.#counted.get(kind) ?? { volume: { recordings: 0, durationMs: 0, sizeBytes: 0 }, samples: [] }
    const { recordings, durationMs, sizeBytes: bytes } = counted.volume
    counted.volume = { recordings: recordings + 1, durationMs: durationMs + (subject.durationMs ?? 0), sizeBytes: bytes + sizeBytes }
    if (counted.samples.length < this.#most) counted.samples.push(pair)
    this.#counted.set(kind, counted)
  }
}

/** The difference that weighs most; `null`: none but perhaps the rule's name. Pure. */
export function differenceOf({ before, after }: { readonly before: RetentionVerdict; readonly after: RetentionVerdict }): RetentionDifference | null {
  if (before.does !== after.does) {
    if (after.does === 'purge') return 'destroyed'
    if (before.does === 'purge') return 'spared'
    return after.does === 'archive' ? 'archived' : 'not-archived'
  }
  const purge = compared(before.purgeAt, after.purgeAt, Infinity)
  if (purge !== 0) return purge < 0 ? 'purged-earlier' : 'purged-later'
  const minimum = compared(before.keptUntil, after.keptUntil, -Infinity)
  if (minimum !== 0) return minimum < 0 ? 'minimum-shorter' : 'minimum-longer'
  const archive = compared(before.archiveAt, after.archiveAt, Infinity)
  return archive === 0 ? null : archive < 0 ? 'archived' : 'not-archived'
}

/** Below 0: the second is earlier. */
function compared(before: Date | null, after: Date | null, never: number): number {
  const [a, b] = [before?.getTime() ?? never, after?.getTime() ?? never]
  return a === b ? 0 : b < a ? -1 : 1
}
