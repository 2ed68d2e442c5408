import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { AuditWordKind } from '../../domain/audit/audit-words.ts'
import { type AuditFilter, EVERY_ENTRY } from '../../ports/audit-log.ts'
import { boundedName } from './bounded-name.ts'
import { searchKey } from './search-key.ts'
import type { Tx } from './sql-database.ts'

type Asked = Required<AuditFilter>
type Condition = RawBuilder<SqlBool>

/** What a question comes to: the word from which the entries are reached, or none, and what must hold of `entry` besides. */
export interface AuditQuestion {
  readonly word: { readonly kind: AuditWordKind; readonly value: Uint8Array } | null
  readonly conditions: readonly Condition[]
}

/**
 * The filter as conditions on `entry`, of which one index alone can serve the first, in the order of the positions. The others are
 * written so that no index fits them: without statistics the databases would choose one by chance, and sort what it gives.
 */
export async function auditQuestion(tx: Tx, asked: AuditFilter): Promise<AuditQuestion> {
  const filter = { ...EVERY_ENTRY, ...asked }
  const [word = null, ...moreWords] = wordsOf(filter)
  const columns = columnsOf(filter)
  const driver = word === null ? columns[0] : undefined
  const others = columns.filter((column) => column !== driver)
  const { actions, chain, from, to } = filter
  const spanned = word === null && driver === undefined
  return {
    word,
    conditions: [
      ...(driver === undefined ? [] : [sql<SqlBool>`${driver.column} = ${driver.value}`]),
      ...(spanned ? await positionsOf(tx, from, to) : []),
      ...moreWords.map(({ kind, value }) => sql<SqlBool>`exists (select 1 from audit_words as other where other.kind = ${kind} and other.value = ${value} and other.position = entry.position)`),
      ...others.map(({ column, value }) => sql<SqlBool>`coalesce(${column}, '') = ${value}`),
      // Of few chains each is long: never the way to the entries.
      ...(chain === null ? [] : [sql<SqlBool>`coalesce(entry.chain, '') = ${chain}`]),
      ...(actions === null ? [] : [sql<SqlBool>`coalesce(entry.action, '') in (${sql.join(actions)})`]),
      ...(from === null ? [] : [sql<SqlBool>`${sql.ref('entry.at')} + 0 >= ${from.getTime()}`]),
      ...(to === null ? [] : [sql<SqlBool>`${sql.ref('entry.at')} + 0 < ${to.getTime()}`]),
    ],
  }
}

/** From the rarest to the most common, as far as that is known beforehand. */
function wordsOf({ recordingId, customerId, number, interactionId, address, reason }: Asked): readonly { readonly kind: AuditWordKind; readonly value: Uint8Array }[] {
  const asked = [['recording', recordingId], ['customer', customerId], ['number', number], ['interaction', interactionId], ['address', address], ['reason', reason]] as const
  return asked.flatMap(([kind, value]) => value === null ? [] : [{ kind, value: searchKey(value) }])
}

function columnsOf({ objectId, actorId, action, actions, outcome, objectType, actorType }: Asked): readonly { readonly column: RawBuilder<unknown>; readonly value: string }[] {
  const asked = [
    ['entry.object_id', objectId === null ? null : boundedName(objectId)],
    ['entry.actor_id', actorId === null ? null : boundedName(actorId)],
    ['entry.action', action ?? (actions?.length === 1 ? actions[0] ?? null : null)],
    ['entry.outcome', outcome],
    ['entry.object_type', objectType],
    ['entry.actor_type', actorType],
  ] as const
  return asked.flatMap(([column, value]) => value === null ? [] : [{ column: sql.ref(column), value }])
}

/** Where in the order of positions a span of time lies: entries come nearly in the order of their times, but a node may tell hours later. */
async function positionsOf(tx: Tx, from: Date | null, to: Date | null): Promise<readonly Condition[]> {
  if (from === null && to === null) return []
  let span = tx.selectFrom('audit_entries').select((select) => [select.fn.min('position').as('least'), select.fn.max('position').as('most')])
  if (from !== null) span = span.where('at', '>=', from.getTime())
  if (to !== null) span = span.where('at', '<', to.getTime())
  const { least, most } = await span.executeTakeFirstOrThrow()
  return [sql<SqlBool>`${sql.ref('entry.position')} between ${least ?? 0} and ${most ?? -1}`]
}
