import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { forgetDestroyed } from '../../../../core/retention/forget-destroyed.ts'
import { DestroyerBench } from '../../../support/destroyer-bench.ts'
import { MemoryCaptureJournal } from '../../../support/fakes/memory-capture-journal.ts'
import { orderFor } from '../../../support/held-recordings.ts'
import { idAt, seconds, wholeLife } from '../../../support/recording-facts.ts'
import { suiteDirectory } from '../../../support/suite-directory.ts'

const RUNNING = new AbortController().signal

describe('what a journal tells of destroyed recordings', () => {
  const directory = suiteDirectory()
  let bench: DestroyerBench
  beforeEach(async () => {
    bench = await DestroyerBench.open(directory())
  })
  afterEach(() => bench.close())

  it('is forgotten by each node, once it is destroyed to the end, and of no other recording', async () => {
    const ledger = bench.catalogue.destructions
    const journals = [new MemoryCaptureJournal(), new MemoryCaptureJournal()] as const
    for (const journal of journals) {
      await journal.append([...wholeLife({ id: idAt(0) }), ...wholeLife({ id: idAt(60) })])
      await journal.markForwarded(1000)
    }
    await bench.stored({ id: idAt(0) })
    await bench.stored({ id: idAt(60) })
    await bench.destroyer().destroy(orderFor(idAt(0)))
    for (const journal of journals) {
      expect(await forgetDestroyed({ ledger, journal }, RUNNING)).to.equal(wholeLife({ id: idAt(0) }).length - 2)
      expect(JSON.stringify(journal.facts)).to.not.include(`"${idAt(0)}"`)
      expect(await journal.recording(idAt(60))).to.not.equal(null)
      expect(await journal.forgottenUntil()).to.deep.equal(seconds(10_000))
      expect(await forgetDestroyed({ ledger, journal }, RUNNING)).to.equal(0)
    }
  })

  it('is walked in pages that leave none out, also where many ended in one instant', async () => {
    const ids = Array.from({ length: 1201 }, (_, index) => idAt(index))
    await bench.database.change(async (tx) => {
      const rows = ids.map((id) => ({ recording_id: Number(id), cause: 'retention', rule: null, reason: 'r', ordered_by: '{}', condemned_at: 1, plan_json: '{}', step: 'receipt', ended_at: 5000, receipt: '{}' }))
      for (let from = 0; from < rows.length; from += 200) await tx.insertInto('destructions').values(rows.slice(from, from + 200)).execute()
    })
    const asked: string[] = []
    const journal = { forgottenUntil: async () => await Promise.resolve(null), forget: async (some: readonly string[]) => await Promise.resolve(asked.push(...some)) }
    await forgetDestroyed({ ledger: bench.catalogue.destructions, journal }, RUNNING)
    expect(asked).to.deep.equal(ids)
  })
})
