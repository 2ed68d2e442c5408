import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import type { ControlAction, ControlResult } from '../../../../../core/ports/capture-control.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { FakePbxAdapter } from '../../../../support/fakes/fake-pbx-adapter.ts'

const SOURCE = { record: 'source' }
const NOT_CONFIRMED = new HoldfastError('PBX_TIMEOUT', 'no answer')

interface TwoSites {
  readonly bench: CaptureBench
  readonly a: FakePbxAdapter
  readonly b: FakePbxAdapter
  readonly customer: Channel
  readonly agent: Channel
}

/** A customer's call at site A, passed on to an agent of site B, recorded at both unless it is said. */
async function talking({ there = SOURCE }: { readonly there?: Readonly<Record<string, string>> } = {}): Promise<TwoSites> {
  const [a, b] = [new FakePbxAdapter('pbx-a'), new FakePbxAdapter('pbx-b')]
  const bench = await CaptureBench.open({ pbx: a, others: [b], trustedTrunks: ['PJSIP/site-*'] })
  const customer = a.call('customer')
  a.asks(customer, SOURCE)
  await bench.settled()
  const far = b.call('site-a')
  b.asksWith(far, { attached: there, headers: { 'X-Interaction-ID': bench.only().interactionId } })
  const agent = b.dials(far, 'agent')
  b.answers(agent)
  b.enters('talk', far, b.channelOf(agent.channelId))
  await bench.settled()
  return { bench, a, b, customer, agent }
}

async function told({ bench, b, agent }: TwoSites, action: ControlAction): Promise<readonly ControlResult[]> {
  return await bench.control.control({ action, target: { channel: { pbxId: b.pbxId, channelId: agent.channelId } }, by: { type: 'pbx', id: 'agent' }, person: 'agent', how: 'dtmf' }, AbortSignal.timeout(60_000))
}

const masked = ({ a, b }: TwoSites): readonly boolean[] => [a, b].flatMap((pbx) => [...pbx.recorders.values()].map((recorder) => recorder.masked))
const outcomes = (results: readonly ControlResult[]): readonly string[] => results.map(({ outcome }) => outcome)

describe('a pause over two sites', () => {
  it('is told when both PBXs have confirmed, and ends at both', async () => {
    const sites = await talking()
    expect(outcomes(await told(sites, 'pause'))).to.deep.equal(['done', 'done'])
    expect(masked(sites)).to.deep.equal([true, true])
    expect(outcomes(await told(sites, 'resume'))).to.deep.equal(['done', 'done'])
    expect(masked(sites)).to.deep.equal([false, false])
  })

  it('that one does not confirm is partial: the other stays silent, the first is asked until it is, and is named', async () => {
    const sites = await talking()
    const { bench, a } = sites
    a.failures.set('mask', NOT_CONFIRMED)
    const results = await told(sites, 'pause')
    expect(outcomes(results)).to.deep.equal(['failed', 'done'])
    expect(results[0]).to.include({ code: 'PAUSE_FAILED' }).and.to.have.property('message').that.includes('pbx-a')
    expect(masked(sites)).to.deep.equal([false, true])
    expect(bench.counted.get('holdfast_pauses_partial_total')).to.equal(1)
    a.failures.delete('mask')
    await bench.pauseLimit.check()
    await bench.settled()
    expect(masked(sites)).to.deep.equal([true, true])
    expect(bench.recordings().map(({ state }) => state)).to.deep.equal(['paused', 'paused'])
  })

  it('that neither confirms is withdrawn', async () => {
    const sites = await talking()
    for (const pbx of [sites.a, sites.b]) pbx.failures.set('mask', NOT_CONFIRMED)
    expect(outcomes(await told(sites, 'pause'))).to.deep.equal(['failed', 'failed'])
    expect(sites.bench.pauses.all()).to.deep.equal([])
  })

  it('reaches the site that is there while the other\'s link is down, and the other when it is back', async () => {
    const sites = await talking()
    const { bench, a } = sites
    a.disconnect()
    await bench.settled()
    expect(outcomes(await told(sites, 'pause'))).to.deep.equal(['failed', 'done'])
    expect(masked(sites)).to.deep.equal([false, true])
    a.connect()
    await bench.settled()
    expect(masked(sites)).to.deep.equal([true, true])
  })

  it('ends where it can, and at the other site when its link is back', async () => {
    const sites = await talking()
    const { bench, a } = sites
    await told(sites, 'pause')
    a.disconnect()
    await bench.settled()
    expect(outcomes(await told(sites, 'resume'))).to.deep.equal(['failed', 'done'])
    expect(masked(sites)).to.deep.equal([true, false])
    a.connect()
    await bench.settled()
    expect(masked(sites)).to.deep.equal([false, false])
  })

  it('sounds as failed to the agent while it is partial, and her key asks for it again', async () => {
    const sites = await talking()
    const { bench, a, b, agent } = sites
    a.failures.set('mask', NOT_CONFIRMED)
    const first = b.presses(agent, 'toggle')
    await bench.settled()
    expect(b.codeAnswers.get(first)).to.equal('failed')
    a.failures.delete('mask')
    const second = b.presses(agent, 'toggle')
    await bench.settled()
    expect([b.codeAnswers.get(second), masked(sites)]).to.deep.equal(['paused', [true, true]])
    const third = b.presses(agent, 'toggle')
    await bench.settled()
    expect([b.codeAnswers.get(third), masked(sites)]).to.deep.equal(['recording', [false, false]])
  })

  it('reaches the customer\'s recording at the other site from an agent whose own site records nothing', async () => {
    const sites = await talking({ there: { record: 'no' } })
    expect(outcomes(await told(sites, 'pause'))).to.deep.equal(['done'])
    expect(masked(sites)).to.deep.equal([true])
  })

  it('is in force for what the other site begins to record within it', async () => {
    const sites = await talking({ there: { record: 'no' } })
    const { bench, b } = sites
    await told(sites, 'pause')
    const second = b.call('site-a2')
    b.asksWith(second, { attached: SOURCE, headers: { 'X-Interaction-ID': bench.recordings()[0]?.interactionId ?? '' } })
    await bench.settled()
    expect(masked(sites), 'nothing runs at the other site before the resume').to.deep.equal([true])
    await told(sites, 'resume')
    await bench.settled()
    expect(masked(sites)).to.deep.equal([false, false])
  })
})
