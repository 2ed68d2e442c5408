import { type RawBuilder, sql } from 'kysely'
import type { ReportRow } from '../../domain/reports/report.ts'
import { countIf, dayOf, everythingAsked, type TemplateParts } from './report-parts.ts'
import type { Tx } from './sql-database.ts'

const AT = sql`e.at`
const ENTRIES = sql`audit_entries as e`
const DONE = sql`e.outcome = 'ok'`
const STEP = sql`json_extract(e.details_json, '$.step')`
/** A destruction stands in two entries, that it was decided and that it was carried out; an erasure besides in one for each chain, without a step. */
const DONE_TO_ITS_END = sql`${DONE} and coalesce(${STEP}, '') not in ('decided', '"decided"') and not (e.action = 'subject.erased' and ${STEP} is null)`

/** Templates that tell of every partition: of the audit and of the coverage ledger. */
export const PARTS_OF_AUDIT: TemplateParts<'access' | 'retention' | 'retention-runs' | 'coverage'> = {
  access: (question) => ({
    // The name stands in a place of its own, as that of units does.
    keys: [sql`e.actor_type`, sql`e.actor_id`, sql`null`],
    figures: [
      // Counting is told apart: whoever looks at a page and its total has searched once.
      countIf(sql`e.action = 'recordings.searched' and e.object_id <> 'count' and ${DONE}`),
      countIf(sql`e.action = 'playback.begun' and ${DONE}`),
      // Of a playback that is over: how much was sent stands in its entry, in seconds.
      sql`sum(case when e.action = 'playback.ended' then json_extract(e.details_json, '$.seconds') * 1000 else 0 end)`,
      // What is exported in pieces is told at its beginning and at its end.
      countIf(sql`e.action in ('recording.exported', 'export.fetched', 'audit.exported', 'report.exported') and ${DONE} and coalesce(json_extract(e.details_json, '$.part'), '') not in ('ended', '"ended"')`),
      countIf(sql`e.outcome = 'refused'`),
    ],
    from: ENTRIES,
    where: [...everythingAsked(question, AT), sql`e.actor_type in ('user', 'token', 'cli')`],
    finish: withActorNames,
  }),
  retention: (question) => ({
    keys: [dayOf(question, AT), sql`e.action`],
    figures: [countIf(DONE_TO_ITS_END), countIf(sql`e.outcome = 'refused'`), countIf(sql`e.outcome = 'failed'`)],
    from: ENTRIES,
    where: [...everythingAsked(question, AT), sql`e.action in ('retention.planned', 'retention.begun', 'retention.ended', 'retention.changed', 'recording.archived', 'recording.purged', 'recording.deleted', 'subject.erased')`],
  }),
  'retention-runs': (question) => ({
    keys: [dayOf(question, AT), sql`e.object_id`],
    figures: [
      sql`count(d.position)`, ...['purge', 'purgeBytes', 'archive', 'archiveBytes'].map((name) => sumOf('e', name)), ...['purged', 'archived'].map((name) => sumOf('d', name)),
    ],
    // Found by the index over objects; a run ends once.
    from: sql`${ENTRIES} left join audit_entries as d on d.object_id = e.object_id and d.action = 'retention.ended'`,
    where: [...everythingAsked(question, AT), sql`e.action = 'retention.begun'`],
  }),
  coverage: (question) => ({
    keys: [dayOf(question, sql`x.from_at`)],
    figures: [
      sql`count(*)`, sql`count(x.settled_at)`, countIf(sql`x.to_at is not null and x.settled_at is null`), countIf(sql`x.to_at is null`),
      countIf(sql`x.missing_ms > 0`), sql`sum(x.wanted_ms)`, sql`sum(x.covered_ms)`, sql`sum(x.missing_ms)`,
    ],
    from: sql`coverage_expectations as x`,
    where: everythingAsked(question, sql`x.from_at`),
  }),
}

/** What a user is called and a token's label, beside the id: who reads the report knows people by no digits. Of people whom an identity provider alone knows, and of the console, there is none. */
async function withActorNames(tx: Tx, rows: readonly ReportRow[]): Promise<readonly ReportRow[]> {
  const idsOf = (type: string): readonly string[] => rows.flatMap(([actorType, id]) => actorType === type && typeof id === 'string' ? [id] : [])
  const [users, tokens] = [idsOf('user'), idsOf('token')]
  const named = users.length === 0 ? [] : await tx.selectFrom('users').select(['id', 'name']).where('id', 'in', users).execute()
  const labelled = tokens.length === 0 ? [] : await tx.selectFrom('tokens').select(['id', 'label']).where('id', 'in', tokens).execute()
  const names = new Map<string, string>()
  for (const { id, name } of named) names.set(`user ${id}`, name)
  for (const { id, label } of labelled) names.set(`token ${id}`, label)
  return rows.map(([type = null, id = null, , ...figures]) => [type, id, names.get(`${String(type)} ${String(id)}`) ?? null, ...figures])
}

/** A number among the details of entries, added up. */
function sumOf(alias: 'e' | 'd', name: string): RawBuilder<unknown> {
  return sql`sum(json_extract(${sql.ref(`${alias}.details_json`)}, ${sql.lit(`$.${name}`)}))`
}
