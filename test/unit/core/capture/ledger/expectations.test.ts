import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import type { CaptureFact } from '../../../../../core/domain/capture-fact.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import type { Condition } from '../../../../../core/domain/rules/condition.ts'
import type { NativeRecording } from '../../../../../core/ports/pbx-event.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { policyWith } from '../../domain/rules/rule-samples.ts'

const BEGIN = Date.UTC(2026, 10, 22, 8)
const signal = AbortSignal.timeout(60_000)
const by = { type: 'token', id: 'agent-desktop' } as const

/** The ledger's lines as `source customer 1000–5000 hangup`, in milliseconds of the test; `…` while the leg lives. */
function ledger({ journal }: CaptureBench): readonly string[] {
  const facts = journal.facts.map(({ fact }) => fact)
  const opened = facts.filter((fact) => fact.type === 'expectation-opened')
  return opened.map(({ channelId, side, fromAt, evidence }) => {
    const closed = facts.find((fact) => fact.type === 'expectation-closed' && fact.channelId === channelId && fact.side === side && fact.fromAt.getTime() === fromAt.getTime())
    const end = closed?.type === 'expectation-closed' ? `${closed.toAt.getTime() - BEGIN} ${closed.end}` : '…'
    return `${side} ${channelId.replace(/\.\d+$/, '')} ${fromAt.getTime() - BEGIN}–${end}${evidence === 'events' ? '' : ` (${evidence})`}`
  })
}

/** The gaps in what was seen, as `0–5000 link-down`. */
function windows({ journal }: CaptureBench): readonly string[] {
  const told = journal.facts.map(({ fact }) => fact).filter((fact) => fact.type === 'observation-lost' || fact.type === 'observation-regained')
  return told.map((fact) => `${fact.type === 'observation-lost' ? 'lost' : 'regained'} ${fact.at.getTime() - BEGIN}${fact.because === null ? '' : ` ${fact.because}`}${fact.type === 'observation-regained' ? ` ${fact.callsFound}` : ''}`)
}

async function restarted({ pbx, journal, spool }: CaptureBench, { laterMs = 0, natives = [] }: { readonly laterMs?: number; readonly natives?: readonly NativeRecording[] } = {}): Promise<CaptureBench> {
  return await CaptureBench.open({ pbx: pbx.after(laterMs).forNextService(natives), journal, spool })
}

function talk(bench: CaptureBench, customer: Channel, agent: Channel): void {
  bench.pbx.answers(agent)
  bench.pbx.answers(customer)
  bench.pbx.bridges(customer, agent)
}

/** The agent passes the customer on blindly; what happens before the PBX tells of it. */
function passOn({ pbx }: CaptureBench, { customer, agent, before = () => null }: { readonly customer: Channel; readonly agent: Channel; readonly before?: () => unknown }): void {
  for (const leg of [customer, agent]) pbx.emit({ type: 'bridge-left', ...pbx.of(leg), bridgeId: `bridge-${customer.channelId}` })
  before()
  const by = { channelId: agent.channelId, endpoint: agent.endpoint, identity: agent.caller }
  pbx.emit({ type: 'transferred', ...pbx.of(customer), kind: 'blind', by, consultation: null, to: { channelId: null, endpoint: null, identity: { number: '200', name: null } } })
  pbx.hangsUp(agent)
}

describe('the legs that are expected to be heard', () => {
  it('are the customer\'s own, from her answer to her hang-up', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    const agent = bench.pbx.after(100).dials(customer, 'agentA')
    await bench.settled()
    expect(ledger(bench), 'nobody has answered').to.deep.equal([])
    talk(bench, customer, bench.pbx.after(900) && agent)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['source customer 1000–…'])
    bench.pbx.after(4000).hangsUp(agent)
    bench.pbx.hangsUp(customer)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['source customer 1000–5000 hangup'])
  })

  it('last until the present when they end before they began, by their event', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    bench.pbx.after(1000).answers(customer)
    await bench.settled()
    bench.pbx.after(4000).emit({ type: 'hangup', ...bench.pbx.of(customer), at: new Date('1973-11-29T21:33:09.100Z'), causeQ850: null })
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['source customer 1000–5000 hangup'])
    expect(bench.only().segments[0]?.endedAt?.getTime()).to.equal(BEGIN + 5000)
  })

  it('are the agent\'s, whom the customer\'s leg dialled, and of several who rang only the one who answered', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    const silent = bench.pbx.dials(customer, 'agentA')
    const agent = bench.pbx.dials(customer, 'agentB')
    await bench.settled()
    talk(bench, customer, bench.pbx.after(1000) && agent)
    bench.pbx.hangsUp(silent)
    bench.pbx.after(4000).hangsUp(agent)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['destination agentB 1000–5000 hangup'])
  })

  it('are not legs that no rule wants', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: '' })
    talk(bench, customer, bench.pbx.dials(customer, 'agentA'))
    bench.pbx.after(1000).hangsUp(customer)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal([])
  })

  it('are expected from the moment in which they were asked for, when that came after the answer', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.answers(customer)
    bench.pbx.after(3000).asks(customer, { record: 'source' })
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['source customer 3000–…'])
    expect(bench.journal.facts.find(({ fact }) => fact.type === 'expectation-opened')?.fact).to.deep.include({ answeredAt: new Date(BEGIN), rule: 'dialplan-request', interactionId: 'fake-customer' })
  })

  it('are expected from the connection on, where only two people are to be recorded', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'talk', record: 'source', dialplan: 'overruled', terms: { from: 'bridge' } }] }) })
    const customer = bench.pbx.call('customer')
    bench.pbx.answers(customer)
    bench.pbx.asks(customer)
    const agent = bench.pbx.dials(customer, 'agentA')
    bench.pbx.after(2000).answers(agent)
    bench.pbx.after(500).bridges(customer, agent)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['source customer 2500–…'])
  })

  for (const [what, fail] of [
    ['the PBX refuses the recorder', (bench: CaptureBench) => bench.pbx.failures.set('start', new HoldfastError('PBX_REFUSED', 'Could not start'))],
    ['the link breaks before it is told', (bench: CaptureBench) => bench.pbx.failures.set('start', new HoldfastError('PBX_TIMEOUT', 'no answer'))],
    ['the leg is gone for it', (bench: CaptureBench) => bench.pbx.failures.set('start', new HoldfastError('CHANNEL_GONE', 'No such channel'))],
  ] as const) {
    it(`are expected though ${what}`, async () => {
      const bench = await CaptureBench.open()
      fail(bench)
      const customer = bench.pbx.call('customer')
      bench.pbx.asks(customer, { record: 'source' })
      talk(bench, customer, bench.pbx.dials(customer, 'agentA'))
      bench.pbx.after(5000).hangsUp(customer)
      await bench.settled()
      expect(ledger(bench)).to.deep.equal(['source customer 0–5000 hangup'])
    })
  }

  it('are expected though the journal took nothing for a while, and by their true times', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('before'), { record: 'source' })
    await bench.settled()
    bench.pbx.recorders.clear()
    const customer = bench.pbx.call('customer')
    bench.journal.failure = new HoldfastError('STORE_FAILED', 'disk full')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    expect(bench.pbx.recorders.size, 'nothing is asked of the PBX that is not journalled').to.equal(0)
    bench.pbx.after(1000).answers(customer)
    setTimeout(() => {
      bench.journal.failure = null
    }, 50)
    bench.pbx.after(5000).hangsUp(customer)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['source customer 1000–6000 hangup'])
  })

  it('are expected once, over hold, transfers and requests that are made again', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    const agent = bench.pbx.dials(customer, 'agentA')
    talk(bench, customer, agent)
    bench.pbx.after(1000).emit({ type: 'bridge-left', ...bench.pbx.of(customer), bridgeId: `bridge-${customer.channelId}` })
    bench.pbx.hangsUp(agent)
    bench.pbx.asks(customer, { record: 'source' })
    talk(bench, customer, bench.pbx.dials(customer, 'agentB'))
    bench.pbx.after(1000).hangsUp(customer)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['source customer 0–2000 hangup'])
  })

  it('are not those whom the customer\'s leg dials after the agent has passed her on', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    const agent = bench.pbx.dials(customer, 'agentA')
    talk(bench, customer, agent)
    await bench.settled()
    bench.pbx.after(1000)
    passOn(bench, { customer, agent })
    talk(bench, customer, bench.pbx.dials(customer, 'agentB'))
    bench.pbx.after(1000).hangsUp(customer)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['destination agentA 0–1000 hangup'])
  })

  it('are those whom the new route asks for, also when it has asked before the PBX told that she was passed on', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'destination' })
    const agent = bench.pbx.dials(customer, 'agentA')
    talk(bench, customer, agent)
    await bench.settled()
    bench.pbx.after(1000)
    passOn(bench, { customer, agent, before: () => bench.pbx.after(5).asks(customer, { record: 'destination' }) })
    talk(bench, customer, bench.pbx.after(20).dials(customer, 'agentB'))
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['destination agentA 0–1005 hangup', 'destination agentB 1025–…'])
    expect(bench.recordings().map(({ state, segments }) => [state, segments.length]), 'and both are recorded').to.deep.equal([['stopped', 1], ['recording', 1]])
  })

  it('are telephones that a rule names, though no route has asked', async () => {
    const isTelephone: Condition = { type: 'in', field: { type: 'extension' }, values: ['2001'] }
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'desk', when: isTelephone, record: 'both', dialplan: 'overruled' }] }) })
    const trunk = bench.pbx.call('trunk')
    const desk = bench.pbx.dials(trunk, '2001')
    talk(bench, trunk, bench.pbx.after(1000) && desk)
    bench.pbx.after(1000).hangsUp(desk)
    bench.pbx.hangsUp(trunk)
    await bench.settled()
    expect(ledger(bench)).to.have.members(['source trunk 1000–2000 hangup', 'destination 2001 1000–2000 hangup'])
  })

  it('are started by hand from that moment on', async () => {
    const bench = await CaptureBench.open({ policy: policyWith({ rules: [{ name: 'desk', record: 'no', dialplan: 'overruled', terms: { onDemand: ['start', 'stop'] } }] }) })
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer)
    talk(bench, customer, bench.pbx.dials(customer, 'agentA'))
    await bench.settled()
    bench.pbx.after(3000)
    await bench.control.control({ action: 'start', target: { channel: { channelId: customer.channelId, pbxId: bench.pbx.pbxId } }, by, person: 'agent', how: 'api' }, signal)
    await bench.settled()
    bench.pbx.after(2000).hangsUp(customer)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['source customer 3000–5000 hangup'])
  })

  it('are gone on with by a service that starts again, and end with their call', async () => {
    const before = await CaptureBench.open()
    const customer = before.pbx.call('customer')
    before.pbx.asks(customer, { record: 'source' })
    before.pbx.after(1000).answers(customer)
    await before.settled()
    const after = await restarted(before)
    after.pbx.after(4000).hangsUp(customer)
    await after.settled()
    expect(ledger(after)).to.deep.equal(['source customer 1000–5000 hangup'])
  })

  it('are closed where they were seen last, when their call ended unseen', async () => {
    const before = await CaptureBench.open()
    const customer = before.pbx.call('customer')
    before.pbx.asks(customer, { record: 'source' })
    before.pbx.after(1000).answers(customer)
    before.pbx.after(3000).disconnect()
    await before.settled()
    before.pbx.vanishes(customer)
    const after = await restarted(before, { laterMs: 10_000 })
    expect(ledger(after)).to.deep.equal(['source customer 1000–4000 ended-unseen'])
    expect(windows(after)).to.deep.equal(['lost 4000 link-down', 'regained 14000 0'])
  })

  it('are closed where their files grew last, when nobody saw later than that', async () => {
    const before = await CaptureBench.open()
    const customer = before.pbx.call('customer')
    before.pbx.asks(customer, { record: 'source' })
    before.pbx.after(1000).answers(customer)
    await before.settled()
    const name = before.only().segments[0]?.files.received ?? ''
    before.spool.set(name, { name, sizeBytes: 100, modifiedAt: new Date(BEGIN + 7000) })
    before.pbx.after(10_000).vanishes(customer)
    expect(ledger(await restarted(before))).to.deep.equal(['source customer 1000–7000 ended-unseen'])
  })

  it('are closed where the PBX died', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    bench.pbx.answers(customer)
    bench.pbx.after(4000).disconnect()
    await bench.settled()
    bench.pbx.vanishes(customer)
    bench.pbx.after(3000)
    bench.pbx.connect([], bench.pbx.now)
    await bench.settled()
    expect(ledger(bench)).to.deep.equal(['source customer 0–4000 pbx-restarted'])
    expect(windows(bench)).to.deep.equal(['lost 4000 link-down', 'regained 7000 pbx-restarted 0'])
  })

  it('are expected from where nobody looked any more, when they were answered in the gap', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    await bench.settled()
    bench.pbx.after(1000).disconnect()
    bench.pbx.after(500).answers(bench.pbx.channelOf(customer.channelId))
    await bench.settled()
    bench.journal.facts.splice(bench.journal.facts.findIndex(({ fact }) => fact.type === 'expectation-opened' || fact.type === 'answered'))
    const after = await restarted(bench, { laterMs: 3000 })
    expect(ledger(after)).to.deep.equal(['source customer 1000–… (resync)'])
  })

  it('are those of the dialplan\'s own recordings, by its note', async () => {
    const bench = await CaptureBench.open()
    const gone = bench.pbx.call('gone')
    bench.pbx.vanishes(gone)
    const files = { received: 'holdfast/native.1.rx.wav', transmitted: 'holdfast/native.1.tx.wav' }
    bench.spool.set(files.received, { name: files.received, sizeBytes: 100, modifiedAt: new Date(BEGIN + 9000) })
    const after = await restarted(bench, { laterMs: 60_000, natives: [native(gone, files)] })
    expect(ledger(after)).to.deep.equal(['source gone 0–9000 ended-unseen (adopted)'])
    const again = await restarted(after, { natives: [native(gone, files)] })
    expect(ledger(again), 'told again').to.have.length(1)
  })

  it('are not known of calls that began while nobody looked: their number is told', async () => {
    const bench = await CaptureBench.open()
    await bench.settled()
    bench.pbx.after(2000).disconnect()
    await bench.settled()
    const [customer, agent] = [bench.pbx.after(2000).channel('customer'), bench.pbx.channel('agentA', { callId: 'customer' })]
    for (const channel of [customer, agent]) bench.pbx.answers(channel)
    bench.pbx.after(1000).connect()
    await bench.settled()
    expect(windows(bench)).to.deep.equal(['lost 2000 link-down', 'regained 5000 1'])
  })

  it('stand in the journal once, in whichever moment the service dies', async () => {
    const whole = await CaptureBench.open()
    const customer = whole.pbx.call('customer')
    whole.pbx.asks(customer, { record: 'source' })
    whole.pbx.after(1000).answers(customer)
    await whole.settled()
    const facts = whole.journal.facts.map(({ fact }) => fact)
    for (const kept of Array.from(facts, (_, index) => index + 1).filter((count) => facts.slice(0, count).some(isRequest))) {
      const bench = await CaptureBench.open()
      bench.journal.facts.splice(0, Infinity, ...facts.slice(0, kept).map((fact, index) => ({ sequence: index + 1, fact })))
      const after = await CaptureBench.open({ pbx: whole.pbx.forNextService(), journal: bench.journal })
      after.pbx.hangsUp(customer)
      await after.settled()
      expect(ledger(after).map((line) => line.replace(/ .*/, '')), `killed after ${facts[kept - 1]?.type ?? ''}`).to.deep.equal(['source'])
    }
  })
})

function isRequest(fact: CaptureFact): boolean {
  return fact.type === 'recording-requested'
}

function native(channel: Channel, files: NativeRecording['files']): NativeRecording {
  return {
    type: 'native-recording', began: 'yes', channelId: channel.channelId, callId: channel.callId, at: new Date(BEGIN), because: 'stale-heartbeat', files, recorderId: null, direction: 'inbound',
    caller: channel.caller, dialled: '100', attached: { record: 'source' }, headers: {}, interactionId: null, announcement: null,
  }
}
