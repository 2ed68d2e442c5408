import type { PauseRight } from '../policy.ts'

export const PAUSE_ACTORS = ['agent', 'supervisor', 'integrator'] as const
/** Who may pause: the agent her own calls, a supervisor those of her agents, another system whatever it may control. */
export type PauseActor = (typeof PAUSE_ACTORS)[number]

export const PAUSE_MEANS = ['dtmf', 'api', 'dialplan'] as const
/** By which way a pause may be asked for; an event of the dialplan has no person behind it. */
export type PauseMeans = (typeof PAUSE_MEANS)[number]

export const PAUSE_ENDS = ['transfer', 'agent-hangup'] as const
/** What ends a pause besides a resume and its limit. */
export type PauseEnd = (typeof PAUSE_ENDS)[number]

export type PauseTerms =
  | { readonly type: 'forbidden' }
  | {
    readonly type: 'allowed'
    readonly by: readonly PauseActor[]
    readonly ways: readonly PauseMeans[]
    /** `null`: the limit of the settings. */
    readonly maxDurationMs: number | null
    readonly endsWith: readonly PauseEnd[]
  }

/** Somebody's wish to pause; `by` null: no person, the dialplan's event. */
export interface PauseWish {
  readonly way: PauseMeans
  readonly by: PauseActor | null
}

export const PAUSE_REFUSALS = ['forbidden', 'way-not-allowed', 'person-not-allowed'] as const
export type PauseRefusal = (typeof PAUSE_REFUSALS)[number]

/** Why a pause is refused under these terms, or `null` when it is not. */
export function pauseRefusal(terms: PauseTerms, { way, by }: PauseWish): PauseRefusal | null {
  if (terms.type === 'forbidden') return 'forbidden'
  if (!terms.ways.includes(way)) return 'way-not-allowed'
  return by !== null && !terms.by.includes(by) ? 'person-not-allowed' : null
}

/** By which ways a pause is allowed. */
export function pauseWays(terms: PauseTerms): readonly PauseMeans[] {
  return terms.type === 'forbidden' ? [] : terms.ways
}

/** The terms in one word. */
export function pauseRight(terms: PauseTerms): PauseRight {
  return terms.type
}
