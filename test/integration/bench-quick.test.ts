import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Bench, BenchResult } from '../bench/bench.ts'
import { requireCommand } from '../support/commands.ts'
import { temporaryDirectory } from '../support/hooks.ts'

const FOLDER = join(import.meta.dirname, '../bench')
const NAMES = readdirSync(FOLDER).flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? [])
/** The longest, with two lots of calls on a private Asterisk, takes 15 s where it is alone. */
const ENDED_WITHIN_MS = 90_000
/** Command and Debian package of what a bench compares with, or is loaded by. */
const NEEDS: Readonly<Record<string, readonly [command: string, debianPackage: string]>> = { calls: ['sipp', 'sip-tester'], sealing: ['age', 'age'] }
/** What else must be so, whatever the machine is doing. */
const PROMISES: Readonly<Record<string, (result: BenchResult) => void>> = {
  calls: (result) => {
    expect(column(result, 'connected'), 'calls that were connected').to.deep.equal(column(result, 'offered'))
    expect(column(result, 'stored')).to.deep.equal(column(result, 'connected'))
    expect(new Set(column(result, 'lost')), 'calls that were lost').to.deep.equal(new Set([0]))
  },
  ingest: ({ rows }) => expect(rows).to.have.length(2),
  search: (result) => {
    expect(column(result, 'database').filter((name) => name === 'SQLite')).to.have.length.above(10)
    expect(foundBy(result, 'newest; all')).to.deep.equal(new Set([50]))
    expect(foundBy(result, 'rare pair and common pair; all'), 'the one recording of a ticket').to.deep.equal(new Set([1]))
    expect(foundBy(result, '2 common pairs that never meet; 2 units')).to.deep.equal(new Set([0]))
  },
  pause: (result) => expect(column(result, 'pauses').slice(0, 3), 'pauses over each way').to.deep.equal([3, 3, 3]),
}

describe('the benches, in their quick form', () => {
  for (const name of NAMES) {
    it(`${name}: runs, and gives every figure that its table promises`, async function quick() {
      this.timeout(ENDED_WITHIN_MS)
      const need = NEEDS[name]
      if (need !== undefined) await requireCommand(this, ...need)
      const { bench } = await import(pathToFileURL(join(FOLDER, `${name}.bench.ts`)).href) as { readonly bench: Bench }
      const result = await bench(await temporaryDirectory(), 'quick')
      expect(result.title).to.not.equal('')
      expect(result.rows).to.not.deep.equal([])
      for (const row of result.rows) expect(row, 'a cell for each column').to.have.length(result.columns.length)
      expect(JSON.stringify(result)).to.not.match(/NaN|undefined/)
      PROMISES[name]?.(result)
    })
  }

  it('have each a section in RESULTS.md', () => {
    const results = readFileSync(join(FOLDER, 'RESULTS.md'), 'utf8')
    expect([...results.matchAll(/^<!-- ([a-z-]+) -->$/gm)].map(([, name]) => name)).to.have.members(NAMES)
  })
})

function column({ columns, rows }: BenchResult, name: string): readonly (string | number | undefined)[] {
  const index = columns.indexOf(name)
  expect(index, `column ${name}`).to.not.equal(-1)
  return rows.map((row) => row[index])
}

/** On every database that there was: the same. */
function foundBy(result: BenchResult, question: string): ReadonlySet<string | number | undefined> {
  const found = column(result, 'found')
  return new Set(column(result, '').flatMap((name, index) => name === question ? [found[index]] : []))
}
