import type { Compilable } from 'kysely'
import type { CaptureFact, CoverageFact } from '../../domain/capture-fact.ts'
import type { Expectation } from '../../domain/coverage.ts'
import type { PbxId } from '../../domain/ids.ts'
import type { Observation } from '../../ports/capture-journal.ts'
import { keyRow } from './coverage-rows.ts'
import { factFromJson, factToJson } from './fact-json.ts'
import type { Tx } from './sql-database.ts'

/** What of the ledger is open now, kept beside the facts: a service that starts again reads this and not its whole past. */
export function coverageKept(tx: Tx, fact: CoverageFact): readonly Compilable[] {
  switch (fact.type) {
    case 'expectation-opened':
      return [...seen(tx, fact.pbxId, fact.at), tx.insertInto('journal_expectations').values({ ...keyRow(fact), fact_json: factToJson(fact) }).onConflict((conflict) => conflict.doNothing())]
    case 'expectation-closed': {
      const { pbx_id: pbxId, channel_id: channelId, side, from_at: fromAt } = keyRow(fact)
      const closed = tx.deleteFrom('journal_expectations').where('pbx_id', '=', pbxId).where('channel_id', '=', channelId).where('side', '=', side).where('from_at', '=', fromAt)
      return [...fact.end === 'hangup' ? seen(tx, fact.pbxId, fact.at) : [], closed]
    }
    case 'observation-lost':
      return [...seen(tx, fact.pbxId, fact.at), tx.updateTable('journal_observations').set({ lost_at: fact.at.getTime() }).where('pbx_id', '=', fact.pbxId).where('lost_at', 'is', null)]
    case 'observation-regained':
      return [...seen(tx, fact.pbxId, fact.at), tx.updateTable('journal_observations').set({ lost_at: null }).where('pbx_id', '=', fact.pbxId)]
  }
}

/** It was seen at this moment; the time never goes back. */
export function seen(tx: Tx, pbxId: PbxId, at: Date): readonly Compilable[] {
  const until = at.getTime()
  return [
    tx.insertInto('journal_observations').values({ pbx_id: pbxId, observed_until: until, lost_at: null }).onConflict((conflict) => conflict.doNothing()),
    tx.updateTable('journal_observations').set({ observed_until: until }).where('pbx_id', '=', pbxId).where('observed_until', '<', until),
  ]
}

export async function observationOf(tx: Tx, pbxId: PbxId): Promise<Observation | null> {
  const row = await tx.selectFrom('journal_observations').selectAll().where('pbx_id', '=', pbxId).executeTakeFirst()
  return row === undefined ? null : { until: new Date(row.observed_until), lostAt: row.lost_at === null ? null : new Date(row.lost_at) }
}

export async function openExpectations(tx: Tx): Promise<readonly Expectation[]> {
  const rows = await tx.selectFrom('journal_expectations').select('fact_json').execute()
  return rows.map((row) => factFromJson(row.fact_json)).flatMap(expectationIn)
}

function expectationIn(fact: CaptureFact): readonly Expectation[] {
  if (fact.type !== 'expectation-opened') return []
  const { type: _, at: __, ...expectation } = fact
  return [expectation]
}
