import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import type { NativeReason, NativeRecording } from '../../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

interface Clicked {
  readonly bench: CaptureBench
  readonly near: Channel
  readonly side: 'source' | 'destination'
}

/** A program originates to a pair within the PBX: the agent's telephone has answered behind it, and the near leg goes through the route. */
async function clicked(side: 'source' | 'destination', beforeWork: (call: Clicked) => void = () => undefined): Promise<Clicked> {
  const bench = await CaptureBench.open()
  const { pbx } = bench
  const program = pbx.call('program')
  const [near, far] = pbx.pair('200', program.callId)
  const agent = pbx.dials(far, 'agentA')
  pbx.answers(agent)
  pbx.enters('far', far, agent)
  pbx.emit({ type: 'recording-asked', ...pbx.of(near), requestId: 'clicked', direction: 'outbound', dialled: '111', attached: { record: side }, headers: {}, interactionId: null })
  const call = { bench, near, side }
  beforeWork(call)
  await bench.settled()
  return call
}

/** The dialplan records the leg on which the route runs. */
function recordsItself({ bench: { pbx, spool }, near, side }: Clicked, because: NativeReason): void {
  const files = { received: 'holdfast/native-1.1.rx.wav', transmitted: 'holdfast/native-1.1.tx.wav' }
  const native: NativeRecording = { type: 'native-recording', began: 'yes', ...pbx.of(near), because, files, recorderId: 'native', direction: 'outbound', caller: near.caller, dialled: null, attached: { record: side }, headers: {}, interactionId: null, announcement: null }
  pbx.recorders.set('native', { channelId: near.channelId, recorderId: 'native', files, masked: false })
  for (const name of [files.received, files.transmitted]) spool.set(name, { name, sizeBytes: 1, modifiedAt: pbx.now })
  pbx.emit(native)
}

async function connected(call: Clicked, beforeAnswer: () => void = () => undefined, atOnce: (call: Clicked) => void = () => undefined): Promise<void> {
  const { bench, near } = call
  const { pbx } = bench
  const customer = pbx.dials(near, 'customer')
  await bench.settled()
  beforeAnswer()
  await bench.settled()
  pbx.answers(customer)
  pbx.enters('near', near, customer)
  atOnce(call)
  await bench.settled()
}

function told(bench: CaptureBench): readonly unknown[] {
  return bench.recordings().filter(({ state }) => state !== 'not-recorded').map(({ state, side, origin }) => [state, side, origin])
}

describe('a route on a leg within the PBX, which asks in the name of the telephone behind it', () => {
  for (const because of ['insured', 'no-answer'] as const) {
    it(`is one recording where the customer's leg is recorded when the dialplan's own is told, ${because}`, async () => {
      const call = await clicked('source')
      await connected(call, () => recordsItself(call, because))
      expect(told(call.bench)).to.deep.equal([['recording', 'source', 'controlled']])
      expect(call.bench.pbx.recorders.has('native')).to.equal(false)
    })

    it(`is one recording where the telephone itself is recorded, ${because}`, async () => {
      const call = await clicked('destination')
      recordsItself(call, because)
      await connected(call)
      expect(told(call.bench)).to.deep.equal([['recording', 'destination', 'controlled']])
      expect(call.bench.pbx.recorders.has('native')).to.equal(false)
    })
  }

  for (const because of ['insured', 'no-answer'] as const) {
    it(`is one recording where what the dialplan records stands in for the customer's leg, which is dialled later, ${because}`, async () => {
      const call = await clicked('source')
      recordsItself(call, because)
      await connected(call)
      expect(told(call.bench)).to.deep.equal([['recording', 'source', 'controlled']])
      expect(call.bench.pbx.recorders.has('native')).to.equal(false)
    })
  }

  it('is insured where the customer, who is to be recorded, is still to be dialled, and not where the telephone is recorded', async () => {
    const [bare, recorded] = [await clicked('source'), await clicked('destination')]
    expect([bare, recorded].map(({ bench }) => bench.pbx.insured.has('clicked'))).to.deep.equal([true, false])
  })

  it('is one recording where the PBX takes the leg within it out as soon as the two are connected', async () => {
    const call = await clicked('source')
    recordsItself(call, 'insured')
    await connected(call, () => undefined, ({ bench: { pbx }, near }) => pbx.hangsUp(near))
    expect(told(call.bench)).to.deep.equal([['recording', 'source', 'controlled']])
    expect([...call.bench.spool.keys()].filter((name) => name.includes('native'))).to.deep.equal([])
  })

  it('leaves nothing where the customer does not answer, and says so', async () => {
    const call = await clicked('source')
    recordsItself(call, 'insured')
    const { bench, near } = call
    bench.pbx.dials(near, 'customer')
    await bench.settled()
    bench.pbx.hangsUp(near)
    await bench.settled()
    expect([...bench.spool.keys()].filter((name) => name.includes('native'))).to.deep.equal([])
    const facts = bench.journal.facts.flatMap(({ fact }) => fact.type === 'insurance-ended' ? [fact.reason] : [])
    expect(facts).to.deep.equal(['never-answered'])
  })

  it('is one recording of the customer\'s leg where its request was given up, and the telephone is not recorded beside it', async () => {
    const call = await clicked('source', (each) => recordsItself(each, 'no-answer'))
    expect(call.bench.pbx.acknowledged.has('clicked'), 'nobody waits for an answer').to.equal(false)
    await connected(call)
    expect(told(call.bench)).to.deep.equal([['recording', 'source', 'controlled']])
    expect(call.bench.recordings()).to.have.length(1)
    expect(call.bench.pbx.recorders.has('native')).to.equal(false)
  })
})
