import { COVERAGE_CAUSES, COVERAGE_EXCUSES } from '../../domain/coverage.ts'
import type { CoverageRange, CoverageTotals } from '../../ports/coverage-ledger.ts'
import type { Tx } from './sql-database.ts'

/** MariaDB sums up into decimals, which come as text; nothing sums up into `null`. */
type Sum = number | string | null

/** Sums over the legs that began in a range. */
export async function coverageTotals(tx: Tx, { from, to, pbxId }: CoverageRange, toleratedMs: number): Promise<CoverageTotals> {
  const legs = tx.selectFrom('coverage_expectations').where('from_at', '>=', from.getTime()).where('from_at', '<', to.getTime())
  const ofPbx = pbxId === null ? legs : legs.where('pbx_id', '=', pbxId)
  const sums = await ofPbx.select((select) => [
    select.fn.countAll<number>().as('legs'),
    select.fn.count<number>('to_at').as('ended'),
    select.fn.sum<Sum>('wanted_ms').as('wanted'),
    select.fn.sum<Sum>('covered_ms').as('covered'),
    select.fn.sum<Sum>('missing_ms').as('missing'),
  ]).executeTakeFirstOrThrow()
  const { settled } = await ofPbx.where('settled_at', 'is not', null).select((select) => select.fn.countAll<number>().as('settled')).executeTakeFirstOrThrow()
  const { gaps } = await ofPbx.where('missing_ms', '>', toleratedMs).select((select) => select.fn.countAll<number>().as('gaps')).executeTakeFirstOrThrow()
  const whys = await whysOf(tx, { from, to, pbxId })
  return {
    legs: sums.legs,
    settledLegs: settled,
    waitingLegs: sums.ended - settled,
    liveLegs: sums.legs - sums.ended,
    gapLegs: gaps,
    wantedMs: Number(sums.wanted ?? 0),
    coveredMs: Number(sums.covered ?? 0),
    missingMs: Number(sums.missing ?? 0),
    missing: COVERAGE_CAUSES.flatMap((cause) => (whys.get(cause) ?? []).map(({ legs: count, milliseconds }) => ({ cause, legs: count, milliseconds }))),
    excused: COVERAGE_EXCUSES.flatMap((excuse) => (whys.get(excuse) ?? []).map(({ legs: count, milliseconds }) => ({ excuse, legs: count, milliseconds }))),
  }
}

interface Total {
  readonly legs: number
  readonly milliseconds: number
}

async function whysOf(tx: Tx, { from, to, pbxId }: CoverageRange): Promise<ReadonlyMap<string, readonly Total[]>> {
  const gaps = tx.selectFrom('coverage_gaps').where('from_at', '>=', from.getTime()).where('from_at', '<', to.getTime())
  const ofLeg = (pbxId === null ? gaps : gaps.where('pbx_id', '=', pbxId)).groupBy(['pbx_id', 'channel_id', 'side', 'from_at', 'why'])
    .select((select) => ['why', select.fn.sum<Sum>(select('ended_at', '-', select.ref('began_at'))).as('milliseconds')])
  const rows = await tx.selectFrom(ofLeg.as('of_leg')).groupBy('why')
    .select((select) => ['why', select.fn.countAll<number>().as('legs'), select.fn.sum<Sum>('milliseconds').as('milliseconds')]).execute()
  return new Map(rows.map(({ why, legs, milliseconds }) => [why, [{ legs, milliseconds: Number(milliseconds) }]]))
}
