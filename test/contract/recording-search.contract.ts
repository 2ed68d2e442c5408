import { afterEach, describe, it } from 'mocha'
import { expect } from 'chai'
import { parseInteractionId, parseNodeName, type RecordingId } from '../../core/domain/ids.ts'
import type { CaptureFact, RecordingRequested } from '../../core/domain/capture-fact.ts'
import { ANY_RECORDING, COUNT_CAP, type AccessScope, type RecordingFilter, type RecordingRepository } from '../../core/ports/recording-repository.ts'
import type { TriedCatalogue as Catalogue } from '../support/tried-catalogue.ts'
import { AGENT_CHANNEL, idAt, journalled, mediaOf, MORNING, requested, seconds, wholeLife } from '../support/recording-facts.ts'
import { decisionWith } from '../support/decisions.ts'
import { HOSTILE_VALUES } from './recording-repository.contract.ts'

const SOURCE = { node: parseNodeName('node-1'), journal: 'journal-1' }
const ALL: AccessScope = { type: 'all' }

/** What every catalogue finds. `open` gives an empty one. */
export function recordingSearchContract(name: string, open: () => Promise<Catalogue>): void {
  describe(`${name} searches recordings`, () => {
    const opened: Catalogue[] = []
    const filled = async (facts: readonly CaptureFact[]): Promise<RecordingRepository> => {
      const one = await open()
      opened.push(one)
      await one.repository.apply(SOURCE, journalled(facts))
      return one.repository
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()))
    })

    it('finds by each field exactly', async () => {
      const caller = { number: '+49 30 555', name: 'caller' }
      const callee = { number: '0800', name: null }
      const repository = await filled([
        requested({ id: idAt(0), change: { caller, callee, agent: 'agent A', queue: 'orders' } }),
        requested({ id: idAt(1), change: { caller: callee, callee: caller, agent: 'agent B', queue: null } }),
      ])
      expect(await found(repository, { caller: '+49 30 555' })).to.deep.equal([idAt(0)])
      expect(await found(repository, { callee: '+49 30 555' })).to.deep.equal([idAt(1)])
      expect(await found(repository, { agent: 'agent A' })).to.deep.equal([idAt(0)])
      expect(await found(repository, { queue: 'orders' })).to.deep.equal([idAt(0)])
      expect(await found(repository, { interactionId: parseInteractionId(`i-${idAt(1)}`) })).to.deep.equal([idAt(1)])
      expect(await found(repository, { agent: 'agent A', caller: '0800' })).to.deep.equal([])
    })

    it('tells values apart by case, blanks, accents and their last byte, and no value is a command', async () => {
      const repository = await filled(HOSTILE_VALUES.map((value, index) => requested({ id: idAt(index), attached: { card: value } })))
      for (const [index, value] of HOSTILE_VALUES.entries()) {
        expect(await found(repository, { attached: [{ key: 'card', value }] }), JSON.stringify(value.slice(0, 20))).to.deep.equal([idAt(index)])
      }
      expect((await found(repository, {})).length).to.equal(HOSTILE_VALUES.length)
    })

    it('takes two spellings of one accented letter for the same', async () => {
      const repository = await filled([requested({ id: idAt(0), attached: { name: 'Zoe\u0308' } })])
      expect(await found(repository, { attached: [{ key: 'name', value: 'Zo\u00eb' }] })).to.deep.equal([idAt(0)])
    })

    it('does not take a key for one of its own fields, nor one key for another', async () => {
      const repository = await filled([requested({ id: idAt(0), attached: { caller: 'x', Agent: 'y' } })])
      expect(await found(repository, { caller: 'x' })).to.deep.equal([])
      expect(await found(repository, { attached: [{ key: '@caller', value: '+4915550100' }] })).to.deep.equal([])
      expect(await found(repository, { attached: [{ key: 'agent', value: 'y' }] })).to.deep.equal([])
      expect(await found(repository, { attached: [{ key: 'Agent', value: 'y' }, { key: 'caller', value: 'x' }] })).to.deep.equal([idAt(0)])
    })

    it('finds attached data and agent as they were seen last', async () => {
      const repository = await filled(wholeLife({ id: idAt(0), attached: { customer: 'C-0' } }))
      expect(await found(repository, { attached: [{ key: 'customer', value: 'C-2' }], agent: 'agent A' })).to.deep.equal([idAt(0)])
      for (const value of ['C-0', 'C-1']) expect(await found(repository, { attached: [{ key: 'customer', value }] })).to.deep.equal([])
    })

    it('finds by the time of the start, from it on and before it', async () => {
      const late = { type: 'segment-started', recordingId: idAt(0), at: seconds(7200), index: 0, recorderId: null } as const
      const files = { received: 'a', transmitted: 'b' }
      const repository = await filled([
        requested({ id: idAt(0) }), { type: 'segment-opened', recordingId: idAt(0), at: seconds(1), index: 0, channelId: requested({ id: idAt(0) }).channelId, files }, late,
        requested({ id: idAt(3600) }), requested({ id: idAt(3601) }),
      ])
      expect(await found(repository, { startedFrom: seconds(7200) }), 'long after its id').to.deep.equal([idAt(0)])
      expect(await found(repository, { startedTo: seconds(3601) })).to.deep.equal([idAt(3600)])
      expect(await found(repository, { startedFrom: seconds(3600), startedTo: seconds(7200) })).to.deep.equal([idAt(3601), idAt(3600)])
      expect(await found(repository, { startedFrom: seconds(3601), startedTo: seconds(3601) })).to.deep.equal([])
    })

    it('finds by state and by the length of the stored sound', async () => {
      const one = await open()
      opened.push(one)
      const { repository } = one
      await repository.apply(SOURCE, journalled([...wholeLife({ id: idAt(0) }), ...wholeLife({ id: idAt(100) }), requested({ id: idAt(200) })]))
      for (const [id, durationMs] of [[idAt(0), 1000], [idAt(100), 60_000]] as const) {
        await repository.beginIngest(id)
        const sound = { media: mediaOf(id, durationMs), header: new Uint8Array(1), recipients: [], findings: [], sounds: [] }
        await repository.recordMedia(id, sound, { at: MORNING, actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id }, outcome: 'ok', reason: null, details: {}, personal: {} })
      }
      expect(await found(repository, { states: ['stored'] })).to.deep.equal([idAt(100), idAt(0)])
      expect(await found(repository, { states: ['requested', 'paused'] })).to.deep.equal([idAt(200)])
      expect(await found(repository, { states: [] })).to.deep.equal([])
      expect(await found(repository, { minDurationMs: 1001 })).to.deep.equal([idAt(100)])
      expect(await found(repository, { minDurationMs: 1000, maxDurationMs: 1000 })).to.deep.equal([idAt(0)])
      expect(await repository.findLive(ALL, 10).then((live) => live.map(({ id }) => id))).to.deep.equal([idAt(200)])
    })

    it('finds by the site, and by the rule that decided', async () => {
      const decided = (rule: string): Partial<RecordingRequested> => ({ decision: { ...decisionWith({}), rule } })
      const repository = await filled([
        requested({ id: idAt(0), change: { site: 'Zürich', ...decided('sales') } }),
        requested({ id: idAt(1), change: { site: null, ...decided('sales') } }),
        requested({ id: idAt(2), change: { site: 'Zürich', ...decided('Sales ') } }),
      ])
      expect(await found(repository, { site: 'Zürich' })).to.deep.equal([idAt(2), idAt(0)])
      expect(await found(repository, { site: 'Zurich' })).to.deep.equal([])
      expect(await found(repository, { rule: 'sales' })).to.deep.equal([idAt(1), idAt(0)])
      expect(await found(repository, { rule: 'Sales ', site: 'Zürich' })).to.deep.equal([idAt(2)])
    })

    it('finds by whether it was passed on, and by whether a pause was asked for', async () => {
      const leg = { channelId: AGENT_CHANNEL, identity: { number: '201', name: 'agent A' }, endpoint: 'PJSIP/agentA' }
      const passedOn = (id: RecordingId, at: number): CaptureFact => ({ type: 'transferred', recordingId: id, at: seconds(at), transfer: { kind: 'blind', at: seconds(at), by: leg, to: { ...leg, channelId: null } } })
      const askedPause = { type: 'pause-asked', recordingId: idAt(2), at: seconds(5), by: 'agent A', how: 'api', limitMs: null } as const
      const repository = await filled([
        ...[0, 1, 2, 3].flatMap((second) => [requested({ id: idAt(second), change: { queue: second === 1 ? 'sales' : 'orders' } })]),
        { type: 'segment-opened', recordingId: idAt(2), at: seconds(3), index: 0, channelId: AGENT_CHANNEL, files: { received: 'a', transmitted: 'b' } },
        { type: 'segment-started', recordingId: idAt(2), at: seconds(4), index: 0, recorderId: null },
        askedPause, passedOn(idAt(1), 6), passedOn(idAt(1), 7), passedOn(idAt(2), 8),
      ])
      expect(await found(repository, { transferred: true }), 'each once').to.deep.equal([idAt(2), idAt(1)])
      expect(await found(repository, { transferred: false })).to.deep.equal([idAt(3), idAt(0)])
      expect(await found(repository, { paused: true })).to.deep.equal([idAt(2)])
      expect(await found(repository, { paused: false })).to.deep.equal([idAt(3), idAt(1), idAt(0)])
      expect(await found(repository, { transferred: true, paused: false })).to.deep.equal([idAt(1)])
      expect(await found(repository, { transferred: true, queue: 'orders' }), 'beside another condition').to.deep.equal([idAt(2)])
      expect(await repository.count({ ...ANY_RECORDING, transferred: false, paused: true }, ALL)).to.equal(0)
    })

    it('finds the whole interaction after it was merged', async () => {
      const merged = { type: 'interaction-merged', interactionId: parseInteractionId('i-a'), mergedIntoId: parseInteractionId('i-b'), at: seconds(9) } as const
      const opened = (['i-a', 'i-b'] as const).map((id) => ({ type: 'interaction-opened', interactionId: parseInteractionId(id), at: seconds(0) }) as const)
      const repository = await filled([...opened, requested({ id: idAt(0), interaction: 'i-a' }), requested({ id: idAt(1), interaction: 'i-b' }), merged])
      for (const id of ['i-a', 'i-b']) expect(await found(repository, { interactionId: parseInteractionId(id) })).to.deep.equal([idAt(1), idAt(0)])
    })

    describe('with a scope', () => {
      const partitions = [['/a/x'], ['/a/y'], ['/a/x', '/b'], ['/b/z', '/a/y'], ['/ab'], []] as const
      const facts = Array.from({ length: 30 }, (_, index) => requested({ id: idAt(index), partitions: partitions[index % partitions.length] ?? [], attached: { parity: String(index % 2) } }))
      const reached: readonly (readonly [readonly string[], readonly number[]])[] = [
        [['/a'], [0, 1, 2, 3]], [['/a/x'], [0, 2]], [['/a/x', '/b'], [0, 2, 3]], [['/a', '/a/x', '/b'], [0, 1, 2, 3]], [['/ab', '/b/z'], [3, 4]], [['/none'], []], [[], []],
      ]
      for (const [paths, kinds] of reached) {
        it(`of ${paths.join(' and ') || 'nothing'}: gives what it reaches, once, newest first, on every page`, async () => {
          const repository = await filled(facts)
          const expected = facts.map(({ recordingId }) => recordingId).filter((_, index) => kinds.includes(index % partitions.length)).toReversed()
          const scope = { type: 'named', partitions: paths, units: [] } as const
          for (const first of [1, 4, 50]) expect(await pages(repository, { filter: ANY_RECORDING, scope, first }), `${first} on a page`).to.deep.equal(expected)
          expect(await repository.count(ANY_RECORDING, scope)).to.equal(expected.length)
          expect((await repository.findLive(scope, 5)).map(({ id }) => id)).to.deep.equal(expected.slice(0, 5))
          const oddBelowA = new Set(facts.filter((fact, index) => index % 2 === 1 && fact.decision.partitions.some((path) => path.startsWith('/a/'))).map(({ recordingId }) => recordingId))
          const filter = { ...ANY_RECORDING, attached: [{ key: 'parity', value: '1' }], partitionUnder: '/a' }
          expect(await pages(repository, { filter, scope, first: 3 })).to.deep.equal(expected.filter((id) => oddBelowA.has(id)))
        })
      }

      it('of nobody: gives nothing and counts nothing', async () => {
        const repository = await filled(facts)
        expect(await found(repository, {}, { type: 'none' })).to.deep.equal([])
        expect(await repository.count(ANY_RECORDING, { type: 'none' })).to.equal(0)
        expect(await repository.findLive({ type: 'none' }, 5)).to.deep.equal([])
      })
    })

    it('finds where two common conditions meet, also far from the newest of both', async () => {
      const facts = Array.from({ length: 5100 }, (_, index) => requested({ id: idAt(index), attached: { old: String(index < 1060), young: String(index >= 1050) } }))
      const repository = await filled(facts)
      const meeting = facts.slice(1050, 1060).map(({ recordingId }) => recordingId).toReversed()
      for (const attached of [[{ key: 'young', value: 'true' }, { key: 'old', value: 'true' }], [{ key: 'old', value: 'true' }, { key: 'young', value: 'true' }]]) {
        for (const first of [3, 10]) expect(await pages(repository, { filter: { ...ANY_RECORDING, attached }, scope: ALL, first })).to.deep.equal(meeting)
        expect(await repository.count({ ...ANY_RECORDING, attached }, ALL)).to.equal(10)
      }
    })

    it('counts up to its limit and one more', async () => {
      const repository = await filled(Array.from({ length: COUNT_CAP + 20 }, (_, index) => requested({ id: idAt(index), partitions: ['/a', '/b'], attached: { kind: index < 3 ? 'rare' : 'common' } })))
      expect(await repository.count(ANY_RECORDING, ALL)).to.equal(COUNT_CAP + 1)
      expect(await repository.count(ANY_RECORDING, { type: 'named', partitions: ['/a', '/b'], units: [] })).to.equal(COUNT_CAP + 1)
      expect(await repository.count({ ...ANY_RECORDING, attached: [{ key: 'kind', value: 'rare' }] }, ALL)).to.equal(3)
    })
  })
}

async function found(repository: RecordingRepository, asked: Partial<RecordingFilter>, scope: AccessScope = ALL): Promise<readonly RecordingId[]> {
  const { recordings, hasMore } = await repository.search({ filter: { ...ANY_RECORDING, ...asked }, scope, first: 100, before: null })
  expect(hasMore).to.equal(false)
  return recordings.map(({ id }) => id)
}

async function pages(repository: RecordingRepository, request: { readonly filter: RecordingFilter; readonly scope: AccessScope; readonly first: number }): Promise<readonly RecordingId[]> {
  const ids: RecordingId[] = []
  for (;;) {
    const { recordings, hasMore } = await repository.search({ ...request, before: ids.at(-1) ?? null })
    ids.push(...recordings.map(({ id }) => id))
    expect(recordings.length <= request.first).to.equal(true)
    if (!hasMore) return ids
    expect(recordings.length).to.equal(request.first)
  }
}
