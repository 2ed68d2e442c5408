import { sql } from 'kysely'
import { after, before } from 'mocha'
import { type Catalogue, catalogueIn } from '../../core/store/catalogue.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { archiveLedgerContract } from '../contract/archive-ledger.contract.ts'
import { auditLogContract, auditTamperContract, auditTogetherContract } from '../contract/audit-log.contract.ts'
import { auditCheckpointsContract } from '../contract/audit-checkpoints.contract.ts'
import { coverageLedgerContract } from '../contract/coverage-ledger.contract.ts'
import { destructionLedgerContract } from '../contract/destruction-ledger.contract.ts'
import { exportRegisterContract } from '../contract/export-register.contract.ts'
import { holdAgainstDestructionContract } from '../contract/hold-against-destruction.contract.ts'
import { holdAgainstRetentionRunContract } from '../contract/hold-against-retention-run.contract.ts'
import { holdRegisterContract } from '../contract/hold-register.contract.ts'
import { jobQueueContract } from '../contract/job-queue.contract.ts'
import { keyCatalogueContract } from '../contract/key-catalogue.contract.ts'
import { nodeNumbersContract } from '../contract/node-numbers.contract.ts'
import { peopleStoreContract } from '../contract/people-store.contract.ts'
import { unitAccessContract, unitStampContract } from '../contract/unit-access.contract.ts'
import { recordingRepositoryContract } from '../contract/recording-repository.contract.ts'
import { recordingLabelsContract } from '../contract/recording-labels.contract.ts'
import { recordingSearchContract } from '../contract/recording-search.contract.ts'
import { retentionStoreContract } from '../contract/retention-store.contract.ts'
import { reportAuditFiguresContract } from '../contract/report-audit-figures.contract.ts'
import { reportFiguresContract } from '../contract/report-figures.contract.ts'
import { reportSourceContract } from '../contract/report-source.contract.ts'
import { schemaContract } from '../contract/schema.contract.ts'
import { seatHistoryContract } from '../contract/seat-history.contract.ts'
import { serviceLeaseContract } from '../contract/service-lease.contract.ts'
import { signInStoreContract } from '../contract/sign-in-store.contract.ts'
import { subjectIndexContract } from '../contract/subject-index.contract.ts'
import { tokenStoreContract, tokenTransactionContract } from '../contract/token-store.contract.ts'
import { quietRuntime } from './quiet-runtime.ts'
import { SHARED_NODE, sharedCatalogue } from './shared-catalogue.ts'

/** Every contract of a catalogue, on one database. Call it inside a `describe`; `start` opens the database, also for a second program. */
export function storeContracts(name: string, start: () => Promise<SqlDatabase>): void {
  const { open, database } = sharedCatalogue(start)
  let second: SqlDatabase | null = null
  before(async () => {
    second = await start()
  })
  after(() => second?.close())

  schemaContract(name, { database, start })
  recordingRepositoryContract(`SqlRecordingRepository on ${name}`, open)
  coverageLedgerContract(`SqlCoverageLedger on ${name}`, open)
  recordingSearchContract(`SqlRecordingRepository on ${name}`, open)
  auditLogContract(`SqlAuditLog on ${name}`, async () => (await open()).audit)
  const execute = async (statement: string): Promise<readonly Readonly<Record<string, unknown>>[]> => (await database().change((tx) => sql.raw<Readonly<Record<string, unknown>>>(statement).execute(tx))).rows
  auditTamperContract(`SqlAuditLog on ${name}`, async () => ({ audit: (await open()).audit, chain: SHARED_NODE, execute }))
  auditCheckpointsContract(`The audit on ${name}`, async () => ({ catalogue: await open(), chain: SHARED_NODE, execute }))
  auditTogetherContract(`SqlAuditLog on ${name}`, async () => {
    const { audit } = await open()
    if (second === null) throw new Error('the suite has not begun')
    return { one: audit, other: catalogueIn(second, { node: SHARED_NODE, runtime: quietRuntime() }).audit, chain: SHARED_NODE }
  })
  nodeNumbersContract(name, async () => {
    await open()
    return database()
  })
  jobQueueContract(`SqlJobQueue on ${name}`, async () => (await open()).jobs)
  exportRegisterContract(`SqlExportRegister on ${name}`, open)
  reportSourceContract(`SqlReportSource on ${name}`, open)
  reportFiguresContract(`SqlReportSource on ${name}`, open)
  reportAuditFiguresContract(`SqlReportSource on ${name}`, open)
  holdRegisterContract(`SqlHoldRegister on ${name}`, open)
  subjectIndexContract(`SqlSubjectIndex on ${name}`, open)
  destructionLedgerContract(`SqlDestructionLedger on ${name}`, { open, database })
  const twice = async (): Promise<{ readonly one: Catalogue; readonly other: Catalogue }> => {
    const one = await open()
    if (second === null) throw new Error('the suite has not begun')
    return { one, other: catalogueIn(second, { node: SHARED_NODE, runtime: quietRuntime() }) }
  }
  serviceLeaseContract(`SqlServiceLease on ${name}`, { twice, database })
  holdAgainstDestructionContract(name, twice)
  holdAgainstRetentionRunContract(name, twice)
  recordingLabelsContract(`SqlRecordingLabels on ${name}`, { open, twice, database, start })
  retentionStoreContract(`SqlRetentionStore on ${name}`, open)
  archiveLedgerContract(`SqlArchiveLedger on ${name}`, open)
  keyCatalogueContract(`SqlKeyCatalogue on ${name}`, open)
  seatHistoryContract(`SqlSeatHistory on ${name}`, open)
  tokenStoreContract(`SqlTokenStore on ${name}`, open)
  signInStoreContract(`SqlSignInStore on ${name}`, open)
  peopleStoreContract(`SqlPeopleStore on ${name}`, open)
  unitAccessContract(`the catalogue in ${name}`, open)
  unitStampContract(name, open, database)
  tokenTransactionContract(`SqlTokenStore on ${name}`, open)
}
