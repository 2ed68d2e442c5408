/** What came of trying a backup of an identity on stored recordings. Kept, so that "never tried" can be told. */
export interface KeyCheck {
  /** Whose identity was tried. */
  readonly recipient: string
  readonly checkedAt: Date
  /** Who tried it, as `type:id`. */
  readonly by: string
  /** Recordings that were drawn. */
  readonly sampled: number
  /** Those of them that it opened: header and last chunk. */
  readonly opened: number
  /** Those that are not sealed to it. */
  readonly foreign: number
  /** Those that are sealed to it, and that it did not open. */
  readonly failed: number
}

export const CHECK_VERDICTS = ['passed', 'failed', 'nothing-tried'] as const
/** `passed`: it opened all that is sealed to it in the sample, and there was something. */
export type CheckVerdict = (typeof CHECK_VERDICTS)[number]

export function verdictOf({ opened, failed }: Pick<KeyCheck, 'opened' | 'failed'>): CheckVerdict {
  if (failed > 0) return 'failed'
  return opened > 0 ? 'passed' : 'nothing-tried'
}
