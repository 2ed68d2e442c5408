import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import type { CaptureFact } from '../../../../../core/domain/capture-fact.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

interface Consultation {
  readonly bench: CaptureBench
  readonly customer: Channel
  readonly agent: Channel
  /** The agent's second leg, which has a call of its own. */
  readonly asking: Channel
  readonly colleague: Channel
}

/** A customer's call, and a consultation of its agent by a second line, both recorded under an interaction of their own. */
async function consulting(side: 'source' | 'destination' = 'destination'): Promise<Consultation> {
  const bench = await CaptureBench.open({ peerChange: 'segment' })
  const { pbx } = bench
  const customer = pbx.call('customer')
  pbx.asks(customer, { record: 'source' })
  const agent = pbx.dials(customer, 'agentA')
  await bench.settled()
  pbx.after(1000).bridges(customer, agent)
  await bench.settled()
  const asking = pbx.after(4000).call('agentA', { callId: 'second-line' })
  pbx.asks(asking, { record: side }, 'internal')
  await bench.settled()
  const colleague = pbx.dials(asking, 'agentB')
  await bench.settled()
  pbx.after(1000).bridges(colleague, asking)
  await bench.settled()
  pbx.after(2000)
  return { bench, customer, agent, asking, colleague }
}

/** As Asterisk tells a REFER with Replaces: the customer takes the place of the agent's second leg, then the transfer is told. */
function joins({ bench: { pbx }, customer, agent, asking, colleague }: Consultation): void {
  pbx.leaves(customer)
  pbx.leaves(asking)
  pbx.enters(`bridge-${colleague.channelId}`, customer)
  pbx.transfers(customer, agent, { kind: 'attended', number: '200', consultation: asking })
  pbx.leaves(agent)
  for (const leg of [agent, asking]) pbx.hangsUp(leg)
}

function told<T extends CaptureFact['type']>({ journal }: CaptureBench, type: T): readonly Extract<CaptureFact, { type: T }>[] {
  return journal.facts.map(({ fact }) => fact).filter((fact): fact is Extract<CaptureFact, { type: T }> => fact.type === type)
}

const desk = (interactionId: string | undefined, bench: CaptureBench, action: 'pause' | 'resume'): Parameters<CaptureBench['control']['control']>[0] => {
  const target = bench.recordings().find((recording) => recording.interactionId === interactionId)
  if (target === undefined) throw new Error('no such interaction')
  return { action, target: { interactionId: target.interactionId }, by: { type: 'token', id: 'desk' }, person: null, how: 'api' }
}

describe('a consultation that is joined', () => {
  it('merges its interaction into the customer\'s, once however it is told, and its recording goes on', async () => {
    const consultation = await consulting()
    joins(consultation)
    const { bench, customer, colleague } = consultation
    await bench.settled()
    // As later events of the colleague's leg name the call that it belongs to now.
    bench.pbx.emit({ type: 'held', ...bench.pbx.of(colleague), callId: customer.callId })
    await bench.settled()
    const [own, second] = bench.recordings()
    expect(told(bench, 'interaction-merged').map(({ interactionId, mergedIntoId }) => [interactionId, mergedIntoId])).to.deep.equal([[second?.interactionId, own?.interactionId]])
    expect([own?.state, second?.state]).to.deep.equal(['recording', 'recording'])
  })

  it('is one with the customer\'s call by the word of the transfer alone, and by the bridge in which they meet alone', async () => {
    for (const way of ['transfer', 'bridge'] as const) {
      const { bench, customer, agent, asking, colleague } = await consulting()
      if (way === 'transfer') bench.pbx.transfers(customer, agent, { kind: 'attended', number: '200', consultation: asking })
      else bench.pbx.enters(`bridge-${colleague.channelId}`, customer)
      await bench.settled()
      expect(told(bench, 'interaction-merged').map(({ mergedIntoId }) => mergedIntoId), way).to.deep.equal([bench.recordings()[0]?.interactionId])
    }
  })

  it('is silent with the customer\'s recording, by whichever interaction the pause is asked for', async () => {
    for (const index of [0, 1]) {
      const consultation = await consulting()
      joins(consultation)
      const { bench } = consultation
      await bench.settled()
      const results = await bench.control.control(desk(bench.recordings()[index]?.interactionId, bench, 'pause'), AbortSignal.timeout(60_000))
      expect(results.map(({ outcome }) => outcome)).to.deep.equal(['done', 'done'])
      expect([...bench.pbx.recorders.values()].map(({ masked }) => masked)).to.deep.equal([true, true])
      await bench.control.control(desk(bench.recordings()[1 - index]?.interactionId, bench, 'resume'), AbortSignal.timeout(60_000))
      expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['recording', 'recording'])
    }
  })

  it('becomes silent when the customer\'s call is paused already', async () => {
    const consultation = await consulting()
    const { bench } = consultation
    await bench.control.control(desk(bench.recordings()[0]?.interactionId, bench, 'pause'), AbortSignal.timeout(60_000))
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['paused', 'recording'])
    joins(consultation)
    await bench.settled()
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['paused', 'paused'])
    expect([...bench.pbx.recorders.values()].map(({ masked }) => masked)).to.deep.equal([true, true])
  })

  it('knows the customer for what she is, though it was a call among colleagues', async () => {
    const consultation = await consulting()
    joins(consultation)
    await consultation.bench.settled()
    expect(consultation.bench.recordings()[1]?.parties.map(({ side, endpoint }) => `${side} ${endpoint ?? ''}`))
      .to.deep.equal(['agent PJSIP/agentB', 'agent PJSIP/agentA', 'customer PJSIP/customer'])
  })

  it('ends the recording of the asker\'s own leg as her leaving, though that leg is of another call', async () => {
    const consultation = await consulting('source')
    joins(consultation)
    await consultation.bench.settled()
    expect(consultation.bench.recordings().map(({ state, reason }) => `${state} ${reason ?? ''}`)).to.deep.equal(['recording ', 'stopped agent-left'])
  })

  it('is known to be one with the customer\'s call by the next service', async () => {
    const consultation = await consulting()
    joins(consultation)
    const { bench } = consultation
    await bench.settled()
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService(), journal: bench.journal, spool: bench.spool })
    const results = await after.control.control(desk(after.recordings()[0]?.interactionId, after, 'pause'), AbortSignal.timeout(60_000))
    expect(results).to.have.length(2)
  })

  it('is merged also when it was joined while nobody looked', async () => {
    const { bench, customer, agent, asking, colleague } = await consulting()
    bench.pbx.renames(colleague, customer.callId)
    for (const leg of [agent, asking]) bench.pbx.vanishes(leg)
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService(), journal: bench.journal, spool: bench.spool })
    expect(told(after, 'interaction-merged').map(({ mergedIntoId }) => mergedIntoId)).to.deep.equal([after.recordings()[0]?.interactionId])
  })

  it('is what is asked for later, too, in a call that was given another name while nobody looked', async () => {
    const bench = await CaptureBench.open({ peerChange: 'segment' })
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    const { callId } = bench.pbx.call('agentB', { callId: 'another-name' })
    bench.pbx.renames(customer, callId)
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService(), journal: bench.journal, spool: bench.spool })
    after.pbx.asks(after.pbx.call('agentC', { callId }), { record: 'source' }, 'internal')
    await after.settled()
    expect(after.recordings()).to.have.length(2)
    expect(after.recordings()[1]?.interactionId).to.equal(after.recordings()[0]?.interactionId)
  })

  it('gives what is asked for later in either call the id of the customer\'s interaction', async () => {
    const consultation = await consulting()
    joins(consultation)
    const { bench, customer, asking } = consultation
    await bench.settled()
    for (const { callId } of [customer, asking]) {
      bench.pbx.asks(bench.pbx.call('agentC', { callId }), { record: 'source' }, 'internal')
      await bench.settled()
      expect(bench.recordings().at(-1)?.interactionId).to.equal(bench.recordings()[0]?.interactionId)
    }
  })
})

describe('an interaction', () => {
  it('ends with the last leg of all calls that are one, and each that was merged with it', async () => {
    const consultation = await consulting()
    joins(consultation)
    const { bench, customer, colleague } = consultation
    await bench.settled()
    bench.pbx.after(3000).hangsUp({ ...colleague, callId: customer.callId })
    await bench.settled()
    expect(told(bench, 'interaction-ended')).to.deep.equal([])
    bench.pbx.after(500).hangsUp(customer)
    await bench.settled()
    const ids = bench.recordings().map(({ interactionId }) => interactionId)
    expect(told(bench, 'interaction-ended').map(({ interactionId, at }) => [interactionId, at])).to.have.deep.members(ids.map((id) => [id, bench.pbx.now]))
    expect(await bench.journal.openInteractions()).to.deep.equal([])
  })

  it('ends after its last recording, though all legs are gone at once', async () => {
    const consultation = await consulting()
    joins(consultation)
    const { bench, customer, colleague } = consultation
    await bench.settled()
    // The recorder is cut when she leaves, and what follows in her call waits for that.
    bench.pbx.leaves(colleague)
    for (const leg of [customer, { ...colleague, callId: customer.callId }]) bench.pbx.hangsUp(leg)
    await bench.settled()
    const facts = bench.journal.facts.map(({ fact }) => fact.type)
    expect(facts.slice(facts.indexOf('interaction-ended')).every((type) => type === 'interaction-ended'), facts.slice(-8).join(' ')).to.equal(true)
  })

  it('that was not to be recorded ends with its call, too', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'no' })
    await bench.settled()
    bench.pbx.after(9000).hangsUp(customer)
    await bench.settled()
    expect(told(bench, 'interaction-ended').map(({ interactionId }) => interactionId)).to.deep.equal([bench.only().interactionId])
  })

  it('lives on while the customer waits for the next agent', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    await bench.settled()
    const agent = bench.pbx.dials(customer, 'agentA')
    bench.pbx.bridges(customer, agent)
    await bench.settled()
    bench.pbx.hangsUp(agent)
    await bench.settled()
    expect([bench.only().state, told(bench, 'interaction-ended').length]).to.deep.equal(['stopped', 0])
  })

  it('that ended while nobody looked is ended by the next service', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    bench.pbx.vanishes(customer)
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService(), journal: bench.journal, spool: bench.spool })
    expect(told(after, 'interaction-ended').map(({ interactionId }) => interactionId)).to.deep.equal([after.only().interactionId])
  })
})
