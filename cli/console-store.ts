import type { Settings } from '../config/settings.ts'
import type { CoverageLedger } from '../core/ports/coverage-ledger.ts'
import type { ArchiveLedger } from '../core/ports/archive-ledger.ts'
import type { AuditEvidence } from '../core/ports/audit-evidence.ts'
import type { AuditLog } from '../core/ports/audit-log.ts'
import type { KeyCatalogue } from '../core/ports/key-catalogue.ts'
import type { DestructionLedger } from '../core/ports/destruction-ledger.ts'
import type { ExportRegister } from '../core/ports/export-register.ts'
import type { HoldRegister } from '../core/ports/hold-register.ts'
import type { JobQueue } from '../core/ports/job-queue.ts'
import type { PeopleStore } from '../core/ports/people-store.ts'
import type { RecordingLabels } from '../core/ports/recording-labels.ts'
import type { RecordingRepository } from '../core/ports/recording-repository.ts'
import type { RetentionStore } from '../core/ports/retention-store.ts'
import type { ReportSource } from '../core/ports/report-source.ts'
import type { SubjectIndex } from '../core/ports/subject-index.ts'
import type { SignInStore } from '../core/ports/sign-in-store.ts'
import type { TokenStore } from '../core/ports/token-store.ts'
import { catalogueIn } from '../core/store/catalogue.ts'
import { refuseForeignRoot } from './data-owner.ts'
import { openCatalogueDatabase } from './open-store.ts'
import { consoleRuntime } from './runtime/service-runtime.ts'

/** What a command at the console needs of the catalogue. It may be open beside a running service. */
export interface ConsoleStore extends AsyncDisposable {
  readonly tokens: TokenStore
  readonly people: PeopleStore
  readonly signIn: SignInStore
  readonly audit: AuditLog
  readonly evidence: AuditEvidence
  readonly repository: RecordingRepository
  readonly jobs: JobQueue
  readonly coverage: CoverageLedger
  readonly keys: KeyCatalogue
  readonly archived: ArchiveLedger
  readonly labels: RecordingLabels
  readonly holds: HoldRegister
  readonly exports: ExportRegister
  readonly destructions: DestructionLedger
  readonly subjects: SubjectIndex
  readonly retention: RetentionStore
  readonly reports: ReportSource
}

/** @throws HoldfastError `STORE_FAILED`; `STORE_NEWER`; `CONFIG_INVALID` for root in another user's data directory */
export async function openConsoleStore(settings: Settings): Promise<ConsoleStore> {
  refuseForeignRoot(settings.dataDirectory)
  const database = await openCatalogueDatabase(settings)
  const catalogue = catalogueIn(database, { node: settings.node.name, runtime: consoleRuntime(), customerIdKey: settings.audit.customerIdKey })
  return { ...catalogue, [Symbol.asyncDispose]: () => catalogue.close() }
}
