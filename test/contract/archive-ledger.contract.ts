import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseRetentionRunId, type RecordingId } from '../../core/domain/ids.ts'
import type { ArchiveNote } from '../../core/ports/archive-ledger.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { aboutHold, condemnation, HEADER, orderFor, storedRecording } from '../support/held-recordings.ts'
import { idAt, seconds } from '../support/recording-facts.ts'

const ALL = { type: 'all' } as const
const RUN = parseRetentionRunId('00000000000000aa')
const [ID, OTHER] = [idAt(0), idAt(60)]

/** What every ledger of the archive does. `open` gives an empty catalogue. */
export function archiveLedgerContract(name: string, open: () => Promise<Catalogue>): void {
  describe(`${name} is an ArchiveLedger`, () => {
    const note = (id: RecordingId, change: Partial<ArchiveNote> = {}): ArchiveNote => ({
      archivedAt: seconds(9000), store: 'cold', runId: RUN, copied: { payloadName: `${id}.2.payload`, headerVersion: 1 }, payloadName: `cold.${id}.2.payload`, entry: `{"recordingId":"${id}"}`, ...change,
    })
    const told = (id: RecordingId) => ({ ...aboutHold(1), action: 'recording.archived' as const, object: { type: 'recording' as const, id } })
    const stored = async (): Promise<Catalogue> => {
      const catalogue = await open()
      await storedRecording(catalogue, { id: ID })
      await storedRecording(catalogue, { id: OTHER })
      return catalogue
    }

    it('gives the recording with the header in force', async () => {
      const { archived } = await stored()
      const candidate = await archived.candidate(ID)
      expect(candidate?.recording).to.deep.include({ id: ID, state: 'stored' })
      expect(candidate?.header).to.deep.include({ version: 1, recipients: ['age1operational', 'age1escrow'] })
      expect(Buffer.from(candidate?.header?.bytes ?? []).equals(HEADER)).to.equal(true)
      expect(await archived.candidate(idAt(999))).to.equal(null)
    })

    it('makes it archived once, with its audit entry, and it is found as before', async () => {
      const { archived, repository, audit } = await stored()
      expect(await archived.placeOf(ID)).to.equal(null)
      expect(await archived.record(ID, note(ID), told(ID))).to.equal('archived')
      expect(await archived.record(ID, note(ID), told(ID))).to.equal('gone')
      const recording = await repository.find(ID, ALL)
      expect(recording).to.deep.include({ state: 'archived' })
      expect(recording?.media?.payloadName).to.equal(`cold.${ID}.2.payload`)
      expect(Buffer.from(await repository.mediaHeader(ID) ?? []).equals(HEADER)).to.equal(true)
      expect(await archived.placeOf(ID)).to.deep.equal({ archivedAt: seconds(9000), store: 'cold', runId: RUN })
      const { entries } = await audit.read({ objectId: ID, actorId: null, action: 'recording.archived', from: null, to: null }, { first: 5, before: null })
      expect(entries).to.have.length(1)
    })

    it('does not where the header was rotated meanwhile, the payload lies elsewhere, or work is queued', async () => {
      const { archived, keys, jobs, repository } = await stored()
      const found = await keys.header(ID)
      if (found === null) throw new Error('the recording has a header')
      await keys.replaceHeader(found, { header: Buffer.from('another'), recipients: ['age1new'], at: seconds(100) })
      expect(await archived.record(ID, note(ID), told(ID))).to.equal('moved')
      expect(await archived.record(ID, note(ID, { copied: { payloadName: `${ID}.1.payload`, headerVersion: 2 } }), told(ID))).to.equal('moved')
      await jobs.enqueue('ingest', OTHER, seconds(100))
      expect(await archived.record(OTHER, note(OTHER), told(OTHER))).to.equal('gone')
      expect([(await repository.find(ID, ALL))?.state, (await repository.find(OTHER, ALL))?.state]).to.deep.equal(['stored', 'stored'])
    })

    it('puts no header in force beside a payload that was moved while it was made', async () => {
      const { archived, keys } = await stored()
      const found = await keys.header(ID)
      if (found === null) throw new Error('the recording has a header')
      await archived.record(ID, note(ID), told(ID))
      expect(await keys.replaceHeader(found, { header: Buffer.from('another'), recipients: ['age1new'], at: seconds(100) })).to.equal('moved')
    })

    it('gives the lines of a run in the order of the recordings, page by page', async () => {
      const { archived } = await stored()
      await archived.record(OTHER, note(OTHER), told(OTHER))
      await archived.record(ID, note(ID), told(ID))
      const first = await archived.entriesAfter(RUN, null, 1)
      expect(first).to.deep.equal([{ recordingId: ID, archivedAt: seconds(9000), entry: `{"recordingId":"${ID}"}` }])
      expect((await archived.entriesAfter(RUN, ID, 5)).map(({ recordingId }) => recordingId)).to.deep.equal([OTHER])
      expect(await archived.entriesAfter(parseRetentionRunId('00000000000000bb'), null, 5)).to.deep.equal([])
    })

    it('remembers what was there before until it is gone; what never moved leaves nothing', async () => {
      const { archived } = await stored()
      await archived.record(ID, note(ID), told(ID))
      await archived.record(OTHER, note(OTHER, { payloadName: `${OTHER}.2.payload` }), told(OTHER))
      expect(await archived.leftOriginals(5)).to.deep.equal([{ recordingId: ID, payloadName: `${ID}.2.payload`, headerVersion: 1 }])
      await archived.originalGone(ID)
      expect(await archived.leftOriginals(5)).to.deep.equal([])
    })

    it('keeps no line of what is destroyed, and has it destroyed in every store', async () => {
      const { archived, destructions } = await stored()
      await archived.record(ID, note(ID), told(ID))
      await destructions.condemn(orderFor(ID), condemnation({ stores: [null, 'cold'] }))
      expect(await archived.entriesAfter(RUN, null, 5)).to.deep.equal([])
      expect(await archived.placeOf(ID)).to.equal(null)
      const plan = (await destructions.find(ID))?.plan
      for (const place of ['', 'cold.']) {
        expect(plan?.payloadBlobs).to.include.members([`${place}${ID}.1.payload`, `${place}${ID}.2.payload`])
        expect(plan?.headerBlobs).to.include.members([`${place}${ID}.1.header`, `${place}${ID}.2.header`, `${place}${ID}.2.2.header`])
      }
      expect(plan?.leftToArchive).to.deep.equal([])
    })

    it('names what lies in a locked archive, and leaves it to its owner', async () => {
      const { archived, destructions } = await stored()
      await archived.record(ID, note(ID), told(ID))
      await destructions.condemn(orderFor(ID), condemnation({ stores: [null, 'cold'], lockedStores: ['cold'] }))
      const plan = (await destructions.find(ID))?.plan
      expect([...plan?.payloadBlobs ?? [], ...plan?.headerBlobs ?? []].filter((blob) => blob.startsWith('cold.'))).to.deep.equal([])
      expect(plan?.leftToArchive).to.include.members([`cold.${ID}.2.payload`, `cold.${ID}.2.header`])
      expect(plan?.payloadBlobs).to.include(`${ID}.2.payload`)
    })
  })
}
