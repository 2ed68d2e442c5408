import { sql } from 'kysely'
import type { CoverageFact, ExpectationClosed, ExpectationOpened, ObservationLost, ObservationRegained } from '../../domain/capture-fact.ts'
import type { ChannelId, PbxId } from '../../domain/ids.ts'
import { expectationRow, keyRow } from './coverage-rows.ts'
import { insertIfAbsent } from './portable.ts'
import type { Tx } from './sql-database.ts'

type Apply<F extends CoverageFact> = (tx: Tx, fact: F) => Promise<void>

/** Brings a fact of the ledger into the catalogue. Told again, each changes nothing. */
export async function applyCoverageFact(tx: Tx, fact: CoverageFact): Promise<void> {
  const apply = APPLY[fact.type] as Apply<CoverageFact>
  await apply(tx, fact)
}

const APPLY: { readonly [T in CoverageFact['type']]: Apply<Extract<CoverageFact, { type: T }>> } = {
  'expectation-opened': opened,
  'expectation-closed': closed,
  'observation-lost': lost,
  'observation-regained': regained,
}

async function opened(tx: Tx, fact: ExpectationOpened): Promise<void> {
  await insertIfAbsent(tx, tx.insertInto('coverage_expectations').values(expectationRow(fact)), { pbx_id: sql.ref<string>('pbx_id') }).execute()
}

async function closed(tx: Tx, fact: ExpectationClosed): Promise<void> {
  const { pbx_id: pbxId, channel_id: channelId, side, from_at: fromAt } = keyRow(fact)
  await tx.updateTable('coverage_expectations').set({ to_at: fact.toAt.getTime(), end_reason: fact.end })
    .where('pbx_id', '=', pbxId).where('channel_id', '=', channelId).where('side', '=', side).where('from_at', '=', fromAt).where('to_at', 'is', null).execute()
}

async function lost(tx: Tx, { pbxId, because, at }: ObservationLost): Promise<void> {
  const open = await tx.selectFrom('coverage_windows').select('from_at').where('pbx_id', '=', pbxId).where('to_at', 'is', null).executeTakeFirst()
  if (open !== undefined) return
  const row = { pbx_id: pbxId, from_at: at.getTime(), to_at: null, because, calls_found: 0 }
  await insertIfAbsent(tx, tx.insertInto('coverage_windows').values(row), { pbx_id: sql.ref<string>('pbx_id') }).execute()
}

async function regained(tx: Tx, { pbxId, because, callsFound, at }: ObservationRegained): Promise<void> {
  await tx.updateTable('coverage_windows').set({ to_at: at.getTime(), calls_found: callsFound, ...because === null ? {} : { because } })
    .where('pbx_id', '=', pbxId).where('to_at', 'is', null).execute()
}

/** More sound of these legs is sealed than when they were settled: they are looked at again. What lacked nothing stays. */
export async function reopenExpectations(tx: Tx, pbxId: PbxId, channelIds: readonly ChannelId[]): Promise<void> {
  if (channelIds.length === 0) return
  await tx.updateTable('coverage_expectations').set({ settled_at: null })
    .where('pbx_id', '=', pbxId).where('channel_id', 'in', [...new Set(channelIds)]).where('settled_at', 'is not', null).where('missing_ms', '>', 0).execute()
}
