import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { type ExportId, parseExportId } from '../../core/domain/ids.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { ExportHolder, ExportRegister, StoredPart } from '../../core/ports/export-register.ts'
import { expectCode } from '../support/rejection.ts'
import { idAt, seconds } from '../support/recording-facts.ts'

const FIRST = parseExportId('0000000000000001')
const SECOND = parseExportId('0000000000000002')
const LIMITS = { perActor: 2, altogether: 3 }
const ANNA = { type: 'user', id: '00000000000000aa' } as const
const LEASE = { leaseMs: 60_000, only: null }

interface Opened {
  readonly exports: ExportRegister
  readonly audit: AuditLog
}

/** What every register of exports does. `open` gives an empty one. */
export function exportRegisterContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} is an ExportRegister`, () => {
    it('keeps an order with its recordings in their order, and its audit entry', async () => {
      const { exports, audit } = await open()
      await placed(exports, FIRST)
      expect(await exports.find(FIRST)).to.deep.include({ id: FIRST, by: ANNA, reason: 'claim 4711', audio: 'opus', state: 'queued', recordings: 3, done: 0, sizeBytes: 0, manifestSha256: null, expiresAt: null })
      expect(await exports.members(FIRST, 1, 10)).to.deep.equal([idAt(60), idAt(120)])
      expect(await exports.find(SECOND)).to.equal(null)
      expect(await actionsOf(audit)).to.deep.equal(['export.requested'])
    })

    it('takes no more than it may, of one or of all, and nothing of what it refuses', async () => {
      const { exports, audit } = await open()
      const ids = ['1', '2', '3', '4', '5'].map((digit) => parseExportId(digit.padStart(16, '0')))
      const outcomes: string[] = []
      for (const [index, id] of ids.entries()) outcomes.push(await exports.place(orderOf(id, index < 3 ? ANNA.id : '00000000000000bb'), [idAt(0)], LIMITS, entry('export.requested', id)))
      expect(outcomes).to.deep.equal(['placed', 'placed', 'full', 'placed', 'full'])
      expect(await actionsOf(audit)).to.have.length(3)
      expect(await exports.cancel(parse(ids[0]), entry('export.made', parse(ids[0])))).to.equal(true)
      expect(await exports.place(orderOf(parse(ids[2]), ANNA.id), [idAt(0)], LIMITS, entry('export.requested', parse(ids[2])))).to.equal('placed')
      expect((await exports.list(ANNA, 10)).map(({ id }) => id)).to.deep.equal([ids[0], ids[1], ids[2]])
      expect(await exports.list(null, 3)).to.have.length(3)
    })

    it('is worked on by one, until the lease is over or given back', async () => {
      const { exports } = await open()
      await placed(exports, FIRST)
      await placed(exports, SECOND)
      expect((await exports.lease('w1', seconds(0), LEASE))?.id).to.equal(FIRST)
      expect((await exports.lease('w2', seconds(0), LEASE))?.id).to.equal(SECOND)
      expect(await exports.lease('w3', seconds(0), LEASE)).to.equal(null)
      expect((await exports.lease('w3', seconds(60), { leaseMs: 60_000, only: SECOND }))?.id).to.equal(SECOND)
      await expectCode(exports.hold(SECOND, held('w2'), seconds(999)), 'JOB_LEASE_LOST')
      await exports.hold(FIRST, held('w1'), seconds(120))
      expect(await exports.lease('w4', seconds(119), LEASE)).to.equal(null)
      await exports.release(FIRST, held('w1'))
      expect((await exports.lease('w4', seconds(119), LEASE))?.id).to.equal(FIRST)
    })

    it('refuses every word of a worker whose lease is gone, also when its name has the lease again', async () => {
      const { exports, audit } = await open()
      await placed(exports, FIRST)
      expect((await exports.lease('w1', seconds(0), LEASE))?.attempts).to.equal(1)
      for (const [owner, attempt] of [['w2', 2], ['w1', 3]] as const) {
        expect((await exports.lease(owner, seconds(attempt * 60), LEASE))?.attempts).to.equal(attempt)
        const ready = { state: 'ready', part: { ...partOf(0), packed: null }, manifestSha256: 'ab'.repeat(32), at: seconds(61), expiresAt: seconds(900) } as const
        for (const word of [
          () => exports.hold(FIRST, held('w1'), seconds(999)), () => exports.addPart(FIRST, held('w1'), partOf(0), seconds(999)), () => exports.release(FIRST, held('w1')),
          () => exports.finish(FIRST, held('w1'), ready, [entry('export.made', FIRST)]), () => exports.finish(FIRST, held('w1'), { state: 'failed', failure: 'STORE_FAILED' }, [entry('export.made', FIRST)]),
        ]) await expectCode(word(), 'JOB_LEASE_LOST')
      }
      expect([await exports.parts(FIRST), await actionsOf(audit)]).to.deep.equal([[], ['export.requested']])
      await exports.addPart(FIRST, held('w1', 3), partOf(0), seconds(999))
      await exports.release(FIRST, held('w1', 3))
      await expectCode(exports.hold(FIRST, held('w1', 3), seconds(999)), 'JOB_LEASE_LOST')
    })

    it('keeps the parts that are whole, for whoever goes on behind them', async () => {
      const { exports, audit } = await open()
      await placed(exports, FIRST)
      await exports.lease('w1', seconds(0), LEASE)
      await exports.addPart(FIRST, held('w1'), partOf(0), seconds(200))
      await expectCode(exports.addPart(FIRST, held('w2'), partOf(1), seconds(200)), 'JOB_LEASE_LOST')
      await exports.addPart(FIRST, held('w1'), partOf(1), seconds(200))
      expect(await exports.lease('w2', seconds(199), LEASE)).to.equal(null)
      expect(await exports.lease('w2', seconds(200), LEASE)).to.deep.include({ state: 'making', done: 2, sizeBytes: 2000, attempts: 2 })
      await exports.finish(FIRST, held('w2', 2), { state: 'ready', part: { ...partOf(2), packed: null }, manifestSha256: 'ab'.repeat(32), at: seconds(201), expiresAt: seconds(900) }, [entry('recording.exported', FIRST), entry('export.made', FIRST)])
      expect((await exports.parts(FIRST)).map(plain)).to.deep.equal([partOf(0), partOf(1), { ...partOf(2), packed: null }].map(plain))
      expect(await exports.find(FIRST)).to.deep.include({ state: 'ready', manifestSha256: 'ab'.repeat(32), readyAt: seconds(201), expiresAt: seconds(900) })
      expect(await actionsOf(audit)).to.deep.equal(['export.made', 'recording.exported', 'export.requested'])
      expect(await exports.lease('w3', seconds(9999), LEASE)).to.equal(null)
    })

    it('tells of which nothing may be kept: expired, cancelled, failed', async () => {
      const { exports } = await open()
      for (const id of [FIRST, SECOND]) {
        await placed(exports, id)
        await exports.lease('w1', seconds(0), { leaseMs: 1000, only: id })
        await exports.addPart(id, held('w1'), { ...partOf(0), blobName: `part-of-${id}` }, seconds(10))
      }
      await exports.finish(FIRST, held('w1'), { state: 'ready', part: { ...partOf(1), packed: null }, manifestSha256: 'cd'.repeat(32), at: seconds(5), expiresAt: seconds(100) }, [entry('export.made', FIRST)])
      expect(await exports.over(seconds(99))).to.deep.equal([])
      expect(await exports.cancel(SECOND, entry('export.made', SECOND))).to.equal(true)
      await expectCode(exports.addPart(SECOND, held('w1'), partOf(1), seconds(20)), 'JOB_LEASE_LOST')
      expect(await exports.over(seconds(99))).to.deep.equal([SECOND])
      expect([...await exports.over(seconds(100))].toSorted()).to.deep.equal([FIRST, SECOND])
      expect((await exports.find(FIRST))?.state).to.equal('expired')
      await exports.forgetParts(SECOND)
      expect(await exports.over(seconds(100))).to.deep.equal([FIRST])
      expect(await exports.cancel(FIRST, entry('export.made', FIRST))).to.equal(false)
    })
  })
}

function held(owner: string, attempt = 1): ExportHolder {
  return { owner, attempt }
}

function orderOf(id: ExportId | undefined, actorId: string): Parameters<ExportRegister['place']>[0] {
  return { id: parse(id), by: { type: 'user', id: actorId }, label: 'Anna', address: '192.0.2.7', reason: 'claim 4711', audio: 'opus', recipient: null, requestedAt: seconds(-100) }
}

async function placed(exports: ExportRegister, id: ExportId): Promise<void> {
  expect(await exports.place(orderOf(id, ANNA.id), [idAt(0), idAt(60), idAt(120)], LIMITS, entry('export.requested', id))).to.equal('placed')
}

function parse(id: ExportId | undefined): ExportId {
  return parseExportId(id ?? '')
}

function partOf(index: number): StoredPart {
  return { index, blobName: `part-${index}`, header: Uint8Array.of(1, 2, index), sizeBytes: 1000, packed: { recording: { recordingId: String(index), withoutSound: null, audit: 'whole' }, files: [{ name: `file-${index}`, sizeBytes: 7, sha256: 'ef' }] } }
}

/** With the header as numbers: drivers give buffers of their own kinds. */
function plain({ index, blobName, header, sizeBytes, packed }: StoredPart): Omit<StoredPart, 'header'> & { readonly header: readonly number[] } {
  return { index, blobName, header: [...header], sizeBytes, packed }
}

function entry(action: AuditDraft['action'], id: ExportId | undefined): AuditDraft {
  return { at: seconds(0), actor: ANNA, action, object: { type: 'export', id: id ?? '' }, outcome: 'ok', reason: 'claim 4711', details: {}, personal: {} }
}

async function actionsOf(audit: AuditLog): Promise<readonly string[]> {
  const { entries } = await audit.read({ objectId: null, actorId: null, action: null, from: null, to: null }, { first: 100, before: null })
  return entries.map(({ entry: { action } }) => action)
}
