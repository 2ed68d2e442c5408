import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { AuditFilter } from '../../ports/audit-log.ts'
import { boundedName } from './bounded-name.ts'
import type { Tx } from './sql-database.ts'

type Conditions = readonly RawBuilder<SqlBool>[]

/**
 * The filter as conditions on `entry`, of which one index alone can serve the first, in the order of the positions. The others are
 * written so that no index fits them: without statistics the databases would choose one by chance, and sort what it gives.
 */
export async function auditConditions(tx: Tx, { objectId, actorId, action, from, to }: AuditFilter): Promise<Conditions> {
  // From the rarest to the most common, as far as that is known beforehand.
  const [driver, ...others] = [
    ...(objectId === null ? [] : [{ column: sql.ref('entry.object_id'), value: boundedName(objectId) }]),
    ...(actorId === null ? [] : [{ column: sql.ref('entry.actor_id'), value: boundedName(actorId) }]),
    ...(action === null ? [] : [{ column: sql.ref('entry.action'), value: action }]),
  ]
  return [
    ...(driver === undefined ? await positionsOf(tx, from, to) : [sql<SqlBool>`${driver.column} = ${driver.value}`]),
    ...others.map(({ column, value }) => sql<SqlBool>`coalesce(${column}, '') = ${value}`),
    ...(from === null ? [] : [sql<SqlBool>`${sql.ref('entry.at')} + 0 >= ${from.getTime()}`]),
    ...(to === null ? [] : [sql<SqlBool>`${sql.ref('entry.at')} + 0 < ${to.getTime()}`]),
  ]
}

/** Where in the order of positions a span of time lies: entries come nearly in the order of their times, but a node may tell hours later. */
async function positionsOf(tx: Tx, from: Date | null, to: Date | null): Promise<Conditions> {
  if (from === null && to === null) return []
  let span = tx.selectFrom('audit_entries').select((select) => [select.fn.min('position').as('least'), select.fn.max('position').as('most')])
  if (from !== null) span = span.where('at', '>=', from.getTime())
  if (to !== null) span = span.where('at', '<', to.getTime())
  const { least, most } = await span.executeTakeFirstOrThrow()
  return [sql<SqlBool>`${sql.ref('entry.position')} between ${least ?? 0} and ${most ?? -1}`]
}
