import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { CaptureFact } from '../../../../../core/domain/capture-fact.ts'
import { parseInteractionId } from '../../../../../core/domain/ids.ts'
import type { CaptureJournal } from '../../../../../core/ports/capture-journal.ts'
import { LiveRecordings } from '../../../../../core/capture/calls/live-recordings.ts'
import { MemoryCaptureJournal } from '../../../../support/fakes/memory-capture-journal.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'

describe('live recordings', () => {
  it('believe facts of one recording in the order of the journal, though they come from two sides at once', async () => {
    const bench = await CaptureBench.open()
    bench.pbx.asks(bench.pbx.call('customer'), { record: 'source' })
    await bench.settled()
    const { id: recordingId } = bench.only()
    const at = bench.pbx.now
    await Promise.all([
      bench.live.record({ type: 'pause-asked', recordingId, by: 'desk', how: 'api', limitMs: null, at }),
      bench.live.record({ type: 'attached-changed', recordingId, change: { key: 'case', value: '7', source: 'dialplan', at }, at }),
      bench.live.record({ type: 'pause-effective', recordingId, at }),
    ])
    expect(bench.live.find(recordingId)).to.deep.equal(bench.only())
    expect(bench.live.find(recordingId)).to.deep.include({ state: 'paused' })
    expect(bench.live.find(recordingId)?.attached).to.include({ case: '7' })
  })

  it('write facts of one conversation while those of another wait for the disk, and those of the same in their order', async () => {
    const written: string[] = []
    const disk = Promise.withResolvers<void>()
    const journal: CaptureJournal = Object.assign(new MemoryCaptureJournal(), {
      append: async (facts: readonly CaptureFact[]) => {
        written.push(...facts.map(({ at }) => at.toISOString()))
        await disk.promise
      },
    })
    const live = new LiveRecordings(journal, () => undefined)
    const ended = (interaction: string, second: number): CaptureFact => ({ type: 'interaction-ended', interactionId: parseInteractionId(interaction), at: new Date(second * 1000) })
    const all = Promise.all([live.record(ended('i-1', 1)), live.record(ended('i-1', 2)), live.record(ended('i-2', 3))])
    await settled()
    expect(written).to.deep.equal([1, 3].map((second) => new Date(second * 1000).toISOString()))
    disk.resolve()
    await all
    expect(written).to.have.length(3)
  })

  it('find all that is one conversation, also what was asked for before it was merged, by no look at the others', async () => {
    const bench = await CaptureBench.open()
    for (const name of ['customer', 'consultation', 'stranger']) bench.pbx.asks(bench.pbx.call(name), { record: 'source' })
    await bench.settled()
    const [one, two, other] = bench.live.all()
    if (one === undefined || two === undefined || other === undefined) throw new Error('three are asked for')
    await bench.live.record({ type: 'interaction-merged', interactionId: two.interactionId, mergedIntoId: one.interactionId, at: bench.pbx.now })
    for (const { interactionId } of [one, two]) expect(bench.live.ofInteraction(interactionId)).to.deep.equal([one, two])
    expect(bench.live.ofInteraction(other.interactionId)).to.deep.equal([other])
    expect(bench.live.interactions.members(two.interactionId).map(({ id }) => id)).to.deep.equal([one.interactionId, two.interactionId])
  })
})

/** Whatever can go on by itself has. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
