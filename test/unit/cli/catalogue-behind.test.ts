import { expect } from 'chai'
import { describe, it } from 'mocha'
import { tellWhatIsMissing } from '../../../cli/catalogue-behind.ts'
import { parseNodeName } from '../../../core/domain/ids.ts'
import { MemoryCaptureJournal } from '../../support/fakes/memory-capture-journal.ts'
import { quietRuntime } from '../../support/quiet-runtime.ts'
import { idAt, wholeLife } from '../../support/recording-facts.ts'

/** What is told of a catalogue that has taken so many of the facts that the journal told it. */
async function told(position: number): Promise<{ readonly logged: readonly unknown[]; readonly gauges: readonly unknown[] }> {
  const journal = new MemoryCaptureJournal()
  const facts = wholeLife({ id: idAt(0) })
  await journal.append(facts)
  await journal.markForwarded(8)
  const runtime = quietRuntime()
  const logged: unknown[] = []
  const gauges: unknown[] = []
  runtime.log.error = (fields) => void logged.push(fields)
  runtime.metrics.gauge = (name, value) => void gauges.push([name, value])
  await tellWhatIsMissing({ journal, repository: { position: async () => await Promise.resolve(position) }, node: parseNodeName('node-1'), runtime })
  return { logged, gauges }
}

describe('a catalogue that is put back to an earlier time', () => {
  it('is told at the start, with how much it lacks, and since when', async () => {
    expect(await told(5)).to.deep.equal({ logged: [{ facts: 3, since: wholeLife({ id: idAt(0) })[5]?.at.toISOString() }], gauges: [['holdfast_catalogue_facts_missing', 3]] })
  })

  it('is no word where it has all that it was told', async () => {
    expect(await told(8)).to.deep.equal({ logged: [], gauges: [['holdfast_catalogue_facts_missing', 0]] })
  })
})
