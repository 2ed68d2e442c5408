import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import type { NativeReason, NativeRecording } from '../../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

/** What the PBX tells of a call whose agent's side is wanted, from its request on. */
const STEPS = ['native', 'dialled', 'answered', 'connected'] as const
type Step = (typeof STEPS)[number]

/** When the dialplan's own recording may be told: its event is sent before the agent is dialled, and may be heard after all that follows. */
const ORDERS: readonly (readonly Step[])[] = STEPS.map((_, place) => [...STEPS.slice(1, place + 1), 'native', ...STEPS.slice(place + 1)])

interface Played {
  readonly because: NativeReason
  /** After these everything that was told is worked on. */
  readonly settledAfter: readonly Step[]
  /** How long after the two are connected the agent's recorder begins. */
  readonly lateMs: number
}

interface Call {
  readonly bench: CaptureBench
  readonly customer: Channel
  readonly agent: Channel
  readonly native: NativeRecording
}

async function played(order: readonly Step[], { because, settledAfter, lateMs }: Played): Promise<Call> {
  const bench = await CaptureBench.open()
  const { pbx, spool } = bench
  const customer = pbx.call('customer')
  pbx.asks(customer, { record: 'destination' })
  await bench.settled()
  const files = { received: 'holdfast/native-1.1.rx.wav', transmitted: 'holdfast/native-1.1.tx.wav' }
  const native: NativeRecording = { type: 'native-recording', ...pbx.of(customer), because, began: 'yes', files, recorderId: 'native', direction: 'inbound', caller: customer.caller, dialled: null, attached: { record: 'destination' }, headers: {}, interactionId: null, announcement: null }
  pbx.recorders.set('native', { channelId: customer.channelId, recorderId: 'native', files, masked: false })
  for (const name of [files.received, files.transmitted]) spool.set(name, { name, sizeBytes: 1, modifiedAt: pbx.now })
  const agent = pbx.after(10).channel('agentA', { callId: customer.callId })
  const steps: Readonly<Record<Step, () => void>> = {
    native: () => pbx.emit(native),
    dialled: () => pbx.emit({ type: 'dial-began', ...pbx.of(customer), callee: agent }),
    answered: () => pbx.after(10).answers(agent),
    connected: () => {
      pbx.after(10).bridges(customer, agent)
      pbx.after(lateMs)
    },
  }
  for (const step of order) {
    steps[step]()
    if (settledAfter.includes(step)) await bench.settled()
  }
  await bench.settled()
  return { bench, customer, agent, native }
}

const told = ({ bench }: Call): readonly unknown[] => bench.recordings().map(({ state, side, origin }) => `${state} ${side} ${origin}`).toSorted()
const BOTH = ['recording destination controlled', 'recording source native']

describe('what the dialplan records by itself, where the recorder of the leg that it dials begins late', () => {
  for (const because of ['insured', 'no-answer'] as const) {
    for (const order of ORDERS) {
      it(`is kept for what was said before: ${because}, ${order.join(', ')}`, async () => {
        const call = await played(order, { because, settledAfter: [], lateMs: 500 })
        expect(told(call)).to.deep.equal(BOTH)
        expect([...call.bench.spool.keys()]).to.include(call.native.files.received)
        expect(call.bench.pbx.recorders.get('native')?.channelId).to.equal(call.customer.channelId)
      })

      it(`is superseded where that lay within what two clocks differ: ${because}, ${order.join(', ')}`, async () => {
        const call = await played(order, { because, settledAfter: [], lateMs: 30 })
        expect(told(call)).to.deep.equal(['recording destination controlled'])
        expect(call.bench.pbx.recorders.has('native')).to.equal(false)
      })

      it(`is superseded where the leg's recorder began while it rang: ${because}, ${order.join(', ')}`, async () => {
        const call = await played(order, { because, settledAfter: ['dialled'], lateMs: 500 })
        expect(told(call)).to.deep.equal(['recording destination controlled'])
        expect([...call.bench.spool.keys()]).to.not.include(call.native.files.received)
      })
    }
  }

  it('is kept, and ends with its call, where both hang up before any of it is worked on', async () => {
    const call = await played(['native'], { because: 'insured', settledAfter: ['native'], lateMs: 0 })
    const { bench: { pbx }, customer, agent } = call
    pbx.emit({ type: 'dial-began', ...pbx.of(customer), callee: agent })
    pbx.answers(agent)
    pbx.after(10).bridges(customer, agent)
    pbx.after(500).hangsUp(customer)
    pbx.hangsUp(agent)
    await call.bench.settled()
    expect([...call.bench.spool.keys()]).to.include(call.native.files.received)
    expect(told(call)).to.include('stopped source native')
  })

  it('is kept once, however often it is told, and through a gap in the events', async () => {
    const call = await played(STEPS, { because: 'insured', settledAfter: [], lateMs: 500 })
    const { bench: { pbx }, native } = call
    pbx.emit(native)
    pbx.disconnect()
    pbx.connect([native])
    await call.bench.settled()
    expect(told(call)).to.deep.equal(BOTH)
  })

  it('is superseded where they were connected in a gap in the events, by a recorder that ran before it', async () => {
    const call = await played(['native', 'dialled'], { because: 'insured', settledAfter: ['dialled'], lateMs: 0 })
    const { bench: { pbx }, customer, agent, native } = call
    pbx.disconnect()
    pbx.after(100).answers(agent)
    pbx.bridges(customer, agent)
    await call.bench.settled()
    pbx.after(500).connect([native])
    await call.bench.settled()
    expect(told(call)).to.deep.equal(['recording destination controlled'])
  })

  it('is kept where the customer talked to somebody before, of whom nothing is recorded', async () => {
    const call = await played(['native'], { because: 'insured', settledAfter: ['native'], lateMs: 0 })
    const { bench, customer, agent } = call
    const { pbx } = bench
    const colleague = pbx.call('colleague', { callId: customer.callId })
    pbx.after(10).bridges(customer, colleague)
    pbx.after(500).leaves(customer)
    pbx.emit({ type: 'dial-began', ...pbx.of(customer), callee: agent })
    pbx.answers(agent)
    pbx.after(10).enters('later', customer, agent)
    await bench.settled()
    expect(told(call)).to.include('recording source native')
  })
})
