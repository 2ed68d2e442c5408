import { type RawBuilder, sql } from 'kysely'
import { isAttachedKey } from '../../domain/attached-data.ts'
import type { AccessScope, RecordingFilter } from '../../ports/recording-repository.ts'
import { recordingIdRange } from '../../domain/recording-id.ts'
import { partitionAncestors } from '../../domain/partition.ts'
import { MAX_ID_LEAD_MS } from './recording-id-mint.ts'
import { searchKey } from './search-key.ts'
import { AGENT_SCOPE, FIELD_KEYS, PARTITION_SCOPE, UNIT_SCOPE } from './search-pairs.ts'

/** Longest time between the minting of an id and the start of its recording: a caller waits in no queue for more than a day. A guess. */
export const MAX_LATE_START_MS = 24 * 60 * 60 * 1000
/** An id runs ahead of the start by the mint's lead at most, and by what the PBX's clock differs from ours. */
const MAX_EARLY_START_MS = MAX_ID_LEAD_MS + 60_000

/** A condition that an index answers with ids in order. `bound` ties it to the ids of the condition that drives the query. */
export interface Condition {
  readonly table: RawBuilder<unknown>
  holds(alias: string): RawBuilder<unknown>
}

/** One conjunction: all its conditions must hold, and what is asked of the recording's own columns. */
export interface Conjunction {
  readonly conditions: readonly Condition[]
  readonly columns: readonly RawBuilder<unknown>[]
  /** What `columns` ask of the length, once more: an index answers it, with ids in no order; `null`: nothing. */
  readonly length: Condition | null
  readonly range: IdRange
}

/** Ids in `[least, beyond)`. */
export interface IdRange {
  readonly least: number
  readonly beyond: number
}

/** The question as conjunctions whose answers together, each recording once, are the answer. */
export function conjunctionsOf(filter: RecordingFilter, scope: AccessScope, options: { readonly before: number | null; readonly interactionIds: readonly string[] | null }): readonly Conjunction[] {
  // Our own fields lie beside the attached data, under keys that no attached data can have.
  if (!filter.attached.every(({ key }) => isAttachedKey(key))) return []
  const always = [
    ...pairsOf(filter).map(([key, value]) => pair(key, value)),
    ...(filter.partitionUnder === null ? [] : [within(filter.partitionUnder)]),
  ]
  const scopes = scopeConditions(scope)
  const states = filter.states === null ? [[]] : filter.states.map((state) => [column('state', state)])
  const interactions = options.interactionIds === null ? [[]] : options.interactionIds.map((id) => [column('interaction_id', id)])
  const range = idRange(filter, options.before)
  const columns = ownColumns(filter)
  const length = lengthCondition(filter)
  // What stands first drives where nothing is known to be rarer.
  return interactions.flatMap((interaction) => states.flatMap((state) => scopes.map((reached) => (
    { conditions: [...interaction, ...always, ...reached, ...state], columns, length, range }
  ))))
}

/** One alternative per path and unit, none for nobody. A path below another one of the scope adds nothing. */
function scopeConditions(scope: AccessScope): readonly (readonly Condition[])[] {
  if (scope.type === 'none') return []
  if (scope.type === 'all') return [[]]
  if (scope.type === 'agent') return [[reached(AGENT_SCOPE, scope.agent)]]
  const paths = new Set(scope.partitions)
  const topmost = [...paths].filter((path) => !partitionAncestors(path).some((ancestor) => ancestor !== path && paths.has(ancestor)))
  return [...topmost.map((path) => [within(path)]), ...[...new Set(scope.units)].map((unit) => [reached(UNIT_SCOPE, unit)])]
}

function pairsOf(filter: RecordingFilter): readonly (readonly [string, string])[] {
  const fields = [[FIELD_KEYS.caller, filter.caller], [FIELD_KEYS.callee, filter.callee], [FIELD_KEYS.agent, filter.agent], [FIELD_KEYS.queue, filter.queue], [FIELD_KEYS.label, filter.label]] as const
  return [
    ...fields.flatMap(([key, value]) => value === null ? [] : [[key, value] as const]),
    ...filter.attached.map(({ key, value }) => [key, value] as const),
  ]
}

function pair(key: string, value: string): Condition {
  return {
    table: sql.table('attached'),
    holds: (alias) => sql`${sql.ref(`${alias}.k`)} = ${key} and ${sql.ref(`${alias}.v`)} = ${searchKey(value)}`,
  }
}

function within(path: string): Condition {
  return reached(PARTITION_SCOPE, path)
}

function reached(scope: string, value: string): Condition {
  return {
    table: sql.table('access'),
    holds: (alias) => sql`${sql.ref(`${alias}.scope`)} = ${scope} and ${sql.ref(`${alias}.value`)} = ${searchKey(value)}`,
  }
}

function column(name: 'state' | 'interaction_id', value: string): Condition {
  return { table: sql.table('recordings'), holds: (alias) => sql`${sql.ref(`${alias}.${name}`)} = ${value}` }
}

/** Questions to the row itself, under the alias `r`. */
function ownColumns(filter: RecordingFilter): readonly RawBuilder<unknown>[] {
  const { startedFrom, startedTo, site, rule, transferred, paused } = filter
  return [
    ...(startedFrom === null ? [] : [sql`${sql.ref('r.started_at')} >= ${startedFrom.getTime()}`]),
    ...(startedTo === null ? [] : [sql`${sql.ref('r.started_at')} < ${startedTo.getTime()}`]),
    ...lengthBounds(filter, 'r'),
    ...(site === null ? [] : [sql`${sql.ref('r.site')} = ${site}`]),
    ...(rule === null ? [] : [sql`${sql.ref('r.rule')} = ${rule}`]),
    ...(transferred === null ? [] : [has('transfers', transferred)]),
    ...(paused === null ? [] : [has('pauses', paused)]),
  ]
}

function lengthCondition(filter: RecordingFilter): Condition | null {
  if (filter.minDurationMs === null && filter.maxDurationMs === null) return null
  return { table: sql.table('recordings'), holds: (alias) => sql.join(lengthBounds(filter, alias), sql` and `) }
}

function lengthBounds({ minDurationMs, maxDurationMs }: RecordingFilter, alias: string): readonly RawBuilder<unknown>[] {
  const length = sql.ref(`${alias}.duration_ms`)
  return [...(minDurationMs === null ? [] : [sql`${length} >= ${minDurationMs}`]), ...(maxDurationMs === null ? [] : [sql`${length} <= ${maxDurationMs}`])]
}

/** By the first part of the table's own key. */
function has(children: 'transfers' | 'pauses', wanted: boolean): RawBuilder<unknown> {
  return sql`${sql.raw(wanted ? '' : 'not ')}exists (select 1 from ${sql.table(children)} as some where ${sql.ref('some.recording_id')} = ${sql.ref('r.id')})`
}

/** The ids that a recording of that time can have, below `before`. */
function idRange({ startedFrom, startedTo }: RecordingFilter, before: number | null): IdRange {
  const { least, beyond } = recordingIdsOfTime(startedFrom, startedTo)
  return { least, beyond: before === null ? beyond : Math.min(beyond, before) }
}

/** The ids that recordings can have that began in `[startedFrom, startedTo)`: wider than the time, because an id tells of the minting; `null`: at any time. */
export function recordingIdsOfTime(startedFrom: Date | null, startedTo: Date | null): IdRange {
  const from = startedFrom === null ? new Date(0) : new Date(startedFrom.getTime() - MAX_LATE_START_MS)
  const to = startedTo === null ? null : new Date(startedTo.getTime() + MAX_EARLY_START_MS)
  const { least } = recordingIdRange(from, from)
  return { least, beyond: to === null ? Number.MAX_SAFE_INTEGER : recordingIdRange(to, to).beyond }
}
