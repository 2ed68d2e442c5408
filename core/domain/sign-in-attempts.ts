/** Wrong passwords in a row, of one user: from one network, or from all those that are strange to her. */
export interface SignInAttempts {
  readonly count: number
  /** Of strangers: until when they are forgiven. */
  readonly lastAt: Date
  /** Until then no password is right; `null`: it may be tried. */
  readonly lockedUntil: Date | null
  /** When a password was right here last; `null`: never. */
  readonly signedInAt: Date | null
}

/** What stands against one more attempt. */
export interface SignInTries {
  /** From the network that it comes from. */
  readonly here: SignInAttempts
  /** From all networks from which she has not signed in before. */
  readonly strangers: SignInAttempts
}

export const NO_ATTEMPTS: SignInAttempts = { count: 0, lastAt: new Date(0), lockedUntil: null, signedInAt: null }

/** Somebody who mistypes needs no more. A guess, as OWASP's. Source: OWASP Authentication Cheat Sheet, Account Lockout */
export const FREE_ATTEMPTS = 5
/** Of all strangers together: who travels comes from a few new networks a day, who owns many guesses from each. A guess. */
export const FREE_ATTEMPTS_OF_STRANGERS = 100
/**
 * One attempt of strangers is forgiven each time: three times as fast as one network can make them, so that no single one locks the others out.
 * All of them together have some 400 guesses on the first day, 290 on each other: no danger to 12 characters.
 */
const STRANGER_FORGIVEN_MS = 5 * 60_000
const FIRST_LOCK_MS = 30_000
/** At most some 105 guesses on the first day from one network, 96 on each other. */
const LONGEST_LOCK_MS = 15 * 60_000
/** After a quiet day it begins anew. */
export const FORGOTTEN_AFTER_MS = 24 * 60 * 60_000
/** So long a network stays one of hers: a quarter, as for who is back from a long leave. A guess. */
export const KNOWN_FOR_MS = 90 * 24 * 60 * 60_000

/**
 * Whether no password may be tried from here now. A stranger who knows a name locks his own network, and in the end all that are strange to
 * its owner; not those from which she has signed in, unless he sits in one of them.
 */
export function isLocked({ here, strangers }: SignInTries, now: Date): boolean {
  return isShut(here, now) || (!isKnown(here, now) && isShut(strangers, now))
}

/** One more attempt that counts as wrong until it was found right. While it is locked nothing is counted: nobody prolongs a lock from outside. */
export function attempted(before: SignInTries, now: Date): SignInTries {
  if (isLocked(before, now)) return before
  const { here, strangers } = before
  return { here: counted(here, now), strangers: isKnown(here, now) ? strangers : countedOfStrangers(strangers, now) }
}

/** The attempt that was counted last was right. What others tried from elsewhere is not forgiven: nobody guesses in the shadow of its owner. */
export function accepted({ here, strangers }: SignInTries, now: Date): SignInTries {
  return {
    here: { ...NO_ATTEMPTS, lastAt: now, signedInAt: now },
    strangers: isKnown(here, now) ? strangers : { ...strangers, count: Math.max(0, strangers.count - 1) },
  }
}

function isKnown({ signedInAt }: SignInAttempts, now: Date): boolean {
  return signedInAt !== null && now.getTime() - signedInAt.getTime() <= KNOWN_FOR_MS
}

function isShut({ lockedUntil }: SignInAttempts, now: Date): boolean {
  return lockedUntil !== null && lockedUntil > now
}

function counted(before: SignInAttempts, now: Date): SignInAttempts {
  const count = now.getTime() - before.lastAt.getTime() > FORGOTTEN_AFTER_MS ? 1 : before.count + 1
  return { ...before, count, lastAt: now, lockedUntil: lockFrom(now, count - FREE_ATTEMPTS) }
}

function countedOfStrangers(before: SignInAttempts, now: Date): SignInAttempts {
  const forgiven = Math.max(0, Math.floor((now.getTime() - before.lastAt.getTime()) / STRANGER_FORGIVEN_MS))
  const count = Math.max(0, before.count - forgiven) + 1
  // What is left of the time counts for the next one.
  const lastAt = count === 1 ? now : new Date(before.lastAt.getTime() + forgiven * STRANGER_FORGIVEN_MS)
  return { ...before, count, lastAt, lockedUntil: lockFrom(now, count - FREE_ATTEMPTS_OF_STRANGERS) }
}

function lockFrom(now: Date, beyond: number): Date | null {
  return beyond < 0 ? null : new Date(now.getTime() + Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** Math.min(beyond, 10)))
}
