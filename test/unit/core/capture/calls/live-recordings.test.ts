import { expect } from 'chai'
import { describe, it } from 'mocha'
import { CaptureBench } from '../../../../support/capture-bench.ts'

describe('live recordings', () => {
  it('believe facts of one recording in the order of the journal, though they come from two sides at once', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    const { id: recordingId } = bench.only()
    const at = bench.pbx.now
    await Promise.all([
      bench.live.record({ type: 'pause-asked', recordingId, by: 'desk', how: 'api', limitMs: null, at }),
      bench.live.record({ type: 'attached-changed', recordingId, change: { key: 'case', value: '7', source: 'dialplan', at }, at }),
      bench.live.record({ type: 'pause-effective', recordingId, at }),
    ])
    expect(bench.live.find(recordingId)).to.deep.equal(bench.only())
    expect(bench.live.find(recordingId)).to.deep.include({ state: 'paused' })
    expect(bench.live.find(recordingId)?.attached).to.include({ case: '7' })
  })
})
