import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseInteractionId, parseNodeName, type RecordingId } from '../../core/domain/ids.ts'
import type { RecordingFilter } from '../../core/ports/recording-repository.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { aboutHold, asking, condemnation, holdIdOf, holdOn, orderFor, storedRecording } from '../support/held-recordings.ts'
import { idAt, journalled, seconds } from '../support/recording-facts.ts'

const ALL = { type: 'all' } as const
const [FIRST, SECOND] = [idAt(0), idAt(60)]

/** What every register of holds does. `open` gives an empty catalogue. */
export function holdRegisterContract(name: string, open: () => Promise<Catalogue>): void {
  describe(`${name} is a HoldRegister`, () => {
    const two = async (): Promise<Catalogue> => {
      const catalogue = await open()
      await storedRecording(catalogue, { id: FIRST, partitions: ['/sales/gold'], attached: { claim: '123' } })
      await storedRecording(catalogue, { id: SECOND, partitions: ['/support'] })
      return catalogue
    }
    const over = async ({ holds, repository }: Catalogue, id: RecordingId): Promise<readonly string[]> => {
      const recording = await repository.find(id, ALL)
      return recording === null ? [] : ((await holds.over([recording])).get(id) ?? []).map((hold) => hold.id)
    }

    it('gives back what was placed, with its audit entry', async () => {
      const { holds, audit } = await two()
      const filter = asking({ startedFrom: seconds(-10), attached: [{ key: 'claim', value: '123' }] })
      const placed = await holds.place(holdOn(1, { recordings: [SECOND, SECOND], searches: [filter] }), aboutHold(1))
      expect(placed).to.deep.include({ outcome: 'placed', tooLate: [], found: [1] })
      const hold = await holds.find(holdIdOf(1))
      expect(hold).to.deep.include({ caseName: 'case 1', reason: 'a court asked', placedBy: { type: 'user', id: 'officer' }, placedAt: seconds(101), named: 1, released: null })
      expect(hold?.searches).to.deep.equal([{ filter, scope: ALL, by: { type: 'user', id: 'officer' }, reason: 'a court asked', at: seconds(101) }])
      expect(await holds.named(holdIdOf(1), { first: 10, before: null })).to.deep.equal([SECOND])
      expect((await audit.read({ objectId: holdIdOf(1), actorId: null, action: 'hold.placed', from: null, to: null }, { first: 5, before: null })).entries).to.have.length(1)
      expect(await holds.find(holdIdOf(9))).to.equal(null)
    })

    it('holds one recording under several holds until the last is released', async () => {
      const catalogue = await two()
      const { holds, destructions } = catalogue
      await holds.place(holdOn(1, { recordings: [FIRST] }), aboutHold(1))
      await holds.place(holdOn(2, { searches: [asking({ partitionUnder: '/sales' })] }), aboutHold(2))
      expect(await over(catalogue, FIRST)).to.deep.equal([holdIdOf(1), holdIdOf(2)])
      expect(await over(catalogue, SECOND)).to.deep.equal([])
      const released = { by: { type: 'user', id: 'officer' }, reason: 'settled', at: seconds(300) } as const
      expect(await holds.release(holdIdOf(1), released, aboutHold(1, 'hold.released'))).to.equal('released')
      expect(await holds.release(holdIdOf(1), { ...released, reason: 'again' }, aboutHold(1, 'hold.released'))).to.equal('already')
      expect(await holds.release(holdIdOf(7), released, aboutHold(7, 'hold.released'))).to.equal('unknown')
      expect((await holds.find(holdIdOf(1)))?.released).to.deep.equal(released)
      expect((await destructions.condemn(orderFor(FIRST), condemnation())).outcome).to.equal('held')
      expect((await holds.list('standing')).map(({ id }) => id)).to.deep.equal([holdIdOf(2)])
      expect((await holds.list('all')).map(({ id }) => id)).to.deep.equal([holdIdOf(2), holdIdOf(1)])
      await holds.release(holdIdOf(2), released, aboutHold(2, 'hold.released'))
      expect((await destructions.condemn(orderFor(FIRST), condemnation())).outcome).to.equal('condemned')
    })

    it('grows by more recordings and searches, and not when it is released or not there', async () => {
      const catalogue = await two()
      const { holds } = catalogue
      await holds.place(holdOn(1, { recordings: [FIRST] }), aboutHold(1))
      const more = { id: holdIdOf(1), by: { type: 'user', id: 'officer' }, reason: 'more came up', at: seconds(200), scope: ALL } as const
      const extended = await holds.extend({ ...more, members: { recordings: [FIRST, SECOND], searches: [asking({ queue: 'orders' })] } }, aboutHold(1))
      expect(extended).to.deep.include({ outcome: 'placed', found: [2] })
      await holds.extend({ ...more, members: { recordings: [], searches: [asking({ agent: 'nobody' })] } }, aboutHold(1))
      expect(await holds.find(holdIdOf(1))).to.deep.include({ named: 2 })
      expect((await holds.find(holdIdOf(1)))?.searches.map(({ filter }) => filter)).to.deep.equal([asking({ queue: 'orders' }), asking({ agent: 'nobody' })])
      await holds.release(holdIdOf(1), { by: more.by, reason: 'settled', at: seconds(300) }, aboutHold(1, 'hold.released'))
      expect(await holds.extend({ ...more, members: { recordings: [SECOND], searches: [] } }, aboutHold(1))).to.deep.equal({ outcome: 'released' })
      expect(await holds.extend({ ...more, id: holdIdOf(5), members: { recordings: [SECOND], searches: [] } }, aboutHold(5))).to.deep.equal({ outcome: 'unknown' })
    })

    it('holds by search what is catalogued only later', async () => {
      const catalogue = await two()
      const { holds, destructions } = catalogue
      await holds.place(holdOn(1, { searches: [asking({ attached: [{ key: 'claim', value: '777' }] })] }), aboutHold(1))
      const later = await storedRecording(catalogue, { id: idAt(600), attached: { claim: '777' } })
      expect((await destructions.condemn(orderFor(later), condemnation())).outcome).to.equal('held')
    })

    it('goes on to hold a call whose value was corrected after the search had found it', async () => {
      const catalogue = await two()
      // `wholeLife` sets customer to C-1, and later to C-2.
      await catalogue.holds.place(holdOn(1, { searches: [asking({ attached: [{ key: 'customer', value: 'C-1' }], partitionUnder: '/support' })] }), aboutHold(1))
      expect(await over(catalogue, SECOND)).to.deep.equal([holdIdOf(1)])
      expect(await over(catalogue, FIRST)).to.deep.equal([])
    })

    it('holds only within the scope of whoever searched', async () => {
      const catalogue = await two()
      await catalogue.holds.place(holdOn(1, { searches: [asking({})] }, { scope: { type: 'named', partitions: ['/sales'], units: [] } }), aboutHold(1))
      expect([await over(catalogue, FIRST), await over(catalogue, SECOND)]).to.deep.equal([[holdIdOf(1)], []])
    })

    it('follows the merges of the interaction that it was placed on', async () => {
      const catalogue = await two()
      const interactionId = parseInteractionId('i-elsewhere')
      await catalogue.holds.place(holdOn(1, { searches: [asking({ interactionId })] }), aboutHold(1))
      expect(await over(catalogue, FIRST)).to.deep.equal([])
      await catalogue.repository.apply({ node: parseNodeName('node-2'), journal: 'j-2' }, journalled([{ type: 'interaction-merged', interactionId, mergedIntoId: parseInteractionId(`i-${FIRST}`), at: seconds(900) }]))
      expect(await over(catalogue, FIRST)).to.deep.equal([holdIdOf(1)])
    })

    for (const [what, filter] of SEARCHES) {
      it(`holds what a search by ${what} finds, and nothing else`, async () => {
        const catalogue = await two()
        await catalogue.holds.place(holdOn(1, { searches: [asking(filter)] }), aboutHold(1))
        const { recordings } = await catalogue.repository.search({ filter: asking(filter), scope: ALL, first: 10, before: null })
        const held = [SECOND, FIRST].filter((id) => recordings.some((recording) => recording.id === id))
        const standing = await Promise.all([SECOND, FIRST].map(async (id) => ({ id, holds: await over(catalogue, id) })))
        expect(standing.filter(({ holds }) => holds.length > 0).map(({ id }) => id)).to.deep.equal(held)
      })
    }

    it('says that it is too late for what is destroyed already, and holds the rest', async () => {
      const catalogue = await two()
      const { holds, destructions } = catalogue
      await destructions.condemn(orderFor(FIRST), condemnation())
      expect(await holds.place(holdOn(1, { recordings: [FIRST] }), aboutHold(1))).to.deep.equal({ outcome: 'too-late', tooLate: [FIRST] })
      expect(await holds.list('all')).to.deep.equal([])
      expect(await holds.place(holdOn(2, { recordings: [FIRST, SECOND] }), aboutHold(2))).to.deep.include({ outcome: 'placed', tooLate: [FIRST] })
      expect((await destructions.condemn(orderFor(SECOND), condemnation())).outcome).to.equal('held')
      expect(await holds.place(holdOn(3, { searches: [asking({ partitionUnder: '/sales', queue: 'orders' })] }), aboutHold(3))).to.deep.include({ outcome: 'placed', found: [0] })
    })
  })
}

const SEARCHES: readonly (readonly [string, Partial<RecordingFilter>])[] = [
  ['time', { startedFrom: seconds(30), startedTo: seconds(90) }],
  ['caller', { caller: '+4915550100' }],
  ['callee', { callee: '501' }],
  ['agent', { agent: 'agent A' }],
  ['queue', { queue: 'orders' }],
  ['site', { site: 'site 1' }],
  ['another rule', { rule: 'no such rule' }],
  ['partition', { partitionUnder: '/sales/gold' }],
  ['length', { minDurationMs: 9000, maxDurationMs: 10_000 }],
  ['too short a length', { maxDurationMs: 9000 }],
  ['pauses', { paused: true }],
  ['no transfers', { transferred: false }],
  ['state', { states: ['archived'] }],
  ['attached data', { attached: [{ key: 'claim', value: '123' }] }],
]
