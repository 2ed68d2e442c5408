import type { Compilable } from 'kysely'
import { FORGOTTEN_AFTER_MS, KNOWN_FOR_MS, NO_ATTEMPTS, type SignInAttempts, type SignInTries } from '../../domain/sign-in-attempts.ts'
import type { AttemptsKey } from '../../ports/sign-in-store.ts'
import { insertIfAbsent, locked } from './portable.ts'
import type { SignInAttemptsRow } from './sign-in-tables.ts'
import type { Tx } from './sql-database.ts'

/** Counts within the transaction. @returns what stood before */
export async function changeTries(tx: Tx, { who, network }: AttemptsKey, plan: (before: SignInTries) => SignInTries): Promise<SignInTries> {
  const [first, second] = [who, `${who}/${network}`]
  const before = { strangers: await held(tx, first), here: await held(tx, second) }
  const after = plan(before)
  // Written also when nothing changes: a lock must not be told by its time.
  for (const [key, attempts] of [[first, after.strangers], [second, after.here]] as const) await tx.updateTable('sign_in_attempts').set(attemptsRow(key, attempts)).where('attempt_key', '=', key).execute()
  if (before.here.count === 0 && before.here.signedInAt === null) await tidy(tx, { who, here: second, after: after.here })
  return before
}

/** Nothing is counted of her any more; the networks that are hers stay so. */
export async function forgiveTries(tx: Tx, who: string): Promise<void> {
  await tx.deleteFrom('sign_in_attempts').where('attempt_key', '=', who).execute()
  await tx.deleteFrom('sign_in_attempts').where('attempt_key', '>', `${who}/`).where('attempt_key', '<', afterAll(who)).where('signed_in_at', 'is', null).execute()
  await tx.updateTable('sign_in_attempts').set({ attempts: 0, locked_until: null }).where('attempt_key', '>', `${who}/`).where('attempt_key', '<', afterAll(who)).execute()
}

/** As if she had never tried. */
export function forgettingTries(tx: Tx, who: string): readonly Compilable[] {
  return [
    tx.deleteFrom('sign_in_attempts').where('attempt_key', '=', who),
    tx.deleteFrom('sign_in_attempts').where('attempt_key', '>', `${who}/`).where('attempt_key', '<', afterAll(who)),
  ]
}

/** The row is there before it is held: of two who find none, both would go on. */
async function held(tx: Tx, key: string): Promise<SignInAttempts> {
  await insertIfAbsent(tx, tx.insertInto('sign_in_attempts').values(attemptsRow(key, NO_ATTEMPTS)), { attempt_key: key }).execute()
  const row = await locked(tx, tx.selectFrom('sign_in_attempts').selectAll().where('attempt_key', '=', key)).executeTakeFirstOrThrow()
  return { count: row.attempts, lastAt: new Date(row.last_at), lockedUntil: dateOf(row.locked_until), signedInAt: dateOf(row.signed_in_at) }
}

/** A row comes in only by an attempt that counts, and those that count for nothing any more go: whoever has many networks fills no table. */
async function tidy(tx: Tx, { who, here, after }: { readonly who: string; readonly here: string; readonly after: SignInAttempts }): Promise<void> {
  if (after.count === 0 && after.signedInAt === null) {
    await tx.deleteFrom('sign_in_attempts').where('attempt_key', '=', here).execute()
    return
  }
  const now = after.lastAt.getTime()
  await tx.deleteFrom('sign_in_attempts').where('attempt_key', '>', `${who}/`).where('attempt_key', '<', afterAll(who)).where('last_at', '<', now - FORGOTTEN_AFTER_MS)
    .where((where) => where.or([where('signed_in_at', 'is', null), where('signed_in_at', '<', now - KNOWN_FOR_MS)])).execute()
}

/** Behind every `who/…`: `0` follows `/`. */
function afterAll(who: string): string {
  return `${who}0`
}

function attemptsRow(key: string, { count, lastAt, lockedUntil, signedInAt }: SignInAttempts): SignInAttemptsRow {
  return { attempt_key: key, attempts: count, last_at: lastAt.getTime(), locked_until: lockedUntil?.getTime() ?? null, signed_in_at: signedInAt?.getTime() ?? null }
}

function dateOf(at: number | null): Date | null {
  return at === null ? null : new Date(at)
}
