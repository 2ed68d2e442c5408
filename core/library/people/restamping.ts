import type { AuditDraft } from '../../domain/audit-entry.ts'
import type { PeopleStore, Restamp } from '../../ports/people-store.ts'
import type { Clock } from '../../ports/runtime.ts'

/** Some ten milliseconds of a database's time: what waits for the tree meanwhile does not notice. A guess. */
const AT_ONCE = 500

/**
 * Looks at recordings again after a correction of the tree, until nothing is left or the signal comes: what was looked at stays looked at, and
 * the next run goes on there.
 * @throws HoldfastError `STORE_FAILED` (retry)
 */
export async function restampAll({ people, clock }: { readonly people: PeopleStore; readonly clock: Clock }, signal: AbortSignal, told: (now: Restamp) => void = () => undefined): Promise<Restamp | null> {
  let last: Restamp | null = null
  while (!signal.aborted) {
    const now = await people.restampSome(AT_ONCE, (done) => auditOf(done, clock.now()))
    if (now === null) return last
    told(now)
    last = now
    if (now.share === 1) return now
  }
  return last
}

function auditOf({ from, askedAt, looked, changed }: Restamp, at: Date): AuditDraft {
  return {
    at, actor: { type: 'system', id: 'organisation' }, action: 'org.changed', object: { type: 'unit', id: 'all' }, outcome: 'ok', reason: 'restamped',
    details: { change: 'recordings', from: from.toISOString(), askedAt: askedAt.toISOString(), looked, changed }, personal: {},
  }
}
