import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

const NATIVE = { received: 'holdfast/native-1.1.rx.wav', transmitted: 'holdfast/native-1.1.tx.wav' }
const STEPS = ['picked-up', 'customer-enters', 'picker-enters', 'ringing-ends'] as const
type Step = (typeof STEPS)[number]

function orders(steps: readonly Step[], before: readonly Step[] = []): readonly (readonly Step[])[] {
  return steps.length === 0 ? [before] : steps.flatMap((step) => orders(steps.filter((other) => other !== step), [...before, step]))
}

/** The leg that rang ends after it was picked up. */
const ORDERS = orders(STEPS).filter((order) => order.indexOf('picked-up') < order.indexOf('ringing-ends'))

interface Ringing {
  readonly bench: CaptureBench
  readonly customer: Channel
  readonly ringing: Channel
  readonly picker: Channel
}

/** A call of which the agent's side is wanted is insured, and rings at A; B has dialled to take it. */
async function ringing({ pause, isGone = false }: { readonly pause: (bench: CaptureBench) => Promise<void>; readonly isGone?: boolean }): Promise<Ringing> {
  const bench = await CaptureBench.open()
  const { pbx } = bench
  const customer = pbx.call('customer')
  pbx.asks(customer, { record: 'destination' })
  await bench.settled()
  pbx.recorders.set('insurance', { channelId: customer.channelId, recorderId: 'insurance', files: NATIVE, masked: false })
  for (const name of [NATIVE.received, NATIVE.transmitted]) bench.spool.set(name, { name, sizeBytes: 1, modifiedAt: pbx.now })
  pbx.emit({ type: 'native-recording', began: 'yes', ...pbx.of(customer), because: 'insured', files: NATIVE, recorderId: 'insurance', direction: 'inbound', caller: customer.caller, dialled: null, attached: { record: 'destination' }, headers: {}, interactionId: null, announcement: null })
  await pause(bench)
  const leg = pbx.dials(customer, 'agentA')
  if (isGone) pbx.vanishes(leg)
  await pause(bench)
  const picker = pbx.call('agentB')
  pbx.answers(picker)
  await pause(bench)
  return { bench, customer, ringing: leg, picker }
}

function tell({ bench: { pbx }, customer, ringing: leg, picker }: Ringing, step: Step): void {
  const steps: Readonly<Record<Step, () => void>> = {
    'picked-up': () => {
      pbx.picksUp(leg, picker)
    },
    'customer-enters': () => {
      pbx.enters('bridge', customer)
    },
    'picker-enters': () => {
      pbx.enters('bridge', picker)
    },
    'ringing-ends': () => {
      pbx.hangsUp(leg)
    },
  }
  steps[step]()
}

const told = (bench: CaptureBench): readonly unknown[] => bench.recordings().map(({ state, side, origin }) => [state, side, origin])
const atOnce = async (): Promise<void> => await Promise.resolve()
const oneByOne = async (bench: CaptureBench): Promise<void> => await bench.settled()

describe('an insured call that is picked up at another telephone', () => {
  for (const order of ORDERS) {
    for (const isGone of [false, true]) {
      for (const pause of [oneByOne, atOnce]) {
        it(`is one recording, told ${order.join(', ')}${isGone ? ', no recorder on the leg that rang' : ''}, ${pause === atOnce ? 'all at once' : 'one by one'}`, async () => {
          const call = await ringing({ pause, isGone })
          const { bench, picker, customer } = call
          for (const step of order) {
            tell(call, step)
            await pause(bench)
          }
          await bench.settled()
          expect(told(bench)).to.deep.equal([['recording', 'destination', 'controlled']])
          expect([...bench.pbx.recorders.values()].map(({ channelId }) => channelId)).to.deep.equal([picker.channelId])
          expect(bench.pbx.forgotten).to.deep.equal([customer.channelId])
          bench.pbx.hangsUp(customer)
          bench.pbx.hangsUp(picker)
          await bench.settled()
          expect(bench.recordings().map(({ state, reason }) => [state, reason])).to.deep.equal([['stopped', 'hangup']])
          expect([...bench.spool.keys()]).to.deep.equal([])
        })
      }
    }
  }
})

describe('an insured call whose telephones ring beside one another', () => {
  it('keeps what was insured where the one that answers cannot be recorded, and waits for the end of the other, which is', async () => {
    const call = await ringing({ pause: oneByOne })
    const { bench, customer, ringing: first } = call
    const refused = new HoldfastError('PBX_REFUSED', 'Could not start monitoring channel')
    bench.pbx.failures.set('start', refused)
    const second = bench.pbx.dials(customer, 'agentC')
    await bench.settled()
    bench.pbx.failures.clear()
    bench.pbx.answers(second)
    bench.pbx.bridges(customer, second)
    await bench.settled()
    expect(bench.pbx.recorders.has('insurance')).to.equal(true)
    bench.pbx.hangsUp(first)
    await bench.settled()
    expect(told(bench)).to.have.deep.members([['not-recorded', 'destination', 'controlled'], ['failed', 'destination', 'controlled'], ['recording', 'source', 'native']])
    expect([...bench.pbx.recorders.keys()]).to.deep.equal(['insurance'])
    const [own] = bench.live.all()
    expect(own?.parties.map(({ endpoint }) => endpoint), 'who is there when it is taken over').to.deep.equal(['PJSIP/customer', 'PJSIP/agentC'])
  })

  it('is one recording of the side that was asked for, also where the answer came too late, whoever is dialled next', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    // The answer crosses with the dialplan's patience.
    await bench.settled()
    bench.pbx.recorders.set('insurance', { channelId: customer.channelId, recorderId: 'insurance', files: NATIVE, masked: false })
    bench.pbx.emit({ type: 'native-recording', began: 'yes', ...bench.pbx.of(customer), because: 'no-answer', files: NATIVE, recorderId: 'insurance', direction: 'inbound', caller: customer.caller, dialled: null, attached: { record: 'destination' }, headers: {}, interactionId: null, announcement: null })
    await bench.settled()
    const agent = bench.pbx.dials(customer, 'agentA')
    bench.pbx.answers(agent)
    bench.pbx.bridges(customer, agent)
    await bench.settled()
    expect(told(bench)).to.deep.equal([['recording', 'destination', 'controlled']])
    expect(bench.pbx.recorders.has('insurance')).to.equal(false)
  })
})
