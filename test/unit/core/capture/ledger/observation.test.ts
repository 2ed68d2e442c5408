import { expect } from 'chai'
import { describe, it } from 'mocha'
import { mock } from 'node:test'
import type { CaptureFact } from '../../../../../core/domain/capture-fact.ts'
import { ObservationLog } from '../../../../../core/capture/ledger/observation.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { quietRuntime } from '../../../../support/quiet-runtime.ts'

/** What the journal says of what was seen. */
function told({ journal }: CaptureBench): readonly Partial<CaptureFact>[] {
  return journal.facts.map(({ fact }) => fact).filter(({ type }) => type === 'observation-lost' || type === 'observation-regained')
}

async function restarted({ pbx, journal }: CaptureBench): Promise<CaptureBench> {
  return await CaptureBench.open({ pbx: pbx.forNextService(), journal })
}

describe('the times in which a PBX is not seen', () => {
  it('do not begin before it was ever seen', async () => {
    const bench = await CaptureBench.open()
    expect(told(bench)).to.deep.equal([])
    expect(await bench.journal.observation(bench.pbx.pbxId)).to.deep.equal({ until: bench.pbx.now, lostAt: null })
  })

  it('last from the end of the link to its return', async () => {
    const bench = await CaptureBench.open()
    const pbxId = bench.pbx.pbxId
    const lostAt = bench.pbx.after(1000).now
    bench.pbx.disconnect()
    bench.pbx.disconnect()
    await bench.settled()
    expect(await bench.journal.observation(pbxId)).to.deep.equal({ until: lostAt, lostAt })
    const regainedAt = bench.pbx.after(1000).now
    bench.pbx.connect()
    await bench.settled()
    expect(told(bench)).to.deep.equal([
      { type: 'observation-lost', pbxId, because: 'link-down', at: lostAt }, { type: 'observation-regained', pbxId, because: null, callsFound: 0, at: regainedAt },
    ])
  })

  it('begin where it was seen last, when the service dies without a word', async () => {
    const before = await CaptureBench.open()
    const seenAt = before.pbx.after(5000).now
    await before.journal.noteObserved(before.pbx.pbxId, seenAt)
    before.pbx.after(3000)
    const after = await restarted(before)
    expect(told(after)).to.deep.include({ type: 'observation-lost', pbxId: before.pbx.pbxId, because: 'process-down', at: seenAt })
    expect(told(after)).to.have.length(2)
  })

  it('begin with an orderly end, and go on over a death', async () => {
    const before = await CaptureBench.open()
    before.pbx.after(5000)
    await before.service.stop()
    const after = await restarted(before)
    expect(told(after).map((fact) => [fact.type, 'because' in fact ? fact.because : null])).to.deep.equal([['observation-lost', 'stopped'], ['observation-regained', null]])
  })

  it('go on over a death while the link is down: one time, from the link\'s end', async () => {
    const before = await CaptureBench.open()
    const lostAt = before.pbx.after(1000).now
    before.pbx.disconnect()
    await before.settled()
    before.pbx.after(1000)
    const after = await restarted(before)
    expect(told(after).map(({ type, at }) => [type, at?.getTime()])).to.deep.equal([['observation-lost', lostAt.getTime()], ['observation-regained', after.pbx.now.getTime()]])
  })

  it('are told when the journal takes something again', async () => {
    const bench = await CaptureBench.open()
    const lostAt = bench.pbx.after(1000).now
    bench.journal.failure = new HoldfastError('STORE_FAILED', 'disk full')
    bench.pbx.disconnect()
    setTimeout(() => {
      bench.journal.failure = null
    }, 50)
    await bench.settled()
    expect(told(bench).map(({ at }) => at)).to.deep.equal([lostAt])
  })

  it('are noted one after the other, and a bug in that is counted', async () => {
    const { pbx, journal, live } = await CaptureBench.open()
    mock.timers.enable({ apis: ['setInterval'] })
    try {
      const runtime = quietRuntime()
      const slow = Promise.withResolvers<void>()
      let asked = 0
      journal.noteObserved = async (): Promise<void> => {
        asked += 1
        await slow.promise
      }
      const log = new ObservationLog({ pbxId: pbx.pbxId, journal, live, adapter: pbx, runtime })
      log.start()
      mock.timers.tick(15_000)
      expect(asked).to.equal(1)
      slow.reject(new TypeError('a bug'))
      await log.stop()
      expect(runtime.counted.get('holdfast_capture_errors_total')).to.equal(1)
    } finally {
      mock.timers.reset()
    }
  })
})
