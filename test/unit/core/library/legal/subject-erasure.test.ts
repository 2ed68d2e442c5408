import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { verifiedBy } from '../../../../../core/crypto/ed25519-signer.ts'
import { DEFAULT_ROLES, type Requester } from '../../../../../core/domain/actor.ts'
import { readStatement, statementBytes } from '../../../../../core/domain/signed-statement.ts'
import { AuditErasure } from '../../../../../core/library/audit/audit-erasure.ts'
import { AuditWriter } from '../../../../../core/library/audit/audit-writer.ts'
import { ERASURE_RECEIPT, SubjectErasure } from '../../../../../core/library/legal/subject-erasure.ts'
import { DestroyerBench } from '../../../../support/destroyer-bench.ts'
import { aboutHold, holdOn } from '../../../../support/held-recordings.ts'
import { idAt, seconds } from '../../../../support/recording-facts.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { suiteDirectory } from '../../../../support/suite-directory.ts'

const NUMBER = '+4915559999'
const OFFICER: Requester = { actor: { type: 'user', id: 'officer' }, role: DEFAULT_ROLES['compliance-officer'], label: '', reach: 'all', units: [], binding: null, address: '192.0.2.7' }
const HER = { numbers: [NUMBER], customerIds: ['K-1'] }
const ORDER = { reason: 'request 12 of 3 March' }
const [CALLED, CUSTOMER, OTHER] = [idAt(0), idAt(60), idAt(120)]

describe('the erasure of what tells of a person', () => {
  const directory = suiteDirectory()
  let bench: DestroyerBench
  let erasure: SubjectErasure
  beforeEach(async () => {
    bench = await DestroyerBench.open(directory())
    const { repository, subjects, audit: log } = bench.catalogue
    erasure = new SubjectErasure({
      index: subjects, repository, destroyer: bench.destroyer(), auditErasure: new AuditErasure({ log, clock: bench.runtime.clock }), customerIdKey: 'CUSTOMER_ID', signer: bench.signer, installation: 'node-1',
      audit: new AuditWriter({ audit: log, runtime: bench.runtime }), clock: bench.runtime.clock,
    })
    await bench.stored({ id: CALLED, change: { caller: { number: NUMBER, name: 'M. Muster' } } })
    await bench.stored({ id: CUSTOMER, attached: { CUSTOMER_ID: 'K-1' } })
    await bench.stored({ id: OTHER, attached: { CUSTOMER_ID: 'K-10', mood: 'K-1' } })
  })
  afterEach(() => bench.close())
  const audited = async (): Promise<string> => JSON.stringify((await bench.catalogue.audit.read({ ...NO_FILTER }, { first: 200, before: null })).entries)

  it('finds her by number and customer id, and changes nothing before it was looked at', async () => {
    const plan = await erasure.plan(OFFICER, HER)
    expect(plan.recordings.map(({ recording, obstacle }) => [recording.id, obstacle])).to.deep.equal([[CALLED, null], [CUSTOMER, null]])
    expect(bench.left(CALLED)).to.have.length(5)
    await expectCode(erasure.execute(OFFICER, HER, { ...ORDER, planId: 'another' }), 'FILTER_INVALID')
    await bench.stored({ id: idAt(180), change: { callee: { number: NUMBER, name: null } } })
    await expectCode(erasure.execute(OFFICER, HER, { ...ORDER, planId: plan.planId }), 'FILTER_INVALID')
    expect(bench.left(CALLED)).to.have.length(5)
  })

  it('does for nobody else what was looked at, also where the same recordings are found', async () => {
    await bench.stored({ id: idAt(180), change: { caller: { number: '+4915558888', name: null }, callee: { number: '+4915557777', name: null } } })
    const [caller, callee] = ['+4915558888', '+4915557777'].map((number) => ({ numbers: [number], customerIds: [] }))
    if (caller === undefined || callee === undefined) throw new TypeError('two of them')
    const { planId, recordings } = await erasure.plan(OFFICER, caller)
    expect(recordings).to.deep.equal((await erasure.plan(OFFICER, callee)).recordings).and.to.have.length(1)
    await expectCode(erasure.execute(OFFICER, callee, { ...ORDER, planId }), 'FILTER_INVALID')
    const [none, nobody] = [await erasure.plan(OFFICER, { numbers: ['1', '2'], customerIds: ['K-1'] }), await erasure.plan(OFFICER, { numbers: ['2', '1', '1'], customerIds: ['K-1'] })]
    expect(none.planId).to.equal(nobody.planId)
  })

  it('destroys all that is hers, erases her from the audit, whose chain still verifies, and gives a receipt', async () => {
    expect(await audited()).to.include(NUMBER)
    const { planId } = await erasure.plan(OFFICER, HER)
    const steps: number[] = []
    const report = await erasure.execute(OFFICER, HER, { ...ORDER, planId, onProgress: (done) => void steps.push(done) })
    expect(report).to.deep.include({ destroyed: [CALLED, CUSTOMER], underWay: [], prevented: [] })
    expect(report.auditEntries).to.be.greaterThan(0)
    expect(steps).to.deep.equal([0, 1])
    expect([bench.left(CALLED), bench.left(CUSTOMER), bench.left(OTHER).length]).to.deep.equal([[], [], 5])
    expect(await audited()).to.not.include(NUMBER).and.to.not.include('M. Muster')
    for (const chain of await bench.catalogue.audit.chains()) expect((await bench.catalogue.audit.verify(chain)).fault).to.equal(null)
    const receipt = readStatement(report.receipt)
    expect(receipt?.receipt).to.deep.include({ destroyed: [CALLED, CUSTOMER], prevented: [], reason: ORDER.reason })
    expect(report.receipt).to.not.include(NUMBER)
    expect(verifiedBy(bench.signer.verificationKeyPem, statementBytes(ERASURE_RECEIPT, receipt?.receipt), receipt?.signature ?? Buffer.of()).fits).to.equal(true)
    expect((await erasure.plan(OFFICER, HER)).recordings).to.deep.equal([])
  })

  it('names the holds that prevent it, and keeps the audit as long as anything is held', async () => {
    await bench.catalogue.holds.place(holdOn(1, { recordings: [CUSTOMER] }), aboutHold(1))
    const plan = await erasure.plan(OFFICER, HER)
    const [, prevented] = plan.recordings
    expect(prevented?.obstacle?.outcome === 'held' ? prevented.obstacle.holds.map(({ caseName }) => caseName) : prevented).to.deep.equal(['case 1'])
    const report = await erasure.execute(OFFICER, HER, { ...ORDER, planId: plan.planId })
    expect(report).to.deep.include({ destroyed: [CALLED], auditEntries: null })
    expect(report.prevented.map(({ recording }) => recording.id)).to.deep.equal([CUSTOMER])
    expect(bench.left(CUSTOMER)).to.have.length(5)
    expect(await audited()).to.include(NUMBER)
    await bench.catalogue.holds.release(holdOn(1, {}).id, { by: OFFICER.actor, reason: 'settled', at: seconds(1) }, aboutHold(1, 'hold.released'))
    const again = await erasure.plan(OFFICER, HER)
    expect((await erasure.execute(OFFICER, HER, { ...ORDER, planId: again.planId })).auditEntries).to.be.greaterThan(0)
    expect(await audited()).to.not.include(NUMBER)
  })

  it('is nothing for who reaches only some partitions, or may not delete, or names nobody', async () => {
    await expectCode(erasure.plan({ ...OFFICER, reach: ['/sales'] }, HER), 'FORBIDDEN')
    await expectCode(erasure.plan({ ...OFFICER, role: DEFAULT_ROLES.administrator }, HER), 'FORBIDDEN')
    const blind = { ...OFFICER, role: { ...OFFICER.role, permissions: ['delete'] as const } }
    await expectCode(erasure.plan(blind, HER), 'FORBIDDEN')
    await expectCode(erasure.plan({ ...OFFICER, role: { ...OFFICER.role, reasonRequired: true } }, HER), 'REASON_REQUIRED')
    await expectCode(erasure.plan(OFFICER, { numbers: [], customerIds: [] }), 'FILTER_INVALID')
    await expectCode(erasure.plan(OFFICER, { numbers: [''], customerIds: [] }), 'FILTER_INVALID')
    await expectCode(erasure.execute(OFFICER, HER, { reason: '', planId: 'x' }), 'REASON_REQUIRED')
  })
})

const NO_FILTER = { objectId: null, actorId: null, action: null, from: null, to: null } as const
