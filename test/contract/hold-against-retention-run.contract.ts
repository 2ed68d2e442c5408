import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { Ed25519Signer, newSigningKey } from '../../core/crypto/ed25519-signer.ts'
import type { RecordingId } from '../../core/domain/ids.ts'
import type { HoldPlacement } from '../../core/ports/hold-register.ts'
import { RecordingDestruction } from '../../core/retention/destroy-recording.ts'
import { RetentionRunner, type RunStep } from '../../core/retention/retention-run.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { MemoryBlobStore } from '../support/fakes/memory-blob-store.ts'
import { MemoryRecordingSource } from '../support/fakes/memory-recording-source.ts'
import { aboutHold, asking, holdOn, storedRecording } from '../support/held-recordings.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { idAt } from '../support/recording-facts.ts'
import { daysAfter, retentionWith } from '../support/retention-facts.ts'

const RECORDINGS = 40
/** A pace at which whoever places a hold finds a gap: SQLite lets who waits for the file try again only now and then. */
const PER_SECOND = 50
/** Behind each third item a hold is asked for, upon one that comes so much later. */
const HOLD_EVERY = 3
const AHEAD = [1, 5, 1, 2] as const
/** It waits up to so long before it is placed: as long as an item takes. */
const MOST_WAIT_MS = 20

interface Placed {
  readonly target: RecordingId
  readonly placement: HoldPlacement
}

/** A run of the rules goes on over one connection while somebody places holds over the other: `one` and `other` are the same catalogue. */
export function holdAgainstRetentionRunContract(name: string, open: () => Promise<{ readonly one: Catalogue; readonly other: Catalogue }>): void {
  describe(`holds against a run of the rules in ${name}`, () => {
    it('are obeyed, or say that they came too late: what is held is never destroyed, and what is destroyed was never held', async () => {
      const { one, other } = await open()
      const blobs = new MemoryBlobStore()
      const ids = await storedWithObjects(one, blobs)
      const asked: Promise<Placed>[] = []
      let done = 0
      const onStep = (step: RunStep): void => {
        if (step === 'item-done' && ++done % HOLD_EVERY === 0) asked.push(placed(one, ids, done))
      }
      const { outcomes, left } = await runnerOver(other, { blobs, onStep }).run({ rules: retentionWith(), by: { type: 'system', id: 'retention' }, perSecond: PER_SECOND, signal: new AbortController().signal })
      const holds = await Promise.all(asked)
      const held = new Set(holds.flatMap(({ target, placement }) => isHeld(placement, target) ? [target] : []))
      expect([left, outcomes]).to.deep.equal([0, { purged: RECORDINGS - held.size, held: held.size }])
      for (const id of ids) await expectSame(one, { id, blobs, held: held.has(id) })
      // Both orders were met: a race that one side always wins tries nothing.
      expect(held.size, `held ${held.size} of ${holds.length}`).to.be.within(1, new Set(holds.map(({ target }) => target)).size - 1)
    })
  })
}

async function storedWithObjects(catalogue: Catalogue, blobs: MemoryBlobStore): Promise<readonly RecordingId[]> {
  const ids = Array.from({ length: RECORDINGS }, (_, index) => idAt(index * 60))
  for (const [index, id] of ids.entries()) {
    await storedRecording(catalogue, { id, attached: { claim: `c${index}` } })
    for (const half of ['header', 'payload']) blobs.blobs.set(`${id}.2.${half}`, Buffer.from(half))
  }
  return ids
}

/** By its name or by a search, in turns. */
async function placed(catalogue: Catalogue, ids: readonly RecordingId[], done: number): Promise<Placed> {
  const turn = done / HOLD_EVERY
  const index = Math.min(RECORDINGS - 1, done - 1 + (AHEAD[turn % AHEAD.length] ?? 1))
  const target = ids[index] ?? idAt(0)
  const members = turn % 3 === 0 ? { searches: [asking({ attached: [{ key: 'claim', value: `c${index}` }] })] } : { recordings: [target] }
  await delay((turn * 7) % MOST_WAIT_MS)
  return { target, placement: await catalogue.holds.place(holdOn(done, members), aboutHold(done)) }
}

function runnerOver({ retention: store, holds, destructions: ledger }: Catalogue, { blobs, onStep }: { readonly blobs: MemoryBlobStore; readonly onStep: (step: RunStep) => void }): RetentionRunner {
  const runtime = quietRuntime(() => daysAfter(3))
  const destroyer = new RecordingDestruction({
    ledger, holds, blobs, spoolOf: () => new MemoryRecordingSource(), stores: [null], lockedStores: [], signer: new Ed25519Signer(newSigningKey()), installation: 'node-1',
    keptUntil: () => null, condemned: () => undefined, runtime,
  })
  return new RetentionRunner({ store, holds, destroyer, archiver: null, runtime, owner: 'run', onStep })
}

/** The answer to whoever placed the hold, the recording, its objects and its receipt tell the same. */
async function expectSame({ repository, destructions }: Catalogue, { id, blobs, held }: { readonly id: RecordingId; readonly blobs: MemoryBlobStore; readonly held: boolean }): Promise<void> {
  const [recording, destruction, header] = [await repository.find(id, { type: 'all' }), await destructions.find(id), await repository.mediaHeader(id)]
  const objects = [...blobs.blobs.keys()].filter((name) => name.startsWith(`${id}.`)).length
  expect([recording?.state, objects, header === null, (destruction?.receipt ?? null) === null], id).to.deep.equal(held ? ['stored', 2, false, true] : ['purged', 0, true, false])
}

/** Whether whoever placed the hold was told that this recording is under it. */
export function isHeld(placement: HoldPlacement, id: RecordingId): boolean {
  if (placement.outcome !== 'placed') return false
  return placement.found.some((count) => count > 0) || (placement.hold.named > 0 && !placement.tooLate.includes(id))
}
