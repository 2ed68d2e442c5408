import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { RetentionWatch } from '../../../../cli/retention/retention-watch.ts'
import { readDraft, RulesInForce } from '../../../../cli/retention/rules-in-force.ts'
import { KEEP_EVERYTHING, makeRetentionRules } from '../../../../core/domain/retention/retention-rules.ts'
import { EVERY_ENTRY } from '../../../../core/ports/audit-log.ts'
import type { Runtime } from '../../../../core/ports/runtime.ts'
import { DestroyerBench } from '../../../support/destroyer-bench.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'
import { idAt, seconds } from '../../../support/recording-facts.ts'
import { suiteDirectory } from '../../../support/suite-directory.ts'

const RULES = 'rules: []\ndefault: { name: keep }\n'

describe('a draft of rules that came as text', () => {
  it('is refused unread when it is longer than a page of rules, counted in bytes', () => {
    const draft = (rest: string): string => `${RULES}# ${rest}`
    const room = 32 * 1024 - Buffer.byteLength(draft(''))
    const told = (text: string): readonly string[] => {
      const reading = readDraft(text)
      return reading.outcome === 'valid' ? [] : reading.problems.map(({ message }) => message)
    }
    const tooLong = 'is larger than 32768 bytes: a draft over the network is short'
    expect(told(draft('x'.repeat(room)))).to.deep.equal([])
    expect(told(draft('x'.repeat(room + 1)))).to.deep.equal([tooLong])
    expect(told(draft('ä'.repeat(room / 2 + 1)))).to.deep.equal([tooLong])
  })

  for (const [what, text] of Object.entries({ lists: '['.repeat(32_000), maps: '{a: '.repeat(8000), items: '- '.repeat(16_000) })) {
    it(`is refused, and nothing else, when its ${what} lie too deep`, () => {
      expect(readDraft(text).outcome).to.equal('invalid')
    })
  }
})

describe('the rules of retention in force', () => {
  const directory = suiteDirectory()
  const quiet = quietRuntime(() => seconds(200))
  let faulty = -1
  const runtime: Runtime = { ...quiet, metrics: { ...quiet.metrics, gauge: (name, value) => {
    if (name === 'holdfast_retention_rules_faulty') faulty = value
  } } }
  const by = { type: 'system', id: 'node-1' } as const
  let bench: DestroyerBench
  let file: string
  beforeEach(async () => {
    bench = await DestroyerBench.open(directory())
    file = join(directory(), `${process.hrtime.bigint()}.yaml`)
    await writeFile(file, 'rules: []\ndefault: { name: long, minimumDays: 10, purgeAfterDays: 20 }\n')
  })
  afterEach(() => bench.close())

  const begin = (): Promise<RulesInForce> => RulesInForce.begin({ rulesFile: file }, { store: bench.catalogue.retention, runtime, by })
  const nameOf = ({ rules }: RulesInForce): string => rules.otherwise.name
  const changes = async (): Promise<number> => (await bench.catalogue.audit.read({ ...EVERY_ENTRY, action: 'retention.changed' }, { first: 10, before: null })).entries.length

  it('are those of the file as it is read again, and that stands in the audit once', async () => {
    const inForce = await begin()
    await inForce.reload()
    expect([nameOf(inForce), await changes()]).to.deep.equal(['long', 1])
    await writeFile(file, 'rules: []\ndefault: { name: other, purgeAfterDays: 5 }\n')
    await inForce.reload()
    expect([nameOf(inForce), await changes(), (await bench.catalogue.retention.lastRules())?.version]).to.deep.equal(['other', 2, inForce.rules.version])
  })

  it('stay those of before while the file is wrong, is gone, or cannot be remembered, with an alarm until it is right', async () => {
    const inForce = await begin()
    await writeFile(file, 'rules: []\ndefault: { name: bad, minimumDays: 9, purgeAfterDays: 1 }\n')
    await inForce.reload()
    expect([nameOf(inForce), faulty, await changes()]).to.deep.equal(['long', 1, 1])
    // Also at a start: the last good ones are kept.
    expect(nameOf(await begin())).to.equal('long')
    await writeFile(file, 'rules: []\ndefault: { name: good, purgeAfterDays: 1 }\n')
    await inForce.reload()
    expect([nameOf(inForce), faulty]).to.deep.equal(['good', 0])
    await bench.close()
    await writeFile(file, 'rules: []\ndefault: { name: unheard, purgeAfterDays: 1 }\n')
    await inForce.reload()
    expect(nameOf(inForce)).to.equal('good')
    bench = await DestroyerBench.open(directory())
  })

  it('leave what has settled under the minimum of before', async () => {
    const id = await bench.stored({ id: idAt(0) })
    const inForce = await begin()
    await writeFile(file, 'rules: []\ndefault: { name: short, purgeAfterDays: 1 }\n')
    await inForce.reload()
    const ended = (await bench.catalogue.repository.find(id, { type: 'all' }))?.endedAt?.getTime() ?? 0
    expect((await bench.catalogue.retention.candidate(id))?.stampedUntil).to.deep.equal(new Date(ended + 10 * 86_400_000))
  })

  it('are stamped on everything once when they change, and after that on what is new', async () => {
    const old = await bench.stored({ id: idAt(0) })
    const looks: (string | null)[] = []
    let rules = (await begin()).rules
    const { retention } = bench.catalogue
    const store: Pick<typeof retention, 'candidates' | 'stamp' | 'runs'> = {
      candidates: async (page) => {
        looks.push(page.after)
        return await retention.candidates(page)
      },
      stamp: (stamps) => retention.stamp(stamps), runs: (page) => retention.runs(page),
    }
    const late = quietRuntime(() => new Date(seconds(0).getTime() + 3 * 86_400_000))
    const watch = new RetentionWatch({ rules: () => rules, store, runner: { run: () => Promise.reject(new Error('nothing is run')) }, runtime: late, nightlyAt: null, timeZone: 'UTC', perSecond: 1 })
    await watch.look()
    expect((await retention.candidate(old))?.stampedBy).to.equal(rules.version)
    await watch.look()
    rules = makeRetentionRules({ ...KEEP_EVERYTHING, otherwise: { ...KEEP_EVERYTHING.otherwise, minimumDays: 30 } })
    await watch.look()
    expect((await retention.candidate(old))?.stampedBy).to.equal(rules.version)
    expect(looks.map((after) => after === null)).to.deep.equal([true, false, true])
  })
})
