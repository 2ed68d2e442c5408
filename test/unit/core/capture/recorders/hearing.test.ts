import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import type { Recording } from '../../../../../core/domain/recording.ts'
import type { NativeRecording } from '../../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

const BEGAN = new Date('2026-11-22T08:00:00.000Z')

/** Who is a party from when to when, in milliseconds of the PBX since the call began. */
function stays({ parties }: Recording): readonly (readonly [string | null, number, number | null])[] {
  const since = (at: Date): number => at.getTime() - BEGAN.getTime()
  return parties.map(({ endpoint, fromAt, toAt }) => [endpoint?.replace('PJSIP/', '') ?? null, since(fromAt), toAt === null ? null : since(toAt)])
}

/** A call that is recorded from its route on, and rings at an agent. */
async function ringing(options: Parameters<typeof CaptureBench.open>[0] = {}): Promise<{ readonly bench: CaptureBench; readonly customer: Channel; readonly agent: Channel }> {
  const bench = await CaptureBench.open(options)
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer, { record: 'source' })
  await bench.settled()
  const agent = bench.pbx.dials(customer, 'agentA')
  await bench.settled()
  return { bench, customer, agent }
}

/** The disk takes nothing until all that is told has been heard. */
async function whileSlow(bench: CaptureBench, events: () => void | Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  bench.journal.slowness = promise
  await events()
  await heard()
  bench.journal.slowness = null
  resolve()
  await bench.settled()
}

/** Every event that was emitted has been accepted, and its work waits. */
async function heard(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function connect(bench: CaptureBench, customer: Channel, agent: Channel): void {
  bench.pbx.answers(agent)
  bench.pbx.answers(customer)
  bench.pbx.bridges(customer, agent)
}

describe('who is heard in a recording, when the work is late', () => {
  it('is told of a call that is over before the first fact of it is on disk', async () => {
    const { bench, customer, agent } = await ringing()
    await whileSlow(bench, () => {
      connect(bench, customer, agent)
      bench.pbx.after(200).leaves(agent)
      bench.pbx.hangsUp(agent)
      bench.pbx.leaves(customer)
      bench.pbx.hangsUp(customer)
    })
    expect(stays(bench.only())).to.deep.equal([['customer', 0, 200], ['agentA', 0, 200]])
    expect(bench.only()).to.include({ state: 'stopped', agent: 'PJSIP/agentA' })
  })

  it('is told of who comes and goes meanwhile, each by the time of the PBX', async () => {
    const { bench, customer, agent } = await ringing()
    connect(bench, customer, agent)
    await bench.settled()
    await whileSlow(bench, async () => {
      bench.pbx.after(1000).leaves(agent)
      bench.pbx.hangsUp(agent)
      await heard()
      const second = bench.pbx.call('agentB', { callId: customer.callId })
      bench.pbx.after(100).enters('another', customer, second)
      bench.pbx.after(300).leaves(second)
      bench.pbx.after(70).enters('another', bench.pbx.call('agentC', { callId: customer.callId }))
      bench.pbx.after(500)
    })
    expect(stays(bench.only())).to.deep.equal([['customer', 0, null], ['agentA', 0, 1000], ['agentB', 1100, 1400], ['agentC', 1470, null]])
  })

  it('is told also where work on another call overtakes it', async () => {
    const { bench, customer, agent } = await ringing()
    await whileSlow(bench, () => {
      connect(bench, customer, agent)
      bench.pbx.after(200).leaves(agent)
      bench.pbx.after(300).enters(`bridge-${customer.channelId}`, bench.pbx.call('agentB'))
    })
    expect(stays(bench.only())).to.deep.equal([['customer', 0, null], ['agentA', 0, 200], ['agentB', 500, null]])
  })

  it('is told of a leg that is recorded itself, and began while others were connected', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    await bench.settled()
    let agent = customer
    await whileSlow(bench, async () => {
      agent = bench.pbx.dials(customer, 'agentA')
      await heard()
      bench.pbx.after(100)
      connect(bench, customer, agent)
      bench.pbx.after(200).leaves(customer)
      bench.pbx.after(300).enters(`bridge-${customer.channelId}`, bench.pbx.call('agentB', { callId: customer.callId }))
      await heard()
    })
    // Nothing is recorded before the PBX has been asked: that was late, and who was heard before it is told as heard in no instant.
    expect(stays(bench.only())).to.deep.equal([['agentA', 600, null], ['customer', 600, 600], ['agentB', 600, null]])
  })

  it('cuts no recorder that began after the one who left was gone', async () => {
    const { bench, customer, agent } = await ringing({ peerChange: 'segment' })
    await whileSlow(bench, () => {
      connect(bench, customer, agent)
      bench.pbx.after(200).leaves(agent)
      bench.pbx.enters(`bridge-${customer.channelId}`, agent)
    })
    expect(bench.only().segments, 'who is back by now is heard by the recorder that runs').to.have.length(1)
    expect(stays(bench.only())).to.deep.equal([['customer', 0, null], ['agentA', 0, 200], ['agentA', 200, null]])
  })
})

describe('a recording that a native one completes', () => {
  it('tells since when who is there was heard in what the dialplan recorded before us', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    const files = { received: 'holdfast/native-1.1.rx.wav', transmitted: 'holdfast/native-1.1.tx.wav' }
    const native: NativeRecording = { type: 'native-recording', began: 'yes', ...bench.pbx.of(customer), because: 'no-answer', files, recorderId: 'native', direction: 'inbound', caller: customer.caller, dialled: null, attached: { record: 'source' }, headers: {}, interactionId: null, announcement: null }
    await whileSlow(bench, async () => {
      bench.pbx.asks(customer, { record: 'source' })
      bench.pbx.answers(customer)
      bench.pbx.after(100).bridges(customer, bench.pbx.dials(customer, 'agentA'))
      await heard()
      bench.pbx.after(500)
    })
    expect(stays(bench.only()), 'ours is late').to.deep.equal([['customer', 600, null], ['agentA', 600, null]])
    bench.pbx.emit(native)
    await bench.settled()
    expect(bench.only().segments.at(-1)?.files).to.deep.equal(files)
    expect(stays(bench.only())).to.deep.equal([['customer', 0, null], ['agentA', 100, null]])
  })
})
