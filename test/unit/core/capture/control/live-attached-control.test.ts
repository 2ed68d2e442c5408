import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Channel } from '../../../../../core/domain/call.ts'
import { defaultKey, makeAttachedSchema } from '../../../../../core/domain/rules/attached-schema.ts'
import { DEFAULT_FACT_KEYS } from '../../../../../core/domain/rules/decision-input.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parseChannelId, parsePbxId } from '../../../../../core/domain/ids.ts'
import type { AttachedOutcome } from '../../../../../core/ports/attached-control.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { keyIs, policyWith } from '../../domain/rules/rule-samples.ts'

const signal = AbortSignal.timeout(60_000)
const key = (name: string): ReturnType<typeof defaultKey> => defaultKey(name, DEFAULT_FACT_KEYS)
const attached = makeAttachedSchema([
  key('CASE'), key('NOTE'), { ...key('PIN'), store: 'never' }, { ...key('BIRTH'), store: 'masked' }, { ...key('AMOUNT'), type: 'number' }, { ...key('DUE'), type: 'date' }, { ...key('SHORT'), maxBytes: 3 }, { ...key('ROUTE'), sources: ['dialplan'] },
], DEFAULT_FACT_KEYS)
const policy = policyWith({ rules: [{ name: 'complaint', when: keyIs('CASE', 'complaint'), record: 'both', partitions: ['/complaints'], labels: ['complaint'], dialplan: 'overruled' }] })

/** A customer who talks to an agent, after her dialplan has asked. */
async function talking(record: string): Promise<{ readonly bench: CaptureBench; readonly customer: Channel; set(name: string, value: string): Promise<AttachedOutcome> }> {
  const bench = await CaptureBench.open({ policy, attached })
  const customer = bench.pbx.call('customer')
  bench.pbx.asks(customer, { record })
  const agent = bench.pbx.dials(customer, 'agent')
  bench.pbx.answers(agent)
  bench.pbx.bridges(customer, agent)
  await bench.settled()
  bench.pbx.after(1000)
  const set = (name: string, value: string): Promise<AttachedOutcome> => bench.attached.attach({ pbxId: bench.pbx.pbxId, channelId: customer.channelId, key: name, value, by: { type: 'token', id: 'crm' } }, signal)
  return { bench, customer, set }
}

describe('data that is attached to a live call over the API', () => {
  it('starts a recording that the rules now want, and is on record with its source and time', async () => {
    const { bench, set } = await talking('')
    expect(bench.only().state).to.equal('not-recorded')
    expect(await set('CASE', 'complaint')).to.deep.equal({ kept: 'whole', value: 'complaint', noted: [] })
    const late = bench.recordings().filter(({ state }) => state === 'recording')
    expect(late.map(({ side, labels, partitions }) => [side, labels, partitions])).to.deep.equal([['source', ['complaint'], ['/complaints']], ['destination', ['complaint'], ['/complaints']]])
    for (const { attachedChanges, decision } of late) {
      expect(attachedChanges.at(-1)).to.deep.equal({ key: 'CASE', value: 'complaint', source: 'api', at: bench.pbx.now })
      expect(decision.input.attached).to.include({ CASE: 'complaint' })
    }
  })

  it('is journalled with what runs, with whoever set it, before the rules are asked; and adds partitions and labels', async () => {
    const { bench, set } = await talking('source')
    const { id } = bench.only()
    expect(await set('CASE', 'complaint')).to.deep.equal({ kept: 'whole', value: 'complaint', noted: [id] })
    const facts = bench.journal.facts.map(({ fact }) => fact).filter((fact) => 'recordingId' in fact && fact.recordingId === id)
    const types = facts.map(({ type }) => type)
    expect(types.indexOf('attached-set')).to.be.above(0).and.below(types.indexOf('partitions-gained'))
    expect(facts.find(({ type }) => type === 'attached-set')).to.deep.include({ by: 'crm', change: { key: 'CASE', value: 'complaint', source: 'api', at: bench.pbx.now } })
    expect(bench.live.find(id)).to.deep.include({ partitions: ['/complaints'], labels: ['complaint'] })
    expect(bench.live.find(id)?.attachedChanges.map(({ source }) => source)).to.deep.equal(['dialplan', 'api'])
  })

  it('changes nothing when it is told again, and stops nothing when it is taken back', async () => {
    const { bench, set } = await talking('')
    await set('CASE', 'complaint')
    const before = bench.journal.facts.length
    await set('CASE', 'complaint')
    expect(bench.journal.facts.length).to.equal(before)
    await set('CASE', '')
    expect(bench.pbx.recorders.size).to.equal(2)
    expect(bench.live.all().map(({ state, labels }) => [state, labels])).to.deep.equal([['recording', ['complaint']], ['recording', ['complaint']]])
  })

  it('says who the agent is, as the dialplan does', async () => {
    const { bench, customer, set } = await talking('source')
    await set('agent', 'anna')
    const [peer] = bench.service.context.tracker.peers(customer.channelId)
    expect(peer?.agent).to.equal('anna')
  })

  it('starts nothing while the call is paused, and then does', async () => {
    const { bench, set } = await talking('source')
    const command = { target: { recordingId: bench.only().id }, by: { type: 'token', id: 'desk' }, person: null, how: 'api' } as const
    await bench.control.control({ ...command, action: 'pause' }, signal)
    await set('CASE', 'complaint')
    expect(bench.pbx.recorders.size).to.equal(1)
    await bench.control.control({ ...command, action: 'resume' }, signal)
    await bench.settled()
    expect(bench.pbx.recorders.size).to.equal(2)
  })

  const REFUSED: readonly (readonly [string, string, string])[] = [
    ['OTHER', 'x', 'key'], ['constructor', 'x', 'key'], ['PIN', '1234', 'key'], ['ROUTE', 'x', 'key'], ['SHORT', 'four', 'value'], ['AMOUNT', 'much', 'value'], ['DUE', 'tomorrow', 'value'],
  ]
  for (const [name, value, field] of REFUSED) {
    it(`is refused by the schema: ${name} = ${value}`, async () => {
      const { bench, set } = await talking('source')
      const before = bench.journal.facts.length
      const { details, message } = await expectCode(set(name, value), 'ATTACHED_REFUSED')
      expect(details['field']).to.equal(field)
      expect(message).to.include(name).and.match(new RegExp(`^${field}: `)).and.not.to.match(/1234/)
      expect(bench.journal.facts.length).to.equal(before)
    })
  }

  it('keeps no more of a value than the schema lets it', async () => {
    const { bench, set } = await talking('source')
    expect(await set('BIRTH', '1970-01-01')).to.include({ kept: 'masked', value: '(masked)' })
    expect(await set('NOTE', 'paid with 4111111111111111')).to.include({ kept: 'masked', value: 'paid with ****1111' })
    expect(JSON.stringify(bench.journal.facts)).not.to.match(/1970|411111111111/)
  })

  it('is refused where no such call goes on', async () => {
    const { bench, customer, set } = await talking('source')
    const nowhere = { pbxId: parsePbxId('other'), channelId: customer.channelId, key: 'CASE', value: 'x', by: { type: 'token', id: 'crm' } } as const
    await expectCode(bench.attached.attach(nowhere, signal), 'NO_LIVE_CALL')
    await expectCode(bench.attached.attach({ ...nowhere, pbxId: bench.pbx.pbxId, channelId: parseChannelId('1.1') }, signal), 'NO_LIVE_CALL')
    bench.pbx.hangsUp(customer)
    await bench.settled()
    await expectCode(set('CASE', 'complaint'), 'NO_LIVE_CALL')
  })

  it('is not taken while the link is down, nor by a journal that fails: whoever sent it is told to try again', async () => {
    const { bench, set } = await talking('source')
    bench.journal.failure = new HoldfastError('STORE_FAILED', 'the disk is full')
    await expectCode(set('CASE', 'complaint'), 'ATTACHED_FAILED')
    bench.journal.failure = null
    bench.pbx.linkState = 'down'
    await expectCode(set('CASE', 'complaint'), 'ATTACHED_FAILED')
    bench.pbx.linkState = 'up'
    await set('CASE', 'complaint')
    expect(bench.live.all().flatMap(({ labels }) => labels)).to.include('complaint')
  })
})
