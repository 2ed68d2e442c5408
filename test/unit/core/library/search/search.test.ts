import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Requester, Role } from '../../../../../core/domain/actor.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parseInteractionId } from '../../../../../core/domain/ids.ts'
import { type AttachedKey, defaultKey, makeAttachedSchema } from '../../../../../core/domain/rules/attached-schema.ts'
import { DEFAULT_FACT_KEYS } from '../../../../../core/domain/rules/decision-input.ts'
import { MAX_PAGE_SIZE } from '../../../../../core/library/search/filters.ts'
import { ANY_RECORDING, COUNT_CAP, type RecordingFilter } from '../../../../../core/ports/recording-repository.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench } from '../library-bench.ts'

const PAGE = { first: 50, before: null }

/** Something asked of every condition that there is. */
const EVERYTHING: { readonly [Name in keyof RecordingFilter]-?: NonNullable<RecordingFilter[Name]> } = {
  startedFrom: new Date('2026-03-01T09:00:00.000Z'), startedTo: new Date('2026-03-02T09:00:00.000Z'), caller: '+4930999', callee: '+4930998', agent: 'anna', queue: 'support', label: 'complaint', site: 'berlin', rule: 'vip',
  interactionId: parseInteractionId('talk'), partitionUnder: '/sales', states: ['stored'], minDurationMs: 0, maxDurationMs: 60_000, transferred: false, paused: false, attached: [{ key: 'customerId', value: '77' }],
}

async function somebody(bench: LibraryBench, role: Role = 'supervisor', partitions?: readonly string[]): Promise<Requester> {
  return bench.library.authentication.authenticate(await bench.token(role, partitions), '192.0.2.1')
}

describe('searching recordings', () => {
  it('finds what lies in the requester\'s partitions and below, newest first', async () => {
    const bench = await LibraryBench.open()
    const first = await bench.recording({ partitions: ['/sales'] })
    const second = await bench.recording({ partitions: ['/sales/gold', '/other'] })
    await bench.recording({ partitions: ['/salesmen'] })
    await bench.recording({ partitions: [] })
    const { recordings } = await bench.library.search.search(await somebody(bench), ANY_RECORDING, PAGE)
    expect(recordings.map(({ id }) => id)).to.deep.equal([second, first])
  })

  it('finds everything for whoever reaches everything', async () => {
    const bench = await LibraryBench.open()
    await bench.recording({ partitions: [] })
    await bench.recording({ partitions: ['/sales'] })
    expect((await bench.library.search.search(await somebody(bench, 'integrator'), ANY_RECORDING, PAGE)).recordings).to.have.length(2)
  })

  it('stands in the audit with its words and what it gave', async () => {
    const bench = await LibraryBench.open()
    await bench.recording({ caller: '+4930999' })
    await bench.library.search.search(await somebody(bench), { ...ANY_RECORDING, caller: '+4930999', attached: [{ key: 'customerId', value: '77' }] }, PAGE)
    const entry = bench.audit.entries.at(-1)
    expect(entry).to.include({ action: 'recordings.searched', outcome: 'ok' })
    expect(entry?.details).to.include({ returned: 0, hasMore: false })
    expect(entry?.personal).to.include({ caller: '+4930999', 'attached.customerId': '77', address: '192.0.2.1' })
  })

  for (const outcome of ['ok', 'refused'] as const) {
    it(`stands in the audit with every condition that was asked for, also what asks of no person (${outcome})`, async () => {
      const bench = await LibraryBench.open()
      const requester = await somebody(bench, 'integrator')
      const hidden = outcome === 'ok' ? [] : [{ key: 'hidden', value: '1' }]
      const entryOf = async (filter: Partial<RecordingFilter>): Promise<readonly unknown[]> => {
        const search = bench.library.search.search(requester, { ...ANY_RECORDING, ...filter, attached: [...filter.attached ?? [], ...hidden] }, PAGE)
        if (outcome === 'ok') await search
        else await expectCode(search, 'FILTER_INVALID')
        const entry = bench.audit.entries.at(-1)
        expect(entry).to.include({ action: 'recordings.searched', outcome })
        return [entry?.details, entry?.personal]
      }
      const nothing = await entryOf({})
      for (const [name, asked] of Object.entries(EVERYTHING)) expect(await entryOf({ [name]: asked }), name).to.not.deep.equal(nothing)
    })
  }

  it('has words of its own in the audit for each condition', async () => {
    const bench = await LibraryBench.open()
    await bench.library.search.search(await somebody(bench), EVERYTHING, PAGE)
    const entry = bench.audit.entries.at(-1)
    expect(entry?.details).to.deep.equal({
      returned: 0, hasMore: false, from: '2026-03-01T09:00:00.000Z', to: '2026-03-02T09:00:00.000Z', states: 'stored', partitionUnder: '/sales', minDurationMs: 0, maxDurationMs: 60_000, transferred: false, paused: false,
    })
    expect(entry?.personal).to.include({ caller: '+4930999', callee: '+4930998', agent: 'anna', queue: 'support', label: 'complaint', site: 'berlin', rule: 'vip', interactionId: 'talk', 'attached.customerId': '77' })
  })

  for (const code of ['QUERY_TIMEOUT', 'STORE_FAILED'] as const) {
    it(`stands in the audit with its words where it found nothing because of ${code}`, async () => {
      const bench = await LibraryBench.open()
      const requester = await somebody(bench)
      bench.repository.search = async () => await Promise.reject(new HoldfastError(code, 'too long'))
      await expectCode(bench.library.search.search(requester, { ...ANY_RECORDING, caller: '+4930999', minDurationMs: 5, attached: [{ key: 'customerId', value: '77' }, { key: 'customerId', value: '78' }] }, PAGE), code)
      const entries = bench.audit.entries.filter(({ action }) => action === 'recordings.searched')
      expect(entries.map(({ outcome, reason, personal }) => [outcome, reason, personal?.['attached.customerId']])).to.deep.equal([['failed', code, '77'], ['failed', code, '78']])
      expect(entries[0]?.personal).to.include({ caller: '+4930999' })
      expect(entries[0]?.details).to.include({ minDurationMs: 5 }).and.not.have.property('returned')
    })
  }

  it('stands in the audit once where it is forbidden, a page or a count, with none of its words', async () => {
    const bench = await LibraryBench.open()
    const agent = await somebody(bench, 'agent')
    const filter = { ...ANY_RECORDING, caller: '+4930999', attached: [{ key: 'customerId', value: '77' }, { key: 'customerId', value: '78' }] }
    await expectCode(bench.library.search.search(agent, filter, PAGE), 'FORBIDDEN')
    await expectCode(bench.library.search.count(agent, filter), 'FORBIDDEN')
    const entries = bench.audit.entries.filter(({ action }) => action === 'recordings.searched')
    expect(entries.map(({ object, outcome, reason, details }) => [object.id, outcome, reason, details])).to.deep.equal([['recordings', 'refused', 'FORBIDDEN', {}], ['count', 'refused', 'FORBIDDEN', {}]])
    expect(entries[0]?.personal).to.include({ address: '192.0.2.1' }).and.not.have.property('caller')
  })

  it('counts exactly up to the cap, and says where it stopped', async () => {
    const bench = await LibraryBench.open()
    const requester = await bench.library.authentication.authenticate(await bench.token('supervisor'), '192.0.2.7')
    for (const [found, exact] of [[COUNT_CAP, true], [COUNT_CAP + 1, false]] as const) {
      bench.repository.count = async () => await Promise.resolve(found)
      expect(await bench.library.search.count(requester, ANY_RECORDING)).to.deep.equal({ count: COUNT_CAP, exact })
    }
  })

  it('stands in the audit with its words and its number where it was counted, and before that is told', async () => {
    const bench = await LibraryBench.open()
    const requester = await somebody(bench)
    await bench.recording({ caller: '+4930999', partitions: ['/sales'] })
    const filter = { ...ANY_RECORDING, caller: '+4930999' }
    expect(await bench.library.search.count(requester, filter)).to.deep.equal({ count: 1, exact: true })
    const entry = bench.audit.entries.at(-1)
    expect(entry).to.deep.include({ action: 'recordings.searched', outcome: 'ok', object: { type: 'query', id: 'count' } })
    expect(entry?.details).to.include({ count: 1, exact: true })
    expect(entry?.personal).to.include({ caller: '+4930999' })
    bench.repository.count = async () => await Promise.reject(new HoldfastError('QUERY_TIMEOUT', 'too long'))
    await expectCode(bench.library.search.count(requester, filter), 'QUERY_TIMEOUT')
    expect(bench.audit.entries.at(-1)).to.deep.include({ action: 'recordings.searched', outcome: 'failed', reason: 'QUERY_TIMEOUT', object: { type: 'query', id: 'count' } })
    bench.repository.count = async () => 1
    bench.audit.unavailable = true
    await expectCode(bench.library.search.count(requester, filter), 'AUDIT_UNAVAILABLE')
  })

  it('ends in its own failure also where the audit cannot be written', async () => {
    const bench = await LibraryBench.open()
    const requester = await somebody(bench)
    bench.repository.search = async () => await Promise.reject(new HoldfastError('QUERY_TIMEOUT', 'too long'))
    bench.audit.unavailable = true
    await expectCode(bench.library.search.search(requester, ANY_RECORDING, PAGE), 'QUERY_TIMEOUT')
  })

  it('leaves no word out of the audit where one key is asked for twice', async () => {
    const bench = await LibraryBench.open()
    const officer = await somebody(bench, 'compliance-officer')
    const twice = [{ key: 'customerId', value: '77' }, { key: 'customerId', value: '78' }, { key: 'customerId', value: '77' }] as const
    await bench.library.search.search(officer, { ...ANY_RECORDING, label: 'complaint', attached: twice }, PAGE)
    const told = (outcome: string): readonly unknown[] => bench.audit.entries.filter((entry) => entry.action === 'recordings.searched' && entry.outcome === outcome).map(({ personal }) => [personal?.['attached.customerId'], personal?.['label']])
    expect(told('ok')).to.deep.equal([['77', 'complaint'], ['78', undefined]])
    const supervisor = await somebody(bench, 'integrator')
    await expectCode(bench.library.search.search(supervisor, { ...ANY_RECORDING, attached: [...twice, { key: 'hidden', value: '1' }] }, PAGE), 'FILTER_INVALID')
    expect(told('refused')).to.deep.equal([['77', undefined], ['78', undefined]])
  })

  it('keeps out of the audit what the rules keep out of the catalogue, asked for or refused', async () => {
    const bench = await LibraryBench.open()
    const key = (name: string): AttachedKey => defaultKey(name, DEFAULT_FACT_KEYS)
    bench.rules = { ...bench.rules, attached: makeAttachedSchema([{ ...key('CARD'), store: 'never' }, { ...key('PIN'), store: 'masked' }, key('NOTE'), { ...key('RAW'), cardNumbers: 'kept' }], DEFAULT_FACT_KEYS) }
    const officer = await somebody(bench, 'compliance-officer')
    const asked = async (name: string): Promise<unknown> => {
      const search = bench.library.search.search(officer, { ...ANY_RECORDING, attached: [{ key: name, value: '4111111111111111' }] }, PAGE)
      if (name === 'CARD' || name === 'PIN') await expectCode(search, 'FILTER_INVALID')
      else await search
      return bench.audit.entries.at(-1)?.personal?.[`attached.${name}`]
    }
    expect([await asked('CARD'), await asked('PIN'), await asked('unlisted'), await asked('NOTE'), await asked('RAW')]).to.deep.equal(['(masked)', '(masked)', '(masked)', '****1111', '4111111111111111'])
    await bench.library.search.search(officer, { ...ANY_RECORDING, agent: '4111 1111 1111 1111', caller: '4111111111111111', callee: '+4222222222222' }, PAGE)
    expect(bench.audit.entries.at(-1)?.personal).to.include({ agent: '****1111', caller: '****1111', callee: '+4222222222222' })
  })

  it('gives nothing while the audit cannot be written', async () => {
    const bench = await LibraryBench.open()
    const requester = await somebody(bench)
    bench.audit.unavailable = true
    await expectCode(bench.library.search.search(requester, ANY_RECORDING, PAGE), 'AUDIT_UNAVAILABLE')
  })

  it('counts up to the cap and says when it stopped there', async () => {
    const bench = await LibraryBench.open()
    for (let count = 0; count < 3; count += 1) await bench.recording()
    const requester = await somebody(bench)
    expect(await bench.library.search.count(requester, ANY_RECORDING)).to.deep.equal({ count: 3, exact: true })
    bench.repository.count = async () => COUNT_CAP + 1
    expect(await bench.library.search.count(requester, ANY_RECORDING)).to.deep.equal({ count: COUNT_CAP, exact: false })
  })

  const REFUSED: Readonly<Record<string, Partial<RecordingFilter>>> = {
    'a range that ends before it begins': { startedFrom: new Date(2), startedTo: new Date(1) },
    'an empty word': { caller: '' },
    'a word of more than 256 characters': { agent: 'x'.repeat(257) },
    'a broken character': { queue: '\ud800' },
    'a negative duration': { minDurationMs: -1 },
    'a duration that is no number': { maxDurationMs: Number.NaN },
    'durations that exclude each other': { minDurationMs: 2, maxDurationMs: 1 },
    'no state at all': { states: [] },
    'a partition that is no path': { partitionUnder: 'sales' },
    'a partition with a way out': { partitionUnder: '/sales/../support' },
    'a key that is none': { attached: [{ key: 'a b', value: '1' }] },
    'a value of more than 8 KiB': { attached: [{ key: 'a', value: 'ä'.repeat(4097) }] },
    'seventeen conditions': { attached: Array.from({ length: 17 }, () => ({ key: 'a', value: '1' })) },
  }
  for (const [what, filter] of Object.entries(REFUSED)) {
    it(`refuses ${what}`, async () => {
      const bench = await LibraryBench.open()
      const requester = await somebody(bench)
      const { details } = await expectCode(bench.library.search.search(requester, { ...ANY_RECORDING, ...filter }, PAGE), 'FILTER_INVALID')
      expect(Object.keys(filter)).to.include(details['field'])
      await expectCode(bench.library.search.count(requester, { ...ANY_RECORDING, ...filter }), 'FILTER_INVALID')
      const entries = bench.audit.entries.filter(({ action }) => action === 'recordings.searched')
      expect(entries.map(({ object, outcome, reason }) => [object.id, outcome, reason])).to.deep.equal([['recordings', 'refused', 'FILTER_INVALID'], ['count', 'refused', 'FILTER_INVALID']])
      for (const entry of entries) {
        expect(entry.details, 'which condition, and no unchecked word').to.deep.equal({ field: details['field'] })
        expect(Object.keys(entry.personal ?? {})).to.not.include.members(Object.keys(filter))
      }
    })
  }

  it('refuses a page of nothing or of too much', async () => {
    const bench = await LibraryBench.open()
    const requester = await somebody(bench)
    for (const first of [0, -1, 1.5, MAX_PAGE_SIZE + 1, Number.NaN]) await expectCode(bench.library.search.search(requester, ANY_RECORDING, { first, before: null }), 'FILTER_INVALID')
    expect(bench.audit.entries.at(-1)).to.deep.include({ action: 'recordings.searched', outcome: 'refused', reason: 'FILTER_INVALID', details: { field: 'first' } })
    await expectCode(bench.library.search.live(requester, MAX_PAGE_SIZE + 1), 'FILTER_INVALID')
  })

  it('takes SQL for the words that it is', async () => {
    const bench = await LibraryBench.open()
    const id = await bench.recording({ attached: { note: "'; drop table recordings; --" } })
    const { recordings } = await bench.library.search.search(await somebody(bench), { ...ANY_RECORDING, attached: [{ key: 'note', value: "'; drop table recordings; --" }] }, PAGE)
    expect(recordings.map((recording) => recording.id)).to.deep.equal([id])
  })

  it('shows of an interaction only what may be seen, and nothing when that is nothing', async () => {
    const bench = await LibraryBench.open()
    const seen = await bench.recording({ interaction: 'talk', partitions: ['/sales'] })
    await bench.recording({ interaction: 'talk', partitions: ['/support'] })
    const id = parseInteractionId('talk')
    const found = await bench.library.search.interaction(await somebody(bench), id)
    expect(found?.recordings.map((recording) => recording.id)).to.deep.equal([seen])
    expect(await bench.library.search.interaction(await somebody(bench, 'supervisor', ['/elsewhere']), id)).to.equal(null)
    expect(await bench.library.search.interaction(await somebody(bench), parseInteractionId('never'))).to.equal(null)
    const unrecorded = parseInteractionId('unrecorded')
    await bench.tell({ type: 'interaction-opened', interactionId: unrecorded, at: bench.now })
    expect(await bench.library.search.interaction(await somebody(bench, 'integrator'), unrecorded)).to.equal(null)
  })

  it('lists live recordings only, within the requester\'s reach', async () => {
    const bench = await LibraryBench.open()
    const live = await bench.recording()
    await bench.recording({ partitions: ['/support'] })
    await bench.stored()
    expect((await bench.library.search.live(await somebody(bench), 10)).map(({ id }) => id)).to.deep.equal([live])
  })
})
