import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import fc from 'fast-check'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { aboutHold, asking, condemnation, holdIdOf, holdOn, orderFor, storedRecording } from '../support/held-recordings.ts'
import { idAt, seconds } from '../support/recording-facts.ts'
import { runs } from '../support/property-runs.ts'
import { isHeld } from './hold-against-retention-run.contract.ts'

const RACES = 40
/** Within it both may come first: a transaction here takes a millisecond or two. */
const MOST_HEAD_START_MS = 6

/** Somebody places a hold while somebody else destroys, over two connections: `one` and `other` are the same catalogue. */
export function holdAgainstDestructionContract(name: string, open: () => Promise<{ readonly one: Catalogue; readonly other: Catalogue }>): void {
  describe(`a hold against a destruction in ${name}`, () => {
    it('either stands, or says that it came too late, and never both or neither, by name and by search', async () => {
      const { one, other } = await open()
      let [held, late] = [0, 0]
      for (let race = 0; race < RACES; race += 1) {
        const id = await storedRecording(one, { id: idAt(race * 60), attached: { claim: `c${race}` } })
        const members = race % 2 === 0 ? { recordings: [id] } : { searches: [asking({ attached: [{ key: 'claim', value: `c${race}` }] })] }
        const headStartMs = (race * 7) % (2 * MOST_HEAD_START_MS) - MOST_HEAD_START_MS
        const [placement, condemned] = await Promise.all([
          delay(Math.max(0, headStartMs)).then(() => one.holds.place(holdOn(race, members), aboutHold(race))),
          delay(Math.max(0, -headStartMs)).then(() => other.destructions.condemn(orderFor(id), condemnation())),
        ])
        expect(isHeld(placement, id), `race ${race}: ${placement.outcome} and ${condemned.outcome}`).to.equal(condemned.outcome === 'held')
        expect(condemned.outcome).to.be.oneOf(['held', 'condemned'])
        if (condemned.outcome === 'held') held += 1
        else late += 1
      }
      // Both orders were met: a race that one side always wins tries nothing.
      expect(held, `held ${held}, too late ${late}`).to.be.greaterThan(0)
      expect(late, `held ${held}, too late ${late}`).to.be.greaterThan(0)
    })

    it('is never lost, whatever several people place, release and destroy at once', async () => {
      await fc.assert(fc.asyncProperty(fc.array(ACT, { minLength: 4, maxLength: 24 }), async (acts) => {
        const { one, other } = await open()
        const ids = [await storedRecording(one, { id: idAt(0), attached: { claim: '0' } }), await storedRecording(one, { id: idAt(60), attached: { claim: '1' } })] as const
        const log = await Promise.all(acts.map(async ({ act, target, by }, index) => {
          const catalogue = by === 'one' ? one : other
          const id = ids[target]
          if (act === 'destroy') return { index, act, id, outcome: (await catalogue.destructions.condemn(orderFor(id), condemnation())).outcome, stays: false }
          const members = act === 'place' ? { recordings: [id] } : { searches: [asking({ attached: [{ key: 'claim', value: String(target) }] })] }
          const placement = await catalogue.holds.place(holdOn(index + 1, members), aboutHold(index + 1))
          const released = index % 3 === 0 && placement.outcome === 'placed'
          if (released) await catalogue.holds.release(holdIdOf(index + 1), { by: { type: 'user', id: 'officer' }, reason: 'settled', at: seconds(500) }, aboutHold(index + 1, 'hold.released'))
          return { index, act, id, outcome: isHeld(placement, id) ? 'holds' : 'late', stays: !released }
        }))
        for (const id of ids) {
          const destroyed = (await one.destructions.find(id)) !== null
          const standing = log.filter((entry) => entry.id === id && entry.outcome === 'holds' && entry.stays)
          expect(destroyed && standing.length > 0, JSON.stringify(log)).to.equal(false)
          expect(log.filter((entry) => entry.id === id && entry.outcome === 'condemned').length).to.equal(destroyed ? 1 : 0)
          expect(log.some((entry) => entry.id === id && entry.outcome === 'late') && !destroyed, JSON.stringify(log)).to.equal(false)
        }
      }), runs(60))
    })
  })
}

const ACT = fc.record({ act: fc.constantFrom('place' as const, 'search' as const, 'destroy' as const), target: fc.constantFrom(0 as const, 1 as const), by: fc.constantFrom('one' as const, 'other' as const) })
