import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { readDraft } from '../../../cli/retention/rules-in-force.ts'
import { AuditWriter } from '../../../core/library/audit/audit-writer.ts'
import { RetentionReview } from '../../../core/library/legal/retention-review.ts'
import { RetentionPlanner } from '../../../core/retention/retention-planner.ts'
import { RetentionRunner } from '../../../core/retention/retention-run.ts'
import { DestroyerBench } from '../../support/destroyer-bench.ts'
import { aboutHold, holdOn } from '../../support/held-recordings.ts'
import { quietRuntime } from '../../support/quiet-runtime.ts'
import { idAt } from '../../support/recording-facts.ts'
import { daysAfter, retentionWith } from '../../support/retention-facts.ts'
import { suiteDirectory } from '../../support/suite-directory.ts'
import { LibraryBench, OPERATOR } from '../core/library/library-bench.ts'
import { ServerBench } from './server-bench.ts'

const [OLD, HELD, SUPPORT] = [idAt(0), idAt(60), idAt(120)]
const PLAN = '{ retentionPlan(samples: 2) { version digest looked archive { recordings } purge { recordings durationMs sizeBytes } prevented { by volume { recordings } } rules { rule purge { recordings } } samples { recordingId rule does due { action } obstacles { type cases until } } } }'
const EXPLAIN = 'query ($id: ID!) { retentionExplain(recordingId: $id) { rule does keptUntil purgeAt obstacles { type cases } } }'
const WHAT_IF = 'query ($rules: String!) { retentionWhatIf(rules: $rules) { looked changes { kind volume { recordings } samples { before { purgeAt } after { rule purgeAt } } } problems { path message line } } }'
const RUNS = '{ retentionRuns(first: 1) { nodes { plainId digest begunBy { type } purge { recordings } done { outcome recordings } endedAt } pageInfo { hasNextPage } } }'

describe('retention over GraphQL', () => {
  const directory = suiteDirectory()
  const rules = retentionWith()
  const runtime = quietRuntime(() => daysAfter(3))
  let stores: DestroyerBench
  let bench: LibraryBench
  let server: ServerBench
  let patience: AbortController
  beforeEach(async () => {
    stores = await DestroyerBench.open(directory())
    bench = await LibraryBench.open()
    patience = new AbortController()
    for (const [id, partition] of [[OLD, '/sales'], [HELD, '/sales'], [SUPPORT, '/support']] as const) await stores.stored({ id, partitions: [partition] })
    const { retention: store, holds, repository } = stores.catalogue
    await holds.place(holdOn(1, { recordings: [HELD] }), aboutHold(1))
    const control = new RetentionPlanner({ store, holds, archive: 'none', clock: runtime.clock, standing: () => rules, read: readDraft })
    server = await ServerBench.open({}, bench, { retention: new RetentionReview({ control, repository, holds, audit: new AuditWriter({ audit: bench.audit, runtime: bench.runtime }), clock: runtime.clock, patience: () => patience.signal }) })
  })
  afterEach(async () => {
    await server[Symbol.asyncDispose]()
    await stores.close()
  })

  const told = (): readonly unknown[] => bench.audit.entries.filter(({ action }) => action === 'retention.planned').map(({ outcome, details }) => `${outcome} ${String(details['what'] ?? '')}`.trim())

  it('tells the plan: totals of all, samples of some, and what is prevented', async () => {
    const { data, errors } = await server.query(await bench.token('compliance-officer'), PLAN)
    expect(errors).to.deep.equal([])
    expect(data?.['retentionPlan']).to.deep.include({
      version: rules.version, looked: 3, archive: { recordings: 0 }, purge: { recordings: 2, durationMs: 18_950, sizeBytes: 606_600 },
      prevented: [{ by: 'HOLD', volume: { recordings: 1 } }], rules: [{ rule: 'default', purge: { recordings: 2 } }],
      samples: [
        { recordingId: OLD, rule: 'default', does: 'PURGE', due: { action: 'PURGE' }, obstacles: [] },
        { recordingId: HELD, rule: 'default', does: null, due: { action: 'PURGE' }, obstacles: [{ type: 'HOLD', cases: ['case 1'], until: null }] },
      ],
    })
    expect(told()).to.deep.equal(['ok plan'])
  })

  it('tells nothing of the whole to whoever may not manage retention over all of it', async () => {
    for (const token of [await bench.token('supervisor'), await bench.token('compliance-officer', ['/sales'])]) {
      for (const [query, variables] of [[PLAN, {}], [WHAT_IF, { rules: 'rules: []' }], [RUNS, {}]] as const) expect((await server.query(token, query, variables)).errors[0]?.extensions?.code, query).to.equal('FORBIDDEN')
    }
    expect(new Set(told())).to.deep.equal(new Set(['refused']))
  })

  it('explains a recording to whoever may find it, and names a case to nobody else', async () => {
    const officer = await server.query(await bench.token('compliance-officer'), EXPLAIN, { id: HELD })
    expect(officer.data?.['retentionExplain']).to.deep.include({ rule: 'default', does: null, obstacles: [{ type: 'HOLD', cases: ['case 1'] }] })
    const supervisor = await bench.token('supervisor', ['/sales'])
    expect((await server.query(supervisor, EXPLAIN, { id: HELD })).data?.['retentionExplain']).to.deep.include({ obstacles: [{ type: 'HOLD', cases: ['1 that others have placed'] }] })
    const others = { obstacles: [{ type: 'HOLD', cases: ['1 that others have placed'] }] }
    for (const [who, token] of [['reaches all, and may not know of holds', await bench.token('integrator')], ['may know of holds, and reaches less than this one', await bench.token('compliance-officer', ['/sales'])]] as const) {
      expect((await server.query(token, EXPLAIN, { id: HELD })).data?.['retentionExplain'], who).to.deep.include(others)
    }
    expect((await server.query(supervisor, EXPLAIN, { id: SUPPORT })).data?.['retentionExplain'], 'out of reach').to.equal(null)
    expect((await server.query(supervisor, EXPLAIN, { id: idAt(999) })).data?.['retentionExplain'], 'not there').to.equal(null)
  })

  it('tells an agent by her own recordings what the rules say, and not that somebody holds one', async () => {
    const { text } = await bench.mint.create({ label: 'desk', role: 'agent', permissions: null, partitions: [], binding: { agent: 'agent A', desks: [], sees: 'own' }, expiresAt: null }, OPERATOR)
    const [free, held] = [(await server.query(text, EXPLAIN, { id: OLD })).data?.['retentionExplain'], (await server.query(text, EXPLAIN, { id: HELD })).data?.['retentionExplain']]
    expect(held).to.deep.include({ rule: 'default', does: 'PURGE', obstacles: [] })
    expect(Object.keys(held ?? {})).to.deep.equal(Object.keys(free ?? {}))
    expect(free).to.deep.include({ does: 'PURGE', obstacles: [] })
  })

  it('compares a draft with the rules in force, and tells what is wrong with one', async () => {
    const token = await bench.token('compliance-officer')
    const { data, errors } = await server.query(token, WHAT_IF, { rules: 'rules: []\ndefault: { name: for-good }\n' })
    expect(errors).to.deep.equal([])
    expect(data).to.have.nested.property('retentionWhatIf.looked', 3)
    expect(data).to.have.nested.property('retentionWhatIf.changes[0]').that.deep.includes({ kind: 'spared', volume: { recordings: 2 } })
    expect(data).to.have.nested.property('retentionWhatIf.changes[0].samples[0].after').that.deep.equals({ rule: 'for-good', purgeAt: null })
    const wrong = await server.query(token, WHAT_IF, { rules: 'rules: []\ndefault: { name: x, purgeAfterDays: soon }\n' })
    expect(wrong.data).to.have.nested.property('retentionWhatIf.looked', null)
    expect(wrong.data).to.have.nested.property('retentionWhatIf.problems[0]').that.includes({ path: 'default.purgeAfterDays', line: 2 })
    expect(told()).to.deep.equal(['ok what-if'])
  })

  it('goes on with a plan that takes longer than a request, and answers who asks again', async () => {
    const token = await bench.token('compliance-officer')
    patience.abort()
    const { errors } = await server.query(token, PLAN)
    expect(errors[0]).to.deep.include({ extensions: { code: 'QUERY_TIMEOUT', retry: true } })
    expect(errors[0]?.message).to.match(/^it goes on, and \d+ of \d+ recordings were looked at: ask again for its answer$/)
    patience = new AbortController()
    expect((await server.query(token, PLAN)).data).to.have.nested.property('retentionPlan.looked', 3)
  })

  it('lists runs with what came of them', async () => {
    const token = await bench.token('compliance-officer')
    expect((await server.query(token, RUNS)).data).to.have.deep.nested.property('retentionRuns.nodes', [])
    const runner = new RetentionRunner({ store: stores.catalogue.retention, holds: stores.catalogue.holds, destroyer: stores.destroyer({ runtime }), archiver: null, runtime, owner: 'one' })
    const { run } = await runner.run({ rules, by: { type: 'system', id: 'retention' }, perSecond: 10_000, signal: new AbortController().signal })
    expect((await server.query(token, RUNS)).data?.['retentionRuns']).to.deep.equal({
      nodes: [{ plainId: run.id, digest: run.digest, begunBy: { type: 'SYSTEM' }, purge: { recordings: 2 }, done: [{ outcome: 'purged', recordings: 2 }], endedAt: daysAfter(3).toISOString() }], pageInfo: { hasNextPage: false },
    })
  })
})
