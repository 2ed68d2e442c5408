import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import type { Recording } from '../../../../../core/domain/recording.ts'
import type { NativePause, NativeRecording } from '../../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { policyWith } from '../../domain/rules/rule-samples.ts'

const BOTH = policyWith({ rules: [{ name: 'everything', record: 'both', dialplan: 'overruled' }] })

interface Talk {
  readonly bench: CaptureBench
  readonly customer: Channel
  readonly agent: Channel
}

async function talking(policy = BOTH): Promise<Talk> {
  const bench = await CaptureBench.open({ policy })
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer)
  const agent = bench.pbx.dials(customer, 'agentA')
  bench.pbx.answers(agent)
  bench.pbx.bridges(customer, agent)
  await bench.settled()
  bench.pbx.after(2000)
  return { bench, customer, agent }
}

/** What the dialplan does on a leg by itself, with its word about it: 20 ms until the recorder is stopped, 20 more until another begins. */
function act({ bench: { pbx }, agent }: Talk, leg: Channel, action: 'pause' | 'resume'): NativePause {
  const askedAt = pbx.now
  for (const [id, recorder] of pbx.recorders) if (recorder.channelId === leg.channelId) pbx.recorders.delete(id)
  const stoppedAt = pbx.after(20).now
  const id = `${action}-${askedAt.getTime()}-${leg.channelId}`
  const files = { received: `holdfast/${id}.rx.wav`, transmitted: `holdfast/${id}.tx.wav` }
  if (action === 'resume') pbx.recorders.set(id, { channelId: leg.channelId, recorderId: id, files, masked: false })
  return {
    type: 'native-pause', ...pbx.of(leg), at: askedAt, stage: 'done', action, way: 'dtmf', by: { channelId: agent.channelId, endpoint: agent.endpoint }, askedAt, stoppedAt,
    recorder: 'ended',
    resumed: action === 'pause' ? null : { files, recorderId: id, startedAt: pbx.after(20).now },
  }
}

/** The same where the recorder goes on. */
function mute({ bench: { pbx }, agent }: Talk, leg: Channel, action: 'pause' | 'resume'): NativePause {
  const askedAt = pbx.now
  for (const recorder of pbx.recorders.values()) if (recorder.channelId === leg.channelId) recorder.masked = action === 'pause'
  const stoppedAt = pbx.after(20).now
  return { type: 'native-pause', ...pbx.of(leg), at: stoppedAt, stage: 'done', action, way: 'dtmf', by: { channelId: agent.channelId, endpoint: agent.endpoint }, askedAt, stoppedAt, recorder: 'goes-on', resumed: null }
}

async function restarted({ bench }: Talk, pauses: readonly NativePause[], natives: readonly NativeRecording[] = []): Promise<CaptureBench> {
  return await CaptureBench.open({ pbx: bench.pbx.forNextService(natives, pauses), journal: bench.journal, spool: bench.spool, policy: bench.rules.policy })
}

const masks = (bench: CaptureBench): readonly boolean[] => [...bench.pbx.recorders.values()].map(({ masked }) => masked)
const of = (bench: CaptureBench, leg: Channel): Recording | undefined => bench.recordings().find(({ segments }) => segments.some(({ channelId }) => channelId === leg.channelId))

describe('a pause that the dialplan made while nobody was there', () => {
  it('is in force when the service is back: recorders begin again, and write silence until somebody resumes', async () => {
    const talk = await talking()
    const acts = [act(talk, talk.agent, 'pause'), act(talk, talk.customer, 'pause')]
    const bench = await restarted(talk, acts)
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['paused', 'paused'])
    expect(masks(bench)).to.deep.equal([true, true])
    for (const [index, leg] of [talk.agent, talk.customer].entries()) {
      const recording = of(bench, leg)
      expect(recording?.segments).to.have.length(2)
      expect(recording?.segments[0]?.endedAt).to.deep.equal(acts[index]?.stoppedAt)
      expect(recording?.pauses).to.have.length(1)
      expect(recording?.pauses[0]).to.deep.include({ by: 'PJSIP/agentA', how: 'dtmf', askedAt: acts[index]?.askedAt, effectiveAt: acts[index]?.stoppedAt, resumedAt: null })
    }
    expect(bench.pbx.forgottenPauses).to.have.members([talk.agent.channelId, talk.customer.channelId])
    const requestId = bench.pbx.presses(talk.agent, 'resume')
    await bench.settled()
    expect(bench.pbx.codeAnswers.get(requestId)).to.equal('recording')
    expect(masks(bench)).to.deep.equal([false, false])
  })

  it('is over when the dialplan ended it: its files are the next segment, and nothing begins beside it', async () => {
    const talk = await talking()
    const acts = [act(talk, talk.agent, 'pause'), act(talk, talk.customer, 'pause')]
    talk.bench.pbx.after(3000)
    acts.push(act(talk, talk.agent, 'resume'), act(talk, talk.customer, 'resume'))
    const bench = await restarted(talk, acts)
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['recording', 'recording'])
    expect(bench.pbx.recorders.size).to.equal(2)
    expect(masks(bench)).to.deep.equal([false, false])
    const customers = of(bench, talk.customer)
    expect(customers?.segments.at(-1)).to.deep.include({ files: acts[3]?.resumed?.files, recorderId: acts[3]?.resumed?.recorderId, startedAt: acts[3]?.resumed?.startedAt })
    expect(customers?.pauses).to.have.length(1)
    expect(customers?.pauses[0]).to.deep.include({ effectiveAt: acts[1]?.stoppedAt, resumedAt: acts[3]?.resumed?.startedAt, resumeBy: 'PJSIP/agentA' })
    expect(bench.pauses.all()).to.deep.equal([])
  })

  it('cuts nothing where recorders go on and write silence, and gives its times to the pause', async () => {
    const talk = await talking()
    const acts = [mute(talk, talk.agent, 'pause'), mute(talk, talk.customer, 'pause')]
    const bench = await restarted(talk, acts)
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['paused', 'paused'])
    expect(masks(bench)).to.deep.equal([true, true])
    const customers = of(bench, talk.customer)
    expect(customers?.segments).to.have.length(1)
    expect(customers?.segments[0]?.endedAt).to.equal(null)
    expect(customers?.pauses[0]).to.deep.include({ by: 'PJSIP/agentA', askedAt: acts[1]?.askedAt, effectiveAt: acts[1]?.stoppedAt, resumedAt: null })
    bench.pbx.after(2000)
    const ends = [mute({ ...talk, bench }, talk.agent, 'resume'), mute({ ...talk, bench }, talk.customer, 'resume')]
    const again = await restarted({ ...talk, bench }, [...acts, ...ends])
    expect(again.recordings().map(({ state }) => state)).to.deep.equal(['recording', 'recording'])
    expect(masks(again)).to.deep.equal([false, false])
    expect(of(again, talk.customer)?.segments).to.have.length(1)
    expect(of(again, talk.customer)?.pauses.map(({ effectiveAt, resumedAt }) => ({ effectiveAt, resumedAt }))).to.deep.equal([{ effectiveAt: acts[1]?.stoppedAt, resumedAt: ends[1]?.stoppedAt }])
  })

  it('ends what the service had paused before, and what the dialplan could not reach has sound again, too', async () => {
    const talk = await talking()
    talk.bench.pbx.presses(talk.agent, 'pause')
    await talk.bench.settled()
    talk.bench.pbx.after(3000)
    const bench = await restarted(talk, [act(talk, talk.agent, 'resume')])
    await bench.settled()
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['recording', 'recording'])
    expect(masks(bench)).to.deep.equal([false, false])
    expect(of(bench, talk.agent)?.segments).to.have.length(2)
    expect(of(bench, talk.customer)?.segments).to.have.length(1)
  })

  it('silences also what the dialplan did not reach', async () => {
    const talk = await talking()
    const bench = await restarted(talk, [act(talk, talk.agent, 'pause')])
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['paused', 'paused'])
    expect(masks(bench)).to.deep.equal([true, true])
  })

  it('is adopted once, however often it is told', async () => {
    const talk = await talking()
    const acts = [act(talk, talk.customer, 'pause')]
    const first = await restarted(talk, acts)
    const second = await restarted({ ...talk, bench: first }, acts)
    expect(of(second, talk.customer)?.pauses).to.have.length(1)
    expect(of(second, talk.customer)?.segments).to.have.length(2)
    expect(masks(second)).to.deep.equal([true, true])
  })

  it('has its limit, which passed meanwhile and is applied at once', async () => {
    const talk = await talking()
    const acts = [act(talk, talk.agent, 'pause'), act(talk, talk.customer, 'pause')]
    talk.bench.pbx.after(700_000)
    const bench = await restarted(talk, acts)
    await bench.pauseLimit.check()
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['recording', 'recording'])
    expect(bench.recordings().map(({ pauses: [pause] }) => pause?.resumeBy)).to.deep.equal(['pause-limit', 'pause-limit'])
  })

  it('is kept with a call that ended meanwhile', async () => {
    const talk = await talking()
    const acts = [act(talk, talk.agent, 'pause'), act(talk, talk.customer, 'pause')]
    talk.bench.pbx.vanishes(talk.agent)
    talk.bench.pbx.vanishes(talk.customer)
    const bench = await restarted(talk, acts)
    expect(bench.recordings().map(({ state, reason, pauses }) => [state, reason, pauses.length])).to.deep.equal([['stopped', 'ended-unseen', 1], ['stopped', 'ended-unseen', 1]])
  })

  it('begins again what the dialplan was to begin, and did not', async () => {
    const talk = await talking()
    const paused = act(talk, talk.customer, 'pause')
    talk.bench.pbx.after(3000)
    const half = act(talk, talk.customer, 'resume')
    talk.bench.pbx.recorders.delete(half.resumed?.recorderId ?? '')
    const resumed: NativePause = { ...half, resumed: half.resumed === null ? null : { ...half.resumed, recorderId: null, startedAt: null } }
    const bench = await restarted(talk, [paused, resumed])
    await bench.settled()
    expect(of(bench, talk.customer)?.state).to.equal('recording')
    expect(of(bench, talk.customer)?.segments).to.have.length(2)
    expect(bench.pbx.recorders.size).to.equal(2)
  })

  it('goes with the recording that the rules do not want', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'nothing', record: 'no', dialplan: 'overruled' }] }) })
    const customer = bench.pbx.channel('customer')
    const files = { received: 'holdfast/native.1.rx.wav', transmitted: 'holdfast/native.1.tx.wav' }
    const native: NativeRecording = { type: 'native-recording', began: 'yes', ...bench.pbx.of(customer), because: 'stale-heartbeat', files, recorderId: 'native', direction: 'inbound', caller: customer.caller, dialled: null, attached: {}, headers: {}, interactionId: null, announcement: null }
    const talk = { bench, customer, agent: customer }
    const acts = [act(talk, customer, 'pause'), act(talk, customer, 'resume')]
    const resumed = acts[1]?.resumed?.files
    for (const name of [files.received, resumed?.received ?? '']) bench.spool.set(name, { name, sizeBytes: 1, modifiedAt: bench.pbx.now })
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService([native], acts), journal: bench.journal, spool: bench.spool, policy: bench.rules.policy })
    expect(after.only().state).to.equal('not-recorded')
    expect([...after.spool.keys()]).to.deep.equal([])
    expect(after.pbx.recorders.size).to.equal(0)
  })
})

describe('a pause that the dialplan made of what may not be paused', () => {
  const LAW = policyWith({ rules: [{ name: 'law', record: 'both', dialplan: 'overruled', terms: { pause: { type: 'forbidden' } } }] })

  it('is none: it is recorded again at once, what was lost is a gap, and who did it is on record as refused', async () => {
    const talk = await talking(LAW)
    const acts = [act(talk, talk.agent, 'pause'), act(talk, talk.customer, 'pause')]
    const bench = await restarted(talk, acts)
    expect(bench.pauses.all()).to.deep.equal([])
    expect(masks(bench)).to.deep.equal([false, false])
    for (const [index, leg] of [talk.agent, talk.customer].entries()) {
      const recording = of(bench, leg)
      expect(recording?.state).to.equal('recording')
      expect(recording?.pauses, 'nothing excuses the gap').to.deep.equal([])
      expect(recording?.segments.map(({ endedAt }) => endedAt)).to.deep.equal([acts[index]?.stoppedAt, null])
      const refusals = (await bench.journal.unforwarded(1000)).flatMap(({ fact }) => fact.type === 'control-refused' && fact.recordingId === recording?.id ? [fact] : [])
      expect(refusals).to.deep.equal([{ type: 'control-refused', recordingId: recording?.id, action: 'pause', by: 'PJSIP/agentA', how: 'dtmf', reason: 'PAUSE_NOT_ALLOWED', at: acts[index]?.askedAt }])
    }
  })

  it('ends at once where the recorders go on, and stays on record as a pause that was', async () => {
    const talk = await talking(LAW)
    const acts = [mute(talk, talk.agent, 'pause'), mute(talk, talk.customer, 'pause')]
    const bench = await restarted(talk, acts)
    await bench.settled()
    expect(bench.pauses.all()).to.deep.equal([])
    expect(masks(bench)).to.deep.equal([false, false])
    for (const [index, leg] of [talk.agent, talk.customer].entries()) {
      const recording = of(bench, leg)
      expect(recording?.segments, 'the same recorder').to.have.length(1)
      expect(recording?.state).to.equal('recording')
      expect(recording?.pauses).to.have.length(1)
      expect(recording?.pauses[0]).to.deep.include({ by: 'PJSIP/agentA', how: 'dtmf', effectiveAt: acts[index]?.stoppedAt })
      expect(recording?.pauses[0]?.resumedAt).to.not.equal(null)
    }
  })

  it('goes on with the files of the dialplan where that has ended it', async () => {
    const talk = await talking(LAW)
    const acts = [act(talk, talk.agent, 'pause'), act(talk, talk.customer, 'pause')]
    talk.bench.pbx.after(3000)
    acts.push(act(talk, talk.agent, 'resume'), act(talk, talk.customer, 'resume'))
    const bench = await restarted(talk, acts)
    const customers = of(bench, talk.customer)
    expect(customers).to.deep.include({ state: 'recording', pauses: [] })
    expect(customers?.segments.at(-1)).to.deep.include({ files: acts[3]?.resumed?.files, startedAt: acts[3]?.resumed?.startedAt })
    expect(customers?.segments).to.have.length(2)
  })
})

describe('a pause that the dialplan makes because the service is slow', () => {
  it('is told before it is done: no recorder begins where one was stopped on purpose', async () => {
    const talk = await talking()
    const { bench, agent, customer } = talk
    const { pbx } = bench
    for (const leg of [agent, customer]) {
      const before = pbx.now
      const done = act(talk, leg, 'pause')
      pbx.emit({ ...done, at: before, stage: 'begins', stoppedAt: null })
      pbx.emit({ type: 'recorder-stopped', ...pbx.of(leg) })
      await bench.settled()
      expect(of(bench, leg)?.segments, 'nobody else stopped it').to.have.length(1)
      pbx.emit(done)
      await bench.settled()
    }
    pbx.emit({ type: 'native-pause', ...pbx.of(agent), stage: 'over', action: 'pause', way: 'dtmf', by: { channelId: agent.channelId, endpoint: agent.endpoint }, askedAt: pbx.now, stoppedAt: null, recorder: 'ended', resumed: null })
    await bench.settled()
    expect(bench.recordings().map(({ state, pauses }) => [state, pauses.length])).to.deep.equal([['paused', 1], ['paused', 1]])
    expect(masks(bench)).to.deep.equal([true, true])
  })

  it('reaches every recording in the end, also those that the dialplan did not know', async () => {
    const talk = await talking()
    const { bench: { pbx }, bench, agent, customer } = talk
    pbx.emit(act(talk, customer, 'pause'))
    pbx.emit({ type: 'native-pause', ...pbx.of(agent), stage: 'over', action: 'pause', way: 'dtmf', by: { channelId: agent.channelId, endpoint: agent.endpoint }, askedAt: pbx.now, stoppedAt: null, recorder: 'ended', resumed: null })
    await bench.settled()
    expect(masks(bench)).to.deep.equal([true, true])
    pbx.after(2000).emit(act(talk, customer, 'resume'))
    pbx.emit({ type: 'native-pause', ...pbx.of(agent), stage: 'over', action: 'resume', way: 'dtmf', by: { channelId: agent.channelId, endpoint: agent.endpoint }, askedAt: pbx.now, stoppedAt: null, recorder: 'ended', resumed: null })
    await bench.settled()
    expect(masks(bench)).to.deep.equal([false, false])
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['recording', 'recording'])
  })

  it('is taken over also when whoever asked hangs up in the middle', async () => {
    const talk = await talking()
    const { bench: { pbx }, bench, agent, customer } = talk
    pbx.emit({ ...act(talk, customer, 'pause'), stage: 'begins', stoppedAt: null })
    pbx.emit({ type: 'recorder-stopped', ...pbx.of(customer) })
    pbx.hangsUp(agent)
    await bench.settled()
    const customers = of(bench, customer)
    expect(customers?.state).to.equal('paused')
    expect(masks(bench)).to.deep.equal([true])
  })

  it('is taken over then also when the journal refuses it at first', async () => {
    const talk = await talking()
    const { bench: { pbx }, bench, agent, customer } = talk
    pbx.emit({ ...act(talk, customer, 'pause'), stage: 'begins', stoppedAt: null })
    pbx.emit({ type: 'recorder-stopped', ...pbx.of(customer) })
    await bench.settled()
    bench.journal.refusals.set('pause-asked', 1)
    pbx.hangsUp(agent)
    await bench.settled()
    expect(of(bench, customer)?.state).to.equal('paused')
    expect(masks(bench)).to.deep.equal([true])
  })
})

describe('what the dialplan is told for the time when nobody is there', () => {
  it('is by which ways a leg may be paused: those of the rule that the settings leave open', async () => {
    const bench = await CaptureBench.open({ policy: BOTH, ways: ['dtmf', 'api'] })
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer)
    await bench.settled()
    expect(bench.pbx.pauseWays.get(customer.channelId)).to.deep.equal(['dtmf', 'api'])
  })

  for (const [failure, errors] of [[new HoldfastError('PBX_TIMEOUT', 'no reply'), undefined], [new TypeError('a bug'), 1]] as const) {
    it(`harms no recording when it is not taken: ${failure.message}, which is counted only when it is a bug`, async () => {
      const bench = await CaptureBench.open({ policy: BOTH })
      bench.pbx.tellPauseWays = () => Promise.reject(failure)
      bench.pbx.asks(bench.pbx.call('customer'))
      await bench.settled()
      expect(bench.recordings()[0]?.state).to.equal('recording')
      expect(bench.counted.get('holdfast_capture_errors_total')).to.equal(errors)
    })
  }
})
