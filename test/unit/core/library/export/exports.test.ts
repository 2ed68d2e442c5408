import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'chai'
import { flacFile } from '../../../../support/audio/flac-file.ts'
import { describe, it } from 'mocha'
import { sealerTo } from '../../../../../core/crypto/sealer-to.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import type { Requester, RoleName } from '../../../../../core/domain/actor.ts'
import { parseCustomRoleName, parseExportId, parseNodeName, parseRecordingId, parseTokenId, parseUserId } from '../../../../../core/domain/ids.ts'
import type { ExportWish } from '../../../../../core/library/export/exports.ts'
import { EXPORT_KEPT_MS, EXPORT_RESERVE_BYTES } from '../../../../../core/library/export/export-worker.ts'
import { STANDING_CHECK_MS } from '../../../../../core/library/playback/playback.ts'
import { readPackage, verifyPackage } from '../../../../../core/library/export/package-verify.ts'
import type { AudioEncoder } from '../../../../../core/ports/audio-encoder.ts'
import { ANY_RECORDING } from '../../../../../core/ports/recording-repository.ts'
import { openSqliteDatabase } from '../../../../../core/store/sql/sqlite-database.ts'
import { catalogueIn, type ProvableCatalogue } from '../../../../../core/store/catalogue.ts'
import { collect, inPieces } from '../../../../support/bytes.ts'
import { MemoryBlobStore } from '../../../../support/fakes/memory-blob-store.ts'
import { temporaryDirectory } from '../../../../support/hooks.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench } from '../library-bench.ts'

const NEVER = new AbortController().signal

/** Makes no Opus, but something that is smaller. */
const HALF: AudioEncoder = {
  async *opus(wav) {
    for await (const piece of wav) yield piece.subarray(0, Math.ceil(piece.length / 2))
  },
}

interface Opened {
  readonly bench: LibraryBench
  readonly blobs: MemoryBlobStore
  readonly store: ProvableCatalogue
  readonly officer: Requester
}

/** The readers' services, with exports in a database of their own. */
async function opened(work: (given: Opened) => Promise<void>, encoder: AudioEncoder = HALF): Promise<void> {
  const database = await openSqliteDatabase({ file: join(await temporaryDirectory(), 'exports.db'), schema: 'catalogue', readers: 'own' })
  const blobs = new MemoryBlobStore()
  let bench: LibraryBench | null = null
  const store = catalogueIn(database, { node: parseNodeName('node-1'), runtime: (await LibraryBench.open()).runtime })
  try {
    bench = await LibraryBench.open({ packages: { register: store.exports, blobs, encoder, sealerTo, owner: 'w1', wake: () => undefined } })
    await work({ bench, blobs, store, officer: await bench.library.authentication.authenticate(await bench.token('compliance-officer'), '192.0.2.7') })
  } finally {
    await store.close()
  }
}

function wish(differs: Partial<ExportWish>): ExportWish {
  return { ids: null, filter: null, audio: 'wav', recipient: null, reason: 'claim 4711', ...differs }
}

const CARLA = parseUserId('00000000000000c1')

async function userWith(bench: LibraryBench, role: RoleName, partitions: readonly string[]): Promise<void> {
  const user = { id: CARLA, name: 'carla', role, agent: null, partitions, units: [], createdAt: bench.now, disabledAt: null }
  await bench.people.change(() => ({ changes: [{ type: 'user', user }], audit: [], restamp: null }))
}

async function requesterOf(bench: LibraryBench): Promise<Requester> {
  const requester = await bench.library.authentication.user(CARLA, '192.0.2.9')
  if (requester === null) throw new Error('there is no such user')
  return requester
}

async function actionsOf(store: ProvableCatalogue): Promise<readonly string[]> {
  const { entries } = await store.audit.read({ objectId: null, actorId: null, action: null, from: null, to: null }, { first: 100, before: null, after: 0 })
  return entries.map(({ entry: { action, outcome, reason } }) => `${action} ${outcome} ${reason}`)
}

async function verdictOf(archive: Buffer): Promise<string> {
  const sha256 = async (content: Blob): Promise<string> => createHash('sha256').update(Buffer.from(await content.arrayBuffer())).digest('hex')
  return (await verifyPackage({ ...await readPackage(new Blob([Uint8Array.from(archive)])), origin: 'archive', sha256, trustedKeyPem: null, auditKeys: null })).verdict
}

describe('exports', () => {
  it('are made in the background, fetched by ticket and range, and told in the audit', async () => {
    await opened(async ({ bench, store, officer, blobs }) => {
      const stored = [await bench.stored({ sizeBytes: 90_000 }), await bench.stored({ sizeBytes: 500 })]
      const { exports, exportWorker } = bench.library
      const ordered = await exports.request(officer, wish({ ids: stored.map(({ id }) => id) }))
      expect(ordered).to.deep.include({ state: 'queued', recordings: 2, done: 0 })
      await expectCode(exports.ticket(officer, ordered.id), 'EXPORT_NOT_READY')
      const seen: number[] = []
      expect(await exportWorker.work(NEVER, { only: null, progress: (done) => seen.push(done) })).to.equal(ordered.id)
      expect(seen).to.deep.equal([0, 1, 2])
      const record = await exports.find(officer, ordered.id)
      expect(record).to.deep.include({ state: 'ready', done: 2 })
      const found = await exports.open((await exports.ticket(officer, ordered.id)).text, null)
      const archive = await collect(exports.read(found, 0, found.record.sizeBytes))
      expect(archive).to.have.length(found.record.sizeBytes)
      expect(await verdictOf(archive)).to.equal('good')
      for (const [start, end] of [[0, 1], [1000, 70_000], [88_000, 93_000], [archive.length - 1, archive.length]] as const) {
        expect(await collect(exports.read(found, start, end)), `${start} to ${end}`).to.deep.equal(archive.subarray(start, end))
      }
      // At rest nothing of it is open.
      const plain = stored[0]?.plain.subarray(2000, 2064) ?? Buffer.alloc(0)
      expect([...blobs.blobs.values()].some((blob) => Buffer.from(blob).includes(plain) || Buffer.from(blob).includes('claim 4711'))).to.equal(false)
      expect(archive.includes(plain)).to.equal(true)
      expect(await actionsOf(store)).to.deep.equal(['export.requested ok claim 4711', 'recording.exported ok claim 4711', 'recording.exported ok claim 4711', 'export.made ok claim 4711'])
      expect(bench.audited().filter((action) => action.startsWith('export'))).to.deep.equal(['export.fetched'])
    })
  })

  it('go on behind the last whole recording when their worker dies, and leave nothing of it', async () => {
    await opened(async ({ bench, officer, blobs }) => {
      const stored = [await bench.stored(), await bench.stored(), await bench.stored()]
      const { exports, exportWorker } = bench.library
      const { id } = await exports.request(officer, wish({ ids: stored.map((one) => one.id) }))
      const dying = new AbortController()
      await exportWorker.work(dying.signal, { only: id, progress: (done) => { if (done === 1) dying.abort() } })
      expect(await exports.find(officer, id)).to.deep.include({ state: 'queued', done: 1 })
      const first = [...blobs.blobs.keys()]
      // What a worker leaves that was killed behind the disk and before the row.
      await blobs.put(`${id}.1.1`, inPieces(Buffer.from('left')))
      const seen: number[] = []
      await exportWorker.work(NEVER, { only: id, progress: (done) => seen.push(done) })
      expect(seen).to.deep.equal([1, 2, 3])
      expect([...blobs.blobs.keys()].toSorted()).to.deep.equal([...first, `${id}.1.2`, `${id}.2.2`, `${id}.3.2`].toSorted())
      const found = await exports.whole(officer, id)
      expect(await verdictOf(await collect(exports.read(found, 0, found.record.sizeBytes)))).to.equal('good')
    })
  })

  for (const stood of ['between two recordings', 'while a recording was written'] as const) {
    it(`are left alone by a worker whose process stood still ${stood} until another had made them`, async () => {
      await opened(async ({ bench, store, officer, blobs }) => {
        const stored = [await bench.stored(), await bench.stored(), await bench.stored()]
        const { exports, exportWorker } = bench.library
        const { id } = await exports.request(officer, wish({ ids: stored.map((one) => one.id) }))
        let stalls = 1
        const standStill = async (): Promise<void> => {
          stalls -= 1
          if (stalls < 0) return
          bench.pass(61_000)
          // Of the same name: the attempt tells them apart.
          expect(await exportWorker.work(NEVER, { only: id })).to.equal(id)
        }
        const put = blobs.put.bind(blobs)
        const addPart = store.exports.addPart.bind(store.exports)
        blobs.put = async (name, bytes) => {
          if (stood === 'while a recording was written' && name === `${id}.1.1`) await standStill()
          return await put(name, bytes)
        }
        store.exports.addPart = async (...asked) => {
          await addPart(...asked)
          if (stood === 'between two recordings') await standStill()
        }
        const begun: number[] = []
        await exportWorker.work(NEVER, { only: id, progress: (done) => void begun.push(done) })
        expect(begun, 'what the one that stood still began').to.deep.equal(stood === 'between two recordings' ? [0] : [0, 1])
        expect(stalls).to.be.lessThan(1)
        expect([...blobs.blobs.keys()].toSorted()).to.deep.equal([`${id}.0.1`, `${id}.1.2`, `${id}.2.2`, `${id}.3.2`])
        expect(await exports.find(officer, id)).to.deep.include({ state: 'ready', attempts: 2 })
        expect((await actionsOf(store)).filter((action) => action.startsWith('export.made'))).to.deep.equal(['export.made ok claim 4711'])
        const whole = await exports.whole(officer, id)
        expect(await verdictOf(await collect(exports.read(whole, 0, whole.record.sizeBytes)))).to.equal('good')
      })
    })
  }

  it('are not made of sound that could not be made smaller to its end, and leave nothing of it', async () => {
    let attempts = 0
    const failing: AudioEncoder = {
      async *opus(wav) {
        attempts += 1
        for await (const piece of wav) {
          yield piece.subarray(0, 10)
          throw new HoldfastError('ENCODER_FAILED', 'ffmpeg did not make Opus of the whole sound')
        }
      },
    }
    await opened(async ({ bench, officer, blobs, store }) => {
      const { exports, exportWorker } = bench.library
      const { id } = await exports.request(officer, wish({ ids: [(await bench.stored()).id], audio: 'opus' }))
      // It may have been the machine: tried again, and given up at last.
      while ((await exports.find(officer, id))?.state === 'queued') await exportWorker.work(NEVER, { only: id })
      expect(await exports.find(officer, id)).to.deep.include({ state: 'failed', failure: 'ENCODER_FAILED' })
      expect([...blobs.blobs.keys()].filter((name) => name.startsWith(id))).to.deep.equal([])
      expect((await actionsOf(store)).at(-1)).to.equal('export.made failed ENCODER_FAILED')
      expect(attempts).to.equal(8)
    }, failing)
  })

  it('stop when the right is lost meanwhile', async () => {
    await opened(async ({ bench, store }) => {
      const stored = [await bench.stored(), await bench.stored()]
      const token = await bench.token('integrator', ['/sales'])
      const requester = await bench.library.authentication.authenticate(token, '192.0.2.7')
      const { exports, exportWorker } = bench.library
      const { id } = await exports.request(requester, wish({ ids: stored.map((one) => one.id) }))
      await bench.tokens.revoke(parseTokenId(requester.actor.id), bench.now, { at: bench.now, actor: requester.actor, action: 'token.revoked', object: { type: 'token', id: requester.actor.id }, outcome: 'ok', reason: null, details: {}, personal: {} })
      await exportWorker.work(NEVER, { only: id })
      expect(await exports.find(requester, id)).to.deep.include({ state: 'failed', failure: 'FORBIDDEN' })
      expect((await actionsOf(store)).at(-1)).to.equal('export.made refused FORBIDDEN')
    })
  })

  it('are not fetched by who lost a recording of it after it was made', async () => {
    await opened(async ({ bench }) => {
      const { id: recording } = await bench.stored()
      await userWith(bench, 'integrator', ['/sales'])
      const requester = await requesterOf(bench)
      const { exports, exportWorker } = bench.library
      const { id } = await exports.request(requester, wish({ ids: [recording] }))
      await exportWorker.work(NEVER, { only: id })
      const { text } = await exports.ticket(requester, id)
      const found = await exports.open(text, null)
      await userWith(bench, 'integrator', ['/support'])
      await expectCode(exports.ticket(await requesterOf(bench), id), 'RECORDING_NOT_FOUND')
      await expectCode(exports.open(text, null), 'RECORDING_NOT_FOUND')
      await expectCode(collect(exports.read(found, 0, found.record.sizeBytes)), 'RECORDING_NOT_FOUND')
      await userWith(bench, 'integrator', ['/sales'])
      expect(await collect(exports.read(await exports.open(text, null), 0, 512))).to.have.length(512)
    })
  })

  it('are made for a role that has to say why, by the reason that was given', async () => {
    await opened(async ({ bench }) => {
      const { id: recording } = await bench.stored()
      const role = parseCustomRoleName('takes-away')
      await bench.people.change(() => ({ changes: [{ type: 'role', role: { name: role, permissions: ['export'], reach: 'everything', sees: ['open'], hears: 'whole', reasonRequired: true } }], audit: [], restamp: null }))
      await userWith(bench, role, [])
      const requester = { ...await requesterOf(bench), reason: 'claim 4711' }
      const { id } = await bench.library.exports.request(requester, wish({ ids: [recording] }))
      await bench.library.exportWorker.work(NEVER, { only: id })
      expect(await bench.library.exports.find(requester, id)).to.deep.include({ state: 'ready', failure: null })
    })
  })

  it('are seen by whoever ordered them alone, and by nobody without the permission', async () => {
    await opened(async ({ bench, officer }) => {
      const { id: recording } = await bench.stored()
      const { exports } = bench.library
      const { id } = await exports.request(officer, wish({ ids: [recording] }))
      const other = await bench.library.authentication.authenticate(await bench.token('compliance-officer'), '192.0.2.8')
      expect(await exports.find(other, id)).to.equal(null)
      expect(await exports.list(other, 10)).to.deep.equal([])
      await expectCode(exports.cancel(other, id), 'EXPORT_NOT_FOUND')
      const supervisor = await bench.library.authentication.authenticate(await bench.token('supervisor'), '192.0.2.8')
      await expectCode(exports.request(supervisor, wish({ ids: [recording] })), 'FORBIDDEN')
      await expectCode(exports.open('x', null), 'TICKET_INVALID')
    })
  })

  it('refuse what they cannot do before they begin', async () => {
    await opened(async ({ bench, officer }) => {
      const { id } = await bench.stored()
      const live = await bench.recording()
      const { exports } = bench.library
      await expectCode(exports.request(officer, wish({ ids: [id], reason: '  ' })), 'REASON_REQUIRED')
      await expectCode(exports.request(officer, wish({ ids: [id], recipient: 'age1none' })), 'FILTER_INVALID')
      await expectCode(exports.request(officer, wish({})), 'FILTER_INVALID')
      await expectCode(exports.request(officer, wish({ ids: [live] })), 'MEDIA_NOT_READY')
      await expectCode(exports.request(officer, wish({ ids: [parseRecordingId('999')] })), 'RECORDING_NOT_FOUND')
      for (let count = 0; count < 5; count += 1) await exports.request(officer, wish({ filter: ANY_RECORDING }))
      await expectCode(exports.request(officer, wish({ ids: [id] })), 'EXPORT_LIMIT')
    })
  })

  it('leave the disk a reserve', async () => {
    await opened(async ({ bench, officer, blobs }) => {
      const { id, plain } = await bench.stored()
      blobs.freeBytes = async () => EXPORT_RESERVE_BYTES + plain.length - 1
      await expectCode(bench.library.exports.request(officer, wish({ ids: [id] })), 'EXPORT_LIMIT')
      blobs.freeBytes = async () => EXPORT_RESERVE_BYTES + plain.length
      expect(await bench.library.exports.request(officer, wish({ ids: [id] }))).to.include({ state: 'queued' })
    })
  })

  it('are destroyed when they expire or are cancelled', async () => {
    await opened(async ({ bench, officer, blobs }) => {
      const { id: recording } = await bench.stored()
      const { exports, exportWorker } = bench.library
      const ids = [(await exports.request(officer, wish({ ids: [recording] }))).id, (await exports.request(officer, wish({ ids: [recording] }))).id]
      for (const id of ids) await exportWorker.work(NEVER, { only: id })
      const [first, second] = [parseExportId(ids[0] ?? ''), parseExportId(ids[1] ?? '')]
      const found = await exports.whole(officer, second)
      await exports.cancel(officer, second)
      await expectCode(collect(exports.read(found, 0, 10)), 'EXPORT_OVER')
      expect(await exportWorker.sweep()).to.equal(1)
      expect([...blobs.blobs.keys()].every((name) => name.startsWith(first))).to.equal(true)
      bench.pass(EXPORT_KEPT_MS)
      await expectCode(exports.whole(officer, first), 'EXPORT_OVER')
      expect(await exportWorker.sweep()).to.equal(1)
      expect(blobs.blobs.size).to.equal(0)
    })
  })
})

describe('an export that is over', () => {
  it('says that it is expired, is handed out by neither a new ticket nor an old one, and the refusals stand in the audit', async () => {
    await opened(async ({ bench, officer }) => {
      const { id: recording } = await bench.stored()
      const { exports, exportWorker } = bench.library
      const { id } = await exports.request(officer, wish({ ids: [recording] }))
      await exportWorker.work(NEVER, { only: id })
      bench.pass(EXPORT_KEPT_MS - 1000)
      const { text } = await exports.ticket(officer, id)
      bench.pass(1000)
      await expectCode(exports.ticket(officer, id), 'EXPORT_OVER')
      await expectCode(exports.open(text, null), 'EXPORT_OVER')
      await exportWorker.sweep()
      expect(await exports.find(officer, id)).to.include({ state: 'expired' })
      await expectCode(exports.ticket(officer, id), 'EXPORT_OVER')
      expect(bench.audited().filter((action) => action.startsWith('export.fetched'))).to.deep.equal(Array.from({ length: 3 }, () => 'export.fetched refused'))
    })
  })
})

describe('a download', () => {
  it('is one recording, once, with the reason in the audit before the first byte', async () => {
    await opened(async ({ bench, officer }) => {
      const { id, plain } = await bench.stored({ sizeBytes: 70_000 })
      const { downloads } = bench.library
      const { ticket } = await downloads.request(officer, id, { audio: 'wav', reason: 'asked for by the customer' })
      const file = await downloads.open(ticket, null)
      expect(file).to.deep.include({ fileName: `recording-${id}.wav`, format: 'wav-pcm16', sizeBytes: 70_000 })
      expect(bench.audited()).to.not.include('recording.exported')
      expect(await collect(file.bytes(NEVER))).to.deep.equal(plain)
      expect(bench.audited().at(-1)).to.equal('recording.exported')
      await expectCode(downloads.open(ticket, null), 'TICKET_INVALID')
    })
  })

  it('is begun within five minutes, or asked for again', async () => {
    await opened(async ({ bench, officer }) => {
      const { id } = await bench.stored()
      const { downloads } = bench.library
      const { ticket, expiresAt } = await downloads.request(officer, id, { audio: 'wav', reason: 'asked for by the customer' })
      expect(expiresAt.getTime() - bench.now.getTime()).to.equal(5 * 60_000)
      bench.pass(5 * 60_000)
      await expectCode(downloads.open(ticket, null), 'TICKET_EXPIRED')
    })
  })

  it('ends on its way when the right to it is lost', async () => {
    await opened(async ({ bench }) => {
      const { id } = await bench.stored({ sizeBytes: 400_000 })
      await userWith(bench, 'integrator', ['/sales'])
      const { downloads } = bench.library
      const file = await downloads.open((await downloads.request(await requesterOf(bench), id, { audio: 'wav', reason: 'asked for' })).ticket, null)
      const bytes = file.bytes(NEVER)
      expect((await bytes.next()).done).to.equal(false)
      await userWith(bench, 'integrator', ['/support'])
      bench.pass(STANDING_CHECK_MS)
      await expectCode(collect(bytes), 'RECORDING_NOT_FOUND')
    })
  })

  it('is opened with no token of anybody else, whose attempt does not use it up', async () => {
    await opened(async ({ bench, officer }) => {
      const { id } = await bench.stored()
      const { downloads } = bench.library
      const other = await bench.library.authentication.authenticate(await bench.token('compliance-officer'), '192.0.2.8')
      const { ticket } = await downloads.request(officer, id, { audio: 'wav', reason: 'asked for' })
      await expectCode(downloads.open(ticket, other.actor), 'TICKET_INVALID')
      expect((await downloads.open(ticket, officer.actor)).fileName).to.equal(`recording-${id}.wav`)
    })
  })

  it('may be made smaller on the way', async () => {
    await opened(async ({ bench, officer }) => {
      const { id } = await bench.stored({ sizeBytes: 70_000 })
      const { downloads } = bench.library
      const file = await downloads.open((await downloads.request(officer, id, { audio: 'opus', reason: 'for the train' })).ticket, null)
      expect(file).to.deep.include({ fileName: `recording-${id}.opus`, format: 'opus', sizeBytes: null })
      expect(await collect(file.bytes(NEVER))).to.have.length(35_000)
    })
  })

  it('of FLAC is the file as it is stored, and Opus is made of its samples', async () => {
    await opened(async ({ bench, officer }) => {
      const plain = flacFile([{ received: new Int16Array(8000).fill(5), transmitted: new Int16Array(8000) }])
      const { id } = await bench.stored({ file: { plain, media: { format: 'flac', durationMs: 1000 } } })
      const { downloads } = bench.library
      const file = await downloads.open((await downloads.request(officer, id, { audio: 'wav', reason: 'asked for' })).ticket, null)
      expect(file).to.deep.include({ fileName: `recording-${id}.flac`, format: 'flac', sizeBytes: plain.length })
      expect(await collect(file.bytes(NEVER))).to.deep.equal(plain)
      const smaller = await downloads.open((await downloads.request(officer, id, { audio: 'opus', reason: 'asked for' })).ticket, null)
      // The bench's encoder takes every second byte: of a WAV of a second and a millisecond.
      expect((await collect(smaller.bytes(NEVER))).length).to.be.within((44 + 32_000) / 2, (44 + 32_032) / 2)
    })
  })

  it('is refused without the permission or the reason, and the refusal stands in the audit', async () => {
    await opened(async ({ bench, officer }) => {
      const { id } = await bench.stored()
      const supervisor = await bench.library.authentication.authenticate(await bench.token('supervisor'), '192.0.2.8')
      await expectCode(bench.library.downloads.request(supervisor, id, { audio: 'wav', reason: 'curiosity' }), 'FORBIDDEN')
      await expectCode(bench.library.downloads.request(officer, id, { audio: 'wav', reason: '' }), 'REASON_REQUIRED')
      expect(bench.audited().filter((action) => action.startsWith('recording.exported'))).to.deep.equal(['recording.exported refused', 'recording.exported refused'])
    })
  })
})
