import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parsePbxId } from '../../../../../core/domain/ids.ts'
import { DeskBench } from '../../../../support/desk-bench.ts'
import { expectCode } from '../../../../support/rejection.ts'

const EVERY = { agent: null, desk: null, from: null, to: null }

describe('signing in at a desk', () => {
  it('is told by the agent of herself, and by no agent of another', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ agent: 'anna' })
    const { desks } = bench.library.library
    expect(await desks.signIn(anna, { agent: null, desk: bench.desk('200') })).to.deep.include({ agent: 'anna', source: 'sign-in', toAt: null })
    expect((await desks.signIn(anna, { agent: ' anna ', desk: bench.desk('201') })).desk.endpoint).to.equal('PJSIP/201')
    await expectCode(desks.signIn(anna, { agent: 'bert', desk: bench.desk('200') }), 'FORBIDDEN')
    await expectCode(desks.signOut(anna, 'bert'), 'FORBIDDEN')
    expect((await desks.signOut(anna, null)).map(({ agent }) => agent)).to.deep.equal(['anna'])
    expect(bench.library.audited().filter((action) => action.startsWith('desk'))).to.deep.equal(['desk.taken refused', 'desk.left refused'])
  })

  it('waits for the catalogue to say who asks', async () => {
    const bench = await DeskBench.open()
    const known = { ...await bench.agent({ agent: 'anna', desks: [bench.desk('200')] }), knownAt: new Date(0) }
    const { desks } = bench.library.library
    await expectCode(desks.signIn(known, { agent: null, desk: bench.desk('200') }), 'STORE_FAILED')
    await expectCode(desks.signOut(known, null), 'STORE_FAILED')
    await expectCode(desks.history(known, EVERY, 10), 'STORE_FAILED')
    expect(bench.capture.seating.desksOf('anna')).to.deep.equal([])
  })

  it('is told by administrators and other systems of anybody, whom they name', async () => {
    const bench = await DeskBench.open()
    const { authentication, desks } = bench.library.library
    for (const role of ['administrator', 'integrator'] as const) {
      const requester = await authentication.authenticate(await bench.library.token(role), '192.0.2.1')
      await desks.signIn(requester, { agent: 'bert', desk: bench.desk('200') })
      await expectCode(desks.signIn(requester, { agent: null, desk: bench.desk('200') }), 'FORBIDDEN')
      expect(await desks.signOut(requester, 'bert')).to.have.length(1)
    }
    const officer = await authentication.authenticate(await bench.library.token('compliance-officer'), '192.0.2.1')
    await expectCode(desks.signIn(officer, { agent: 'bert', desk: bench.desk('200') }), 'FORBIDDEN')
  })

  it('is told by an agent of the telephones of her token and of those that are free, and of no other', async () => {
    const bench = await DeskBench.open({ freeDesks: ['PJSIP/desk-*'] })
    const { desks } = bench.library.library
    const anna = await bench.agent({ agent: 'anna', desks: [bench.desk('200')] })
    for (const [phone, isHers] of [['200', true], ['desk-7', true], ['201', false], ['customer', false]] as const) {
      const signing = desks.signIn(anna, { agent: null, desk: bench.desk(phone) })
      if (isHers) expect((await signing).desk).to.deep.equal(bench.desk(phone))
      else await expectCode(signing, 'FORBIDDEN')
    }
    expect(bench.capture.seating.desksOf('anna')).to.deep.equal([bench.desk('desk-7')])
  })

  it('is told of no trunk, by nobody', async () => {
    const bench = await DeskBench.open({ freeDesks: ['PJSIP/*'], trunks: ['PJSIP/carrier-*'] })
    const { authentication, desks } = bench.library.library
    const integrator = await authentication.authenticate(await bench.library.token('integrator'), '192.0.2.1')
    await expectCode(desks.signIn(await bench.agent({ agent: 'anna' }), { agent: null, desk: bench.desk('carrier-1') }), 'FORBIDDEN')
    await expectCode(desks.signIn(integrator, { agent: 'bert', desk: bench.desk('carrier-1') }), 'FORBIDDEN')
  })

  it('is neither told nor read by a token that partitions narrow', async () => {
    const bench = await DeskBench.open()
    const { authentication, desks } = bench.library.library
    const supervisor = await authentication.authenticate(await bench.library.token('supervisor', ['/sales']), '192.0.2.1')
    await expectCode(desks.history(supervisor, EVERY, 10), 'FORBIDDEN')
    await expectCode(desks.signIn(supervisor, { agent: 'eve', desk: bench.desk('200') }), 'FORBIDDEN')
    await expectCode(desks.signOut(supervisor, 'eve'), 'FORBIDDEN')
  })

  it('refuses a PBX that is not there, a name that is none, and a token of a telephone alone', async () => {
    const bench = await DeskBench.open()
    const { desks } = bench.library.library
    const anna = await bench.agent({ agent: 'anna' })
    await expectCode(desks.signIn(anna, { agent: null, desk: { pbxId: parsePbxId('elsewhere'), endpoint: 'PJSIP/200' } }), 'PBX_UNKNOWN')
    await expectCode(desks.signIn(anna, { agent: 'PJSIP/200', desk: bench.desk('200') }), 'MALFORMED_ID')
    await expectCode(desks.signIn(await bench.agent({ desks: [bench.desk('200')] }), { agent: null, desk: bench.desk('200') }), 'FORBIDDEN')
  })

  it('leaves a history, of which an agent sees her own', async () => {
    const bench = await DeskBench.open()
    const { authentication, desks } = bench.library.library
    const anna = await bench.agent({ agent: 'anna' })
    const integrator = await authentication.authenticate(await bench.library.token('integrator'), '192.0.2.1')
    await desks.signIn(anna, { agent: null, desk: bench.desk('200') })
    await desks.signIn(integrator, { agent: 'bert', desk: bench.desk('200') })
    await bench.library.tell(...bench.capture.journal.facts.map(({ fact }) => fact))
    const all = await desks.history(integrator, EVERY, 10)
    expect(all.map(({ agent, toAt, begunBy, endedBy }) => [agent, toAt !== null, begunBy, endedBy])).to.have.deep.members([
      ['bert', false, `token:${integrator.actor.id}`, null], ['anna', true, `token:${anna.actor.id}`, `token:${integrator.actor.id}`],
    ])
    expect((await desks.history(anna, EVERY, 10)).map(({ agent }) => agent)).to.deep.equal(['anna'])
    await expectCode(desks.history(anna, { ...EVERY, agent: 'bert' }, 10), 'FORBIDDEN')
    expect(bench.library.audit.entries.filter(({ action }) => action === 'desk.taken').map(({ actor, object, personal }) => [actor.id, object.id, personal])).to.deep.equal([
      [anna.actor.id, 'fake:PJSIP/200', { agent: 'anna', address: anna.address, actorLabel: anna.label }], [integrator.actor.id, 'fake:PJSIP/200', { agent: 'bert', address: '192.0.2.1', actorLabel: integrator.label }],
    ])
    await desks.signOut(integrator, 'bert')
    await bench.library.tell(...bench.capture.journal.facts.map(({ fact }) => fact).slice(-1))
    expect(bench.library.audit.entries.at(-1)).to.deep.include({ action: 'desk.left', actor: integrator.actor, personal: { agent: 'bert', address: '192.0.2.1', actorLabel: integrator.label } })
  })
})
