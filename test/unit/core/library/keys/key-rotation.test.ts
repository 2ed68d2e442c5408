import { expect } from 'chai'
import { afterEach, before, beforeEach, describe, it } from 'mocha'
import { openHeader } from '../../../../../core/crypto/age-header.ts'
import { KeyRing, type NewIdentity, newIdentity } from '../../../../../core/crypto/key-ring.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import type { RecordingId } from '../../../../../core/domain/ids.ts'
import type { RotationStep } from '../../../../../core/library/keys/header-rotation.ts'
import type { BlobStore } from '../../../../../core/ports/blob-store.ts'
import { checkBackup } from '../../../../../core/library/keys/key-backup-check.ts'
import { orderFor } from '../../../../support/held-recordings.ts'
import { idAt } from '../../../../support/recording-facts.ts'
import { expectCode, rejection } from '../../../../support/rejection.ts'
import { cipherOf, PLAIN, RotationBench } from '../../../../support/rotation-bench.ts'
import { suiteDirectory } from '../../../../support/suite-directory.ts'

const STEPS = ['wrapped', 'in-force', 'written', 'forgotten'] as const satisfies readonly RotationStep[]
const ID = idAt(0)

describe('KeyRotation', () => {
  const directory = suiteDirectory()
  let bench: RotationBench
  let old: NewIdentity
  let fresh: NewIdentity
  let escrow: NewIdentity
  before(async () => {
    [old, fresh, escrow] = await Promise.all([newIdentity(new Date(0)), newIdentity(new Date(0)), newIdentity(new Date(0))])
  })
  beforeEach(async () => {
    bench = await RotationBench.open(directory())
  })
  afterEach(() => bench.close())

  /** It is as after one rotation that nobody disturbed: heard by the new ones, and nothing is left that the old one opens. */
  async function expectRotated(id: RecordingId, version = 2): Promise<void> {
    for (const one of [fresh, escrow]) expect((await bench.heard(id, [one]))?.equals(PLAIN)).to.equal(true)
    await expectCode(bench.heard(id, [old]), 'NO_IDENTITY')
    const headers = await bench.headers(id)
    expect(headers).to.have.length(2)
    for (const header of headers) expect(await opens(header, old)).to.equal(false)
    expect((await bench.catalogue.keys.header(id))?.version).to.equal(version)
    expect([...bench.blobs.blobs.keys()].filter((name) => name.startsWith(`${id}.`)).toSorted()).to.deep.equal([`${id}.1.${version}.header`, `${id}.1.payload`])
    expect((await bench.catalogue.jobs.backlog('rotate', bench.now)).waiting).to.equal(0)
  }

  it('seals everything to the present recipients, writes no payload, and leaves nothing for the old ones', async () => {
    for (const second of [0, 60, 120]) await bench.stored(idAt(second), [old, escrow])
    await bench.stored(idAt(180), [fresh, escrow])
    const payloads = new Map([...bench.blobs.blobs].filter(([name]) => name.endsWith('payload')))
    const rotation = await bench.rotation([fresh, escrow], [old, fresh])
    const plan = await rotation.plan()
    expect(plan).to.deep.include({ asWanted: 1, queued: 0, unopened: [] })
    expect(plan.toRotate.map(({ recordings }) => recordings)).to.deep.equal([3])
    const shown: number[] = []
    expect(await bench.rotated(rotation, { onProgress: (done, left) => shown.push(done, left) })).to.deep.equal({ rotated: 3, asWanted: 0, gone: 0, failed: 0, failures: [], left: 0 })
    expect(shown).to.deep.equal([1, 2, 2, 1, 3, 0])
    for (const second of [0, 60, 120]) await expectRotated(idAt(second))
    for (const [name, bytes] of payloads) expect(bench.blobs.blobs.get(name)).to.equal(bytes)
    expect((await bench.catalogue.keys.header(idAt(180)))?.version).to.equal(1)
    expect(await bench.rotated(await bench.rotation([escrow, fresh], [fresh]))).to.deep.include({ rotated: 0, asWanted: 0 })
  })

  it('does nothing but tell when it is only asked what it would do', async () => {
    await bench.stored(ID, [old])
    await (await bench.rotation([fresh, escrow], [old])).plan()
    expect((await bench.heard(ID, [old]))?.equals(PLAIN)).to.equal(true)
    expect((await bench.catalogue.jobs.backlog('rotate', bench.now)).waiting).to.equal(0)
  })

  for (const step of STEPS) {
    it(`is gone on with after a process that died at "${step}", and is heard meanwhile`, async () => {
      await bench.stored(ID, [old, escrow])
      const dying = await bench.rotation([fresh, escrow], [old])
      await rejection(bench.rotated(dying, { onStep: (at) => {
        if (at === step) throw new TypeError('the process dies here')
      } }))
      expect((await bench.heard(ID, [escrow]))?.equals(PLAIN)).to.equal(true)
      bench.pass()
      await bench.rotated(await bench.rotation([fresh, escrow], [old, fresh]))
      await expectRotated(ID)
    })

    it(`leaves nothing of a recording that is destroyed at "${step}"`, async () => {
      await bench.stored(ID, [old, escrow])
      let destroyed: Promise<unknown> = Promise.resolve()
      const rotation = await bench.rotation([fresh, escrow], [old], pausing(bench.blobs, () => destroyed))
      const report = await bench.rotated(rotation, { onStep: (at) => {
        if (at === step) destroyed = bench.destroyer().destroy(orderFor(ID))
      } })
      await destroyed
      expect(report).to.deep.include({ failed: 0, left: 0 })
      expect(await bench.headers(ID)).to.have.length(0)
      expect(await bench.heard(ID, [escrow])).to.equal(null)
    })

    it(`clears up after a process that died at "${step}" when the recording was destroyed since`, async () => {
      await bench.stored(ID, [old, escrow])
      await rejection(bench.rotated(await bench.rotation([fresh, escrow], [old]), { onStep: (at) => {
        if (at === step) throw new TypeError('the process dies here')
      } }))
      const kept = [...bench.blobs.blobs].filter(([name]) => name.endsWith('2.header'))
      await bench.destroyer().destroy(orderFor(ID))
      // The write that the dying process had under way arrives behind the destroyer.
      for (const [name, bytes] of kept) bench.blobs.blobs.set(name, bytes)
      bench.pass()
      expect(await bench.rotated(await bench.rotation([fresh, escrow], [old]))).to.deep.include({ gone: 1, failed: 0, left: 0 })
      expect(await bench.headers(ID)).to.have.length(0)
    })
  }

  it('breaks no reading that goes on, nor one that begins at any moment', async () => {
    await bench.stored(ID, [old, escrow])
    const heard: Promise<Buffer | null>[] = []
    await bench.rotated(await bench.rotation([fresh, escrow], [old]), { onStep: () => {
      for (let reader = 0; reader < 3; reader += 1) heard.push(bench.heard(ID, [escrow]))
    } })
    expect(heard).to.have.length(12)
    for (const bytes of await Promise.all(heard)) expect(bytes?.equals(PLAIN)).to.equal(true)
  })

  it('shares the work with another run, and rotates nothing twice', async () => {
    const ids = [0, 60, 120, 180, 240, 300].map((second) => idAt(second))
    for (const id of ids) await bench.stored(id, [old, escrow])
    const reports = await Promise.all([bench.rotated(await bench.rotation([fresh, escrow], [old])), bench.rotated(await bench.rotation([fresh, escrow], [old]))])
    expect(reports.reduce((sum, { rotated }) => sum + rotated, 0)).to.equal(6)
    for (const id of ids) await expectRotated(id)
  })

  it('leaves as it is, and tells, what no identity here opens', async () => {
    await bench.stored(ID, [escrow])
    await bench.stored(idAt(60), [old, escrow])
    const rotation = await bench.rotation([fresh, escrow], [old])
    const { unopened } = await rotation.plan()
    expect(unopened).to.deep.equal([{ recipients: [escrow.recipient], recordings: 1 }])
    expect((await bench.rotated(rotation)).rotated).to.equal(1)
    expect((await bench.catalogue.keys.header(ID))?.version).to.equal(1)
  })

  it('touches nothing of an object that is damaged or gone, and goes on with the others', async () => {
    for (const second of [0, 60, 120]) await bench.stored(idAt(second), [old, escrow])
    const damaged = bench.blobs.blobs.get(`${ID}.1.payload`)
    if (damaged !== undefined) damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1
    bench.blobs.blobs.delete(`${idAt(60)}.1.payload`)
    const report = await bench.rotated(await bench.rotation([fresh, escrow], [old, fresh]))
    expect(report).to.deep.equal({ rotated: 1, asWanted: 0, gone: 0, failed: 2, failures: [{ recordingId: ID, reason: 'INTEGRITY_MISMATCH' }, { recordingId: idAt(60), reason: 'BLOB_NOT_FOUND' }], left: 0 })
    for (const id of [ID, idAt(60)]) expect((await bench.catalogue.keys.header(id))?.version).to.equal(1)
    await expectRotated(idAt(120))
  })

  it('ends between two recordings when it is asked to, and the next run goes on', async () => {
    for (const second of [0, 60, 120]) await bench.stored(idAt(second), [old, escrow])
    const ending = new AbortController()
    const report = await bench.rotated(await bench.rotation([fresh, escrow], [old]), { signal: ending.signal, onProgress: () => ending.abort() })
    expect(report).to.deep.include({ rotated: 1, left: 2 })
    expect(await bench.rotated(await bench.rotation([fresh, escrow], [old]))).to.deep.include({ rotated: 2, left: 0 })
  })

  it('rotates again and again', async () => {
    await bench.stored(ID, [old, escrow])
    await bench.rotated(await bench.rotation([escrow], [old]))
    await bench.rotated(await bench.rotation([old], [escrow]))
    await bench.rotated(await bench.rotation([fresh, escrow], [old]))
    await expectRotated(ID, 4)
  })

  describe('a backup', () => {
    it('opens what is sealed to it, says what is sealed to others, and finds what is damaged', async () => {
      for (const second of [0, 60]) await bench.stored(idAt(second), [old, escrow])
      await bench.stored(idAt(120), [fresh])
      await bench.stored(idAt(180), [escrow])
      const tried = async (identity: NewIdentity, size = 9): Promise<readonly (string | null)[]> => (await checkBackup(
        { catalogue: bench.catalogue.keys, blobs: bench.blobs, cipher: await cipherOf([], [identity]) }, { size, recipients: [identity.recipient], draw: () => 0.5 },
      )).map(({ outcome, reason }) => reason ?? outcome)
      expect(await tried(escrow)).to.deep.equal(['opened', 'opened', 'foreign', 'opened'])
      const payload = bench.blobs.blobs.get(`${ID}.1.payload`)
      if (payload !== undefined) bench.blobs.blobs.set(`${ID}.1.payload`, payload.subarray(0, -1))
      bench.blobs.blobs.delete(`${idAt(60)}.1.payload`)
      expect(await tried(escrow)).to.deep.equal(['INTEGRITY_MISMATCH', 'BLOB_NOT_FOUND', 'foreign', 'opened'])
      expect(await tried(fresh, 2)).to.deep.equal(['foreign', 'foreign'])
    })

    it('reads no sound but the end', async () => {
      await bench.stored(ID, [escrow])
      const read: number[] = []
      const blobs: Pick<BlobStore, 'open'> = { open: async (name) => {
        const blob = await bench.blobs.open(name)
        return blob === null ? null : { sizeBytes: blob.sizeBytes, read: (start, end) => {
          read.push(end - start)
          return blob.read(start, end)
        } }
      } }
      await checkBackup({ catalogue: bench.catalogue.keys, blobs, cipher: await cipherOf([], [escrow]) }, { size: 1, recipients: [escrow.recipient], draw: () => 0 })
      expect(read.reduce((sum, bytes) => sum + bytes, 0)).to.be.lessThan(PLAIN.length / 2)
    })
  })
})

async function opens(header: Uint8Array, identity: NewIdentity): Promise<boolean> {
  const ring = await KeyRing.load({ recipients: [], identities: [{ place: 'test', text: identity.fileText }] })
  return await openHeader(header, ring.exposeIdentities()).then((key) => key !== null, (error: unknown) => {
    if (error instanceof HoldfastError) return false
    throw error
  })
}

/** Lets what was begun at a step end before the next thing is done to the store, and behind it. */
function pausing(blobs: BlobStore, until: () => Promise<unknown>): BlobStore {
  return {
    put: async (name, bytes) => {
      await until()
      return await blobs.put(name, bytes)
    },
    open: (name) => blobs.open(name),
    remove: async (name) => {
      await until()
      await blobs.remove(name)
    },
    freeBytes: () => blobs.freeBytes(),
  }
}
