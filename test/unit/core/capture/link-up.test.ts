import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { CaptureBench } from '../../../support/capture-bench.ts'
import { policyWith } from '../domain/rules/rule-samples.ts'

describe('the return of a link', () => {
  it('is taken up to its end, though no telephone that talks can be recorded', async () => {
    const policy = policyWith({ rules: [{ name: 'desk', when: { type: 'in', field: { type: 'extension' }, values: ['2001', '2002'] }, record: 'destination', dialplan: 'overruled' }] })
    const bench = await CaptureBench.open({ policy })
    bench.pbx.after(1000).disconnect()
    await bench.settled()
    for (const name of ['2001', '2002']) {
      const customer = bench.pbx.channel(`trunk${name}`)
      const agent = bench.pbx.channel(name, { callId: customer.callId })
      for (const leg of [customer, agent]) bench.pbx.answers(bench.pbx.channelOf(leg.channelId))
      bench.pbx.bridges(customer, agent)
    }
    await bench.settled()
    bench.pbx.failures.set('start', new HoldfastError('FIELD_REFUSED', 'a name that would forge a line'))
    bench.pbx.after(1000).connect()
    await bench.settled()
    expect(bench.recordings().map(({ side, segments }) => [side, segments.length]), 'one is tried after the other').to.deep.equal([['destination', 1], ['destination', 1]])
    expect(bench.journal.facts.at(-1)?.fact.type).to.equal('observation-regained')
    expect(bench.service.lostAt).to.equal(null)
    expect(bench.service.observation.lostAt).to.equal(null)
  })

  it('forgets what was known of legs that ended unseen, and of no other', async () => {
    const bench = await CaptureBench.open()
    const { wishes, ownStops, insurances } = bench.service.context
    const legs = ['staying', 'ending'].map((name) => bench.pbx.call(name))
    for (const leg of legs) {
      bench.pbx.asks(leg, { record: 'destination' })
      await bench.settled()
      const files = { received: `holdfast/native-${leg.channelId}.rx.wav`, transmitted: `holdfast/native-${leg.channelId}.tx.wav` }
      bench.pbx.emit({ type: 'native-recording', began: 'yes', ...bench.pbx.of(leg), because: 'insured', files, recorderId: 'insurance', direction: 'inbound', caller: leg.caller, dialled: null, attached: {}, headers: {}, interactionId: null, announcement: null })
      await bench.settled()
      ownStops.expect(leg.channelId)
    }
    const known = (): readonly unknown[] => legs.map(({ channelId }) => [wishes.of(channelId).length, insurances.of(channelId) !== null])
    expect(known()).to.deep.equal([[1, true], [1, true]])
    bench.pbx.disconnect()
    for (const leg of legs.slice(1)) bench.pbx.vanishes(leg)
    bench.pbx.after(1000).connect()
    await bench.settled()
    expect(known()).to.deep.equal([[1, true], [0, false]])
    expect(legs.map(({ channelId }) => ownStops.take(channelId))).to.deep.equal([true, false])
  })
})
