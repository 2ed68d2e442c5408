import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { checkRetentionText } from '../../../../config/retention/read-retention.ts'
import type { RetentionCandidate } from '../../../../core/ports/retention-store.ts'
import { RetentionPlanner } from '../../../../core/retention/retention-planner.ts'
import { PLANNED_AT_ONCE } from '../../../../core/retention/retention-planning.ts'
import { DestroyerBench } from '../../../support/destroyer-bench.ts'
import { aboutHold, asking, holdOn } from '../../../support/held-recordings.ts'
import { idAt } from '../../../support/recording-facts.ts'
import { rejection } from '../../../support/rejection.ts'
import { daysAfter, retentionWith, subjectWith } from '../../../support/retention-facts.ts'
import { suiteDirectory } from '../../../support/suite-directory.ts'

const MANY = 2 * PLANNED_AT_ONCE + 3

describe('RetentionPlanner', () => {
  const directory = suiteDirectory()
  let bench: DestroyerBench
  beforeEach(async () => {
    bench = await DestroyerBench.open(directory())
  })
  afterEach(() => bench.close())

  /** Over so many rows as no test wants to write. */
  const overMany = (): RetentionPlanner => {
    const all: readonly RetentionCandidate[] = Array.from({ length: MANY }, (_, index) => ({ subject: subjectWith({ id: idAt(index) }), sizeBytes: 1, stampedUntil: null, stampedBy: null }))
    const store = {
      candidates: async ({ after, first }: { readonly after: string | null; readonly first: number }) => {
        const from = after === null ? 0 : all.findIndex(({ subject }) => subject.id === after) + 1
        return await Promise.resolve(all.slice(from, from + first))
      },
      countCandidates: async () => await Promise.resolve(MANY),
      candidate: async () => await Promise.resolve(null), recordings: async () => await Promise.resolve([]), runs: async () => await Promise.resolve([]),
    }
    return new RetentionPlanner({ store, holds: bench.catalogue.holds, archive: 'none', clock: { now: () => daysAfter(3) }, standing: () => retentionWith(), read: checkRetentionText })
  }
  const overBench = (): RetentionPlanner => new RetentionPlanner({ store: bench.catalogue.retention, holds: bench.catalogue.holds, archive: 'none', clock: { now: () => daysAfter(3) }, standing: () => retentionWith(), read: checkRetentionText })

  it('looks at each recording of each page once, and tells how far it is', async () => {
    const told: (readonly [number, number])[] = []
    const { totals, samples } = await overMany().plan({ samples: 5, signal: new AbortController().signal, onProgress: (looked, of) => void told.push([looked, of]) })
    expect([totals.looked, totals.does.purge.recordings, samples.length]).to.deep.equal([MANY, MANY, 5])
    expect(told).to.deep.equal([[PLANNED_AT_ONCE, MANY], [2 * PLANNED_AT_ONCE, MANY], [MANY, MANY]])
    const compared: (readonly [number, number])[] = []
    const { looked } = await overMany().whatIf(retentionWith({ purgeAfterDays: null }), { samples: 1, signal: new AbortController().signal, onProgress: (...at) => void compared.push(at) })
    expect([looked, compared]).to.deep.equal([MANY, told])
  })

  it('ends between two pages when nobody waits any more', async () => {
    const gone = new AbortController()
    const looked: number[] = []
    await rejection(overMany().plan({ samples: 1, signal: gone.signal, onProgress: (count) => {
      looked.push(count)
      gone.abort()
    } }))
    expect(looked).to.deep.equal([PLANNED_AT_ONCE])
  })

  it('sees what a hold names and what a search of one finds', async () => {
    const ids = [await bench.stored({ id: idAt(0), attached: { claim: '0' } }), await bench.stored({ id: idAt(60), attached: { claim: '1' } }), await bench.stored({ id: idAt(120), attached: { claim: '2' } })]
    await bench.catalogue.holds.place(holdOn(1, { recordings: ids.slice(0, 1) }), aboutHold(1))
    const held = async (): Promise<readonly unknown[]> => (await overBench().plan({ samples: 5, signal: new AbortController().signal })).samples.map(({ verdict: { does, obstacles } }) => does ?? obstacles)
    expect(await held()).to.deep.equal([[{ type: 'hold', cases: ['case 1'] }], 'purge', 'purge'])
    await bench.catalogue.holds.place(holdOn(2, { searches: [asking({ attached: [{ key: 'claim', value: '1' }] })] }), aboutHold(2))
    expect(await held()).to.deep.equal([[{ type: 'hold', cases: ['case 1'] }], [{ type: 'hold', cases: ['case 2'] }], 'purge'])
    const { differences } = await overBench().whatIf(retentionWith({ purgeAfterDays: null }), { samples: 5, signal: new AbortController().signal })
    expect(differences.map(({ kind, volume }) => [kind, volume.recordings])).to.deep.equal([['spared', 1], ['purged-later', 2]])
  })
})
