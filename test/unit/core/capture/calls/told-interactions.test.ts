import { expect } from 'chai'
import { describe, it } from 'mocha'
import { FakePbxAdapter } from '../../../../support/fakes/fake-pbx-adapter.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

const SOURCE = { record: 'source' }
const TRUSTED = ['PJSIP/site-*']
/** Of a call that began half a minute before the fake PBX's morning. */
const TOLD = 'pbx-a-1795334370.7'
const header = (id: string) => ({ headers: { 'X-Interaction-ID': id } })

describe('the interaction id that comes with a call', () => {
  it('is its identity over a trusted trunk, whatever the route says', async () => {
    const bench = await CaptureBench.open({ trustedTrunks: TRUSTED })
    bench.pbx.asksWith(bench.pbx.call('site-b'), { attached: SOURCE, ...header(TOLD) })
    await bench.settled()
    expect(bench.only().interactionId).to.equal(TOLD)
    expect(bench.only().decision.input.attached['X-Interaction-ID']).to.equal(TOLD)
    expect(bench.counted.get('holdfast_interactions_refused_total') ?? 0).to.equal(0)
  })

  const refused = {
    'from another trunk, though the route trusts it': { endpoint: 'carrier', told: TOLD },
    'that is none': { endpoint: 'site-b', told: 'no id\r\nX: 1' },
    'of the year before': { endpoint: 'site-b', told: 'pbx-a-1763798370.7' },
    'of next week': { endpoint: 'site-b', told: 'pbx-a-1796000000.7' },
  } as const
  for (const [which, { endpoint, told }] of Object.entries(refused)) {
    it(`${which} is data, and counted`, async () => {
      const bench = await CaptureBench.open({ trustedTrunks: TRUSTED })
      const leg = bench.pbx.call(endpoint)
      bench.pbx.asksWith(leg, { attached: SOURCE, ...header(told), interactionId: told })
      await bench.settled()
      expect(bench.only().interactionId).to.equal(`fake-${endpoint}`)
      expect(bench.only().decision.input.attached['X-Interaction-ID']).to.equal(told)
      expect(bench.counted.get('holdfast_interactions_refused_total')).to.equal(1)
    })
  }

  it('of a conversation that goes on is never too old', async () => {
    const bench = await CaptureBench.open({ trustedTrunks: TRUSTED })
    bench.pbx.asksWith(bench.pbx.call('site-b'), { attached: SOURCE, ...header(TOLD) })
    await bench.settled()
    bench.pbx.after(25 * 3_600_000).asksWith(bench.pbx.call('site-c'), { attached: SOURCE, ...header(TOLD) })
    await bench.settled()
    expect(bench.recordings().map(({ interactionId }) => interactionId)).to.deep.equal([TOLD, TOLD])
  })

  it('joins nobody to a stranger\'s conversation who has heard its id', async () => {
    const bench = await CaptureBench.open({ trustedTrunks: TRUSTED })
    bench.pbx.asks(bench.pbx.call('customer', { number: 'a' }), SOURCE)
    await bench.settled()
    const { interactionId } = bench.only()
    const forger = bench.pbx.call('carrier')
    bench.pbx.asksWith(forger, { attached: SOURCE, ...header(interactionId), interactionId })
    await bench.settled()
    expect(bench.recordings().map((recording) => recording.interactionId)).to.deep.equal([interactionId, 'fake-carrier'])
    await bench.control.control({ action: 'pause', target: { channel: { pbxId: bench.pbx.pbxId, channelId: forger.channelId } }, by: { type: 'pbx', id: 'x' }, person: 'agent', how: 'dtmf' }, AbortSignal.timeout(60_000))
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['recording', 'paused'])
  })

  it('is the word of the route where no trunks are named', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asksWith(bench.pbx.call('carrier'), { attached: SOURCE, ...header('i-1'), interactionId: 'i-2' })
    await bench.settled()
    expect(bench.only().interactionId).to.equal('i-2')
  })

  it('is read of a leg that takes another\'s place in a call: two sites\' interactions are one', async () => {
    const bench = await CaptureBench.open({ trustedTrunks: TRUSTED })
    const { pbx } = bench
    const [asker, colleague] = [pbx.call('asker'), pbx.call('colleague', { callId: 'asker' })]
    pbx.asks(asker, SOURCE, 'internal')
    pbx.enters('talk', asker, colleague)
    await bench.settled()
    const far = pbx.channel('site-b')
    pbx.interactionHeaders.set(far.channelId, TOLD)
    pbx.emit({ type: 'channel-created', ...pbx.of(far), channel: far })
    pbx.enters('talk', far)
    pbx.leaves(asker)
    await bench.settled()
    expect(bench.live.interactions.rootOf(bench.only().interactionId)).to.equal(TOLD)
    expect(pbx.interactions.get(far.channelId), 'and a third site is told the same').to.equal(TOLD)
  })

  it('is sent to other sites by the leg that asked, before its call goes on', async () => {
    const bench = await CaptureBench.open()
    const leg = bench.pbx.call('customer')
    bench.pbx.asks(leg, SOURCE)
    await bench.settled()
    expect(bench.pbx.interactions.get(leg.channelId)).to.equal(bench.only().interactionId)
  })
})

describe('a conversation over two PBXs of one node', () => {
  async function opened() {
    const [a, b] = [new FakePbxAdapter('pbx-a'), new FakePbxAdapter('pbx-b')]
    const bench = await CaptureBench.open({ pbx: a, others: [b], trustedTrunks: TRUSTED })
    const customer = a.call('customer')
    a.asks(customer, SOURCE)
    await bench.settled()
    const { interactionId } = bench.only()
    const far = b.call('site-a')
    b.asksWith(far, { attached: SOURCE, ...header(interactionId) })
    await bench.settled()
    return { bench, a, b, customer, far, interactionId }
  }

  it('is one interaction with a recording of each, and a pause masks both', async () => {
    const { bench, a, b, customer, far, interactionId } = await opened()
    expect(bench.recordings().map((recording) => [recording.pbxId, recording.interactionId])).to.deep.equal([['pbx-a', interactionId], ['pbx-b', interactionId]])
    const results = await bench.control.control({ action: 'pause', target: { channel: { pbxId: b.pbxId, channelId: far.channelId } }, by: { type: 'pbx', id: 'x' }, person: 'agent', how: 'dtmf' }, AbortSignal.timeout(60_000))
    expect(results.map(({ outcome }) => outcome)).to.deep.equal(['done', 'done'])
    expect([...a.recorders.values(), ...b.recorders.values()].map(({ masked }) => masked)).to.deep.equal([true, true])
    b.hangsUp(far)
    await bench.settled()
    expect(bench.live.interactions.isOver(interactionId), 'the customer\'s call goes on').to.equal(false)
    a.hangsUp(customer)
    await bench.settled()
    expect(bench.live.interactions.all()).to.deep.equal([])
  })

  it('knows of a consultation that only the other PBX records', async () => {
    const { bench, a, b, customer } = await opened()
    const agent = a.call('agent')
    const far = a.dials(agent, 'site-b')
    const there = b.call('site-a2')
    b.asksWith(there, { attached: SOURCE, ...header('pbx-a-agent') })
    await bench.settled()
    a.transfers(customer, a.channelOf(agent.channelId), { kind: 'attended', number: '9', consultation: far })
    await bench.settled()
    const roots = bench.recordings().map(({ interactionId }) => bench.live.interactions.rootOf(interactionId))
    expect([roots.length, new Set(roots).size]).to.deep.equal([3, 1])
  })
})
