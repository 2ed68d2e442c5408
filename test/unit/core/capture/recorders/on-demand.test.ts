import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import type { RecordAction } from '../../../../../core/domain/policy.ts'
import type { Recording } from '../../../../../core/domain/recording.ts'
import type { PauseMeans } from '../../../../../core/domain/rules/pause-terms.ts'
import { NO_RULE, type OnDemand } from '../../../../../core/domain/rules/rule.ts'
import type { ControlCommand, ControlResult } from '../../../../../core/ports/capture-control.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { keyIs, policyWith, type RuleGiven } from '../../domain/rules/rule-samples.ts'

const signal = AbortSignal.timeout(60_000)
const ANYBODY = { type: 'allowed', by: ['agent', 'supervisor', 'integrator'], ways: ['dtmf', 'api', 'dialplan'], maxDurationMs: null, endsWith: [] } as const
const AGENT = { type: 'token', id: 'anna' } as const

function rule(record: RecordAction, onDemand: readonly OnDemand[]): RuleGiven {
  return { name: 'by-hand', record, dialplan: 'overruled', terms: { ...NO_RULE.terms, onDemand } }
}

/** A talk of which the data say later that the law wants it recorded. */
async function talkOfFraud(): Promise<Talk & { readonly fraud: () => Promise<void> }> {
  const law: RuleGiven = { name: 'law', when: keyIs('case', 'fraud'), record: 'both', dialplan: 'overruled' }
  const given = await talk(rule('source', ['start', 'stop']), [], { before: [law] })
  return { ...given, fraud: async () => {
    const { bench: { pbx }, customer } = given
    pbx.emit({ type: 'attached-changed', ...pbx.of(customer), change: { key: 'case', value: 'fraud', source: 'dialplan', at: pbx.now } })
    await given.bench.settled()
  } }
}

interface Talk {
  readonly bench: CaptureBench
  readonly customer: Channel
  readonly agent: Channel
  readonly command: (action: ControlCommand['action'], target?: ControlCommand['target']) => Promise<readonly ControlResult[]>
}

/** A customer and an agent who talk, under one rule. */
async function talk(given: RuleGiven, never: readonly { readonly name: string }[] = [], { before = [], ways }: { readonly before?: readonly RuleGiven[]; readonly ways?: readonly PauseMeans[] } = {}): Promise<Talk> {
  const bench = await CaptureBench.open({ policy: policyWith({ rules: [...before, given], never }), ...(ways === undefined ? {} : { ways }) })
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer)
  const agent = bench.pbx.dials(customer, 'agentA')
  bench.pbx.answers(agent)
  bench.pbx.bridges(customer, agent)
  await bench.settled()
  bench.pbx.after(5000)
  const owner = { agent: null, desks: [{ pbxId: bench.pbx.pbxId, endpoint: 'PJSIP/agentA' }] }
  return { bench, customer, agent, command: async (action, target = { owner }) => bench.control.control({ action, target, by: AGENT, person: 'agent', how: 'api' }, signal) }
}

function states(bench: CaptureBench): readonly (readonly [Recording['state'], Recording['reason']])[] {
  return bench.recordings().map(({ state, reason }) => [state, reason])
}

describe('start and stop on demand', () => {
  it('records a call that the rule did not want from the moment that somebody asks, and keeps the decision of the rule', async () => {
    const { bench, customer, command } = await talk(rule('no', ['start']))
    const [result] = await command('start')
    expect(result).to.include({ outcome: 'done' }).and.deep.include({ effectiveAt: bench.pbx.now })
    const started = bench.recordings().find(({ state }) => state === 'recording')
    expect(started).to.include({ side: 'source', channelId: customer.channelId, startedAt: bench.pbx.now })
    expect(started?.decision).to.include({ outcome: 'do-not-record', rule: 'by-hand' })
    expect(started?.demands).to.deep.equal([{ index: 0, action: 'start', by: 'anna', how: 'api', askedAt: bench.pbx.now, failedAt: null }])
    expect([...bench.pbx.recorders.values()].map(({ channelId }) => channelId)).to.deep.equal([customer.channelId])
  })

  it('starts once: asked again, it says that it is so already', async () => {
    const { bench, command } = await talk(rule('no', ['start']))
    const [first] = await command('start')
    bench.pbx.after(1000)
    const [second] = await command('start')
    expect(second).to.deep.equal({ ...first, outcome: 'already' })
    expect(bench.pbx.recorders.size).to.equal(1)
  })

  it('starts nothing where the rule lets nobody, where a rule of never spoke, and where no rule has looked', async () => {
    const forbidden = await talk(rule('no', ['stop']))
    await expectCode(forbidden.command('start'), 'START_NOT_ALLOWED')
    const never = await talk(rule('source', ['start']), [{ name: 'works-council' }])
    await expectCode(never.command('start'), 'START_NOT_ALLOWED')
    const unasked = await talk(rule('no', ['start']))
    const other = unasked.bench.pbx.call('agentB')
    await unasked.bench.settled()
    await expectCode(unasked.command('start', { channel: { pbxId: other.pbxId, channelId: other.channelId } }), 'START_NOT_ALLOWED')
    for (const { bench } of [forbidden, never, unasked]) expect(bench.pbx.recorders.size).to.equal(0)
  })

  it('starts nothing where there is no call: a telephone that rings has none yet', async () => {
    const { bench, customer, command } = await talk(rule('no', ['start']))
    bench.pbx.dials(customer, 'agentB')
    await bench.settled()
    await expectCode(command('start', { owner: { agent: null, desks: [{ pbxId: bench.pbx.pbxId, endpoint: 'PJSIP/agentB' }] } }), 'NO_LIVE_CALL')
  })

  it('says so when the PBX refuses to begin', async () => {
    const { bench, command } = await talk(rule('no', ['start']))
    bench.pbx.failures.set('start', new HoldfastError('PBX_REFUSED', 'no'))
    const [result] = await command('start')
    expect(result).to.include({ outcome: 'failed', code: 'START_FAILED' })
    expect(states(bench).at(-1)).to.deep.equal(['failed', 'start-refused'])
  })

  it('ends a recording when the PBX has confirmed, and keeps who asked', async () => {
    const { bench, command } = await talk(rule('source', ['stop']))
    const [result] = await command('stop')
    expect(result).to.deep.equal({ recordingId: bench.only().id, outcome: 'done', effectiveAt: bench.pbx.now })
    expect(bench.only()).to.include({ state: 'stopped', reason: 'stopped-on-demand' }).and.deep.include({ endedAt: bench.pbx.now })
    expect(bench.only().demands.map(({ action, by }) => [action, by])).to.deep.equal([['stop', 'anna']])
    expect(bench.pbx.recorders.size).to.equal(0)
  })

  it('is forgotten with a call that ended unseen', async () => {
    const { bench, customer, agent, command } = await talk(rule('source', ['stop']))
    await command('stop')
    expect(bench.live.stoppedByHand(bench.pbx.pbxId)).to.have.length(1)
    bench.pbx.disconnect()
    for (const leg of [customer, agent]) bench.pbx.vanishes(leg)
    bench.pbx.after(1000).connect()
    await bench.settled()
    expect(bench.live.stoppedByHand(bench.pbx.pbxId)).to.deep.equal([])
  })

  it('lets a recording go on whose rule lets nobody stop it, or whose end the PBX does not confirm', async () => {
    const forbidden = await talk(rule('source', ['start']))
    expect((await forbidden.command('stop'))[0]).to.include({ outcome: 'failed', code: 'STOP_NOT_ALLOWED' })
    const silent = await talk(rule('source', ['stop']))
    silent.bench.pbx.failures.set('stop', new HoldfastError('PBX_TIMEOUT', 'no answer'))
    expect((await silent.command('stop'))[0]).to.include({ outcome: 'failed', code: 'STOP_FAILED' })
    for (const { bench } of [forbidden, silent]) {
      expect(bench.only().state).to.equal('recording')
      expect(bench.pbx.recorders.size).to.equal(1)
    }
    expect(silent.bench.only().demands[0]?.failedAt).to.deep.equal(silent.bench.pbx.now)
  })

  it('goes on with what was stopped as a new recording, when somebody starts again', async () => {
    const { bench, command } = await talk(rule('source', ['start', 'stop']))
    await command('stop')
    bench.pbx.after(2000)
    await command('start')
    expect(states(bench)).to.deep.equal([['stopped', 'stopped-on-demand'], ['recording', null]])
    expect(bench.recordings()[1]?.demands.map(({ action }) => action)).to.deep.equal(['start'])
  })

  it('stops for good: neither new data nor the next telephone that rings starts it again', async () => {
    const { bench, customer, command } = await talk(rule('both', ['stop']))
    await command('stop')
    bench.pbx.emit({ type: 'attached-changed', ...bench.pbx.of(customer), change: { key: 'case', value: '7', source: 'pbx', at: bench.pbx.now } })
    const next = bench.pbx.dials(customer, 'agentB')
    bench.pbx.answers(next)
    bench.pbx.bridges(customer, next)
    await bench.settled()
    expect(states(bench)).to.deep.equal([['stopped', 'stopped-on-demand'], ['stopped', 'stopped-on-demand']])
  })

  it('stops one recording by its id, and leaves the other side running', async () => {
    const { bench, command } = await talk(rule('both', ['stop']))
    const source = bench.recordings().find(({ side }) => side === 'source')
    await command('stop', { recordingId: source?.id ?? bench.only().id })
    expect(bench.recordings().map(({ side, state }) => [side, state])).to.deep.equal([['source', 'stopped'], ['destination', 'recording']])
  })

  it('lets nobody stop what a rule wants by now that lets nobody, on either side', async () => {
    const { bench, command, fraud } = await talkOfFraud()
    await fraud()
    const results = await command('stop')
    expect(results.map((result) => result.outcome === 'failed' && result.code)).to.deep.equal(['STOP_NOT_ALLOWED', 'STOP_NOT_ALLOWED'])
    expect(bench.pbx.recorders.size).to.equal(2)
  })

  it('begins again what was stopped before a mandatory rule wanted it, once, and then lets nobody stop it', async () => {
    const { bench, command, fraud } = await talkOfFraud()
    await command('stop')
    await fraud()
    await fraud()
    expect(bench.recordings().map(({ side, state, decision }) => [side, state, decision.rule])).to.deep.equal([['source', 'stopped', 'by-hand'], ['destination', 'recording', 'law'], ['source', 'recording', 'law']])
    expect((await command('stop')).map(({ outcome }) => outcome)).to.deep.equal(['failed', 'failed'])
    expect(bench.pbx.recorders.size).to.equal(2)
  })

  it('knows after a restart that the law wants what another rule began', async () => {
    const { bench, fraud } = await talkOfFraud()
    await fraud()
    const next = await CaptureBench.open({ pbx: bench.pbx, journal: bench.journal, policy: bench.rules.policy })
    await next.settled()
    const source = next.recordings().find(({ side }) => side === 'source') ?? next.only()
    const [result] = await next.control.control({ action: 'stop', target: { recordingId: source.id }, by: AGENT, person: 'agent', how: 'api' }, signal)
    expect(result).to.include({ outcome: 'failed', code: 'STOP_NOT_ALLOWED' })
  })

  it('is refused on a way that the settings shut, and to whom the rule gives no pause either', async () => {
    const shut = await talk(rule('source', ['start', 'stop']), [], { ways: ['dtmf'] })
    await expectCode(shut.command('stop'), 'STOP_NOT_ALLOWED')
    await expectCode(shut.command('start'), 'START_NOT_ALLOWED')
    for (const pause of [{ by: ['supervisor'] }, { ways: ['dtmf'] }] as const) {
      const narrow = rule('source', ['start', 'stop'])
      const { bench, command } = await talk({ ...narrow, terms: { ...narrow.terms, pause: { ...ANYBODY, ...pause } } })
      expect((await command('stop'))[0]).to.include({ outcome: 'failed', code: 'STOP_NOT_ALLOWED' })
      await expectCode(command('start'), 'START_NOT_ALLOWED')
      expect(bench.pbx.recorders.size).to.equal(1)
    }
  })

  it('puts a start off while its interaction is paused, and begins it at the resume', async () => {
    const { bench, command } = await talk(rule('both', ['start', 'stop']))
    const destination = bench.recordings().find(({ side }) => side === 'destination')
    const source = bench.recordings().find(({ side }) => side === 'source')
    await command('stop', { recordingId: source?.id ?? bench.only().id })
    await command('pause')
    bench.pbx.after(1000)
    const results = await command('start')
    expect(results.map(({ outcome }) => outcome)).to.have.members(['waiting', 'already'])
    expect(bench.pbx.recorders.size).to.equal(1)
    bench.pbx.after(1000)
    await command('resume', { recordingId: destination?.id ?? bench.only().id })
    await bench.settled()
    expect(bench.recordings().at(-1)).to.include({ side: 'source', state: 'recording', startedAt: bench.pbx.now })
  })
})
