import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { DEFAULT_ROLES, type Requester } from '../../../../../core/domain/actor.ts'
import type { HoldMembers } from '../../../../../core/ports/hold-register.ts'
import { AuditWriter } from '../../../../../core/library/audit/audit-writer.ts'
import { LegalHolds, MAX_NAMED_AT_ONCE, type PlacedHold } from '../../../../../core/library/legal/legal-holds.ts'
import { DestroyerBench } from '../../../../support/destroyer-bench.ts'
import { asking } from '../../../../support/held-recordings.ts'
import { idAt, seconds } from '../../../../support/recording-facts.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { suiteDirectory } from '../../../../support/suite-directory.ts'
import { LibraryBench } from '../library-bench.ts'

const [SALES, SUPPORT] = [idAt(0), idAt(60)]
const MANY = 16

function officerOf(...reach: readonly string[]): Requester {
  return { actor: { type: 'user', id: `officer of ${reach.join(' ')}` }, role: DEFAULT_ROLES['compliance-officer'], label: '', reach: reach.length === 0 ? 'all' : reach, units: [], binding: null, address: '192.0.2.7' }
}

describe('legal holds', () => {
  const directory = suiteDirectory()
  const [everywhere, sales, support] = [officerOf(), officerOf('/sales'), officerOf('/support')]
  let stored: DestroyerBench
  let holds: LegalHolds
  beforeEach(async () => {
    stored = await DestroyerBench.open(directory())
    const { library: { visibility } } = await LibraryBench.open()
    const { repository, holds: register, audit } = stored.catalogue
    let second = 0
    // Holds are listed by the time at which they were placed: no two at once.
    const clock = { now: () => seconds(second += 1) }
    holds = new LegalHolds({ holds: register, repository, visibility, audit: new AuditWriter({ audit, runtime: stored.runtime }), clock })
    await stored.stored({ id: SALES, partitions: ['/sales'] })
    await stored.stored({ id: SUPPORT, partitions: ['/support'] })
  })
  afterEach(() => stored.close())
  const place = async (requester: Requester, members: Partial<HoldMembers>, caseName = 'case 4711'): Promise<PlacedHold> =>
    await holds.place(requester, { caseName, reason: 'a court asked', members: { recordings: [], searches: [], ...members } })

  it('are counted and paged through as if those that one does not see were not there', async () => {
    for (const [index, by] of [support, sales, support, everywhere, sales, support].entries()) await place(by, { recordings: [by === support ? SUPPORT : SALES] }, `case ${index}`)
    const first = await holds.list(sales, 'all', { first: 1, before: null })
    expect([first.holds.map(({ place: at, hold }) => [at, hold.caseName]), first.hasMore]).to.deep.equal([[[2, 'case 4']], true])
    const second = await holds.list(sales, 'all', { first: 1, before: 2 })
    expect([second.holds.map(({ place: at, hold }) => [at, hold.caseName]), second.hasMore]).to.deep.equal([[[1, 'case 1']], false])
    expect((await holds.list(everywhere, 'all', { first: 9, before: null })).holds.map(({ place: at }) => at)).to.deep.equal([6, 5, 4, 3, 2, 1])
  })

  it('are found, extended and released by nobody who does not reach all that they may hold', async () => {
    const { hold: { id } } = await place(everywhere, { recordings: [SALES] })
    expect(await holds.find(sales, id)).to.equal(null)
    await expectCode(holds.extend(sales, id, { reason: 'more came up', members: { recordings: [SALES], searches: [] } }), 'HOLD_NOT_FOUND')
    await expectCode(holds.release(sales, id, 'settled'), 'HOLD_NOT_FOUND')
    expect((await holds.find(everywhere, id))?.released).to.equal(null)
    expect((await holds.find(everywhere, id))?.named).to.equal(1)
  })

  it('name up to 500 recordings at once, and ask up to 16 searches', async () => {
    const recordings = Array.from({ length: MAX_NAMED_AT_ONCE }, () => SALES)
    expect((await place(everywhere, { recordings })).hold.named).to.equal(1)
    await expectCode(place(everywhere, { recordings: [...recordings, SALES] }), 'FILTER_INVALID')
    const searches = Array.from({ length: MANY }, (_, index) => asking({ queue: `queue ${index}` }))
    expect((await place(everywhere, { searches })).hold.searches).to.have.length(MANY)
    await expectCode(place(everywhere, { searches: [...searches, asking({ queue: 'one more' })] }), 'FILTER_INVALID')
  })

  it('ask for no attached data that whoever places them may not see: what is found would tell it', async () => {
    const blind: Requester = { ...everywhere, role: { ...everywhere.role, sees: ['open'] } }
    const searches = [asking({ attached: [{ key: 'CASE_NOTE', value: 'a secret' }] })]
    await expectCode(place(blind, { searches }), 'FILTER_INVALID')
    expect((await place(everywhere, { searches })).found).to.deep.equal([0])
  })
})
