/** Wrong passwords in a row, of one user. */
export interface SignInAttempts {
  readonly count: number
  readonly lastAt: Date
  /** Until then no password is right; `null`: it may be tried. */
  readonly lockedUntil: Date | null
}

export const NO_ATTEMPTS: SignInAttempts = { count: 0, lastAt: new Date(0), lockedUntil: null }

/** Somebody who mistypes needs no more. A guess, as OWASP's. Source: OWASP Authentication Cheat Sheet, Account Lockout */
export const FREE_ATTEMPTS = 5
const FIRST_LOCK_MS = 30_000
/** Longer would let a stranger who knows a name keep its owner out; 96 guesses a day are no danger to 12 characters. */
const LONGEST_LOCK_MS = 15 * 60_000
/** After a quiet day it begins anew. */
const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000

/** Whether a password may be tried now. */
export function isLocked({ lockedUntil }: SignInAttempts, now: Date): boolean {
  return lockedUntil !== null && lockedUntil > now
}

/** One more attempt that counts as wrong until it was found right. While it is locked nothing is counted: nobody prolongs a lock from outside. */
export function attempted(before: SignInAttempts, now: Date): SignInAttempts {
  if (isLocked(before, now)) return before
  const count = now.getTime() - before.lastAt.getTime() > FORGOTTEN_AFTER_MS ? 1 : before.count + 1
  return { count, lastAt: now, lockedUntil: count < FREE_ATTEMPTS ? null : new Date(now.getTime() + lockMs(count)) }
}

function lockMs(count: number): number {
  return Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** Math.min(count - FREE_ATTEMPTS, 10))
}
