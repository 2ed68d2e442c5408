export const CHECK_STATUSES = ['ok', 'warn', 'fail'] as const
/** `warn`: it works, and something is worth knowing or cannot be told from here. `fail`: calls are lost, unheard or unsafe until it is mended. */
export type CheckStatus = (typeof CHECK_STATUSES)[number]

/** One thing that was looked at. */
export interface Check {
  /** What it is about: `pbx main`, `keys`, `machine`. */
  readonly subject: string
  readonly status: CheckStatus
  /** What was found, in one sentence. */
  readonly found: string
  /** What to do; `null` when nothing. */
  readonly advice: string | null
}

/** The checks of one subject. */
export function checksOf(subject: string): {
  readonly ok: (found: string) => Check
  readonly warn: (found: string, advice: string) => Check
  readonly fail: (found: string, advice: string) => Check
} {
  return {
    ok: (found) => ({ subject, status: 'ok', found, advice: null }),
    warn: (found, advice) => ({ subject, status: 'warn', found, advice }),
    fail: (found, advice) => ({ subject, status: 'fail', found, advice }),
  }
}

/** The worst of all; `ok` for none. */
export function worstOf(checks: readonly Check[]): CheckStatus {
  const worst = Math.max(0, ...checks.map(({ status }) => CHECK_STATUSES.indexOf(status)))
  return CHECK_STATUSES[worst] ?? 'fail'
}
