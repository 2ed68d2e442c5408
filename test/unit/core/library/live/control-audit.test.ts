import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Requester } from '../../../../../core/domain/actor.ts'
import type { AuditEntry } from '../../../../../core/domain/audit-entry.ts'
import { parseNodeName } from '../../../../../core/domain/ids.ts'
import { factFromJson, factToJson } from '../../../../../core/store/sql/fact-json.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { DeskBench } from '../../../../support/desk-bench.ts'

const CURRENT = { current: true } as const
const ADDRESS = '2001:db8::7'

/** What the catalogue's audit tells of the facts of a capture node, as they come out of its journal. */
async function catalogued({ capture, library }: DeskBench): Promise<readonly AuditEntry[]> {
  const facts = capture.journal.facts.map(({ sequence, fact }) => ({ sequence, fact: factFromJson(factToJson(fact)) }))
  await library.repository.apply({ node: parseNodeName('node-1'), journal: 'journal-1' }, facts)
  return library.audit.entries
}

function told(entries: readonly AuditEntry[], of: string): readonly unknown[] {
  return entries.filter(({ action }) => action === of).map(({ actor, personal }) => [actor.type, actor.id, personal?.['address'], personal?.['actorLabel']])
}

async function user(bench: DeskBench): Promise<Requester> {
  return { ...await bench.agent({ agent: 'anna', desks: [bench.desk('200')] }), actor: { type: 'user', id: '0123456789abcdef' }, label: 'anna@example.com', address: ADDRESS }
}

describe('the audit of what is done to live calls over the API', () => {
  it('tells from where, and that a user did it and no token', async () => {
    const bench = await DeskBench.open({ record: 'source' })
    const anna = await user(bench)
    await bench.talk('customer', '200')
    for (const action of ['pause', 'resume', 'stop', 'start'] as const) await bench.library.library.liveControl.control(anna, action, CURRENT)
    const entries = await catalogued(bench)
    for (const action of ['recording.pause', 'recording.resume', 'recording.stop', 'recording.start']) expect(told(entries, action), action).to.deep.equal([['user', anna.actor.id, ADDRESS, 'anna@example.com']])
    expect(told(entries, 'recording.pause-effective')).to.deep.equal([['system', bench.capture.pbx.pbxId, undefined, undefined]])
  })

  it('tells it of what is recorded later within the same pause, also after the service was killed', async () => {
    const bench = await DeskBench.open({ record: 'destination' })
    const anna = await user(bench)
    const { customer, agent } = await bench.talk('customer', '200')
    await bench.library.library.liveControl.control(anna, 'pause', CURRENT)
    bench.capture.pbx.hangsUp(agent)
    await bench.connect(customer, '201')
    const pauses = told(await catalogued(bench), 'recording.pause')
    expect(pauses).to.deep.equal([['user', anna.actor.id, ADDRESS, 'anna@example.com'], ['user', anna.actor.id, ADDRESS, 'anna@example.com']])
    const { pbx, journal } = bench.capture
    const next = await CaptureBench.open({ pbx, journal })
    expect(next.pauses.all().map(({ client }) => client)).to.deep.equal([{ type: 'user', address: ADDRESS, label: 'anna@example.com' }])
  })

  it('tells since when nobody could be asked who that is, and of nobody else', async () => {
    const bench = await DeskBench.open({ record: 'source' })
    const anna = await user(bench)
    const knownAt = new Date('2026-03-01T08:59:00.000Z')
    await bench.talk('customer', '200')
    const { liveControl } = bench.library.library
    for (const action of ['pause', 'resume', 'stop', 'start'] as const) await liveControl.control({ ...anna, knownAt }, action, CURRENT)
    await liveControl.control(anna, 'pause', CURRENT)
    const entries = await catalogued(bench)
    const known = (of: string): readonly unknown[] => entries.filter(({ action }) => action === of).map(({ details }) => details['knownAt'])
    for (const action of ['recording.resume', 'recording.stop', 'recording.start']) expect(known(action), action).to.deep.equal([knownAt.toISOString()])
    expect(known('recording.pause')).to.deep.equal([knownAt.toISOString(), undefined])
  })

  it('takes what an earlier version noted for the word of a token', async () => {
    const bench = await DeskBench.open({ record: 'source' })
    const anna = await bench.agent({ desks: [bench.desk('200')] })
    await bench.talk('customer', '200')
    await bench.library.library.liveControl.control(anna, 'pause', CURRENT)
    const { facts } = bench.capture.journal
    for (const [index, { sequence, fact }] of facts.entries()) {
      if (fact.type !== 'pause-asked') continue
      const { client: _, ...earlier } = fact
      facts[index] = { sequence, fact: earlier }
    }
    expect(told(await catalogued(bench), 'recording.pause')).to.deep.equal([['token', anna.actor.id, undefined, undefined]])
  })

  it('tells it of attached data that was set', async () => {
    const bench = await DeskBench.open({ record: 'source' })
    const anna = await user(bench)
    await bench.talk('customer', '200')
    const [recording] = bench.capture.recordings()
    if (recording === undefined) throw new Error('nothing is recorded')
    await bench.library.library.attachedSettings.set(anna, { recordingId: recording.id }, { key: 'case', value: '4711' })
    expect(told(await catalogued(bench), 'attached.set')).to.deep.equal([['user', anna.actor.id, ADDRESS, 'anna@example.com']])
  })
})
