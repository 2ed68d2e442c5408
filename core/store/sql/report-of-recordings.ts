import { type RawBuilder, sql } from 'kysely'
import type { ReportRow } from '../../domain/reports/report.ts'
import { countIf, dayOf, lengthOf, type PartsOf, type ReportParts, recordingsAsked, type TemplateParts } from './report-parts.ts'
import { UNIT_SCOPE } from './search-pairs.ts'
import type { Tx } from './sql-database.ts'

const STARTED = sql`r.started_at`
const RECORDINGS = sql`recordings as r`
/** One who waited and was never answered did not talk. */
const TALK = sql`case when r.answered_at is null then null else ${lengthOf(sql`r.answered_at`, sql`r.ended_at`)} end`
const FIGURES = [
  sql`count(*)`,
  countIf(sql`r.state in ('requested', 'recording', 'paused', 'stopped', 'ingesting')`),
  countIf(sql`r.state in ('stored', 'archived')`),
  countIf(sql`r.state = 'not-recorded'`),
  countIf(sql`r.state = 'failed'`),
  countIf(sql`r.state = 'purged'`),
  sql`sum(${TALK})`,
  sql`sum(r.duration_ms)`,
]

const PAUSE_END = sql`coalesce(p.resumed_at, r.ended_at)`
const PAUSED = lengthOf(sql`p.effective_at`, PAUSE_END)
/** The name under which capture ends pauses by itself: core/capture/pauses/pause-limit.ts. */
const BY_LIMIT = sql`coalesce(p.resume_by, '') = 'pause-limit'`
const OVERRUN = sql`exists (select 1 from findings as f where f.recording_id = p.recording_id and f.code = 'pause-overrun' and json_extract(f.details_json, '$.pause') = p.pause_index)`

/** Templates that count recordings. */
export const PARTS_OF_RECORDINGS: TemplateParts<'recordings-by-day' | 'recordings-by-unit' | 'recordings-by-agent' | 'recordings-by-rule' | 'pauses' | 'storage' | 'findings'> = {
  'recordings-by-day': (question) => ({ keys: [dayOf(question, STARTED)], figures: FIGURES, from: RECORDINGS, where: recordingsAsked(question) }),
  'recordings-by-unit': (question) => ({
    // The name stands in a place of its own: looked up for each recording it would cost more than all the rest.
    keys: [sql`a.value`, sql`null`], figures: FIGURES, where: recordingsAsked(question), totalsFrom: RECORDINGS,
    from: sql`${RECORDINGS} left join access as a on a.id = r.id and a.scope = ${UNIT_SCOPE}`,
    finish: withUnitNames,
  }),
  'recordings-by-agent': by(sql`r.agent`),
  'recordings-by-rule': by(sql`r.rule`),
  pauses: (question) => ({
    keys: [sql`r.agent`],
    figures: [
      sql`count(distinct r.id)`, sql`count(*)`, sql`sum(${PAUSED})`, sql`max(${PAUSED})`,
      countIf(BY_LIMIT), countIf(OVERRUN), countIf(sql`${BY_LIMIT} or ${OVERRUN}`),
    ],
    from: sql`${RECORDINGS} join pauses as p on p.recording_id = r.id`,
    where: [...recordingsAsked(question), sql`p.effective_at is not null`],
  }),
  storage: (question) => ({
    // A blob in a named store begins with its name, and every other one with a digit: core/domain/blob-place.ts.
    keys: [sql`r.retention_class`, sql`case when m.payload_name >= 'a' then substr(m.payload_name, 1, instr(m.payload_name, '.') - 1) end`],
    figures: [sql`count(*)`, sql`sum(m.duration_ms)`, sql`sum(m.payload_size_bytes)`],
    from: sql`${RECORDINGS} join media as m on m.recording_id = r.id`,
    where: [...recordingsAsked(question), sql`r.state in ('stored', 'archived')`],
  }),
  findings: (question) => ({
    keys: [sql`f.code`],
    figures: [sql`count(distinct r.id)`, sql`count(*)`],
    from: sql`${RECORDINGS} join findings as f on f.recording_id = r.id`,
    where: recordingsAsked(question),
  }),
}

function by(key: RawBuilder<unknown>): PartsOf {
  return (question): ReportParts => ({ keys: [key], figures: FIGURES, from: RECORDINGS, where: recordingsAsked(question) })
}

/** The name that each unit had last, beside its id. */
async function withUnitNames(tx: Tx, rows: readonly ReportRow[]): Promise<readonly ReportRow[]> {
  const ids = rows.flatMap(([id]) => typeof id === 'string' ? [id] : [])
  if (ids.length === 0) return rows
  const units = await tx.selectFrom('units').select(['id', 'name']).where('id', 'in', ids).orderBy('from_at').execute()
  const names = new Map(units.map(({ id, name }) => [id, name]))
  return rows.map(([id = null, , ...figures]) => [id, names.get(String(id)) ?? null, ...figures])
}
