import { describe } from 'mocha'
import { auditLogContract } from '../contract/audit-log.contract.ts'
import { coverageLedgerContract } from '../contract/coverage-ledger.contract.ts'
import { keyCatalogueContract } from '../contract/key-catalogue.contract.ts'
import { peopleStoreContract } from '../contract/people-store.contract.ts'
import { recordingRepositoryContract } from '../contract/recording-repository.contract.ts'
import { recordingSearchContract } from '../contract/recording-search.contract.ts'
import { seatHistoryContract } from '../contract/seat-history.contract.ts'
import { signInStoreContract } from '../contract/sign-in-store.contract.ts'
import { tokenStoreContract, tokenTransactionContract } from '../contract/token-store.contract.ts'
import { MemoryAuditLog } from '../support/fakes/memory-audit-log.ts'
import { MemoryCoverageLedger } from '../support/fakes/memory-coverage-ledger.ts'
import { MemoryKeyCatalogue } from '../support/fakes/memory-key-catalogue.ts'
import { MemoryJobQueue } from '../support/fakes/memory-job-queue.ts'
import { MemoryPeopleStore } from '../support/fakes/memory-people-store.ts'
import { MemoryRecordingRepository } from '../support/fakes/memory-recording-repository.ts'
import { MemorySignInStore } from '../support/fakes/memory-sign-in-store.ts'
import { MemoryTokenStore } from '../support/fakes/memory-token-store.ts'

type Catalogue = Awaited<ReturnType<Parameters<typeof recordingRepositoryContract>[1]>>

async function catalogue(): Promise<Catalogue> {
  const audit = new MemoryAuditLog()
  const jobs = new MemoryJobQueue()
  const people = new MemoryPeopleStore(audit)
  const repository = new MemoryRecordingRepository({ audit, jobs, organisation: () => people.people.organisation })
  return { repository, seats: repository, audit, jobs, tokens: new MemoryTokenStore(audit), people, signIn: new MemorySignInStore(audit), keys: new MemoryKeyCatalogue({ repository, jobs, audit }), coverage: new MemoryCoverageLedger(repository, audit), close: async () => undefined }
}

async function tokenStore(): ReturnType<Parameters<typeof tokenStoreContract>[1]> {
  const audit = new MemoryAuditLog()
  return { tokens: new MemoryTokenStore(audit), audit }
}

describe('the fakes', () => {
  auditLogContract('MemoryAuditLog', async () => new MemoryAuditLog())
  recordingRepositoryContract('MemoryRecordingRepository', catalogue)
  coverageLedgerContract('MemoryCoverageLedger', catalogue)
  recordingSearchContract('MemoryRecordingRepository', catalogue)
  seatHistoryContract('MemoryRecordingRepository', catalogue)
  tokenStoreContract('MemoryTokenStore', tokenStore)
  signInStoreContract('MemorySignInStore', async () => {
    const audit = new MemoryAuditLog()
    return { signIn: new MemorySignInStore(audit), audit }
  })
  peopleStoreContract('MemoryPeopleStore', catalogue)
  keyCatalogueContract('MemoryKeyCatalogue', catalogue)
  tokenTransactionContract('MemoryTokenStore', tokenStore)
})
