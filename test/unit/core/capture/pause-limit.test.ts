import { expect } from 'chai'
import { describe, it } from 'mocha'
import { PauseLimit } from '../../../../core/capture/pause-limit.ts'
import { CaptureBench } from '../../../support/capture-bench.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

describe('pause limit', () => {
  it('ends a pause that nobody ends, and not before its time', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    const target = { recordingId: bench.only().id }
    await bench.control.control({ action: 'pause', target, by: { type: 'token', id: 'desk' }, person: null, how: 'api' }, AbortSignal.timeout(60_000))
    const limit = new PauseLimit({ live: bench.live, control: bench.control, runtime: quietRuntime(() => bench.pbx.now), maxDurationMs: 60_000 })
    bench.pbx.after(59_999)
    await limit.check()
    expect(bench.only().state).to.equal('paused')
    bench.pbx.after(1)
    await limit.check()
    expect(bench.only().state).to.equal('recording')
    expect(bench.only().pauses[0]).to.include({ resumeBy: 'pause-limit', resumedAt: bench.pbx.now })
  })
})
