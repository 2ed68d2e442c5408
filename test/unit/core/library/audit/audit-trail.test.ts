import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Requester, Role } from '../../../../../core/domain/actor.ts'
import { type AuditFilter, EVERY_ENTRY } from '../../../../../core/ports/audit-log.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench } from '../library-bench.ts'

const ALL: AuditFilter = EVERY_ENTRY
const PAGE = { first: 50, before: null }

async function somebody(bench: LibraryBench, role: Role): Promise<Requester> {
  return bench.library.authentication.authenticate(await bench.token(role), '192.0.2.1')
}

describe('the audit trail', () => {
  it('is read newest first, and the reading is its newest entry', async () => {
    const bench = await LibraryBench.open()
    await bench.recording()
    const administrator = await somebody(bench, 'administrator')
    const { entries } = await bench.library.auditTrail.read(administrator, ALL, PAGE)
    expect(entries.map(({ entry }) => entry.action)).to.deep.equal(['token.created', 'recording.requested'])
    expect(bench.audited().at(-1)).to.equal('audit.read')
    expect(bench.audit.entries.at(-1)?.actor).to.deep.equal(administrator.actor)
  })

  it('is walked page by page without a gap', async () => {
    const bench = await LibraryBench.open()
    for (let count = 0; count < 5; count += 1) await bench.recording()
    const administrator = await somebody(bench, 'administrator')
    const first = await bench.library.auditTrail.read(administrator, { ...ALL, action: 'recording.requested' }, { first: 2, before: null })
    const second = await bench.library.auditTrail.read(administrator, { ...ALL, action: 'recording.requested' }, { first: 3, before: first.entries.at(-1)?.position ?? 0 })
    expect([...first.entries, ...second.entries].map(({ position }) => position)).to.deep.equal([5, 4, 3, 2, 1])
    expect([first.hasMore, second.hasMore]).to.deep.equal([true, false])
  })

  it('is refused to whoever may not read it, and the refusal stands in it', async () => {
    const bench = await LibraryBench.open()
    for (const role of ['supervisor', 'integrator'] as const) {
      await expectCode(bench.library.auditTrail.read(await somebody(bench, role), ALL, PAGE), 'FORBIDDEN')
      expect(bench.audited().at(-1)).to.equal('audit.read refused')
    }
  })

  it('is refused to whoever reaches only some partitions: it tells of all', async () => {
    const bench = await LibraryBench.open()
    const administrator = await somebody(bench, 'administrator')
    await expectCode(bench.library.auditTrail.read({ ...administrator, reach: ['/sales'] }, ALL, PAGE), 'FORBIDDEN')
  })

  it('is not read while it cannot be written', async () => {
    const bench = await LibraryBench.open()
    const administrator = await somebody(bench, 'administrator')
    bench.audit.unavailable = true
    await expectCode(bench.library.auditTrail.read(administrator, ALL, PAGE), 'AUDIT_UNAVAILABLE')
  })

  it('gives one entry by its place', async () => {
    const bench = await LibraryBench.open()
    await bench.recording()
    const administrator = await somebody(bench, 'administrator')
    expect((await bench.library.auditTrail.find(administrator, 1))?.entry.action).to.equal('recording.requested')
    expect(await bench.library.auditTrail.find(administrator, 4000)).to.equal(null)
  })

  it('refuses filters that cannot be meant', async () => {
    const bench = await LibraryBench.open()
    const administrator = await somebody(bench, 'administrator')
    for (const filter of [{ from: new Date(2), to: new Date(1) }, { objectId: '' }, { actorId: 'x'.repeat(300) }]) {
      await expectCode(bench.library.auditTrail.read(administrator, { ...ALL, ...filter }, PAGE), 'FILTER_INVALID')
    }
  })

  it('names what an entry tells of, as far as its reader may see that', async () => {
    const bench = await LibraryBench.open({ auditKeys: { customerId: 'CASE_NOTE', interactionType: 'mood' } })
    const recordingId = await bench.recording({ attached: { CASE_NOTE: 'C-17', mood: 'complaint' }, partitions: ['/sales', '/gold'], interaction: 'i-17' })
    const [administrator, officer] = [await somebody(bench, 'administrator'), await somebody(bench, 'compliance-officer')]
    const { entries } = await bench.library.auditTrail.read(officer, { ...EVERY_ENTRY, recordingId }, PAGE)
    const [placed] = entries
    if (placed === undefined) throw new Error('nothing was found')
    const facts = { recordingId, interactionId: 'i-17', partitions: ['/sales', '/gold'], interactionType: 'complaint', address: null }
    expect(bench.library.auditTrail.facts(officer, placed.entry)).to.deep.equal({ ...facts, customerId: 'C-17' })
    expect(bench.library.auditTrail.facts(administrator, placed.entry)).to.deep.equal({ ...facts, customerId: null })
  })

  it('is not searched for a customer by whoever may not see which customer it is', async () => {
    const bench = await LibraryBench.open({ auditKeys: { customerId: 'CASE_NOTE', interactionType: null } })
    const filter = { ...EVERY_ENTRY, customerId: 'C-17' }
    await expectCode(bench.library.auditTrail.read(await somebody(bench, 'administrator'), filter, PAGE), 'FILTER_INVALID')
    await bench.library.auditTrail.read(await somebody(bench, 'compliance-officer'), filter, PAGE)
    const asked = bench.audit.entries.at(-1)
    expect(asked?.personal).to.include({ 'asked.attached.CASE_NOTE': 'C-17' })
    // Nor is she told which customer somebody else asked for.
    for (const [role, customer] of [['administrator', undefined], ['compliance-officer', 'C-17']] as const) {
      const { shown, hidden } = bench.library.visibility.personal(await somebody(bench, role), asked?.personal ?? {})
      expect([shown['asked.attached.CASE_NOTE'], hidden], role).to.deep.equal([customer, customer === undefined ? 1 : 0])
    }
  })

  it('loses what it tells of a person when that is erased, and says so', async () => {
    const bench = await LibraryBench.open()
    await bench.recording({ caller: '+4915550199' })
    const officer = await somebody(bench, 'compliance-officer')
    const before = bench.audit.entries.length
    expect(await bench.library.auditErasure.erase(officer, { numbers: ['+4915550199'], customerIds: [] })).to.equal(1)
    expect(await bench.library.auditErasure.erase(officer, { numbers: ['+4915550199'], customerIds: [] })).to.equal(0)
    expect(bench.audit.entries.at(-1)).to.deep.include({ sequence: before + 1, action: 'subject.erased', actor: officer.actor })
    expect(JSON.stringify(bench.audit.entries)).to.not.include('+4915550199')
  })
})
