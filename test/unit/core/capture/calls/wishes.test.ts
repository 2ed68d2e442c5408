import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

async function asked(direction: 'inbound' | 'outbound', side: 'source' | 'destination'): Promise<{ readonly bench: CaptureBench; readonly caller: Channel; readonly request: string }> {
  const bench = await CaptureBench.open()
  const caller = bench.pbx.call('caller')
  const request = bench.pbx.asks(caller, { record: side }, direction)
  await bench.settled()
  return { bench, caller, request }
}

describe('a recording that waits for the leg which is dialled', () => {
  it('is made of the second telephone, too, when the first rings and nobody answers', async () => {
    const { bench, caller } = await asked('inbound', 'destination')
    const first = bench.pbx.dials(caller, 'agentA')
    await bench.settled()
    bench.pbx.after(8000).hangsUp(first)
    await bench.settled()
    const second = bench.pbx.dials(caller, 'agentB')
    await bench.settled()
    expect(bench.recordings().map(({ state, segments }) => ({ state, on: segments[0]?.channelId }))).to.deep.equal([
      { state: 'stopped', on: first.channelId },
      { state: 'recording', on: second.channelId },
    ])
  })

  it('is made of the second trunk of an outbound call when the first fails', async () => {
    const { bench, caller } = await asked('outbound', 'source')
    bench.pbx.hangsUp(bench.pbx.dials(caller, 'trunk1'))
    await bench.settled()
    const second = bench.pbx.dials(caller, 'trunk2')
    await bench.settled()
    expect(bench.recordings().at(-1)).to.deep.include({ state: 'recording', side: 'source' })
    expect(bench.recordings().at(-1)?.segments[0]?.channelId).to.equal(second.channelId)
  })

  it('is made once, though the route asks again before anybody rings', async () => {
    const { bench, caller, request } = await asked('inbound', 'destination')
    bench.pbx.acknowledged.clear()
    bench.pbx.asks(caller, { record: 'destination' })
    await bench.settled()
    expect(bench.pbx.acknowledged.get(request)).to.equal(bench.only().id)
    bench.pbx.dials(caller, 'agentA')
    await bench.settled()
    expect(bench.only().state).to.equal('recording')
  })

  it('ends with the leg that asked: what rings later was not asked for', async () => {
    const { bench, caller } = await asked('inbound', 'destination')
    bench.pbx.hangsUp(caller)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'not-recorded', reason: 'never-answered' })
    bench.pbx.dials(caller, 'agentA')
    await bench.settled()
    expect(bench.recordings()).to.have.length(1)
  })

  it('is remembered by a service that was killed while the first telephone rang', async () => {
    const { bench, caller } = await asked('inbound', 'destination')
    const first = bench.pbx.dials(caller, 'agentA')
    await bench.settled()
    const after = await CaptureBench.open({ pbx: bench.pbx.forNextService(), journal: bench.journal, spool: bench.spool })
    after.pbx.hangsUp(first)
    const second = after.pbx.dials(caller, 'agentB')
    await after.settled()
    expect(after.recordings().at(-1)?.segments[0]?.channelId).to.equal(second.channelId)
  })

  it('learns its queue when an agent is found', async () => {
    const { bench, caller } = await asked('inbound', 'source')
    const agent = bench.pbx.dials(caller, 'agentA')
    bench.pbx.emit({ type: 'queue-connected', ...bench.pbx.of(caller), queue: 'sales', agentChannelId: agent.channelId, member: null })
    await bench.settled()
    expect(bench.only().queue).to.equal('sales')
  })
})
