import { sql } from 'kysely'
import { after, before } from 'mocha'
import { catalogueIn } from '../../core/store/sqlite-store.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { auditLogContract, auditTamperContract, auditTogetherContract } from '../contract/audit-log.contract.ts'
import { jobQueueContract } from '../contract/job-queue.contract.ts'
import { recordingRepositoryContract } from '../contract/recording-repository.contract.ts'
import { recordingSearchContract } from '../contract/recording-search.contract.ts'
import { tokenStoreContract, tokenTransactionContract } from '../contract/token-store.contract.ts'
import { quietRuntime } from './quiet-runtime.ts'
import { SHARED_NODE, sharedCatalogue } from './shared-catalogue.ts'

/** Every contract of a catalogue, on one database. Call it inside a `describe`; `start` opens the database, also for a second program. */
export function storeContracts(start: () => Promise<SqlDatabase>): void {
  const { open, database } = sharedCatalogue(start)
  let second: SqlDatabase | null = null
  before(async () => {
    second = await start()
  })
  after(() => second?.close())

  recordingRepositoryContract('SqlRecordingRepository', open)
  recordingSearchContract('SqlRecordingRepository', open)
  auditLogContract('SqlAuditLog', async () => (await open()).audit)
  auditTamperContract('SqlAuditLog', async () => {
    const { audit } = await open()
    const execute = async (statement: string): Promise<void> => {
      await database().change((tx) => sql.raw(statement).execute(tx))
    }
    return { audit, chain: SHARED_NODE, execute }
  })
  auditTogetherContract('SqlAuditLog', async () => {
    const { audit } = await open()
    if (second === null) throw new Error('the suite has not begun')
    return { one: audit, other: catalogueIn(second, { node: SHARED_NODE, runtime: quietRuntime() }).audit, chain: SHARED_NODE }
  })
  jobQueueContract('SqlJobQueue', async () => (await open()).jobs)
  tokenStoreContract('SqlTokenStore', open)
  tokenTransactionContract('SqlTokenStore', open)
}
