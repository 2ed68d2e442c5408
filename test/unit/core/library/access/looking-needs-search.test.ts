import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { DEFAULT_ROLES, parseRoleName, type Permission, type Requester } from '../../../../../core/domain/actor.ts'
import { AuditWriter } from '../../../../../core/library/audit/audit-writer.ts'
import { Labelling } from '../../../../../core/library/legal/labelling.ts'
import { LegalHolds } from '../../../../../core/library/legal/legal-holds.ts'
import { InProcessRecordingChanges } from '../../../../../core/store/in-process-recording-changes.ts'
import { DestroyerBench } from '../../../../support/destroyer-bench.ts'
import { idAt } from '../../../../support/recording-facts.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { suiteDirectory } from '../../../../support/suite-directory.ts'
import { LibraryBench } from '../library-bench.ts'

const ID = idAt(0)
const PAGE = { first: 10, before: null }

/** Somebody with a role of the organisation's own. */
function somebody(permissions: readonly Permission[], reasonRequired = false): Requester {
  return { actor: { type: 'user', id: 'clerk' }, role: { ...DEFAULT_ROLES['compliance-officer'], name: parseRoleName('clerk'), permissions, reasonRequired }, label: '', reach: 'all', units: [], binding: null, address: '192.0.2.7' }
}

describe('a role that may act on recordings and not search', () => {
  const directory = suiteDirectory()
  let bench: DestroyerBench
  let holds: LegalHolds
  let labelling: Labelling
  beforeEach(async () => {
    bench = await DestroyerBench.open(directory())
    await bench.stored({ id: ID })
    const { repository, labels, holds: register, audit: log } = bench.catalogue
    const audit = new AuditWriter({ audit: log, runtime: bench.runtime })
    const { clock } = bench.runtime
    holds = new LegalHolds({ holds: register, repository, visibility: (await LibraryBench.open()).library.visibility, audit, clock })
    labelling = new Labelling({ labels, repository, changes: new InProcessRecordingChanges(), audit, clock })
  })
  afterEach(() => bench.close())

  it('holds recordings, and is not shown them', async () => {
    const { hold } = await holds.place(somebody(['hold']), { caseName: 'case 1', reason: 'a court asked', members: { recordings: [ID], searches: [] } })
    expect(hold.named).to.equal(1)
    await expectCode(holds.named(somebody(['hold']), hold.id, PAGE), 'FORBIDDEN')
    await expectCode(holds.named(somebody(['hold', 'search'], true), hold.id, PAGE), 'REASON_REQUIRED')
    expect((await holds.named({ ...somebody(['hold', 'search'], true), reason: 'case 1' }, hold.id, PAGE)).recordings.map(({ id }) => id)).to.deep.equal([ID])
  })

  it('labels a recording, and is not shown it', async () => {
    expect(await labelling.change(somebody(['label']), ID, { add: ['vip'], remove: [] })).to.equal(null)
    expect((await bench.catalogue.repository.find(ID, { type: 'all' }))?.labels).to.deep.equal(['vip'])
    expect((await labelling.change(somebody(['label', 'search']), ID, { add: ['vip'], remove: [] }))?.id).to.equal(ID)
  })
})
