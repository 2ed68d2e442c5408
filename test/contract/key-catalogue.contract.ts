import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { parseNodeName, type RecordingId } from '../../core/domain/ids.ts'
import type { KeyCheck } from '../../core/domain/key-check.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { JobQueue } from '../../core/ports/job-queue.ts'
import type { KeyCatalogue, SealedHeader } from '../../core/ports/key-catalogue.ts'
import type { RecordingRepository } from '../../core/ports/recording-repository.ts'
import { idAt, journalled, mediaOf, seconds, wholeLife } from '../support/recording-facts.ts'

interface Opened {
  readonly repository: RecordingRepository
  readonly keys: KeyCatalogue
  readonly jobs: JobQueue
  readonly audit: AuditLog
}

const OLD = 'age1old'
const NEW = 'age1new'
const ESCROW = 'age1escrow'
const AUDIT: AuditDraft = { at: seconds(0), actor: { type: 'cli', id: 'operator' }, action: 'keys.changed', object: { type: 'keys', id: OLD }, outcome: 'ok', reason: null, details: {}, personal: {} }

/** What every catalogue knows of keys. `open` gives an empty one. */
export function keyCatalogueContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} is a KeyCatalogue`, () => {
    it('counts what is sealed to whom, in whatever order they were named', async () => {
      const { keys, ...opened } = await open()
      await stored(opened, idAt(0), [OLD, ESCROW])
      await stored(opened, idAt(60), [ESCROW, OLD])
      await stored(opened, idAt(120), [OLD])
      const sets = await keys.recipientSets()
      expect(sets.map(({ recipients, recordings }) => [[...recipients].toSorted(), recordings])).to.deep.equal([[[ESCROW, OLD], 2], [[OLD], 1]])
    })

    it('gives the header in force with what it belongs to, and none of a recording that was not stored', async () => {
      const { keys, ...opened } = await open()
      await stored(opened, idAt(0), [OLD])
      await opened.repository.apply(SOURCE, journalled(wholeLife({ id: idAt(60) })))
      expect(plain(await keys.header(idAt(0)))).to.deep.equal({ recordingId: idAt(0), payloadName: mediaOf(idAt(0)).payloadName, version: 1, header: [0], recipients: [OLD] })
      expect(await keys.header(idAt(60))).to.equal(null)
    })

    it('puts a new header in force for readers at once, and once', async () => {
      const { keys, ...opened } = await open()
      const { repository } = opened
      await stored(opened, idAt(0), [OLD])
      const before = await heldHeader(keys, idAt(0))
      const by = { header: Uint8Array.of(7), recipients: [NEW, ESCROW], at: seconds(99) }
      expect(await keys.replaceHeader(before, by)).to.equal('replaced')
      expect([...(await repository.mediaHeader(idAt(0)) ?? [])]).to.deep.equal([7])
      expect(plain(await keys.header(idAt(0)))).to.deep.include({ version: 2, header: [7], recipients: [NEW, ESCROW] })
      expect(await keys.replaceHeader(before, { ...by, header: Uint8Array.of(8) })).to.equal('moved')
      expect(await keys.replaceHeader({ ...before, recordingId: idAt(60) }, by)).to.equal('gone')
      await keys.forgetHeadersBefore(idAt(0), 2)
      await keys.forgetHeadersBefore(idAt(0), 1)
      expect([...(await repository.mediaHeader(idAt(0)) ?? [])]).to.deep.equal([7])
    })

    it('lets one of two replace a header', async () => {
      const { keys, ...opened } = await open()
      await stored(opened, idAt(0), [OLD])
      const before = await heldHeader(keys, idAt(0))
      const outcomes = await Promise.all([1, 2, 3].map((byte) => keys.replaceHeader(before, { header: Uint8Array.of(byte), recipients: [NEW], at: seconds(9) })))
      expect(outcomes.toSorted()).to.deep.equal(['moved', 'moved', 'replaced'])
      expect(plain(await keys.header(idAt(0)))).to.include({ version: 2 })
    })

    it('draws the oldest and the newest, others between them, and none twice', async () => {
      const { keys, ...opened } = await open()
      const ids = [0, 60, 120, 180, 240].map((second) => idAt(second))
      for (const id of ids) await stored(opened, id, [OLD])
      const draw = drawing([0.5, 0.5, 0.99, 0.3, 0.01])
      const drawn = async (size: number): Promise<readonly RecordingId[]> => (await keys.sample(size, draw)).map(({ recordingId }) => recordingId)
      expect(await drawn(2)).to.deep.equal([ids[0], ids[4]])
      const three = await drawn(3)
      expect(three).to.have.length(3)
      expect(new Set(three).size).to.equal(3)
      expect([three[0], three[2]]).to.deep.equal([ids[0], ids[4]])
      expect(await drawn(99)).to.deep.equal(ids)
      expect(await drawn(0)).to.deep.equal([])
    })

    it('draws nothing where nothing is stored', async () => {
      expect(await (await open()).keys.sample(5, () => 0.5)).to.deep.equal([])
    })

    it('queues what is sealed to other recipients, each recording once', async () => {
      const { keys, ...opened } = await open()
      await stored(opened, idAt(0), [OLD, ESCROW])
      await stored(opened, idAt(60), [ESCROW, OLD])
      await stored(opened, idAt(120), [NEW, ESCROW])
      const sets = (await keys.recipientSets()).filter(({ recipients }) => recipients.includes(OLD))
      await keys.queueRotation(sets, seconds(500))
      await keys.queueRotation(sets, seconds(501))
      expect((await opened.jobs.backlog('rotate', seconds(500))).waiting).to.equal(2)
      const leased = [await opened.jobs.lease('rotate', 'one', seconds(502), 60_000), await opened.jobs.lease('rotate', 'one', seconds(502), 60_000), await opened.jobs.lease('rotate', 'one', seconds(502), 60_000)]
      expect(leased.map((job) => job?.recordingId ?? null)).to.deep.equal([idAt(0), idAt(60), null])
      await keys.queueRotation([], seconds(503))
    })

    it('keeps the last check of each recipient, with the audit entry of every one', async () => {
      const { keys, audit } = await open()
      const check: KeyCheck = { recipient: OLD, checkedAt: seconds(1), by: 'cli:operator', sampled: 5, opened: 3, foreign: 1, failed: 1 }
      const later = { ...check, checkedAt: seconds(2), opened: 4, failed: 0 }
      expect(await keys.lastChecks()).to.deep.equal([])
      await keys.keepChecks([check, { ...check, recipient: ESCROW }], [AUDIT])
      await keys.keepChecks([later], [AUDIT])
      expect((await keys.lastChecks()).toSorted((one, other) => one.recipient.localeCompare(other.recipient))).to.deep.equal([{ ...check, recipient: ESCROW }, later])
      const { entries } = await audit.read({ objectId: OLD, actorId: null, action: 'keys.changed', from: null, to: null }, { first: 9, before: null })
      expect(entries).to.have.length(2)
    })
  })
}

const SOURCE = { node: parseNodeName('node-1'), journal: 'journal-1' }

async function stored({ repository }: Pick<Opened, 'repository'>, id: RecordingId, recipients: readonly string[]): Promise<void> {
  await repository.apply({ ...SOURCE, journal: `journal-of-${id}` }, journalled(wholeLife({ id })))
  await repository.beginIngest(id)
  await repository.recordMedia(id, { media: mediaOf(id), header: new Uint8Array(1), recipients, findings: [], sounds: [] }, AUDIT)
}

async function heldHeader(keys: KeyCatalogue, id: RecordingId): Promise<SealedHeader> {
  const header = await keys.header(id)
  if (header === null) throw new Error('there is no header')
  return header
}

/** Buffers of a driver and our own arrays are one. */
function plain(header: SealedHeader | null): unknown {
  return header === null ? null : { ...header, header: [...header.header] }
}

function drawing(numbers: readonly number[]): () => number {
  let next = 0
  return () => numbers[next++ % numbers.length] ?? 0
}
