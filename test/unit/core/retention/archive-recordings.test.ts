import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { verifiedBy } from '../../../../core/crypto/ed25519-signer.ts'
import { readManifestEnd, readManifestLine } from '../../../../core/domain/archive-manifest.ts'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import type { ArchiveStep } from '../../../../core/retention/archive-recordings.ts'
import { ArchiveBench, RUN } from '../../../support/archive-bench.ts'
import { collect } from '../../../support/bytes.ts'
import { MemoryBlobStore } from '../../../support/fakes/memory-blob-store.ts'
import { condemnation, HEADER, orderFor } from '../../../support/held-recordings.ts'
import { idAt } from '../../../support/recording-facts.ts'
import { expectCode, rejection } from '../../../support/rejection.ts'
import { suiteDirectory } from '../../../support/suite-directory.ts'

const ALL = { type: 'all' } as const
const ID = idAt(0)
const { signal } = new AbortController()
const MANIFEST = 'cold.0.00000000000000aa.manifest'

describe('RecordingArchive', () => {
  const directory = suiteDirectory()
  let own: MemoryBlobStore
  let cold: MemoryBlobStore
  let bench: ArchiveBench
  beforeEach(async () => {
    own = new MemoryBlobStore()
    cold = new MemoryBlobStore()
    bench = await ArchiveBench.open(join(directory(), `${process.hrtime.bigint()}.db`), { own, cold })
  })
  afterEach(() => bench.close())

  const wholeInArchive = async (payload: Buffer): Promise<void> => {
    expect([...own.blobs.keys()]).to.deep.equal([])
    expect([...cold.blobs.keys()].filter((name) => !name.includes('manifest')).toSorted()).to.deep.equal([`cold.${ID}.1.header`, `cold.${ID}.1.payload`])
    expect(Buffer.from(cold.blobs.get(`cold.${ID}.1.header`) ?? []).equals(HEADER)).to.equal(true)
    const recording = await bench.catalogue.repository.find(ID, ALL)
    expect(recording?.state).to.equal('archived')
    const found = await bench.blobs.open(recording?.media?.payloadName ?? '')
    expect(found === null ? null : (await collect(found.read(0, found.sizeBytes))).equals(payload)).to.equal(true)
    expect(await bench.catalogue.archived.leftOriginals(5)).to.deep.equal([])
  }

  it('moves header and payload as they are, says so once, and leaves nothing where they were', async () => {
    const payload = await bench.stored({ id: ID })
    expect(await bench.archive().archive(ID, RUN, signal)).to.deep.equal({ outcome: 'archived', sizeBytes: payload.length + HEADER.length })
    expect(await bench.archive().archive(ID, RUN, signal)).to.deep.equal({ outcome: 'already' })
    await wholeInArchive(payload)
    expect(bench.archived).to.deep.equal([ID])
  })

  for (const step of ['payload', 'header', 'proved', 'recorded', 'cleared'] as const satisfies readonly ArchiveStep[]) {
    it(`is gone on with by the next process after one that died behind the step ${step}`, async () => {
      const payload = await bench.stored({ id: ID })
      const killed = bench.archive({ onStep: (done) => {
        if (done === step) throw new TypeError('the process dies here')
      } })
      expect(await rejection(killed.archive(ID, RUN, signal))).to.be.instanceOf(TypeError)
      const next = bench.archive()
      expect((await next.archive(ID, RUN, signal)).outcome).to.equal(step === 'recorded' || step === 'cleared' ? 'already' : 'archived')
      await next.closeRun(RUN, signal)
      await wholeInArchive(payload)
      expect(await bench.catalogue.archived.entriesAfter(RUN.id, null, 5)).to.have.length(1)
    })
  }

  it('keeps the recording where it was when the target changes a byte, loses it, or does not answer', async () => {
    const payload = await bench.stored({ id: ID })
    const name = `cold.${ID}.1.payload`
    const after = (change: () => void) => bench.archive({ onStep: (step) => {
      if (step === 'header') change()
    } })
    await expectCode(after(() => void cold.blobs.set(name, Buffer.from(payload).fill(7, 300_000, 300_001))).archive(ID, RUN, signal), 'INTEGRITY_MISMATCH')
    await expectCode(after(() => void cold.blobs.delete(name)).archive(ID, RUN, signal), 'STORE_FAILED')
    const away = bench.archive({ blobs: { open: (blob) => bench.blobs.open(blob), remove: (blob) => bench.blobs.remove(blob), freeBytes: async () => null, put: () => Promise.reject(new HoldfastError('STORE_FAILED', 'away')) } })
    await expectCode(away.archive(ID, RUN, signal), 'STORE_FAILED')
    expect((await bench.catalogue.repository.find(ID, ALL))?.state).to.equal('stored')
    expect([...own.blobs.keys()].toSorted()).to.deep.equal([`${ID}.1.header`, `${ID}.1.payload`])
    expect(await bench.archive().closeRun(RUN, signal)).to.equal(null)
  })

  it('does not archive bytes that are not those that were stored', async () => {
    const payload = await bench.stored({ id: ID })
    own.blobs.set(`${ID}.1.payload`, Buffer.from(payload).fill(7, 0, 1))
    await expectCode(bench.archive().archive(ID, RUN, signal), 'INTEGRITY_MISMATCH')
    expect([...cold.blobs.keys()]).to.deep.equal([])
  })

  it('copies again when the keys were rotated meanwhile', async () => {
    await bench.stored({ id: ID })
    const { keys } = bench.catalogue
    let rotated = false
    const archive = bench.archive({ ledger: { ...delegated(bench), record: async (...args) => {
      const found = rotated ? null : await keys.header(ID)
      rotated = true
      if (found !== null) await keys.replaceHeader(found, { header: Buffer.from('another'), recipients: ['age1new'], at: new Date(0) })
      return bench.catalogue.archived.record(...args)
    } } })
    expect((await archive.archive(ID, RUN, signal)).outcome).to.equal('archived')
    expect(Buffer.from(cold.blobs.get(`cold.${ID}.1.2.header`) ?? []).toString()).to.equal('another')
  })

  it('takes its copies back when the recording was destroyed meanwhile', async () => {
    await bench.stored({ id: ID })
    const archive = bench.archive({ ledger: { ...delegated(bench), record: async (...args) => {
      await bench.catalogue.destructions.condemn(orderFor(ID), condemnation())
      return bench.catalogue.archived.record(...args)
    } } })
    expect(await archive.archive(ID, RUN, signal)).to.deep.equal({ outcome: 'not-stored', state: 'purged' })
    expect([...cold.blobs.keys()]).to.deep.equal([])
  })

  it('proves what lies in the target already, and moves nothing', async () => {
    const payload = await bench.stored({ id: ID }, 'cold.')
    expect((await bench.archive().archive(ID, RUN, signal)).outcome).to.equal('archived')
    await wholeInArchive(payload)
  })

  it('knows what is not there, and what has no sound', async () => {
    expect(await bench.archive().archive(idAt(999), RUN, signal)).to.deep.equal({ outcome: 'unknown' })
  })

  it('signs a manifest of the run: each recording once, the same at each closing', async () => {
    for (const at of [0, 60, 120]) await bench.stored({ id: idAt(at), attached: { customer: 'C-1', claim: 'secret' } })
    const archive = bench.archive({ attached: ['customer'] })
    for (const at of [120, 0, 60]) await archive.archive(idAt(at), RUN, signal)
    expect(await archive.closeRun(RUN, signal)).to.equal(MANIFEST)
    const text = String(Buffer.from(cold.blobs.get(MANIFEST) ?? []))
    await bench.archive({ attached: ['customer'] }).closeRun(RUN, signal)
    expect(String(Buffer.from(cold.blobs.get(MANIFEST) ?? []))).to.equal(text)
    const lines = text.trimEnd().split('\n')
    expect(JSON.parse(lines[0] ?? '')).to.deep.equal({ holdfastArchive: 1, installation: 'node-1', runId: RUN.id, store: 'cold' })
    expect(lines.slice(1, -1).map((line) => readManifestLine(line)?.recordingId)).to.deep.equal([idAt(0), idAt(60), idAt(120)])
    expect(text).to.not.contain('secret')
    expect(JSON.parse(lines[1] ?? '')).to.deep.include({ rule: 'after a month', attached: { customer: 'C-2' }, sealed: true, recipients: ['age1operational'] })
    const end = readManifestEnd(lines.at(-1) ?? '')
    expect(end).to.deep.include({ recordings: 3, sha256: createHash('sha256').update(`${lines.slice(0, -1).join('\n')}\n`).digest('hex') })
    expect(end === null ? null : verifiedBy(bench.signer.verificationKeyPem, end.signed, end.signature)).to.deep.equal({ fits: true, keyId: bench.signer.keyId })
  })

  it('stops between two pieces when it is told to', async () => {
    await bench.stored({ id: ID })
    const stopping = new AbortController()
    const archive = bench.archive({ onStep: () => stopping.abort(new Error('the service ends')) })
    expect(await rejection(archive.archive(ID, RUN, stopping.signal))).to.be.an('error').with.property('message', 'the service ends')
    expect((await bench.catalogue.repository.find(ID, ALL))?.state).to.equal('stored')
  })
})

function delegated({ catalogue: { archived } }: ArchiveBench) {
  return {
    candidate: archived.candidate.bind(archived), placeOf: archived.placeOf.bind(archived), entriesAfter: archived.entriesAfter.bind(archived),
    leftOriginals: archived.leftOriginals.bind(archived), originalGone: archived.originalGone.bind(archived),
  }
}
