import type { PauseActor, PauseMeans, PauseRefusal } from './pause-terms.ts'
import type { OnDemand, RecordingTerms } from './rule.ts'

/** Somebody's wish to start or stop; `way` null: none that anybody shuts, `by` null: no person. */
interface OnDemandWish {
  readonly way: PauseMeans | null
  readonly by: PauseActor | null
}

/**
 * Why a start or stop by hand is refused under these terms, or `null` when it is not. Where a rule says who may pause, and how, it
 * says so of starts and stops: who may not silence a recording for a minute may not end it. A rule that forbids pauses names nobody.
 */
export function onDemandRefusal({ onDemand, pause }: Pick<RecordingTerms, 'onDemand' | 'pause'>, action: OnDemand, { way, by }: OnDemandWish): PauseRefusal | null {
  if (!onDemand.includes(action)) return 'forbidden'
  if (pause.type === 'forbidden') return null
  if (way !== null && !pause.ways.includes(way)) return 'way-not-allowed'
  return by !== null && !pause.by.includes(by) ? 'person-not-allowed' : null
}
