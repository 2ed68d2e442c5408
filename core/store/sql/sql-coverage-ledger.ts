import type { ExpressionBuilder, SelectQueryBuilder, SqlBool, Expression } from 'kysely'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import type { CoverageEvidence } from '../../domain/assess-coverage.ts'
import type { Assessment, CoverageGap, ExpectationKey, UnobservedWindow } from '../../domain/coverage.ts'
import { parsePbxId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { CoverageLedger, CoverageRange, CoverageTotals, CoveredLeg, EndedExpectation, OpenExpectations } from '../../ports/coverage-ledger.ts'
import type { AuditChain } from './audit-chain.ts'
import { assessmentOf, coveringOf, endedOf, gapOf, gapRow, keyRow, pausesOf, windowOf } from './coverage-rows.ts'
import type { CoverageGapRow, ExpectationKeyRow, ExpectationRow } from './coverage-tables.ts'
import { coverageTotals } from './coverage-totals.ts'
import { loadRecordings } from './load-recordings.ts'
import { locked } from './portable.ts'
import type { SqlDatabase, Tx } from './sql-database.ts'
import type { Tables } from './tables.ts'

/** Recordings of one leg, or of its interaction: one call has a handful; a loop of transfers may make many. */
const MAX_RECORDINGS = 200
/** Windows that can overlap one leg. */
const MAX_WINDOWS = 200

export class SqlCoverageLedger implements CoverageLedger {
  readonly #database: SqlDatabase
  readonly #chain: AuditChain

  constructor(database: SqlDatabase, chain: AuditChain) {
    this.#database = database
    this.#chain = chain
  }

  async unsettled(limit: number, after: EndedExpectation | null): Promise<readonly EndedExpectation[]> {
    const rows = await this.#database.read((tx) => {
      const query = tx.selectFrom('coverage_expectations').selectAll().where('settled_at', 'is', null).where('to_at', 'is not', null)
        .orderBy('to_at').orderBy('pbx_id').orderBy('channel_id').orderBy('side').orderBy('from_at').limit(limit)
      return (after === null ? query : query.where((where) => behind(where, after))).execute()
    })
    return rows.map(endedOf)
  }

  evidence(ended: EndedExpectation): Promise<CoverageEvidence> {
    return this.#database.read(async (tx) => {
      const recordings = await loadRecordings(tx, await recordingsOf(tx, ended))
      const ids = recordings.map(({ id }) => Number(id))
      const sounds = ids.length === 0 ? [] : await tx.selectFrom('segment_sounds').selectAll().where('recording_id', 'in', ids).execute()
      const { expectation, toAt } = ended
      const windows = await tx.selectFrom('coverage_windows').selectAll().where('pbx_id', '=', expectation.pbxId).where('from_at', '<', toAt.getTime())
        .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', expectation.fromAt.getTime())])).orderBy('from_at').limit(MAX_WINDOWS).execute()
      const own = recordings.filter((recording) => recording.pbxId === expectation.pbxId && !isDeclined(recording)
        && (recording.segments.some(({ channelId }) => channelId === expectation.channelId) || recording.side === expectation.side || recording.origin === 'native'))
      return {
        ...ended,
        recordings: own.map((recording) => coveringOf(recording, expectation, sounds)),
        // A leg whose rule forbids pauses is missed also where another recording of its conversation was paused.
        pauses: own.some(({ decision: { terms, rule } }) => rule === expectation.rule && terms.pause.type === 'forbidden') ? [] : recordings.filter(({ pbxId }) => pbxId === expectation.pbxId).flatMap(pausesOf),
        unobserved: windows.map(windowOf),
      }
    })
  }

  settle(key: ExpectationKey, { assessment, at, audit }: { readonly assessment: Assessment; readonly at: Date; readonly audit: AuditDraft | null }): Promise<readonly CoverageGap[]> {
    const row = keyRow(key)
    return this.#database.change(async (tx) => {
      await locked(tx, ofKey(tx.selectFrom('coverage_expectations').selectAll(), row)).executeTakeFirst()
      const before = await ofGapKey(tx.selectFrom('coverage_gaps').selectAll(), row).orderBy('gap_index').execute()
      await tx.deleteFrom('coverage_gaps').where('pbx_id', '=', row.pbx_id).where('channel_id', '=', row.channel_id).where('side', '=', row.side).where('from_at', '=', row.from_at).execute()
      if (assessment.gaps.length > 0) await tx.insertInto('coverage_gaps').values(assessment.gaps.map((gap, index) => gapRow(row, gap, index))).execute()
      await tx.updateTable('coverage_expectations')
        .set({ settled_at: at.getTime(), wanted_ms: assessment.wantedMs, covered_ms: assessment.coveredMs, missing_ms: assessment.missingMs })
        .where('pbx_id', '=', row.pbx_id).where('channel_id', '=', row.channel_id).where('side', '=', row.side).where('from_at', '=', row.from_at).execute()
      if (audit !== null) await this.#chain.append(tx, [audit])
      return before.map(gapOf)
    })
  }

  markOverdue(key: ExpectationKey, audit: AuditDraft): Promise<boolean> {
    const row = keyRow(key)
    return this.#database.change(async (tx) => {
      const found = await locked(tx, ofKey(tx.selectFrom('coverage_expectations').selectAll(), row)).executeTakeFirst()
      if (found === undefined || found.overdue_at !== null) return false
      await tx.updateTable('coverage_expectations').set({ overdue_at: audit.at.getTime() })
        .where('pbx_id', '=', row.pbx_id).where('channel_id', '=', row.channel_id).where('side', '=', row.side).where('from_at', '=', row.from_at).execute()
      await this.#chain.append(tx, [audit])
      return true
    })
  }

  async open(): Promise<readonly OpenExpectations[]> {
    const rows = await this.#database.read((tx) => tx.selectFrom('coverage_expectations').where('settled_at', 'is', null).groupBy('pbx_id')
      .select((select) => ['pbx_id', select.fn.countAll<number>().as('open'), select.fn.count<number>('to_at').as('waiting'), select.fn.min('to_at').as('oldest')]).execute())
    return rows.map(({ pbx_id: pbxId, open, waiting, oldest }) => ({
      pbxId: parsePbxId(pbxId), live: open - waiting, waiting, oldestEndedAt: oldest === null ? null : new Date(oldest),
    }))
  }

  totals(range: CoverageRange, toleratedMs: number): Promise<CoverageTotals> {
    return this.#database.read((tx) => coverageTotals(tx, range, toleratedMs))
  }

  worst({ from, to, pbxId }: CoverageRange, first: number): Promise<readonly CoveredLeg[]> {
    return this.#database.read(async (tx) => {
      const query = tx.selectFrom('coverage_expectations').selectAll().where('from_at', '>=', from.getTime()).where('from_at', '<', to.getTime()).where('missing_ms', '>', 0)
        .orderBy('missing_ms', 'desc').orderBy('from_at').limit(first)
      const rows = await (pbxId === null ? query : query.where('pbx_id', '=', pbxId)).execute()
      return await Promise.all(rows.map(async (row) => coveredLeg(row, await gapsOf(tx, row))))
    })
  }

  async windows({ from, to, pbxId }: CoverageRange, first: number): Promise<readonly UnobservedWindow[]> {
    const rows = await this.#database.read((tx) => {
      const query = tx.selectFrom('coverage_windows').selectAll().where('from_at', '<', to.getTime())
        .where((where) => where.or([where('to_at', 'is', null), where('to_at', '>', from.getTime())])).orderBy('from_at').limit(first)
      return (pbxId === null ? query : query.where('pbx_id', '=', pbxId)).execute()
    })
    return rows.map(windowOf)
  }
}

/** The rules said no, then: it says nothing of what they wanted later. */
function isDeclined({ reason, decision }: Recording): boolean {
  return reason === 'not-wanted' && decision.outcome === 'do-not-record'
}

/** Those whose recorder sat on the leg, and those of its interaction: one that was refused has no segment to be found by. */
async function recordingsOf(tx: Tx, { expectation: { channelId, interactionId } }: EndedExpectation): Promise<readonly number[]> {
  const bySegment = await tx.selectFrom('segments').select('recording_id as id').distinct().where('channel_id', '=', channelId).limit(MAX_RECORDINGS).execute()
  const byInteraction = await tx.selectFrom('recordings').select('id').where('interaction_id', '=', interactionId).orderBy('id', 'desc').limit(MAX_RECORDINGS).execute()
  return [...new Set([...bySegment, ...byInteraction].map(({ id }) => id))]
}

type Gaps = SelectQueryBuilder<Tables, 'coverage_gaps', CoverageGapRow>
type Expectations = SelectQueryBuilder<Tables, 'coverage_expectations', ExpectationRow>

function ofGapKey(query: Gaps, { pbx_id: pbxId, channel_id: channelId, side, from_at: fromAt }: ExpectationKeyRow): Gaps {
  return query.where('pbx_id', '=', pbxId).where('channel_id', '=', channelId).where('side', '=', side).where('from_at', '=', fromAt)
}

function ofKey(query: Expectations, { pbx_id: pbxId, channel_id: channelId, side, from_at: fromAt }: ExpectationKeyRow): Expectations {
  return query.where('pbx_id', '=', pbxId).where('channel_id', '=', channelId).where('side', '=', side).where('from_at', '=', fromAt)
}

function gapsOf(tx: Tx, row: ExpectationRow): Promise<readonly CoverageGapRow[]> {
  return ofGapKey(tx.selectFrom('coverage_gaps').selectAll(), row).orderBy('gap_index').execute()
}

function coveredLeg(row: ExpectationRow, gaps: readonly CoverageGapRow[]): CoveredLeg {
  return { ...endedOf(row), assessment: assessmentOf(row, gaps) }
}

/** Later in the order of `unsettled`. */
function behind(where: ExpressionBuilder<Tables, 'coverage_expectations'>, { expectation, toAt }: EndedExpectation): Expression<SqlBool> {
  const { pbx_id: pbxId, channel_id: channelId, side, from_at: fromAt } = keyRow(expectation)
  const end = toAt.getTime()
  return where.or([
    where('to_at', '>', end),
    where.and([where('to_at', '=', end), where('pbx_id', '>', pbxId)]),
    where.and([where('to_at', '=', end), where('pbx_id', '=', pbxId), where('channel_id', '>', channelId)]),
    where.and([where('to_at', '=', end), where('pbx_id', '=', pbxId), where('channel_id', '=', channelId), where('side', '>', side)]),
    where.and([where('to_at', '=', end), where('pbx_id', '=', pbxId), where('channel_id', '=', channelId), where('side', '=', side), where('from_at', '>', fromAt)]),
  ])
}
