import { expect } from 'chai'
import { mkdtemp } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import type { GraphQLSchema } from 'graphql'
import { ROUTE_PATHS, type RoutePath } from '../../../graphql/router.ts'
import { createHoldfastSchema } from '../../../graphql/schema.ts'
import { WalkOperations } from '../../support/walk/walk-operations.ts'
import { CANARIES, HIDDEN, OWN, SHARED_LABEL } from '../../support/walk/walk-words.ts'
import { WALKERS, WalkWorld } from '../../support/walk/walk-world.ts'
import type { Reply } from '../../unit/graphql/server-bench.ts'

const schema: GraphQLSchema = createHoldfastSchema()
/** A field that the walker may not ask at all needs no more words than these. */
const ENOUGH_OF_REFUSALS = 3

/** Two installations that differ in what the walker does not reach, and nothing else. */
interface Pair extends AsyncDisposable {
  readonly worlds: readonly WalkWorld[]
  readonly headers: readonly Readonly<Record<string, string>>[]
}

async function open(name: string): Promise<Pair> {
  const walker = WALKERS[name]
  if (walker === undefined) throw new Error('nobody of this name walks')
  const worlds = await Promise.all((['with-hidden', 'without-hidden'] as const).map(async (hidden) => WalkWorld.open(await temporaryDirectory(), walker, hidden)))
  const headers = await Promise.all(worlds.map((world) => world.headers()))
  return { worlds, headers, [Symbol.asyncDispose]: async () => { await Promise.all(worlds.map((world) => world[Symbol.asyncDispose]())) } }
}

/** Removed with the world in it. */
async function temporaryDirectory(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'holdfast-walk-'))
}

/** What is random in each answer, and says nothing. */
function plain(text: string): string {
  const known: readonly string[] = [OWN.hold, HIDDEN.hold]
  return text.replace(/SG9sZD[\w-]+/g, (id) => known.some((hold) => Buffer.from(id, 'base64url').toString().endsWith(hold)) ? id : '<new hold>')
    .replace(/\b[0-9a-f]{16}\b/g, (id) => known.includes(id) ? id : '<new id>')
    .replace(/[\w-]{43}/g, '<secret>').replace(/"reference":"\w+"/g, '"reference":"<number>"')
}

async function both({ worlds, headers }: Pair, ask: (world: WalkWorld, headers: Readonly<Record<string, string>>) => Promise<Reply>): Promise<readonly Reply[]> {
  return await Promise.all(worlds.map((world, index) => ask(world, headers[index] ?? {})))
}

function shown({ status, headers, body }: Reply): string {
  const told: IncomingHttpHeaders = { ...headers }
  delete told.date
  return plain(JSON.stringify([status, told, body.toString()]))
}

async function asked(pair: Pair, document: string): Promise<readonly string[]> {
  // What is made later stands later: else two things of one moment lie in the order of their random ids.
  for (const { server } of pair.worlds) server.bench.pass(1000)
  const replies = await both(pair, (world, headers) => world.server.request('/graphql', { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify({ query: document }) }))
  return replies.map(shown)
}

/** Nothing tells the two installations apart. */
function expectSame([withHidden = '', without = '']: readonly string[], what: string): void {
  expect(withHidden, what).to.equal(without)
}

/** Nothing that is hidden has a word in the answer. Not asked of changes: they repeat what she said herself. */
function expectNoWord([withHidden = '']: readonly string[], what: string): void {
  expect(CANARIES.filter((word) => unasked(what, word) && withHidden.includes(word)), what).to.deep.equal([])
}

/** What somebody said herself may be repeated to her. */
function unasked(what: string, word: string): boolean {
  return !what.includes(word)
}

// What it walks with is complete: test/unit/graphql/walk-operations.test.ts.
describe('the walk over the schema', () => {
  for (const name of Object.keys(WALKERS)) {
    it(`tells ${name} nothing of what is out of reach, by no field`, async () => {
      await using pair = await open(name)
      const operations = new WalkOperations(schema)
      let answered = 0
      for (const root of ['Query', 'Mutation'] as const) {
        for (const variants of operations.of(root).values()) {
          let refusals = 0
          for (const { document } of variants) {
            if (refusals >= ENOUGH_OF_REFUSALS) break
            const replies = await asked(pair, document)
            expectSame(replies, document.slice(0, 400))
            if (root === 'Query') expectNoWord(replies, document.slice(0, 400))
            expect(replies[0]?.slice(0, 3000), document.slice(0, 400)).to.not.match(/"code\\":\\"INTERNAL|GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED|Syntax Error|Cannot query|Unknown argument|Expected value|Fields \\"/)
            if (replies[0]?.includes('FORBIDDEN') === true) refusals += 1
            else if (replies[0]?.startsWith('[200') === true) answered += 1
          }
        }
      }
      expect(answered).to.be.greaterThan(3)
    }).timeout(120_000)

    it(`tells ${name} nothing of what is out of reach, by no route`, async () => {
      await using pair = await open(name)
      for (const path of ROUTE_PATHS) {
        for (const suffix of PROBES[path]) {
          for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
            // Signing out would end the walk.
            if (path.startsWith('/session') && method === 'DELETE') continue
            const replies = (await both(pair, (world, headers) => world.server.request(`${path}${suffix}`, { method, headers: { ...headers, 'Content-Type': 'application/json' }, ...(method === 'POST' ? { body: '{}' } : {}) }))).map(shown)
            expectSame(replies, `${method} ${path}${suffix}`)
            expectNoWord(replies, `${method} ${path}${suffix}`)
            expect(replies[0], `${method} ${path}${suffix}`).to.not.include('Unexpected error')
          }
        }
      }
    }).timeout(60_000)

    it(`tells ${name} nothing of what happens out of reach`, async () => {
      await using pair = await open(name)
      const selection = '{ plainId state caller { number } }'
      const told = await Promise.all(pair.worlds.map(async (world, index) => {
        const events = async (document: string): ReturnType<typeof subscribed> => subscribed(world, pair.headers[index] ?? {}, document)
        const [all, hidden] = [await events(`subscription { recordingChanged ${selection} }`), await events(`subscription { recordingChanged(recordingId: "${HIDDEN.liveId}") ${selection} }`)]
        for (const id of [HIDDEN.liveId, HIDDEN.recordingId, OWN.recordingId, OWN.liveId]) world.server.bench.changes.publish(id)
        const seen = [await all.until(OWN.liveId), await hidden.now()]
        all.end()
        hidden.end()
        return seen.join('\n')
      }))
      expectSame(told.map(plain), 'subscription')
      expectNoWord(told, 'subscription')
    }).timeout(30_000)
  }

  it('reaches what is in reach: else it would prove nothing', async () => {
    for (const name of Object.keys(WALKERS)) {
      await using pair = await open(name)
      const [text = ''] = await asked(pair, `{ recordings(first: 5) { totalCount { count } nodes { plainId } } }`)
      if (name === 'an agent') expect(text, name).to.include('FORBIDDEN')
      else expect(text, name).to.include(`\\"count\\":2`).and.include(OWN.recordingId).and.include(OWN.liveId)
      const [labelled = ''] = await asked(pair, `{ recordings(first: 5, filter: { label: "${SHARED_LABEL}" }) { totalCount { count } nodes { plainId labels } } }`)
      if (name !== 'an agent') expect(labelled, name).to.include(`\\"count\\":2`).and.include(OWN.recordingId).and.not.include(HIDDEN.recordingId)
    }
    const officer = WALKERS['a compliance officer of a partition']
    if (officer === undefined) throw new Error('she walks')
    await using world = await WalkWorld.open(await temporaryDirectory(), { ...officer, partitions: [] }, 'with-hidden')
    const { body } = await world.server.request('/graphql', { method: 'POST', headers: { ...await world.headers(), 'Content-Type': 'application/json' }, body: JSON.stringify({ query: '{ recordings(first: 5) { totalCount { count } } holds(first: 5) { nodes { caseName } } }' }) })
    expect(body.toString()).to.include('"count":4').and.include('black case')
  })
})

/** What is tried behind each path; a new route is tried, or this does not compile. */
const PROBES: Readonly<Record<RoutePath, readonly string[]>> = {
  '/healthz': [''],
  '/readyz': [''],
  '/metrics': [''],
  '/audit/export': ['', '?format=csv', '?format=jsonl', `?format=csv&recordingId=${HIDDEN.recordingId}`, `?format=csv&objectId=${OWN.recordingId}`],
  '/graphql': [''],
  '/session': ['', `?id=${HIDDEN.hold}`],
  '/session/all': [''],
  '/session/password': [''],
  '/reports': ['', '?report=recordings', '?report=access', '?report=holds&format=csv'],
  '/export/': ['', HIDDEN.recordingId, 'A'.repeat(43)],
  '/download/': ['', HIDDEN.recordingId, 'A'.repeat(43)],
  '/media/': ['', HIDDEN.recordingId, 'A'.repeat(43), '../graphql'],
}

interface Events {
  /** Everything, once this was told. */
  until(word: string): Promise<string>
  now(): Promise<string>
  end(): void
}

async function subscribed(world: WalkWorld, headers: Readonly<Record<string, string>>, document: string): Promise<Events> {
  const gone = new AbortController()
  const reply = await fetch(`${world.server.server.url}/graphql`, { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json', Accept: 'text/event-stream' }, body: JSON.stringify({ query: document }), signal: gone.signal })
  let text = `${reply.status} `
  const told = new EventTarget()
  const stream: { state: 'open' | 'over' } = { state: 'open' }
  const ended = (async () => {
    for await (const chunk of reply.body ?? []) {
      text += Buffer.from(chunk).toString()
      told.dispatchEvent(new Event('told'))
    }
  })().catch(() => undefined).finally(() => { stream.state = 'over' })
  return {
    until: async (word) => {
      // Who may not ask is told so, and nothing more comes.
      while (stream.state === 'open' && !text.includes(word) && !/FORBIDDEN|REASON_REQUIRED/.test(text)) await Promise.race([ended, new Promise((resolve) => { told.addEventListener('told', resolve, { once: true }) })])
      return text
    },
    now: async () => await Promise.resolve(text),
    end: () => gone.abort(),
  }
}
