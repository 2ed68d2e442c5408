import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

/** Customer and agent talk for five seconds; the agent's leg is recorded. */
async function talking(hold: 'goes-on' | 'stands-still' = 'stands-still'): Promise<{ readonly bench: CaptureBench; readonly agent: Channel; readonly since: number }> {
  const bench = await CaptureBench.open()
  bench.pbx.capabilities = { ...bench.pbx.capabilities, hold }
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer, { record: 'destination' })
  await bench.settled()
  const agent = bench.pbx.dials(customer, 'agentA')
  bench.pbx.answers(agent)
  bench.pbx.answers(customer)
  bench.pbx.bridges(customer, agent)
  await bench.settled()
  const since = bench.pbx.now.getTime()
  bench.pbx.after(5000)
  return { bench, agent, since }
}

async function told({ bench, agent }: { readonly bench: CaptureBench; readonly agent: Channel }, type: 'held' | 'unheld', lateMs = 0): Promise<void> {
  bench.pbx.emit({ type, ...bench.pbx.of(agent), at: new Date(bench.pbx.now.getTime() - lateMs) })
  await bench.settled()
}

/** Of each segment, in milliseconds: from, held since, sound from, to. */
function times(bench: CaptureBench, since: number): readonly (readonly (number | null)[])[] {
  const ms = (at: Date | null): number | null => at === null ? null : at.getTime() - since
  return bench.only().segments.map(({ startedAt, heldAt, answeredAt, endedAt }) => [ms(startedAt), ms(heldAt), ms(answeredAt), ms(endedAt)])
}

describe('a telephone that holds', () => {
  it('has a segment that ends with the hold\'s beginning, and one whose sound is dated from its end', async () => {
    const { bench, agent, since } = await talking()
    await told({ bench, agent }, 'held', 40)
    bench.pbx.after(3000)
    await told({ bench, agent }, 'unheld')
    bench.pbx.after(2000).hangsUp(agent)
    await bench.settled()
    expect(times(bench, since)).to.deep.equal([[0, null, null, 4960], [5000, 4960, 8000, 10_000]])
    expect(bench.only(), 'nothing else of it changes').to.include({ state: 'stopped' })
    expect(bench.only().answeredAt?.getTime()).to.equal(since)
  })

  it('may hold again, and be told so twice', async () => {
    const { bench, agent } = await talking()
    for (const type of ['held', 'held', 'unheld', 'unheld', 'held', 'held'] as const) {
      bench.pbx.after(1000)
      await told({ bench, agent }, type)
    }
    expect(bench.only().segments).to.have.length(3)
    expect(bench.pbx.recorders.size).to.equal(1)
  })

  it('costs nothing where the hold was over before the next recorder ran', async () => {
    const { bench, agent, since } = await talking()
    await told({ bench, agent }, 'held', 60)
    await told({ bench, agent }, 'unheld', 20)
    expect(times(bench, since)).to.deep.equal([[0, null, null, 4940], [5000, 4940, null, null]])
  })

  it('is recorded on as before where its PBX gives the recorder what it sends', async () => {
    const { bench, agent } = await talking('goes-on')
    await told({ bench, agent }, 'held')
    await told({ bench, agent }, 'unheld')
    expect(bench.only().segments).to.have.length(1)
    expect(bench.journal.facts.filter(({ fact }) => fact.type.includes('held'))).to.deep.equal([])
  })

  it('that is not recorded changes nothing', async () => {
    const { bench } = await talking()
    const customer = bench.pbx.channelOf(bench.only().channelId)
    await told({ bench, agent: customer }, 'held')
    expect(bench.only().segments).to.have.length(1)
  })

  it('keeps a pause over the hold', async () => {
    const { bench, agent } = await talking()
    await bench.control.control({ action: 'pause', target: { recordingId: bench.only().id }, by: { type: 'token', id: 'desk' }, person: null, how: 'api' }, AbortSignal.timeout(60_000))
    await told({ bench, agent }, 'held')
    expect([...bench.pbx.recorders.values()].map(({ masked }) => masked)).to.deep.equal([true])
    expect(bench.only().state).to.equal('paused')
  })

  it('that never comes back has a segment of which nothing is missing, though its file was thrown away', async () => {
    const { bench, agent } = await talking()
    await told({ bench, agent }, 'held')
    bench.pbx.after(3000)
    bench.pbx.unheard.add(agent.channelId)
    bench.pbx.hangsUp(agent)
    await bench.settled()
    expect(bench.only().segments.map(({ discardedAt }) => discardedAt !== null)).to.deep.equal([false, true])
    expect(bench.counted.get('holdfast_segments_discarded_total')).to.equal(undefined)
  })
})
