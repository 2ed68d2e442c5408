import { expect } from 'chai'
import { describe, it } from 'mocha'
import { Seating } from '../../../../../core/capture/people/seating.ts'
import { formatDesk } from '../../../../../core/domain/desk.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parsePbxId } from '../../../../../core/domain/ids.ts'
import { MemoryCaptureJournal } from '../../../../support/fakes/memory-capture-journal.ts'
import { quietRuntime } from '../../../../support/quiet-runtime.ts'
import { expectCode } from '../../../../support/rejection.ts'

const MAIN = parsePbxId('main')
const ONE = { pbxId: MAIN, endpoint: 'PJSIP/200' }
const TWO = { pbxId: MAIN, endpoint: 'PJSIP/201' }
const ANNA = { type: 'token', id: 'token-of-anna' } as const
const NOW = new Date('2026-03-02T08:00:00Z')

function bench(journal = new MemoryCaptureJournal()): { readonly seating: Seating; readonly journal: MemoryCaptureJournal; readonly changes: () => number } {
  let changes = 0
  const seating = new Seating({ journal, runtime: quietRuntime(() => NOW), pbxIds: [MAIN], changed: () => { changes += 1 } })
  return { seating, journal, changes: () => changes }
}

function told(journal: MemoryCaptureJournal): readonly string[] {
  return journal.facts.flatMap(({ fact }) => fact.type === 'seat-taken' || fact.type === 'seat-left' ? [`${fact.type} ${fact.seat.agent} ${formatDesk(fact.seat.desk)} ${fact.seat.source} ${fact.by.type}`] : [])
}

describe('seating', () => {
  it('notes a sign-in with who said so, and once', async () => {
    const { seating, journal, changes } = bench()
    const seat = await seating.signIn('anna', ONE, ANNA)
    expect(await seating.signIn('anna', ONE, ANNA)).to.deep.equal(seat)
    expect(told(journal)).to.deep.equal(['seat-taken anna main:PJSIP/200 sign-in token'])
    expect(seat.fromAt).to.deep.equal(NOW)
    expect(changes()).to.equal(1)
  })

  it('moves her, and whoever sat there, in one word of the journal', async () => {
    const { seating, journal } = bench()
    await seating.signIn('anna', ONE, ANNA)
    await seating.signIn('bert', TWO, ANNA)
    await seating.signIn('anna', TWO, ANNA)
    expect(told(journal).slice(2)).to.deep.equal(['seat-left anna main:PJSIP/200 sign-in token', 'seat-left bert main:PJSIP/201 sign-in token', 'seat-taken anna main:PJSIP/201 sign-in token'])
    expect(seating.sitterAt(TWO)).to.equal('anna')
    expect(seating.desksOf('bert')).to.deep.equal([])
  })

  it('lets two who sign in at one desk at the same time come one after the other', async () => {
    const { seating } = bench()
    await Promise.all([seating.signIn('anna', ONE, ANNA), seating.signIn('bert', ONE, ANNA)])
    expect((await seating.seats()).map(({ agent }) => agent)).to.deep.equal(['bert'])
  })

  it('signs out where she signed in, twice is once, and leaves what the PBX says', async () => {
    const { seating, journal } = bench()
    await seating.signIn('anna', ONE, ANNA)
    await seating.take({ agent: 'anna', desk: ONE, source: 'queue' }, { type: 'pbx', id: MAIN }, NOW)
    expect((await seating.signOut('anna', ANNA)).map(({ toAt }) => toAt)).to.deep.equal([NOW])
    expect(await seating.signOut('anna', ANNA)).to.deep.equal([])
    expect(seating.sitterAt(ONE)).to.equal('anna')
    expect(told(journal).at(-1)).to.equal('seat-left anna main:PJSIP/200 sign-in token')
  })

  it('believes nothing that the journal did not take', async () => {
    const { seating, journal, changes } = bench()
    journal.failure = new HoldfastError('STORE_FAILED', 'no room')
    await expectCode(seating.signIn('anna', ONE, ANNA), 'STORE_FAILED')
    expect(seating.sitterAt(ONE)).to.equal(null)
    expect(changes()).to.equal(0)
  })

  it('refuses a PBX that is not configured', async () => {
    await expectCode(bench().seating.signIn('anna', { ...ONE, pbxId: parsePbxId('other') }, ANNA), 'PBX_UNKNOWN')
  })

  it('goes on after a restart with the seats that are open', async () => {
    const { seating, journal } = bench()
    await seating.signIn('anna', ONE, ANNA)
    await seating.signIn('bert', TWO, ANNA)
    await seating.signOut('bert', ANNA)
    const next = bench(journal).seating
    await next.restore()
    expect(next.sitterAt(ONE)).to.equal('anna')
    expect(next.sitterAt(TWO)).to.equal(null)
  })

  it('is put right after a gap: queues that the PBX tells, and logins whose telephone has no call any more', async () => {
    const { seating } = bench()
    const by = { type: 'pbx', id: MAIN } as const
    await seating.take({ agent: 'anna', desk: ONE, source: 'queue' }, by, NOW)
    await seating.take({ agent: 'bert', desk: TWO, source: 'pbx-login' }, by, NOW)
    await seating.signIn('clara', { pbxId: MAIN, endpoint: 'PJSIP/202' }, ANNA)
    await seating.settle(MAIN, { members: null, telephones: new Set(['PJSIP/201']), at: NOW })
    expect(seating.sitterAt(ONE), 'the PBX said nothing of queues').to.equal('anna')
    await seating.settle(MAIN, { members: [{ queue: 'q', agent: 'dora', endpoint: 'PJSIP/203' }], telephones: new Set(), at: NOW })
    expect((await seating.seats()).map(({ agent }) => agent).toSorted()).to.deep.equal(['clara', 'dora'])
  })

  it('keeps who is in two queues until she has left both', async () => {
    const { seating } = bench()
    const member = { agent: 'anna', endpoint: 'PJSIP/200' }
    seating.addMember(MAIN, { ...member, queue: 'sales' })
    seating.addMember(MAIN, { ...member, queue: 'sales' })
    seating.addMember(MAIN, { ...member, queue: 'support' })
    expect(seating.removeMember(MAIN, { ...member, queue: 'sales' })).to.equal('elsewhere-too')
    expect(seating.removeMember(MAIN, { ...member, queue: 'support' })).to.equal('nowhere')
  })

  it('keeps who is in two queues also over a gap after which the PBX does not tell of queues', async () => {
    const { seating } = bench()
    const member = { agent: 'anna', endpoint: 'PJSIP/200' }
    for (const queue of ['sales', 'support']) seating.addMember(MAIN, { ...member, queue })
    await seating.settle(MAIN, { members: null, telephones: new Set(), at: NOW })
    expect(seating.removeMember(MAIN, { ...member, queue: 'sales' })).to.equal('elsewhere-too')
  })
})
