import type { Compilable } from 'kysely'
import type { UnitId } from '../../domain/ids.ts'
import { type Organisation, unitsOfAgents } from '../../domain/organisation.ts'
import type { Recording } from '../../domain/recording.ts'
import { onTimeLine } from '../../domain/time-line.ts'
import { memberOf, placeOf } from './people-rows.ts'
import type { UnitRow } from './people-tables.ts'
import { shared, together } from './portable.ts'
import { searchKey } from './search-key.ts'
import { UNIT_SCOPE } from './search-pairs.ts'
import type { AccessRow } from './search-tables.ts'
import type { Tx } from './sql-database.ts'

/** What tells whose units reach a recording: who was heard in it, and when it began, by our clock. */
export interface Stamped {
  readonly id: number
  readonly agents: readonly string[]
  readonly at: Date
}

export function stamped(recording: Recording): Stamped {
  return { id: Number(recording.id), agents: agentsOf(recording), at: onTimeLine(recording, recording.startedAt) }
}

/** Whether a change of a recording may change its units. */
export function isStampedAnew(before: Recording, after: Recording): boolean {
  return before.parties !== after.parties || before.startedAt.getTime() !== after.startedAt.getTime() || before.clockOffsetMs !== after.clockOffsetMs
}

/** What is to be written so that exactly the units of the tree as it stands reach these recordings. */
export async function stamps(tx: Tx, recordings: readonly Stamped[]): Promise<{ readonly queries: readonly Compilable[]; readonly changed: number }> {
  if (recordings.length === 0) return { queries: [], changed: 0 }
  const organisation = await organisationOf(tx, [...new Set(recordings.flatMap(({ agents }) => agents))])
  const had = await tx.selectFrom('access').select(['id', 'value']).where('id', 'in', recordings.map(({ id }) => id)).where('scope', '=', UNIT_SCOPE).execute()
  const known = Map.groupBy(had, ({ id }) => id)
  const differences = recordings.map((recording) => difference(recording.id, { had: known.get(recording.id) ?? [], has: unitsOfAgents(organisation, recording.agents, recording.at) }))
  const gained = differences.flatMap((each) => each.gained)
  return {
    queries: [
      ...differences.flatMap(({ lost }) => lost).map((row) => tx.deleteFrom('access').where('scope', '=', row.scope).where('value', '=', row.value).where('id', '=', row.id)),
      ...(gained.length === 0 ? [] : [tx.insertInto('access').values(gained)]),
    ],
    changed: differences.filter(({ gained: more, lost }) => more.length + lost.length > 0).length,
  }
}

function agentsOf({ parties }: Recording): readonly string[] {
  return [...new Set(parties.flatMap(({ agent }) => agent?.normalize('NFC') ?? []))]
}

function difference(id: number, { had, has }: { readonly had: readonly { readonly value: Uint8Array }[]; readonly has: readonly UnitId[] }): { readonly gained: readonly AccessRow[]; readonly lost: readonly AccessRow[] } {
  const wanted = new Set<string>(has)
  const names = new Set(had.map(({ value }) => Buffer.from(value).toString('utf8')))
  return {
    gained: has.filter((unit) => !names.has(unit)).map((unit) => ({ scope: UNIT_SCOPE, value: searchKey(unit), id })),
    lost: had.filter(({ value }) => !wanted.has(Buffer.from(value).toString('utf8'))).map(({ value }) => ({ scope: UNIT_SCOPE, value, id })),
  }
}

/** The part of the organisation that is about these agents. Whoever changes the organisation waits until what was written by it stands. */
async function organisationOf(tx: Tx, agents: readonly string[]): Promise<Organisation> {
  if (agents.length === 0) return { places: [], members: [] }
  const [, members] = await together(tx, [
    shared(tx, tx.selectFrom('organisation_state').select('version')),
    tx.selectFrom('unit_members').selectAll().where('agent', 'in', agents.map((agent) => searchKey(agent))),
  ])
  return { members: members.map(memberOf), places: (await branches(tx, members.map((row) => row.unit_id))).map(placeOf) }
}

/** The units and all that ever were above them. */
async function branches(tx: Tx, units: readonly string[]): Promise<readonly UnitRow[]> {
  const rows: UnitRow[] = []
  const asked = new Set<string>()
  for (let next = [...new Set(units)]; next.length > 0;) {
    for (const unit of next) asked.add(unit)
    const found = await tx.selectFrom('units').selectAll().where('id', 'in', next).execute()
    rows.push(...found)
    next = [...new Set(found.flatMap((row) => row.parent_id ?? []))].filter((unit) => !asked.has(unit))
  }
  return rows
}
