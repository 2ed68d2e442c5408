import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { auditOfFact } from '../../../../../core/domain/audit-of-fact.ts'
import { PAUSE_MEANS, type PauseMeans } from '../../../../../core/domain/rules/pause-terms.ts'
import type { Policy } from '../../../../../core/domain/rules/policy.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { policyWith } from '../../domain/rules/rule-samples.ts'

const BOTH = policyWith({ rules: [{ name: 'everything', record: 'both', dialplan: 'overruled' }] })
const pausedBy = (...ways: readonly PauseMeans[]): Policy => policyWith({ rules: [{
  name: 'everything', record: 'both', dialplan: 'overruled', terms: { pause: { type: 'allowed', by: ['agent'], ways, maxDurationMs: null, endsWith: [] } },
}] })

/** A customer and an agent who talk, both recorded. */
async function talking(policy: Policy = BOTH, ways: readonly PauseMeans[] = PAUSE_MEANS): Promise<{ readonly bench: CaptureBench; readonly customer: Channel; readonly agent: Channel }> {
  const bench = await CaptureBench.open({ policy, ways })
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer)
  const agent = bench.pbx.dials(customer, 'agentA')
  bench.pbx.answers(agent)
  bench.pbx.bridges(customer, agent)
  await bench.settled()
  return { bench, customer, agent }
}

/** What the dialplan is told. */
async function pressed(bench: CaptureBench, ...given: Parameters<CaptureBench['pbx']['presses']>): Promise<string | undefined> {
  const requestId = bench.pbx.presses(...given)
  await bench.settled()
  return bench.pbx.codeAnswers.get(requestId)
}

/** Of both recordings. */
const twice = <T>(one: T): readonly T[] => [one, one]
const masks = (bench: CaptureBench): readonly boolean[] => [...bench.pbx.recorders.values()].map(({ masked }) => masked)
const factsOf = (bench: CaptureBench, type: string): number => bench.journal.facts.filter(({ fact }) => fact.type === type).length

describe('a feature code of the agent', () => {
  it('pauses every recording of her call, names her, and ends the pause again', async () => {
    const { bench, agent } = await talking()
    expect(await pressed(bench, agent, 'pause')).to.equal('paused')
    expect(masks(bench)).to.deep.equal([true, true])
    for (const { pauses } of bench.recordings()) expect(pauses).to.have.length(1).and.to.have.nested.property('[0].by', 'PJSIP/agentA')
    expect(await pressed(bench, agent, 'resume')).to.equal('recording')
    expect(masks(bench)).to.deep.equal([false, false])
    expect(bench.recordings().map(({ pauses: [pause] }) => pause?.how)).to.deep.equal(['dtmf', 'dtmf'])
  })

  it('toggles, and does it once however often it is told', async () => {
    const { bench, agent } = await talking()
    expect(await pressed(bench, agent, 'toggle', { requestId: 'r.c1' })).to.equal('paused')
    expect(await pressed(bench, agent, 'toggle', { requestId: 'r.c1' })).to.equal('paused')
    expect(masks(bench)).to.deep.equal([true, true])
    expect(await pressed(bench, agent, 'toggle', { requestId: 'r.c2' })).to.equal('recording')
    expect(masks(bench)).to.deep.equal([false, false])
  })

  it('is not told "paused" while one recording goes on with sound', async () => {
    const { bench, agent } = await talking()
    const [first] = bench.pbx.recorders.values()
    const mask = bench.pbx.mask.bind(bench.pbx)
    bench.pbx.mask = (segment) => segment.recorderId === first?.recorderId ? Promise.reject(new HoldfastError('PBX_REFUSED', 'Cannot set mute flag')) : mask(segment)
    expect(await pressed(bench, agent, 'pause')).to.equal('failed')
    bench.pbx.mask = mask
    expect(await pressed(bench, agent, 'pause'), 'and may ask again').to.equal('paused')
    expect(masks(bench)).to.deep.equal([true, true])
  })

  it('is refused where the rule does not allow the way, which is on record', async () => {
    const { bench, agent } = await talking(pausedBy('api'))
    expect(await pressed(bench, agent, 'pause')).to.equal('failed')
    expect(masks(bench)).to.deep.equal([false, false])
    expect(factsOf(bench, 'pause-asked')).to.equal(0)
    const audited = bench.journal.facts.flatMap(({ fact }) => {
      const recording = 'recordingId' in fact ? bench.journal.all().get(fact.recordingId) : undefined
      return fact.type === 'control-refused' && recording !== undefined ? [auditOfFact(fact, recording)] : []
    })
    expect(audited.map((entry) => [entry?.action, entry?.outcome, entry?.reason, entry?.actor.id])).to.deep.equal(twice(['recording.pause', 'refused', 'PAUSE_NOT_ALLOWED', 'PJSIP/agentA']))
  })

  it('is refused where the settings shut the way, its resume too', async () => {
    const { bench, agent } = await talking(BOTH, ['api'])
    expect(await pressed(bench, agent, 'pause')).to.equal('failed')
    expect(await pressed(bench, agent, 'resume')).to.equal('failed')
    expect(masks(bench)).to.deep.equal([false, false])
    expect(factsOf(bench, 'control-refused')).to.equal(4)
  })

  it('stops and starts what the rule lets anybody stop and start', async () => {
    const { bench, agent } = await talking(policyWith({ rules: [{ name: 'everything', record: 'both', dialplan: 'overruled', terms: { onDemand: ['start', 'stop'] } }] }))
    expect(await pressed(bench, agent, 'stop')).to.equal('stopped')
    expect(bench.recordings().map(({ state, reason }) => [state, reason])).to.deep.equal(twice(['stopped', 'stopped-on-demand']))
    expect(await pressed(bench, agent, 'start')).to.equal('recording')
    expect(bench.live.all().map(({ state }) => state)).to.deep.equal(['recording', 'recording'])
  })

  it('stops nothing where the rule does not say so, and that is on record', async () => {
    const { bench, agent } = await talking()
    expect(await pressed(bench, agent, 'stop')).to.equal('failed')
    expect(bench.live.all().map(({ state }) => state)).to.deep.equal(['recording', 'recording'])
    expect(factsOf(bench, 'control-refused')).to.equal(2)
  })

  it('fails where nothing is recorded', async () => {
    const { bench, agent } = await talking(policyWith({ rules: [{ name: 'nothing', record: 'no', dialplan: 'overruled' }] }))
    expect(await pressed(bench, agent, 'pause')).to.equal('failed')
  })

  it('does nothing when it comes from the customer, whose leg was armed by mistake', async () => {
    const { bench, customer } = await talking()
    expect(await pressed(bench, customer, 'pause')).to.equal('failed')
    expect(masks(bench)).to.deep.equal([false, false])
  })

  it('does not wait for a leg that is gone, nor harm what follows', async () => {
    const { bench, customer, agent } = await talking()
    bench.pbx.presses(agent, 'pause')
    bench.pbx.hangsUp(agent)
    await bench.settled()
    expect(bench.pbx.codeAnswers.size).to.equal(0)
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['stopped', 'stopped'])
  })

  it('reaches what was recorded under another interaction, when the two calls are one now', async () => {
    const { bench, customer, agent } = await talking()
    const second = bench.pbx.call('second')
    bench.pbx.asks(second)
    await bench.settled()
    bench.pbx.bridges(customer, agent, second)
    await bench.settled()
    expect(await pressed(bench, agent, 'pause')).to.equal('paused')
    expect(masks(bench)).to.deep.equal([true, true, true])
  })
})

describe('a code of the dialplan', () => {
  it('pauses with nobody behind it, also from the customer\'s own route', async () => {
    const { bench, customer } = await talking(pausedBy('dialplan'))
    expect(await pressed(bench, customer, 'pause', { way: 'dialplan' })).to.equal('paused')
    expect(masks(bench)).to.deep.equal([true, true])
    expect(bench.recordings().map(({ pauses: [pause] }) => [pause?.how, pause?.by])).to.deep.equal(twice(['dialplan', 'fake']))
  })
})
