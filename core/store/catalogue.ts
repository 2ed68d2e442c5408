import { DEFAULT_CUSTOMER_ID_KEY } from '../domain/audit/audit-words.ts'
import type { NodeName } from '../domain/ids.ts'
import type { ArchiveLedger } from '../ports/archive-ledger.ts'
import type { AuditEvidence } from '../ports/audit-evidence.ts'
import type { AuditLog } from '../ports/audit-log.ts'
import type { CaptureJournal } from '../ports/capture-journal.ts'
import type { CoverageLedger } from '../ports/coverage-ledger.ts'
import type { DestructionLedger } from '../ports/destruction-ledger.ts'
import type { ExportRegister } from '../ports/export-register.ts'
import type { HoldRegister } from '../ports/hold-register.ts'
import type { KeyCatalogue } from '../ports/key-catalogue.ts'
import type { JobQueue } from '../ports/job-queue.ts'
import type { PeopleStore } from '../ports/people-store.ts'
import type { RecordingLabels } from '../ports/recording-labels.ts'
import type { RecordingRepository } from '../ports/recording-repository.ts'
import type { RetentionStore } from '../ports/retention-store.ts'
import type { ReportSource } from '../ports/report-source.ts'
import type { Runtime } from '../ports/runtime.ts'
import type { SeatHistory } from '../ports/seat-history.ts'
import type { ServiceLease } from '../ports/service-lease.ts'
import type { SubjectIndex } from '../ports/subject-index.ts'
import type { SignInStore } from '../ports/sign-in-store.ts'
import type { TokenStore } from '../ports/token-store.ts'
import { AuditChain } from './sql/audit-chain.ts'
import { SqlArchiveLedger } from './sql/sql-archive-ledger.ts'
import { SqlAuditEvidence } from './sql/sql-audit-evidence.ts'
import { SqlAuditLog } from './sql/sql-audit-log.ts'
import { SqlCoverageLedger } from './sql/sql-coverage-ledger.ts'
import type { SqlDatabase } from './sql/sql-database.ts'
import { SqlDestructionLedger } from './sql/sql-destruction-ledger.ts'
import { SqlExportRegister } from './sql/sql-export-register.ts'
import { SqlHoldRegister } from './sql/sql-hold-register.ts'
import { SqlJobQueue } from './sql/sql-job-queue.ts'
import { SqlPeopleStore } from './sql/sql-people-store.ts'
import { SqlKeyCatalogue } from './sql/sql-key-catalogue.ts'
import { SqlRecordingLabels } from './sql/sql-recording-labels.ts'
import { SqlRecordingRepository } from './sql/sql-recording-repository.ts'
import { SqlRetentionStore } from './sql/sql-retention-store.ts'
import { SqlReportSource } from './sql/sql-report-source.ts'
import { SqlSeatHistory } from './sql/seats.ts'
import { SqlServiceLease } from './sql/sql-service-lease.ts'
import { SqlSubjectIndex } from './sql/sql-subject-index.ts'
import { SqlSignInStore } from './sql/sql-sign-in-store.ts'
import { SqlTokenStore } from './sql/sql-token-store.ts'

/** The catalogue and what is kept beside it, in one database. */
export interface Catalogue {
  readonly repository: RecordingRepository
  readonly audit: AuditLog
  readonly jobs: JobQueue
  readonly tokens: TokenStore
  readonly people: PeopleStore
  readonly signIn: SignInStore
  readonly seats: SeatHistory
  readonly coverage: CoverageLedger
  readonly holds: HoldRegister
  readonly exports: ExportRegister
  readonly destructions: DestructionLedger
  readonly subjects: SubjectIndex
  readonly labels: RecordingLabels
  readonly keys: KeyCatalogue
  readonly archived: ArchiveLedger
  readonly retention: RetentionStore
  readonly reports: ReportSource
  readonly service: ServiceLease
  /** Lets running statements finish. */
  close(): Promise<void>
}

/** A catalogue whose audit can be proved. */
export interface ProvableCatalogue extends Catalogue {
  readonly evidence: AuditEvidence
}

/** What one service keeps: the catalogue, wherever that is, and its own journal. */
export interface Store extends ProvableCatalogue {
  readonly journal: CaptureJournal
}

export interface CatalogueOptions {
  readonly node: NodeName
  readonly runtime: Runtime
  /** The key of the attached data by which the audit finds a customer. */
  readonly customerIdKey?: string | null
}

/** A catalogue in this database, and the journal that is opened for it, which ends before it. No journal: the database is closed. */
export async function storeIn(database: SqlDatabase, options: CatalogueOptions, openJournal: () => Promise<CaptureJournal>): Promise<Store> {
  try {
    const journal = await openJournal()
    const catalogue = catalogueIn(database, options)
    return {
      ...catalogue,
      journal,
      async close() {
        await journal[Symbol.asyncDispose]()
        await catalogue.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}

export function catalogueIn(database: SqlDatabase, { node, runtime, customerIdKey = DEFAULT_CUSTOMER_ID_KEY }: CatalogueOptions): ProvableCatalogue {
  const chain = new AuditChain(node, { customerIdKey })
  return {
    repository: new SqlRecordingRepository(database, { chain, runtime }),
    audit: new SqlAuditLog(database, chain),
    evidence: new SqlAuditEvidence(database),
    jobs: new SqlJobQueue(database),
    tokens: new SqlTokenStore(database, chain),
    people: new SqlPeopleStore(database, chain),
    signIn: new SqlSignInStore(database, chain),
    seats: new SqlSeatHistory(database),
    coverage: new SqlCoverageLedger(database, chain),
    holds: new SqlHoldRegister(database, chain),
    exports: new SqlExportRegister(database, chain),
    destructions: new SqlDestructionLedger(database, chain),
    subjects: new SqlSubjectIndex(database),
    labels: new SqlRecordingLabels(database, chain),
    keys: new SqlKeyCatalogue(database, chain),
    archived: new SqlArchiveLedger(database, chain),
    retention: new SqlRetentionStore(database, chain),
    reports: new SqlReportSource(database),
    service: new SqlServiceLease(database),
    close: () => database.close(),
  }
}
