import { expect } from 'chai'
import { describe, it } from 'mocha'
import { auditOfFact } from '../../../../../core/domain/audit-of-fact.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import type { Channel } from '../../../../../core/domain/call.ts'
import type { NativeRecording } from '../../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

interface Rung {
  readonly bench: CaptureBench
  readonly customer: Channel
  readonly native: NativeRecording
}

/** A call of which the agent's side is wanted: the dialplan was told to insure it, and does. */
async function insured(askingLeg: (pbx: CaptureBench['pbx']) => Channel = (pbx) => pbx.call('customer')): Promise<Rung> {
  const bench = await CaptureBench.open()
  const { pbx } = bench
  const customer = askingLeg(pbx)
  const requestId = pbx.asks(customer, { record: 'destination' })
  await bench.settled()
  expect(pbx.insured.has(requestId)).to.equal(true)
  const files = { received: 'holdfast/native-1.1.rx.wav', transmitted: 'holdfast/native-1.1.tx.wav' }
  const native: NativeRecording = { type: 'native-recording', began: 'yes', ...pbx.of(customer), because: 'insured', files, recorderId: 'insurance', direction: 'inbound', caller: customer.caller, dialled: null, attached: { record: 'destination' }, headers: {}, interactionId: null, announcement: null }
  pbx.recorders.set('insurance', { channelId: customer.channelId, recorderId: 'insurance', files, masked: false })
  for (const name of [files.received, files.transmitted]) bench.spool.set(name, { name, sizeBytes: 1, modifiedAt: pbx.now })
  pbx.emit(native)
  await bench.settled()
  return { bench, customer, native }
}

async function restarted({ bench, native }: Rung): Promise<CaptureBench> {
  return await CaptureBench.open({ pbx: bench.pbx.forNextService([native]), journal: bench.journal, spool: bench.spool })
}

const isRunning = (bench: CaptureBench): boolean => bench.pbx.recorders.has('insurance')
const told = (bench: CaptureBench): readonly unknown[] => bench.recordings().map(({ state, reason, side, origin }) => [state, reason, side, origin])

describe('a call of which a leg is wanted that is not there yet', () => {
  it('is recorded by its asking leg until it is connected with a leg that is recorded, and then not twice', async () => {
    const { bench, customer, native } = await insured()
    const agent = bench.pbx.dials(customer, 'agentA')
    await bench.settled()
    expect(isRunning(bench), 'another telephone might answer').to.equal(true)
    bench.pbx.answers(agent)
    bench.pbx.bridges(customer, agent)
    await bench.settled()
    expect(isRunning(bench)).to.equal(false)
    expect([...bench.spool.keys()]).to.deep.equal([])
    expect(told(bench)).to.deep.equal([['recording', null, 'destination', 'controlled']])
    expect(bench.pbx.forgotten).to.deep.equal([native.channelId])
    const facts = bench.journal.facts.flatMap(({ fact }) => fact.type === 'insurance-ended' ? [auditOfFact(fact, bench.only())] : [])
    expect(facts.map((entry) => [entry?.action, entry?.reason])).to.deep.equal([['recording.discarded', 'superseded']])
  })

  it('is recorded once, too, where the route runs on a leg within the PBX, which is heard by nobody', async () => {
    let colleague: Channel | null = null
    let near: Channel | null = null
    const { bench, customer: far } = await insured((pbx) => {
      colleague = pbx.call('colleague')
      const [one, other] = pbx.pair('913', colleague.callId)
      near = one
      return other
    })
    const { pbx } = bench
    if (colleague === null || near === null) throw new Error('no pair')
    const agent = pbx.dials(far, 'agentA')
    pbx.answers(agent)
    pbx.enters('near', colleague, near)
    pbx.enters('far', far, agent)
    await bench.settled()
    expect(isRunning(bench)).to.equal(false)
    pbx.hangsUp(far)
    await bench.settled()
    expect(told(bench)).to.deep.equal([['recording', null, 'destination', 'controlled']])
  })

  it('is recorded once, too, where a pair of legs within the PBX joins them, of which the near one is told last', async () => {
    const { bench, customer } = await insured()
    const { pbx } = bench
    const [near, far] = pbx.pair('2', customer.callId)
    // The near leg is dialled by the customer, the far one dials her telephone.
    pbx.emit({ type: 'dial-began', ...pbx.of(customer), callee: near })
    const agent = pbx.dials(far, 'agentA')
    await bench.settled()
    pbx.answers(agent)
    pbx.enters('far', far, agent)
    pbx.enters('near', customer, near)
    await bench.settled()
    expect(isRunning(bench)).to.equal(false)
    expect(told(bench)).to.deep.equal([['recording', null, 'destination', 'controlled']])
  })

  it('keeps what was insured when the telephone that answers cannot be recorded', async () => {
    const { bench, customer } = await insured()
    bench.pbx.failures.set('start', new HoldfastError('PBX_REFUSED', 'Could not start monitoring channel'))
    const agent = bench.pbx.dials(customer, 'agentA')
    bench.pbx.answers(agent)
    bench.pbx.bridges(customer, agent)
    await bench.settled()
    expect(isRunning(bench)).to.equal(true)
    expect(bench.live.all().map(({ state, origin, side }) => [state, origin, side])).to.deep.equal([['recording', 'native', 'source']])
  })

  it('keeps it also when the journal refuses that at first', async () => {
    const { bench, customer, native } = await insured()
    bench.pbx.failures.set('start', new HoldfastError('PBX_REFUSED', 'Could not start monitoring channel'))
    const agent = bench.pbx.dials(customer, 'agentA')
    await bench.settled()
    bench.journal.refusals.set('recording-requested', 1)
    bench.pbx.answers(agent)
    bench.pbx.bridges(customer, agent)
    await bench.settled()
    expect(await bench.journal.recordingOfFile(native.files.received)).to.equal(bench.live.all()[0]?.id)
    expect(bench.live.all().map(({ state, origin }) => [state, origin])).to.deep.equal([['recording', 'native']])
  })

  it('ends when nobody answers and its files cannot be removed', async () => {
    const { bench, customer, native } = await insured()
    bench.spoolFailure = new HoldfastError('SPOOL_UNREACHABLE', 'the spool is not there')
    bench.pbx.after(1000).hangsUp(customer)
    await bench.settled()
    expect(bench.live.all()).to.deep.equal([])
    expect(bench.live.interactions.all()).to.deep.equal([])
    expect(bench.pbx.forgotten).to.deep.equal([native.channelId])
  })

  it('leaves nothing when nobody answers', async () => {
    const { bench, customer } = await insured()
    bench.pbx.dials(customer, 'agentA')
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect([...bench.spool.keys()]).to.deep.equal([])
    expect(bench.recordings().every(({ origin }) => origin === 'controlled')).to.equal(true)
    expect(bench.pbx.forgotten).to.have.length(1)
  })

  it('is insured once, however often it asks', async () => {
    const { bench, customer } = await insured()
    const agent = bench.pbx.dials(customer, 'agentA')
    bench.pbx.answers(agent)
    bench.pbx.bridges(customer, agent)
    await bench.settled()
    bench.pbx.emit({ type: 'recording-asked', ...bench.pbx.of(customer), requestId: 'again', direction: 'inbound', dialled: null, attached: { record: 'destination' }, headers: {}, interactionId: null })
    await bench.settled()
    expect(bench.pbx.insured.has('again')).to.equal(false)
  })

  it('is not insured where its own leg is recorded', async () => {
    const bench = await CaptureBench.open()
    const requestId = bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    expect(bench.pbx.acknowledged.has(requestId)).to.equal(true)
    expect(bench.pbx.insured.has(requestId)).to.equal(false)
  })
})

describe('a service that dies while a call is insured', () => {
  it('before anybody rings: the next one goes on, and the agent who answers is recorded', async () => {
    const rung = await insured()
    const after = await restarted(rung)
    expect(isRunning(after)).to.equal(true)
    expect(told(after)).to.deep.equal([['requested', null, 'destination', 'controlled']])
    const agent = after.pbx.dials(rung.customer, 'agentA')
    after.pbx.answers(agent)
    after.pbx.bridges(rung.customer, agent)
    await after.settled()
    expect(isRunning(after)).to.equal(false)
    expect(told(after)).to.deep.equal([['recording', null, 'destination', 'controlled']])
  })

  it('and comes back when two people talk of whom none is recorded: what was insured is the recording', async () => {
    const rung = await insured()
    const agent = rung.bench.pbx.channel('agentA', { callId: rung.customer.callId })
    rung.bench.pbx.bridges(rung.customer, agent)
    const after = await restarted(rung)
    expect(isRunning(after)).to.equal(true)
    expect(after.recordings().map(({ state, reason, origin }) => [state, reason, origin])).to.have.deep.members([['not-recorded', 'superseded', 'controlled'], ['recording', null, 'native']])
  })

  it('and comes back when the agent is recorded: the insurance goes', async () => {
    const rung = await insured()
    const agent = rung.bench.pbx.dials(rung.customer, 'agentA')
    await rung.bench.settled()
    rung.bench.pbx.bridges(rung.customer, agent)
    const after = await restarted(rung)
    expect(isRunning(after)).to.equal(false)
    expect(told(after)).to.deep.equal([['recording', null, 'destination', 'controlled']])
  })
})
