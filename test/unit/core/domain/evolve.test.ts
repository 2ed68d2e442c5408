import { expect } from 'chai'
import { describe, it } from 'mocha'
import { evolve } from '../../../../core/domain/evolve.ts'
import { CaptureBench } from '../../../support/capture-bench.ts'

describe('a party who is told again', () => {
  it('was heard earlier, if that is what is told, and never later', async () => {
    const bench = await CaptureBench.open()
    const customer = bench.pbx.call('customer')
    bench.pbx.asks(customer, { record: 'source' })
    bench.pbx.answers(customer)
    await bench.settled()
    const recording = bench.only()
    const [party] = recording.parties
    if (party === undefined) throw new Error('nobody is heard')
    const since = (ms: number): readonly number[] => {
      const fromAt = new Date(party.fromAt.getTime() + ms)
      return evolve(recording, { type: 'party-joined', recordingId: recording.id, party: { ...party, fromAt }, at: fromAt }).parties.map((known) => known.fromAt.getTime() - party.fromAt.getTime())
    }
    expect([since(-100), since(0), since(100)]).to.deep.equal([[-100], [0], [0]])
  })
})
