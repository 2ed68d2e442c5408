import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseInteractionId, parseRecordingId } from '../../../../../core/domain/ids.ts'
import type { Recording } from '../../../../../core/domain/recording.ts'
import { NO_RULE } from '../../../../../core/domain/rules/rule.ts'
import { DeskBench } from '../../../../support/desk-bench.ts'
import { expectCode } from '../../../../support/rejection.ts'

const SOMEBODY = { type: 'token', id: 'somebody' } as const
const CURRENT = { current: true } as const

function states(bench: DeskBench): readonly string[] {
  return bench.capture.recordings().map(({ side, state }) => `${side} ${state}`)
}

function only(bench: DeskBench, call: string): Recording {
  const found = bench.capture.recordings().find(({ callId }) => callId === call)
  if (found === undefined) throw new Error(`nothing of ${call}`)
  return found
}

describe('control of live calls by an agent', () => {
  it('pauses and resumes the call that she has now, whole, and tells her of it', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    await bench.talk('customer', '200')
    const { liveControl } = bench.library.library
    const { recordings: paused } = await liveControl.control(anna, 'pause', CURRENT)
    expect(paused.map(({ recording, result }) => [recording.state, result.outcome])).to.deep.equal([['paused', 'done'], ['paused', 'done']])
    expect(states(bench)).to.deep.equal(['source paused', 'destination paused'])
    await liveControl.control(anna, 'resume', CURRENT)
    expect(states(bench)).to.deep.equal(['source recording', 'destination recording'])
    expect(bench.capture.recordings()[0]?.pauses[0]).to.include({ by: anna.actor.id, how: 'api' })
  })

  it('reaches her own calls by their ids, too, and answers what is another\'s as what is not there', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    await bench.talk('customer', '200')
    await bench.talk('stranger', '201')
    const { liveControl } = bench.library.library
    const own = only(bench, 'customer')
    const other = only(bench, 'stranger')
    for (const target of [{ recordingId: own.id }, { interactionId: own.interactionId }]) expect((await liveControl.control(anna, 'pause', target)).recordings).to.have.lengthOf.at.least(1)
    for (const action of ['pause', 'resume', 'start', 'stop'] as const) {
      const hidden = await expectCode(liveControl.control(anna, action, { recordingId: other.id }), 'RECORDING_NOT_FOUND')
      const missing = await expectCode(liveControl.control(anna, action, { recordingId: parseRecordingId('64') }), 'RECORDING_NOT_FOUND')
      expect(hidden.message).to.equal(missing.message)
      const foreign = await expectCode(liveControl.control(anna, action, { interactionId: other.interactionId }), 'INTERACTION_NOT_FOUND')
      expect(foreign.message).to.equal((await expectCode(liveControl.control(anna, action, { interactionId: parseInteractionId('never') }), 'INTERACTION_NOT_FOUND')).message)
    }
    expect(only(bench, 'stranger').state).to.equal('recording')
    expect(bench.library.audit.entries.at(-1)).to.deep.include({ actor: anna.actor, action: 'recording.stop', outcome: 'refused', reason: 'INTERACTION_NOT_FOUND' })
  })

  it('follows her from desk to desk, and not the telephone', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ agent: 'anna', desks: [bench.desk('200')] })
    const { seating } = bench.capture
    const { liveControl } = bench.library.library
    await bench.talk('first', '200')
    expect((await bench.mine(anna)).interactionId, 'her telephone, while nobody says where she sits').to.equal(only(bench, 'first').interactionId)
    await seating.signIn('anna', bench.desk('201'), SOMEBODY)
    await bench.talk('second', '201')
    expect((await bench.mine(anna)).interactionId).to.equal(only(bench, 'second').interactionId)
    await expectCode(liveControl.control(anna, 'pause', { interactionId: only(bench, 'first').interactionId }), 'INTERACTION_NOT_FOUND')
    await liveControl.control(anna, 'pause', CURRENT)
    expect(only(bench, 'second').state).to.equal('paused')
    expect(only(bench, 'first').state).to.equal('recording')
    await seating.signOut('anna', SOMEBODY)
    expect((await bench.mine(anna)).interactionId, 'answered while she sat there').to.equal(only(bench, 'second').interactionId)
    await bench.talk('third', '201')
    await expectCode(liveControl.control(anna, 'pause', { interactionId: only(bench, 'third').interactionId }), 'INTERACTION_NOT_FOUND')
  })

  it('stays hers who sat there when it was answered, whoever signs in there next', async () => {
    const bench = await DeskBench.open()
    const [bert, mallory] = [await bench.agent({ agent: 'bert' }), await bench.agent({ agent: 'mallory' })]
    const { desks, liveControl } = bench.library.library
    await desks.signIn(bert, { agent: null, desk: bench.desk('200') })
    const { customer, agent } = await bench.talk('customer', '200')
    await liveControl.control(bert, 'pause', CURRENT)
    await expectCode(desks.signIn(mallory, { agent: null, desk: bench.desk('200') }), 'DESK_IN_USE')
    await desks.signOut(bert, null)
    await desks.signIn(mallory, { agent: null, desk: bench.desk('200') })
    expect((await bench.mine(mallory)).state).to.equal('no-call')
    await expectCode(liveControl.control(mallory, 'resume', CURRENT), 'NO_LIVE_CALL')
    expect((await bench.mine(bert)).state).to.equal('paused')
    for (const leg of [agent, customer]) bench.capture.pbx.hangsUp(leg)
    await bench.capture.settled()
    await bench.talk('next', '200')
    expect((await bench.mine(mallory)).state).to.equal('recording')
    expect((await bench.mine(bert)).state).to.equal('no-call')
  })

  it('is nobody\'s who signs in at a nameless telephone during the call, and gives her no name in it', async () => {
    const bench = await DeskBench.open()
    const mallory = await bench.agent({ agent: 'mallory', sees: 'own' })
    await bench.talk('customer', '200')
    await bench.library.library.desks.signIn(mallory, { agent: null, desk: bench.desk('200') })
    await bench.capture.settled()
    expect((await bench.mine(mallory)).state).to.equal('no-call')
    const recordings = bench.capture.recordings()
    expect(recordings.map(({ agent }) => agent)).not.to.include('mallory')
    expect(recordings.flatMap(({ parties }) => parties).map(({ agent }) => agent)).not.to.include('mallory')
  })

  it('stays hers at the telephone of her token, when she forgot to sign in and does it during the call', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ agent: 'anna', desks: [bench.desk('200')] })
    await bench.talk('customer', '200')
    await bench.library.library.desks.signIn(anna, { agent: null, desk: bench.desk('200') })
    expect((await bench.mine(anna)).state).to.equal('recording')
  })

  it('is never a customer\'s leg: nobody sits there, whatever was signed in', async () => {
    const bench = await DeskBench.open()
    await bench.capture.seating.signIn('mallory', bench.desk('customer'), SOMEBODY)
    const mallory = await bench.agent({ agent: 'mallory' })
    const telephone = await bench.agent({ desks: [bench.desk('customer')] })
    await bench.talk('customer', '200')
    for (const somebody of [mallory, telephone]) {
      expect((await bench.mine(somebody)).state).to.equal('no-call')
      await expectCode(bench.library.library.liveControl.control(somebody, 'stop', CURRENT), 'NO_LIVE_CALL')
    }
  })

  it('gives a telephone\'s calls to who sits there, and not to whose it was', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ agent: 'anna', desks: [bench.desk('200')] })
    const bert = await bench.agent({ agent: 'bert' })
    const telephone = await bench.agent({ desks: [bench.desk('200')] })
    await bench.capture.seating.signIn('bert', bench.desk('200'), SOMEBODY)
    await bench.talk('customer', '200')
    expect((await bench.mine(anna)).state).to.equal('no-call')
    expect((await bench.mine(bert)).state).to.equal('recording')
    expect((await bench.mine(telephone)).state, 'a token of the telephone alone').to.equal('recording')
  })

  it('takes the call that is spoken in before one on hold, and the newer of two', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    const { pbx } = bench.capture
    const { agent: older } = await bench.talk('first', '200')
    const { agent: newer } = await bench.talk('second', '200')
    const now = async (): Promise<string | null> => (await bench.mine(anna)).interactionId
    expect(await now()).to.equal(only(bench, 'second').interactionId)
    pbx.emit({ type: 'held', ...pbx.of(newer) })
    await bench.capture.settled()
    expect(await now()).to.equal(only(bench, 'first').interactionId)
    pbx.emit({ type: 'held', ...pbx.of(older) })
    await bench.capture.settled()
    expect(await now(), 'all on hold').to.equal(only(bench, 'second').interactionId)
  })

  it('has no call while her telephone only rings', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ desks: [bench.desk('201')] })
    const { customer } = await bench.talk('customer', '200')
    bench.capture.pbx.dials(customer, '201')
    await bench.capture.settled()
    await expectCode(bench.library.library.liveControl.control(anna, 'pause', CURRENT), 'NO_LIVE_CALL')
  })

  it('has no call while she is only logged in at her telephone, alone on the line', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    bench.capture.pbx.answers(bench.capture.pbx.call('200'))
    await bench.capture.settled()
    expect((await bench.mine(anna)).state).to.equal('no-call')
  })

  it('is refused the pause that the rule gives to others alone', async () => {
    const bench = await DeskBench.open({ terms: { pause: { ...NO_RULE.terms.pause, type: 'allowed', by: ['supervisor'], ways: ['api'], maxDurationMs: null, endsWith: [] } } })
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    await bench.talk('customer', '200')
    await expectCode(bench.library.library.liveControl.control(anna, 'pause', CURRENT), 'PAUSE_NOT_ALLOWED')
    expect(states(bench)).to.deep.equal(['source recording', 'destination recording'])
  })

  it('starts and stops her call where the rule lets her', async () => {
    const bench = await DeskBench.open({ record: 'no', onDemand: ['start', 'stop'] })
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    await bench.talk('customer', '200')
    const { liveControl } = bench.library.library
    const { recordings: [started] } = await liveControl.control(anna, 'start', CURRENT)
    expect(started?.recording).to.include({ state: 'recording', side: 'source' })
    const { recordings: [stopped] } = await liveControl.control(anna, 'stop', CURRENT)
    expect(stopped?.result.outcome).to.equal('done')
    await expectCode(liveControl.control(anna, 'stop', CURRENT), 'RECORDING_NOT_ACTIVE')
    const strict = await DeskBench.open({ record: 'both', onDemand: [] })
    await strict.talk('customer', '200')
    await expectCode(strict.library.library.liveControl.control(await strict.agent({ desks: [strict.desk('200')] }), 'stop', CURRENT), 'STOP_NOT_ALLOWED')
    await expectCode(strict.library.library.liveControl.control(await strict.agent({ desks: [strict.desk('200')] }), 'start', CURRENT), 'START_NOT_ALLOWED')
  })

  it('searches and plays nothing, by whatever way', async () => {
    const bench = await DeskBench.open()
    const anna = await bench.agent({ agent: 'anna' })
    const recordingId = await bench.library.recording({ interaction: 'talk' })
    const { search, playback, liveFeed, auditTrail } = bench.library.library
    await expectCode(search.recording(anna, recordingId), 'FORBIDDEN')
    await expectCode(search.interaction(anna, parseInteractionId('talk')), 'FORBIDDEN')
    await expectCode(search.live(anna, 10), 'FORBIDDEN')
    await expectCode(playback.request(anna, recordingId), 'FORBIDDEN')
    await expectCode(liveFeed.watch(anna, { recordingId: null, interactionId: null }, AbortSignal.timeout(1000)).next(), 'FORBIDDEN')
    await expectCode(auditTrail.read(anna, { objectId: null, actorId: null, action: null, from: null, to: null }, { first: 1, before: null }), 'FORBIDDEN')
  })
})

describe('start and stop by a supervisor', () => {
  it('starts the call of an interaction, or of a recording that was not made', async () => {
    const bench = await DeskBench.open({ record: 'no', onDemand: ['start'] })
    const { authentication, liveControl } = bench.library.library
    const integrator = await authentication.authenticate(await bench.library.token('integrator'), '192.0.2.1')
    await bench.talk('customer', '200')
    const declined = only(bench, 'customer')
    const { recordings: [started] } = await liveControl.control(integrator, 'start', { interactionId: declined.interactionId })
    expect(started?.result.outcome).to.equal('done')
    await bench.library.tell(...bench.capture.journal.facts.map(({ fact }) => fact))
    const { recordings: [again] } = await liveControl.control(integrator, 'start', { recordingId: declined.id })
    expect(again?.result).to.include({ outcome: 'already', recordingId: started?.result.recordingId })
  })

  it('answers a call outside of her partitions as one that is not there, and one that is over as over', async () => {
    const bench = await DeskBench.open({ record: 'no', onDemand: ['start'] })
    const { authentication, liveControl } = bench.library.library
    const supervisor = await authentication.authenticate(await bench.library.token('supervisor', ['/sales']), '192.0.2.1')
    const integrator = await authentication.authenticate(await bench.library.token('integrator'), '192.0.2.1')
    const { customer, agent } = await bench.talk('customer', '200')
    const { interactionId } = only(bench, 'customer')
    await expectCode(liveControl.control(supervisor, 'start', { interactionId }), 'INTERACTION_NOT_FOUND')
    bench.capture.pbx.hangsUp(agent)
    bench.capture.pbx.hangsUp(customer)
    await bench.capture.settled()
    await bench.library.tell(...bench.capture.journal.facts.map(({ fact }) => fact))
    await expectCode(liveControl.control(integrator, 'start', { interactionId }), 'NO_LIVE_CALL')
    await expectCode(liveControl.control(integrator, 'start', CURRENT), 'NO_LIVE_CALL')
  })
})
