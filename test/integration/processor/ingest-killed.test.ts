import { describe, it } from 'mocha'
import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type NewIdentity, newIdentity } from '../../../core/crypto/key-ring.ts'
import type { RecordingId } from '../../../core/domain/ids.ts'
import { INGEST_STEPS } from '../../../core/ingest/ingest-job.ts'
import { collect } from '../../support/bytes.ts'
import { temporaryDirectory } from '../../support/hooks.ts'
import { LANES, openCatalogue, openWorker, places, spoolCalls, tellCalls } from '../../support/spooled-calls.ts'

const CHILD = join(import.meta.dirname, '../../support/ingest-child.ts')
/** `sealing`: half of the object is written; `stored`: the object is whole, and its header is not there yet. */
const POINTS = [...INGEST_STEPS, 'sealing', 'stored']
/** A needle of this length is not there by chance. */
const NEEDLE_BYTES = 32

describe('ingest that is killed', () => {
  for (const point of POINTS) {
    it(`at ${point}: no plaintext lies about, and the recording is stored once, with nothing missing`, async () => {
      const folder = await temporaryDirectory()
      const identity = await newIdentity(new Date())
      const [id] = await spoolCalls(folder, 1)
      if (id === undefined) throw new Error('no call was spooled')
      const told = await openCatalogue(folder)
      await tellCalls(told, [id])
      await told.close()

      await killedAt(point, folder, identity)
      expect(await filesWithSound(folder), 'files with sound outside of the spool').to.deep.equal([])
      await expectStoredOnce(folder, id, identity)
      expect(await filesWithSound(folder), 'files with sound outside of the spool').to.deep.equal([])
    })
  }

  it('finds sound where there is some: the search itself works', async () => {
    const folder = await temporaryDirectory()
    await spoolCalls(folder, 1)
    expect(await filesWithSound(folder, [])).to.have.length(2)
  })
})

async function killedAt(point: string, folder: string, { recipient }: NewIdentity): Promise<void> {
  const child = spawn(process.execPath, [CHILD, folder, recipient, point], { stdio: ['ignore', 'pipe', 'inherit'], env: { TMPDIR: places(folder).temporary } })
  const ended = once(child, 'exit')
  const [said] = await Promise.race([once(child.stdout, 'data'), ended.then(() => ['it ended by itself'])])
  child.kill('SIGKILL')
  await ended
  expect(String(said)).to.equal('there\n')
}

/** The next worker comes when the lease of the dead one has ended. */
async function expectStoredOnce(folder: string, id: RecordingId, identity: NewIdentity): Promise<void> {
  const store = await openCatalogue(folder)
  try {
    const later = new Date(Date.now() + 3_600_000)
    // Neither the dead worker nor this one has an identity: what is recovered and compared is so by digests alone.
    const { worker, cipher, blobs } = await openWorker(folder, store, { owner: 'successor', identity: { ...identity, fileText: '' }, now: () => later })
    expect(await worker.runOnce()).to.equal('worked')
    const recording = await store.repository.find(id, { type: 'all' })
    expect(recording?.state).to.equal('stored')
    const header = await store.repository.mediaHeader(id)
    const payload = await blobs.open(recording?.media?.payloadName ?? '-')
    if (header === null || payload === null) throw new Error('nothing is stored')
    expect(await cipher.open(header, payload)).to.equal(null)
    using opened = await (await openWorker(folder, store, { owner: 'reader', identity, now: () => later })).cipher.open(header, payload)
    const file = opened === null ? Buffer.alloc(0) : await collect(opened.read(0, opened.sizeBytes))
    expect(file.subarray(44).equals(interleaved())).to.equal(true)
    const { entries } = await store.audit.read({ objectId: id, actorId: null, action: 'recording.stored', from: null, to: null }, { first: 10, before: null })
    expect(entries.length).to.equal(1)
    expect(await store.jobs.backlog('ingest', later)).to.include({ waiting: 0 })
    expect(await filesBelow(places(folder).spool)).to.deep.equal([])
    const objects = (await filesBelow(places(folder).objects)).filter((name) => !name.endsWith('.part'))
    expect(objects.length).to.equal(2)
  } finally {
    await store.close()
  }
}

function interleaved(): Buffer {
  const frames = LANES.received.length / 2
  const file = Buffer.alloc(frames * 4)
  for (let frame = 0; frame < frames; frame += 1) {
    LANES.received.copy(file, frame * 4, frame * 2, frame * 2 + 2)
    LANES.transmitted.copy(file, frame * 4 + 2, frame * 2, frame * 2 + 2)
  }
  return file
}

/** Files that hold samples, of one lane or of both, from the beginning, the middle or the end. */
async function filesWithSound(folder: string, without: readonly string[] = [places(folder).spool]): Promise<readonly string[]> {
  const needles = [LANES.received, LANES.transmitted, interleaved()].flatMap((sound) => [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = Math.floor((sound.length - NEEDLE_BYTES) * share)
    return sound.subarray(at, at + NEEDLE_BYTES)
  }))
  const found: string[] = []
  for (const file of await filesBelow(folder)) {
    if (without.some((place) => file.startsWith(place))) continue
    const bytes = await readFile(file)
    if (needles.some((needle) => bytes.includes(needle))) found.push(file)
  }
  return found
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
