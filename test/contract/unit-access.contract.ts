import { describe, it } from 'mocha'
import { expect } from 'chai'
import fc from 'fast-check'
import { DEFAULT_ROLES, type Permission, ROLE_REACHES } from '../../core/domain/actor.ts'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import type { CaptureFact } from '../../core/domain/capture-fact.ts'
import { parseChannelId, parseInteractionId, parseNodeName, parseUnitId, parseUserId, type RecordingId } from '../../core/domain/ids.ts'
import type { Organisation } from '../../core/domain/organisation.ts'
import { organisationFaults } from '../../core/domain/organisation-faults.ts'
import { reaches, scopeOf } from '../../core/library/access/access.ts'
import { requesterOfUser } from '../../core/library/access/requester.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { PeopleChange, PeopleStore } from '../../core/ports/people-store.ts'
import { type AccessScope, ANY_RECORDING, type RecordingRepository } from '../../core/ports/recording-repository.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { stamps } from '../../core/store/sql/unit-stamps.ts'
import { runs } from '../support/property-runs.ts'
import { idAt, journalled, MORNING, requested, seconds } from '../support/recording-facts.ts'

interface Opened {
  readonly people: PeopleStore
  readonly repository: RecordingRepository
  readonly audit: AuditLog
}

const UNITS = ['top', 'north', 'south', 'gold'].map(parseUnitId)
const AGENTS = ['anna', 'berta', 'Zoë']
const ALL = { type: 'all' } as const

/** One recording in which these agents are heard, from its beginning or later. */
function recording(second: number, { agents, partitions }: { readonly agents: readonly string[]; readonly partitions: readonly string[] }): readonly CaptureFact[] {
  const id = idAt(second)
  return [
    { type: 'interaction-opened', interactionId: parseInteractionId('talk'), at: seconds(second) },
    requested({ id, partitions, interaction: 'talk' }),
    ...agents.map((agent, index): CaptureFact => ({
      type: 'party-joined', recordingId: id, at: seconds(second + 60),
      party: { channelId: parseChannelId(`1.${index}`), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent, fromAt: seconds(second + 60), toAt: null },
    })),
  ]
}

/** Recordings are reached by the units of those who were heard, as the tree was when the recording began. */
export function unitAccessContract(name: string, open: () => Promise<Opened>): void {
  describe(`access by units in ${name}`, () => {
    it('follows the tree of the time of the call', async () => {
      const { people, repository } = await open()
      const [top, north, south] = UNITS
      if (top === undefined || north === undefined || south === undefined) throw new Error('there are units')
      const always = { fromAt: new Date(0), toAt: null }
      await set(people, {
        places: [{ unitId: top, name: 'Top', parentId: null, ...always }, { unitId: north, name: 'North', parentId: top, ...always }, { unitId: south, name: 'South', parentId: null, ...always }],
        members: [{ unitId: north, agent: 'anna', fromAt: new Date(0), toAt: seconds(100) }, { unitId: south, agent: 'anna', fromAt: seconds(100), toAt: null }],
      })
      const facts = [...recording(50, { agents: ['anna'], partitions: [] }), ...recording(150, { agents: ['anna'], partitions: [] }), ...recording(160, { agents: ['berta'], partitions: [] })]
      await repository.apply({ node: parseNodeName('node'), journal: 'one' }, journalled(facts))
      const ids = async (...units: readonly (typeof top)[]): Promise<readonly RecordingId[]> => (await repository.search({ filter: ANY_RECORDING, scope: { type: 'named', partitions: [], units }, first: 10, before: null })).recordings.map(({ id }) => id)
      expect(await ids(north)).to.deep.equal([idAt(50)])
      expect(await ids(top), 'the subtree').to.deep.equal([idAt(50)])
      expect(await ids(south)).to.deep.equal([idAt(150)])
      expect(await ids(top, south, north), 'each once').to.deep.equal([idAt(150), idAt(50)])
    })

    it('loses no correction to a recording that is written, nor to a second look that goes on, at the same moment', async () => {
      const { people, repository } = await open()
      const [top, north] = UNITS
      if (top === undefined || north === undefined) throw new Error('there are units')
      const always = { fromAt: new Date(0), toAt: null }
      const tree = (parentId: typeof top | null): Organisation => ({
        places: [{ unitId: top, name: 'Top', parentId: null, ...always }, { unitId: north, name: 'North', parentId, ...always }],
        members: [{ unitId: north, agent: 'anna', ...always }],
      })
      await set(people, tree(null))
      await Promise.all(Array.from({ length: 12 }, async (_, index) => {
        await Promise.all([
          repository.apply({ node: parseNodeName('node'), journal: `journal-${index}` }, journalled(recording(index * 100, { agents: ['anna'], partitions: [] }))),
          set(people, tree(index % 2 === 0 ? top : null), MORNING),
          people.restampSome(3, told),
        ])
      }))
      for (let more = await people.restamp(); more !== null; more = await people.restamp()) await people.restampSome(5, told)
      const { organisation: last } = await people.read()
      await consistent(repository, { organisation: last, scopes: [{ type: 'named', partitions: [], units: [top] }, { type: 'named', partitions: [], units: [north] }], count: 12 })
    })

    it('never shows in a list what it hides by id, nor the reverse, whatever the tree, and after its correction', async () => {
      await fc.assert(fc.asyncProperty(fc.tuple(organisation(), organisation()), fc.array(call(), { minLength: 1, maxLength: 5 }), fc.array(scope(), { minLength: 1, maxLength: 5 }), async ([before, after], calls, scopes) => {
        const { people, repository, audit } = await open()
        await set(people, before)
        // In several pieces: who joins later is stamped later.
        const facts = journalled(calls.flatMap((each, index) => recording(index * 100, each)))
        for (let from = 0; from < facts.length; from += 3) await repository.apply({ node: parseNodeName('node'), journal: 'one' }, facts.slice(from, from + 3))
        await consistent(repository, { organisation: before, scopes, count: calls.length })
        await set(people, after, MORNING)
        let looked = 0
        for (let more = await people.restamp(); more !== null; more = await people.restamp()) looked = (await people.restampSome(2, told))?.looked ?? looked
        expect(looked).to.equal(calls.length)
        await consistent(repository, { organisation: after, scopes, count: calls.length })
        expect((await audit.read({ objectId: null, actorId: null, action: 'org.changed', from: null, to: null }, { first: 10, before: null })).entries).to.have.length(1)
      }), runs(100))
    })
  })
}

/** Whoever writes by the tree holds off whoever changes it: a recording that is not there yet would be missed by the second look. */
export function unitStampContract(name: string, open: () => Promise<Opened>, database: () => SqlDatabase): void {
  it(`${name} changes no tree while a recording is being stamped by it`, async () => {
    const { people } = await open()
    const tree: Organisation = { places: UNITS.map((unitId) => ({ unitId, name: unitId, parentId: null, fromAt: new Date(0), toAt: null })), members: AGENTS.map((agent) => ({ unitId: UNITS[0] ?? unitless(), agent, fromAt: new Date(0), toAt: null })) }
    await set(people, tree)
    const order: string[] = []
    const [read, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()]
    const stamping = database().change(async (tx) => {
      await stamps(tx, [{ id: 4096, agents: AGENTS, at: seconds(0) }])
      read.resolve(undefined)
      await released.promise
      order.push('stamped')
    })
    await read.promise
    const changing = set(people, { ...tree, members: [] }).then(() => order.push('changed'))
    // As many questions as would let it through ten times over, if nothing held it.
    for (let question = 0; question < 200; question += 1) await people.organisationVersion()
    released.resolve(undefined)
    await Promise.all([stamping, changing])
    expect(order).to.deep.equal(['stamped', 'changed'])
  })
}

function unitless(): never {
  throw new Error('there are units')
}

interface Expected {
  readonly organisation: Organisation
  readonly scopes: readonly AccessScope[]
  readonly count: number
}

/** Each way of asking gives the same, and what the pure rule says. */
async function consistent(repository: RecordingRepository, { organisation: tree, scopes, count }: Expected): Promise<void> {
  const all = (await repository.search({ filter: ANY_RECORDING, scope: ALL, first: 50, before: null })).recordings
  expect(all).to.have.length(count)
  for (const asked of scopes) {
    const expected = all.filter((each) => reaches(asked, each, tree)).map(({ id }) => id)
    const { recordings } = await repository.search({ filter: ANY_RECORDING, scope: asked, first: 50, before: null })
    expect(recordings.map(({ id }) => id), 'listed').to.deep.equal(expected)
    expect(await repository.count(ANY_RECORDING, asked), 'counted').to.equal(expected.length)
    expect((await repository.findLive(asked, 50)).map(({ id }) => id), 'live').to.deep.equal(expected)
    const interaction = await repository.findInteraction(parseInteractionId('talk'), asked)
    expect(interaction?.recordings.map(({ id }) => id) ?? [], 'of the interaction').to.deep.equal(expected)
    for (const { id } of all) expect(await repository.find(id, asked) !== null, 'by id').to.equal(expected.includes(id))
  }
}

async function set(people: PeopleStore, { places, members }: Organisation, restampFrom: Date | null = null): Promise<void> {
  const changes: readonly PeopleChange[] = [
    ...UNITS.map((id) => ({ type: 'unit', id, places: places.filter(({ unitId }) => unitId === id) }) as const),
    ...AGENTS.map((agent) => ({ type: 'members', agent, memberships: members.filter((each) => each.agent === agent) }) as const),
  ]
  await people.change(() => ({ changes, audit: [], restamp: restampFrom === null ? null : { from: restampFrom, at: seconds(0) } }))
}

function told(): AuditDraft {
  return { at: seconds(0), actor: { type: 'system', id: 'org' }, action: 'org.changed', object: { type: 'unit', id: 'all' }, outcome: 'ok', reason: 'restamped', details: {}, personal: {} }
}

/** Times on both sides of calls, and just at them. */
function span(): fc.Arbitrary<{ readonly fromAt: Date; readonly toAt: Date | null }> {
  return fc.tuple(fc.constantFrom(-1000, 0, 100, 200), fc.constantFrom(50, 100, 250, null)).map(([from, length]) => ({ fromAt: seconds(from), toAt: length === null ? null : seconds(from + length) }))
}

function organisation(): fc.Arbitrary<Organisation> {
  const place = (unitId: (typeof UNITS)[number]): fc.Arbitrary<Organisation['places']> => fc.tuple(fc.constantFrom(null, ...UNITS), fc.constantFrom(null, ...UNITS), fc.constantFrom(100, 150, 200)).map(([one, other, at]) => [
    { unitId, name: unitId, parentId: one, fromAt: new Date(0), toAt: seconds(at) }, { unitId, name: unitId, parentId: other, fromAt: seconds(at), toAt: null },
  ])
  const member = fc.tuple(fc.constantFrom(...UNITS), fc.constantFrom(...AGENTS), span()).map(([unitId, agent, { fromAt, toAt }]) => ({ unitId, agent, fromAt, toAt }))
  return fc.tuple(fc.tuple(...UNITS.map(place)), fc.array(member, { maxLength: 5 })).map(([places, members]) => ({ places: places.flat(), members })).filter((tree) => organisationFaults(tree).length === 0)
}

function call(): fc.Arbitrary<Parameters<typeof recording>[1]> {
  return fc.record({ agents: fc.uniqueArray(fc.constantFrom(...AGENTS, 'Zoe\u0308', 'stranger'), { maxLength: 2 }), partitions: fc.uniqueArray(fc.constantFrom('/a', '/a/b', '/c'), { maxLength: 2 }) })
}

/** What some user of some role reaches. */
function scope(): fc.Arbitrary<AccessScope> {
  const role = fc.record({ reach: fc.constantFrom(...ROLE_REACHES), permissions: fc.constantFrom<readonly Permission[]>(['search'], ['search', 'play'], ['play'], []) })
  const user = fc.record({
    agent: fc.constantFrom(null, ...AGENTS), partitions: fc.uniqueArray(fc.constantFrom('/a', '/a/b', '/x'), { maxLength: 2 }), units: fc.uniqueArray(fc.constantFrom(...UNITS), { maxLength: 3 }),
  })
  return fc.tuple(role, user).map(([{ reach, permissions }, { agent, partitions, units }]) => scopeOf(requesterOfUser(
    { id: parseUserId('0123456789abcdef'), name: 'somebody', role: 'agent', agent, partitions, units, createdAt: MORNING, disabledAt: null },
    { ...DEFAULT_ROLES.agent, reach, permissions },
    'local',
  )))
}
