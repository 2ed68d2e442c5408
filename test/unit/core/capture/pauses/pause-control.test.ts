import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parseRecordingId } from '../../../../../core/domain/ids.ts'
import { ALWAYS } from '../../../../../core/domain/rules/condition.ts'
import type { NativeRecording } from '../../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { PAUSABLE, policyWith } from '../../domain/rules/rule-samples.ts'
import { actor, bothSides, connected, masks, of, pause, resume, states } from '../paused-calls.ts'

const signal = AbortSignal.timeout(60_000)

describe('pause and resume of a live call', () => {
  it('says paused only after the PBX confirmed, and stores who, how and when', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    const target = { recordingId: bench.only().id }
    bench.pbx.after(2000)
    const [paused] = await bench.control.control({ action: 'pause', target, by: actor, person: null, how: 'api' }, signal)
    expect(paused).to.deep.include({ outcome: 'done', effectiveAt: bench.pbx.now })
    expect(bench.only().state).to.equal('paused')
    const [again] = await bench.control.control({ action: 'pause', target, by: actor, person: null, how: 'api' }, signal)
    expect(again).to.deep.include({ outcome: 'already', effectiveAt: bench.pbx.now })
    bench.pbx.after(3000)
    await bench.control.control({ action: 'resume', target, by: actor, person: null, how: 'api' }, signal)
    expect(bench.only().pauses).to.deep.equal([{
      index: 0, by: 'agent-desktop', how: 'api', askedAt: new Date('2026-11-22T08:00:02Z'), effectiveAt: new Date('2026-11-22T08:00:02Z'), limitMs: 60_000, warnedAt: null,
      resumeBy: 'agent-desktop', resumeAskedAt: new Date('2026-11-22T08:00:05Z'), resumedAt: new Date('2026-11-22T08:00:05Z'),
    }])
  })

  it('tells the failure when the PBX refuses, and the recording goes on with sound', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    bench.pbx.failures.set('mask', new HoldfastError('PBX_REFUSED', 'Cannot set mute flag'))
    const [result] = await bench.control.control({ action: 'pause', target: { interactionId: bench.only().interactionId }, by: actor, person: null, how: 'api' }, signal)
    expect(result).to.include({ outcome: 'failed', code: 'PAUSE_FAILED' })
    expect(bench.only().state).to.equal('recording')
    expect([...bench.pbx.recorders.values()].every(({ masked }) => !masked)).to.equal(true)
  })

  it('answers in time that nothing is confirmed, when the PBX does not answer', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    const [result] = await bench.control.control({ action: 'pause', target: { recordingId: bench.only().id }, by: actor, person: null, how: 'api' }, AbortSignal.abort())
    expect(result).to.include({ outcome: 'failed', code: 'PBX_TIMEOUT' })
  })

  it('refuses a pause that the rule forbids, and changes nothing', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'compliance', terms: { pause: { type: 'forbidden' } } }] }) })
    bench.pbx.asks(bench.pbx.call('customer'))
    await bench.settled()
    const [result] = await bench.control.control({ action: 'pause', target: { recordingId: bench.only().id }, by: actor, person: null, how: 'api' }, signal)
    expect(result).to.include({ outcome: 'failed', code: 'PAUSE_NOT_ALLOWED' })
    expect(bench.only().pauses).to.deep.equal([])
  })

  it('pauses anew after a resume that the PBX never confirmed, and does not lift it at the next link', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    const target = { recordingId: bench.only().id }
    await bench.control.control({ action: 'pause', target, by: actor, person: null, how: 'api' }, signal)
    bench.pbx.failures.set('unmask', new HoldfastError('PBX_TIMEOUT', 'no answer'))
    await bench.control.control({ action: 'resume', target, by: actor, person: null, how: 'api' }, signal)
    const [again] = await bench.control.control({ action: 'pause', target, by: actor, person: null, how: 'api' }, signal)
    expect(again?.outcome).to.equal('done')
    bench.pbx.failures.clear()
    bench.pbx.disconnect()
    bench.pbx.connect()
    await bench.settled()
    expect([...bench.pbx.recorders.values()].map(({ masked }) => masked)).to.deep.equal([true])
    expect(bench.only().state).to.equal('paused')
  })

  it('notes nothing as asked while the link is down', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    bench.pbx.disconnect()
    await bench.settled()
    const before = bench.journal.facts.length
    const [result] = await bench.control.control({ action: 'pause', target: { recordingId: bench.only().id }, by: actor, person: null, how: 'api' }, signal)
    expect(result).to.include({ outcome: 'failed', code: 'PBX_UNREACHABLE' })
    expect(bench.journal.facts).to.have.length(before)
  })

  it('refuses a recording that is not live', async () => {
    const bench = await CaptureBench.open()
    const refused = await bench.control.control({ action: 'pause', target: { recordingId: parseRecordingId('77') }, by: actor, person: null, how: 'api' }, signal).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'RECORDING_NOT_ACTIVE' })
  })
})

describe('a pause of a conversation', () => {
  it('silences source and destination together, whichever of them is named', async () => {
    for (const side of ['source', 'destination'] as const) {
      const { bench } = await bothSides()
      const results = await pause(bench, of(bench, side))
      expect(results.map(({ outcome }) => outcome)).to.deep.equal(['done', 'done'])
      expect(masks(bench)).to.deep.equal([true, true])
      await resume(bench, of(bench, side))
      expect(masks(bench)).to.deep.equal([false, false])
      expect(states(bench)).to.deep.equal(['recording', 'recording'])
    }
  })

  it('that one recorder does not confirm is withdrawn from all, and nobody is told "paused"', async () => {
    const { bench, agent } = await bothSides()
    bench.pbx.maskFailures.set(agent.channelId, new HoldfastError('PBX_REFUSED', 'Cannot set mute flag'))
    const results = await pause(bench)
    expect(results.map((result) => result.outcome === 'failed' ? result.code : result.outcome)).to.deep.equal(['PAUSE_FAILED', 'PAUSE_FAILED'])
    expect(masks(bench)).to.deep.equal([false, false])
    expect(states(bench)).to.deep.equal(['recording', 'recording'])
    expect(bench.pauses.all()).to.deep.equal([])
    expect(bench.recordings().map(({ pauses }) => pauses.map(({ effectiveAt, resumedAt }) => [effectiveAt, resumedAt !== null]))).to.deep.equal([[[null, true]], [[null, true]]])
  })

  it('whose withdrawal is not confirmed either is withdrawn until it is', async () => {
    const { bench, agent } = await bothSides()
    bench.pbx.maskFailures.set(agent.channelId, new HoldfastError('PBX_REFUSED', 'Cannot set mute flag'))
    bench.pbx.failures.set('unmask', new HoldfastError('PBX_TIMEOUT', 'no answer'))
    await pause(bench)
    expect(masks(bench), 'silent, though nobody is told so').to.deep.equal([true, false])
    bench.pbx.failures.clear()
    await bench.pauseLimit.check()
    expect(masks(bench)).to.deep.equal([false, false])
  })

  it('is refused where one of its recordings may not be paused: the other would be silent for nothing', async () => {
    const policy = policyWith({ rules: [{ name: 'mandated', when: { type: 'equals', field: { type: 'direction' }, value: 'outbound' }, record: 'source', terms: { pause: { type: 'forbidden' } } }, { name: 'free', when: ALWAYS, record: 'source' }] })
    const { bench, customer } = await bothSides({ policy })
    const other = bench.pbx.call('trader', { callId: customer.callId })
    bench.pbx.asks(other, {}, 'outbound')
    await bench.settled()
    const results = await pause(bench, bench.recordings()[0])
    expect(results.map((result) => result.outcome === 'failed' && result.code)).to.include('PAUSE_NOT_ALLOWED').and.not.include(false)
    expect(masks(bench)).to.not.include(true)
  })

  it('is refused to a person whom the rule does not name', async () => {
    const { bench } = await bothSides({ policy: policyWith({ rules: [{ name: 'desk', when: ALWAYS, record: 'both', terms: { pause: { ...PAUSABLE, by: ['supervisor'] } } }] }) })
    const target = { recordingId: of(bench, 'source').id }
    const results = await bench.control.control({ action: 'pause', target, by: actor, person: 'agent', how: 'api' }, signal)
    expect(results.map((result) => result.outcome === 'failed' && result.code)).to.deep.equal(['PAUSE_NOT_ALLOWED', 'PAUSE_NOT_ALLOWED'])
    expect(bench.journal.facts.some(({ fact }) => fact.type === 'pause-asked')).to.equal(false)
  })

  it('covers a recording whose leg has ended meanwhile: nothing of it can be heard', async () => {
    const { bench, agent } = await bothSides()
    bench.pbx.vanishes(agent)
    const results = await pause(bench)
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(['done'])
    expect(of(bench, 'source').state).to.equal('paused')
  })

  it('is asked of the PBX again when a mask came to nothing while it is in force', async () => {
    const { bench, agent } = await bothSides({ peerChange: 'segment' })
    await pause(bench)
    bench.pbx.failures.set('mask', new HoldfastError('PBX_REFUSED', 'Cannot set mute flag'))
    bench.pbx.emit({ type: 'bridge-left', ...bench.pbx.of(agent), bridgeId: 'first' })
    await bench.settled()
    expect(masks(bench), 'the new segment has sound').to.include(false)
    bench.pbx.failures.clear()
    await bench.pauseLimit.check()
    expect(masks(bench)).to.not.include(false)
    expect(of(bench, 'source').state).to.equal('paused')
    expect(of(bench, 'source').pauses).to.have.length(1)
  })

  it('given up without an answer, and carried out later all the same, is taken back', async () => {
    const { bench, customer } = await bothSides()
    bench.pbx.failures.set('mask', new HoldfastError('PBX_TIMEOUT', 'no answer'))
    await pause(bench)
    bench.pbx.failures.clear()
    for (const recorder of bench.pbx.recorders.values()) recorder.masked = true
    bench.pbx.emit({ type: 'recorder-muted', ...bench.pbx.of(customer), muted: 'both' })
    await bench.settled()
    const [first] = bench.pbx.recorders.values()
    expect(first).to.include({ channelId: customer.channelId, masked: false })
  })

  it('is in force again after Holdfast was killed between the wish and the facts of the recordings', async () => {
    const { bench } = await bothSides()
    await pause(bench)
    const wished = bench.journal.facts.findIndex(({ fact }) => fact.type === 'interaction-paused')
    bench.journal.facts.splice(wished + 1)
    for (const recorder of bench.pbx.recorders.values()) recorder.masked = false
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService(), journal: bench.journal, spool: bench.spool })
    await after.settled()
    expect(masks(after)).to.deep.equal([true, true])
    expect(states(after)).to.deep.equal(['paused', 'paused'])
  })
})

describe('what is asked for during a pause', () => {
  it('begins its first segment at the resume, on a leg that asks', async () => {
    const { bench, customer } = await connected({}, { record: 'source' })
    await pause(bench)
    const second = bench.pbx.call('second', { callId: customer.callId })
    const request = bench.pbx.asks(second, { record: 'source' })
    await bench.settled()
    const late = bench.recordings()[1]
    expect(late).to.include({ state: 'paused' })
    expect(late?.segments).to.deep.equal([])
    expect(bench.pbx.acknowledged.get(request), 'the dialplan need not record by itself').to.equal(late?.id)
    expect(bench.pbx.recorders.size).to.equal(1)
    bench.pbx.after(3000)
    await resume(bench)
    await bench.settled()
    expect(bench.recordings()[1]).to.include({ state: 'recording' })
    expect(bench.recordings()[1]?.segments.map(({ startedAt }) => startedAt)).to.deep.equal([bench.pbx.now])
    expect(masks(bench)).to.deep.equal([false, false])
  })

  it('is the side of the agent to whom a paused call is passed: it begins at the resume, with her', async () => {
    const { bench, customer, agent } = await connected({}, { record: 'destination' })
    await pause(bench, of(bench, 'destination'))
    bench.pbx.hangsUp(agent)
    await bench.settled()
    expect(of(bench, 'destination')).to.include({ state: 'stopped', reason: 'hangup' })
    const next = bench.pbx.dials(customer, 'agentB')
    bench.pbx.answers(next)
    bench.pbx.bridges(customer, next)
    await bench.settled()
    expect(bench.pbx.recorders.size, 'nothing of the pause is written').to.equal(0)
    const waiting = of(bench, 'destination')
    expect(waiting, 'shown, so that somebody can resume').to.include({ state: 'paused' })
    await resume(bench, waiting)
    await bench.settled()
    const begun = of(bench, 'destination')
    expect(begun).to.include({ state: 'recording', id: waiting.id, agent: 'PJSIP/agentB' })
    expect(begun.segments.map(({ channelId }) => channelId)).to.deep.equal([next.channelId])
    expect(begun.parties.map(({ channelId }) => channelId)).to.have.members([customer.channelId, next.channelId])
  })

  it('is a telephone that is recorded full-time, and rings: both sides begin at the resume', async () => {
    const isDesk = { type: 'in', field: { type: 'extension' }, values: ['agentB'] } as const
    const policy = policyWith({ rules: [{ name: 'desk', when: isDesk, record: 'both', dialplan: 'overruled' }] })
    const { bench, customer } = await connected({ policy }, { record: 'source' })
    await pause(bench, bench.recordings()[0])
    bench.pbx.dials(bench.pbx.call('trunk', { callId: customer.callId }), 'agentB')
    await bench.settled()
    expect(bench.pbx.recorders.size, 'only the first recorder runs').to.equal(1)
    expect(states(bench)).to.deep.equal(['paused', 'paused', 'paused'])
    await resume(bench, bench.recordings()[0])
    await bench.settled()
    expect(states(bench)).to.deep.equal(['recording', 'recording', 'recording'])
    expect(masks(bench)).to.deep.equal([false, false, false])
  })

  it('that never began because the call ended in the pause says so', async () => {
    const { bench, customer } = await connected({}, { record: 'source' })
    await pause(bench)
    const second = bench.pbx.call('second', { callId: customer.callId })
    bench.pbx.asks(second, { record: 'source' })
    await bench.settled()
    bench.pbx.hangsUp(second)
    await bench.settled()
    expect(bench.recordings()[1]).to.include({ state: 'not-recorded', reason: 'within-pause' })
  })

  it('is put off still after a restart, and begins at the resume', async () => {
    const { bench, customer } = await connected({}, { record: 'source' })
    await pause(bench)
    const second = bench.pbx.call('second', { callId: customer.callId })
    bench.pbx.asks(second, { record: 'source' })
    await bench.settled()
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService(), journal: bench.journal, spool: bench.spool })
    expect(after.pbx.recorders.size).to.equal(1)
    await resume(after, after.recordings()[0])
    await after.settled()
    expect(states(after)).to.deep.equal(['recording', 'recording'])
    expect(after.pbx.recorders.size).to.equal(2)
  })

  it('of the agent\'s side, and recorded by the dialplan on the customer\'s leg, is silent from its first frame, too', async () => {
    const { bench, customer, agent } = await connected({}, { record: 'destination' })
    await pause(bench, of(bench, 'destination'))
    bench.pbx.transfers(customer, agent, { kind: 'blind', number: '200' })
    bench.pbx.hangsUp(agent)
    await bench.settled()
    bench.pbx.asks(customer, { record: 'destination' })
    bench.pbx.recorders.set('native-1', { channelId: customer.channelId, recorderId: 'native-1', files: { received: 'a', transmitted: 'b' }, masked: false })
    bench.pbx.emit({ type: 'native-recording', began: 'yes', ...bench.pbx.after(250).of(customer), because: 'no-answer', recorderId: 'native-1', direction: 'inbound', files: { received: 'holdfast/native-1.rx.wav', transmitted: 'holdfast/native-1.tx.wav' }, caller: customer.caller, dialled: null, attached: { record: 'destination' }, headers: {}, interactionId: null, announcement: null })
    await bench.settled()
    const native = bench.recordings().find(({ origin }) => origin === 'native')
    expect(native).to.include({ state: 'paused' })
    expect(native?.pauses.map(({ effectiveAt }) => effectiveAt)).to.deep.equal([native?.segments[0]?.startedAt])
    expect(bench.pbx.recorders.get('native-1')?.masked).to.equal(true)
  })

  it('and recorded by the dialplan itself is masked when it is adopted, and silent from its first frame', async () => {
    const { bench, customer } = await connected({}, { record: 'source' })
    await pause(bench)
    const second = bench.pbx.call('second', { callId: customer.callId })
    bench.pbx.recorders.set('native-1', { channelId: second.channelId, recorderId: 'native-1', files: { received: 'a', transmitted: 'b' }, masked: false })
    const native: NativeRecording = { type: 'native-recording', began: 'yes', ...bench.pbx.after(250).of(second), because: 'no-answer', recorderId: 'native-1', direction: 'inbound', files: { received: 'holdfast/native-1.rx.wav', transmitted: 'holdfast/native-1.tx.wav' }, caller: second.caller, dialled: null, attached: { record: 'source' }, headers: {}, interactionId: null, announcement: null }
    bench.pbx.emit(native)
    await bench.settled()
    expect(masks(bench)).to.deep.equal([true, true])
    const adopted = bench.recordings()[1]
    expect(adopted).to.include({ state: 'paused', origin: 'native' })
    expect(adopted?.pauses[0]?.effectiveAt?.getTime()).to.be.at.most(adopted?.segments[0]?.startedAt.getTime() ?? 0)
  })
})
