import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import type { PbxEvent } from '../../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

const METRIC = 'holdfast_segments_discarded_total'

async function recorded(): Promise<{ readonly bench: CaptureBench; readonly customer: Channel; readonly file: string; readonly discarded: PbxEvent }> {
  const bench = await CaptureBench.open()
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer, { record: 'source' })
  await bench.settled()
  const file = bench.only().segments[0]?.files.received ?? ''
  bench.pbx.after(5000)
  return { bench, customer, file, discarded: { type: 'recorder-discarded', ...bench.pbx.of(customer), file } }
}

describe('a file that the PBX threw away', () => {
  it('is noted in its segment before the recording ends, once', async () => {
    const { bench, customer, discarded } = await recorded()
    bench.pbx.emit(discarded)
    bench.pbx.emit(discarded)
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'stopped', reason: 'hangup' })
    expect(bench.only().segments.map(({ discardedAt }) => discardedAt)).to.deep.equal([bench.pbx.now])
    expect(bench.journal.facts.filter(({ fact }) => fact.type === 'segment-discarded')).to.have.length(1)
    expect(bench.counted.get(METRIC)).to.equal(1)
  })

  it('is noted in a recording that has ended', async () => {
    const { bench, customer, discarded } = await recorded()
    bench.pbx.hangsUp(customer)
    await bench.settled()
    bench.pbx.emit(discarded)
    await bench.settled()
    expect(bench.only()).to.include({ state: 'stopped', reason: 'hangup' })
    expect(bench.only().segments[0]?.discardedAt).to.deep.equal(bench.pbx.now)
    expect(bench.live.all(), 'it lives no more than before').to.deep.equal([])
  })

  it('changes nothing where it is nobody\'s', async () => {
    const { bench, customer } = await recorded()
    const before = bench.journal.facts.length
    for (const file of ['holdfast/1.0.rx.wav', '', '../etc/passwd']) bench.pbx.emit({ type: 'recorder-discarded', ...bench.pbx.of(customer), file })
    await bench.settled()
    expect(bench.journal.facts).to.have.length(before)
    expect(bench.counted.get(METRIC)).to.equal(undefined)
  })
})
