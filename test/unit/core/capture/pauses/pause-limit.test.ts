import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { ALWAYS } from '../../../../../core/domain/rules/condition.ts'
import { PAUSABLE, policyWith } from '../../domain/rules/rule-samples.ts'

const DESK = { type: 'token', id: 'desk' } as const

async function paused(bench: CaptureBench): Promise<void> {
  bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
  await bench.settled()
  await bench.control.control({ action: 'pause', target: { recordingId: bench.only().id }, by: DESK, person: null, how: 'api' }, AbortSignal.timeout(60_000))
}

describe('pause limit', () => {
  it('ends a pause that nobody ends, and not before its time', async () => {
    const bench = await CaptureBench.open()
    await paused(bench)
    bench.pbx.after(59_999)
    await bench.pauseLimit.check()
    expect(bench.only().state).to.equal('paused')
    bench.pbx.after(1)
    await bench.pauseLimit.check()
    expect(bench.only().state).to.equal('recording')
    expect(bench.only().pauses[0]).to.include({ limitMs: 60_000, resumeBy: 'pause-limit', resumedAt: bench.pbx.now })
  })

  it('goes by the rule, where the rule has a limit of its own', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'short', when: ALWAYS, record: 'source', terms: { pause: { ...PAUSABLE, maxDurationMs: 5000 } } }] }) })
    await paused(bench)
    expect(bench.only().pauses[0]?.limitMs).to.equal(5000)
    bench.pbx.after(5000)
    await bench.pauseLimit.check()
    expect(bench.only().state).to.equal('recording')
  })

  it('warns once, before it ends the pause, and the recording shows it', async () => {
    const bench = await CaptureBench.open()
    await paused(bench)
    bench.pbx.after(49_999)
    await bench.pauseLimit.check()
    expect(bench.only().pauses[0]?.warnedAt).to.equal(null)
    const warnedAt = bench.pbx.after(1).now
    await bench.pauseLimit.check()
    bench.pbx.after(5000)
    await bench.pauseLimit.check()
    expect(bench.only().pauses[0]?.warnedAt).to.deep.equal(warnedAt)
    expect(bench.journal.facts.filter(({ fact }) => fact.type === 'pause-warned')).to.have.length(1)
    expect(bench.only().state).to.equal('paused')
  })

  it('warns of a pause that is shorter than the time of the warning in its middle', async () => {
    const bench = await CaptureBench.open({ maxPauseMs: 4000 })
    await paused(bench)
    bench.pbx.after(1999)
    await bench.pauseLimit.check()
    expect(bench.only().pauses[0]?.warnedAt).to.equal(null)
    bench.pbx.after(1)
    await bench.pauseLimit.check()
    expect(bench.only().pauses[0]?.warnedAt).to.deep.equal(bench.pbx.now)
  })

  it('that passed while the link was down ends the pause as soon as the link is up', async () => {
    const bench = await CaptureBench.open()
    await paused(bench)
    bench.pbx.disconnect()
    bench.pbx.after(300_000)
    await bench.pauseLimit.check()
    expect(bench.only().state, 'nothing can be ended without a link').to.equal('paused')
    bench.pbx.connect()
    await bench.settled()
    expect(bench.only().state).to.equal('recording')
    expect([...bench.pbx.recorders.values()].map(({ masked }) => masked)).to.deep.equal([false])
  })

  it('that passed while Holdfast was down ends the pause as soon as it is back', async () => {
    const before = await CaptureBench.open()
    await paused(before)
    before.pbx.after(300_000)
    const after = await CaptureBench.open({ pbx: before.pbx.forNextService(), journal: before.journal })
    await after.settled()
    expect(after.only().state).to.equal('recording')
    expect(after.only().pauses[0]).to.include({ resumeBy: 'pause-limit', limitMs: 60_000 })
  })

  it('goes by the clock of the PBX, and dates all that is asked by it, however far ours is away', async () => {
    for (const aheadMs of [3_600_000, -3_600_000]) {
      const bench = await CaptureBench.open({ aheadMs })
      await paused(bench)
      const beganAt = bench.pbx.now
      bench.pbx.after(59_999)
      await bench.pauseLimit.check()
      expect(bench.only().state, `${aheadMs}`).to.equal('paused')
      bench.pbx.after(1)
      await bench.pauseLimit.check()
      expect(bench.only().state, `${aheadMs}`).to.equal('recording')
      const endedAt = bench.pbx.now
      expect(bench.only().pauses[0]).to.deep.include({ askedAt: beganAt, effectiveAt: beganAt, resumeAskedAt: endedAt, resumedAt: endedAt })
    }
  })

  it('tries again until the PBX confirms', async () => {
    const bench = await CaptureBench.open()
    await paused(bench)
    bench.pbx.failures.set('unmask', new HoldfastError('PBX_TIMEOUT', 'no answer'))
    bench.pbx.after(60_000)
    await bench.pauseLimit.check()
    expect(bench.only().state).to.equal('paused')
    bench.pbx.failures.clear()
    await bench.pauseLimit.check()
    expect(bench.only().state).to.equal('recording')
    expect(bench.only().pauses).to.have.length(1)
  })

  it('ends a pause of which no recording is left, too', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    const agent = bench.pbx.dials(customer, 'agent')
    await bench.settled()
    await bench.control.control({ action: 'pause', target: { recordingId: bench.only().id }, by: DESK, person: null, how: 'api' }, AbortSignal.timeout(60_000))
    bench.pbx.hangsUp(agent)
    await bench.settled()
    expect(bench.pauses.all(), 'the conversation goes on').to.have.length(1)
    bench.pbx.after(60_000)
    await bench.pauseLimit.check()
    expect(bench.pauses.all()).to.deep.equal([])
  })
})
