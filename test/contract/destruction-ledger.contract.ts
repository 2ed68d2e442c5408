import { expect } from 'chai'
import { describe, it } from 'mocha'
import { sql } from 'kysely'
import { parseNodeName } from '../../core/domain/ids.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import type { SqlDatabase } from '../../core/store/sql/sql-database.ts'
import { CATALOGUE_COLUMNS } from '../support/catalogue-columns.ts'
import { asking, condemnation, HEADER, orderFor, sha256Of, storedRecording } from '../support/held-recordings.ts'
import { idAt, journalled, requested, seconds, wholeLife } from '../support/recording-facts.ts'

const ALL = { type: 'all' } as const
const ID = idAt(0)
/** What the call told of people: none of it may be anywhere but in the audit's personal part. */
const SECRETS = ['+4915550100', 'agent A', 'PJSIP/agentA', 'C-1', 'C-2', 'Y2xhaW0tNDcxMQ']
const AUDIT_TABLES = new Set(['audit_entries', 'audit_personal', 'audit_words', 'audit_chains'])

/** What every ledger of destructions does. `open` gives an empty catalogue, `database` what it lies in. */
export function destructionLedgerContract(name: string, { open, database }: { readonly open: () => Promise<Catalogue>; readonly database: () => SqlDatabase }): void {
  describe(`${name} is a DestructionLedger`, () => {
    const stored = async (): Promise<Catalogue> => {
      const catalogue = await open()
      await storedRecording(catalogue, { id: ID, partitions: ['/sales/gold'], attached: { claim: 'Y2xhaW0tNDcxMQ' } })
      return catalogue
    }

    it('leaves a tombstone in which nothing tells of a person, in no table', async () => {
      const { destructions, repository } = await stored()
      expect(await holding(database(), SECRETS)).to.not.deep.equal([])
      const { outcome } = await destructions.condemn(orderFor(ID), condemnation())
      expect(outcome).to.equal('condemned')
      expect(await holding(database(), SECRETS)).to.deep.equal([])
      const tombstone = await repository.find(ID, { type: 'named', partitions: ['/sales'], units: [] })
      expect(tombstone).to.deep.include({ id: ID, state: 'purged', reason: 'deleted', media: null, parties: [], attached: {}, agent: null, queue: null })
      expect(tombstone?.decision.rule).to.equal('everything')
      expect(await repository.find(ID, { type: 'agent', agent: 'agent A' })).to.equal(null)
      for (const filter of [{ caller: '+4915550100' }, { queue: 'orders' }, { attached: [{ key: 'customer', value: 'C-2' }] }]) {
        expect((await repository.search({ filter: asking(filter), scope: ALL, first: 5, before: null })).recordings).to.deep.equal([])
      }
      expect((await repository.search({ filter: asking({ states: ['purged'] }), scope: ALL, first: 5, before: null })).recordings.map(({ id }) => id)).to.deep.equal([ID])
    })

    it('deletes every version of the header with the decision, and keeps what they were', async () => {
      const { destructions, repository } = await stored()
      const second = Buffer.from('age-encryption.org/v1 a header of version 2')
      await database().change((tx) => tx.insertInto('media_headers').values({ recording_id: Number(ID), version: 2, header: second, recipients_json: '["age1new"]', written_at: 1 }).execute())
      const condemned = await destructions.condemn(orderFor(ID, { cause: 'retention', rule: 'after a year' }), condemnation())
      expect(await repository.mediaHeader(ID)).to.equal(null)
      expect(await database().read((tx) => tx.selectFrom('media_headers').selectAll().execute())).to.deep.equal([])
      const destruction = await destructions.find(ID)
      expect(condemned).to.deep.equal({ outcome: 'condemned', destruction })
      expect(destruction?.plan).to.deep.include({
        headers: [{ version: 1, sha256: sha256Of(HEADER), recipients: ['age1operational', 'age1escrow'] }, { version: 2, sha256: sha256Of(second), recipients: ['age1new'] }],
        headerBlobs: [`${ID}.1.header`, `${ID}.2.header`, `${ID}.2.2.header`], payloadBlobs: [`${ID}.1.payload`, `${ID}.2.payload`],
        sound: { payloadSha256: 'cd'.repeat(32), payloadSizeBytes: 303_300, plaintextSha256: 'ab'.repeat(32) },
      })
      expect(destruction?.plan.spoolFiles).to.deep.equal([0, 1].flatMap((segment) => [`${ID}.${segment}.rx.wav`, `${ID}.${segment}.tx.wav`]))
      expect(await repository.find(ID, ALL)).to.deep.include({ state: 'purged', reason: 'retention' })
    })

    it('ends without the facts that were set aside, which tell of it as plainly', async () => {
      const { destructions, repository } = await stored()
      const joined = journalled(wholeLife({ id: ID })).find(({ fact }) => fact.type === 'party-joined')
      if (joined === undefined) throw new Error('nobody joined')
      await repository.setAside({ node: parseNodeName('node-1'), journal: 'another' }, joined, { error: 'not applied', at: seconds(1) })
      await destructions.condemn(orderFor(ID), condemnation())
      expect(await holding(database(), SECRETS)).to.not.deep.equal([])
      await destructions.end(ID, { at: seconds(6000), receipt: '{}' }, condemnation().audit({ id: ID } as never))
      expect(await holding(database(), SECRETS)).to.deep.equal([])
    })

    it('decides once, and ends once with the first receipt', async () => {
      const { destructions, audit } = await stored()
      await destructions.condemn(orderFor(ID), condemnation())
      expect((await destructions.condemn(orderFor(ID, { reason: 'again' }), condemnation())).outcome).to.equal('already')
      expect((await destructions.unfinished(5)).map(({ recordingId }) => recordingId)).to.deep.equal([ID])
      await destructions.mark(ID, 'headers')
      expect(await destructions.find(ID)).to.deep.include({ step: 'headers', endedAt: null, reason: 'asked for in writing' })
      const told = condemnation().audit({ ...(await orThrow(destructions.find(ID))), id: ID } as never)
      expect(await destructions.end(ID, { at: seconds(6000), receipt: '{"first":1}' }, told)).to.equal('{"first":1}')
      expect(await destructions.end(ID, { at: seconds(7000), receipt: '{"second":1}' }, told)).to.equal('{"first":1}')
      expect(await destructions.find(ID)).to.deep.include({ step: 'receipt', endedAt: seconds(6000), receipt: '{"first":1}' })
      expect(await destructions.unfinished(5)).to.deep.equal([])
      const { entries } = await audit.read({ objectId: ID, actorId: null, action: 'recording.deleted', from: null, to: null }, { first: 5, before: null })
      expect(entries).to.have.length(2)
    })

    it('destroys nothing that goes on, waits to be brought in, is kept, or is not there', async () => {
      const catalogue = await open()
      const { destructions, repository, jobs } = catalogue
      const facts = wholeLife({ id: ID })
      const source = { node: parseNodeName('node-1'), journal: 'journal-1' }
      await repository.apply(source, journalled(facts.slice(0, 6)))
      expect(await destructions.condemn(orderFor(ID), condemnation())).to.deep.equal({ outcome: 'busy', state: 'recording' })
      await repository.apply(source, journalled(facts))
      expect(await destructions.condemn(orderFor(ID), condemnation())).to.deep.equal({ outcome: 'busy', state: 'stopped' })
      const other = await storedRecording(catalogue, { id: idAt(60) })
      await jobs.enqueue('ingest', other, seconds(0))
      expect(await destructions.condemn(orderFor(other), condemnation())).to.deep.equal({ outcome: 'busy', state: 'stored' })
      const third = await storedRecording(catalogue, { id: idAt(120) })
      expect(await destructions.condemn(orderFor(third), condemnation({ keptUntil: () => seconds(9000) }))).to.deep.equal({ outcome: 'kept', until: seconds(9000) })
      expect((await destructions.condemn(orderFor(third), condemnation({ keptUntil: () => seconds(4000) }))).outcome).to.equal('condemned')
      expect(await destructions.condemn(orderFor(idAt(999)), condemnation())).to.deep.equal({ outcome: 'unknown' })
      expect(await destructions.find(other)).to.equal(null)
    })

    it('lets no late fact bring a name back', async () => {
      const { destructions, repository } = await stored()
      await destructions.condemn(orderFor(ID), condemnation())
      const before = await repository.find(ID, ALL)
      const party = { channelId: requested({ id: ID }).channelId, side: 'customer', identity: { number: '+4915550100', name: 'customer' }, endpoint: null, agent: null, fromAt: seconds(1), toAt: null } as const
      const late = journalled([{ type: 'party-joined', recordingId: ID, at: seconds(1), party }, requested({ id: ID })])
      const { refused } = await repository.apply({ node: parseNodeName('node-1'), journal: 'late' }, late)
      expect(refused).to.have.length(1)
      expect(await repository.find(ID, ALL)).to.deep.equal(before)
      expect(await holding(database(), SECRETS)).to.deep.equal([])
    })

    it('looks for the blobs of every attempt in every store where a failed recording had no object', async () => {
      const { destructions, repository } = await open()
      await repository.apply({ node: parseNodeName('node-1'), journal: 'journal-1' }, journalled(wholeLife({ id: ID })))
      await repository.closeWithoutMedia(ID, { state: 'failed', reason: 'ingest-failed', findings: [] }, condemnation().audit({ id: ID } as never))
      await database().change((tx) => tx.deleteFrom('jobs').execute())
      await destructions.condemn(orderFor(ID), condemnation({ stores: [null, 'berlin'] }))
      const plan = (await destructions.find(ID))?.plan
      expect(plan?.sound).to.equal(null)
      expect(plan?.headerBlobs).to.include.members([`${ID}.1.header`, `berlin.${ID}.1.header`, `berlin.${ID}.20.header`])
    })
  })
}

/** Tables of the catalogue, but for the audit, in which one of these texts stands. */
async function holding(database: SqlDatabase, texts: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const table of Object.keys(CATALOGUE_COLUMNS)) {
    if (AUDIT_TABLES.has(table)) continue
    const { rows } = await database.read((tx) => sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(tx))
    const text = rows.flatMap((row) => Object.values(row).map((value) => value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value))).join('\n')
    found.push(...texts.filter((each) => text.includes(each)).map((each) => `${table}: ${each}`))
  }
  return found
}

async function orThrow<T>(value: Promise<T | null>): Promise<T> {
  const had = await value
  if (had === null) throw new Error('nothing was found')
  return had
}
