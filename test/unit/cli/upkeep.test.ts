import { expect } from 'chai'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { Upkeep } from '../../../cli/upkeep.ts'
import { parseInteractionId } from '../../../core/domain/ids.ts'
import { DirectoryBlobStore } from '../../../core/store/directory-blob-store.ts'
import type { PeopleStore } from '../../../core/ports/people-store.ts'
import { MemoryAuditLog } from '../../support/fakes/memory-audit-log.ts'
import { MemoryCaptureJournal } from '../../support/fakes/memory-capture-journal.ts'
import { MemoryPeopleStore } from '../../support/fakes/memory-people-store.ts'
import { MemoryRecordingRepository } from '../../support/fakes/memory-recording-repository.ts'
import { temporaryDirectory, until } from '../../support/hooks.ts'
import { quietRuntime } from '../../support/quiet-runtime.ts'

const account = (period: string): string => JSON.stringify(['rule', 'caller', '+4930', period])

async function upkeepOver(journal: MemoryCaptureJournal, restampSome: PeopleStore['restampSome'] | null = null): Promise<Upkeep> {
  const audit = new MemoryAuditLog()
  const people = new MemoryPeopleStore(audit)
  if (restampSome !== null) people.restampSome = restampSome
  return new Upkeep({ runtime: quietRuntime(() => new Date('2026-11-22T08:00:00Z')), journal, people, recordings: new MemoryRecordingRepository({ audit }), audit, blobs: [new DirectoryBlobStore(join(await temporaryDirectory(), 'objects'))], spools: [], destructions: { endedFrom: async () => await Promise.resolve([]) }, archive: null, destroyer: { resume: async () => await Promise.resolve(0) } })
}

describe('upkeep', () => {
  it('keeps nothing waiting for recordings that are looked at again, and ends that at the next pause when it stops', async () => {
    const journal = new MemoryCaptureJournal()
    await journal.countOnQuotas(parseInteractionId('i-1'), [account('2026-11-20')])
    const going = Promise.withResolvers<undefined>()
    let pieces = 0
    const upkeep = await upkeepOver(journal, async () => {
      pieces += 1
      await going.promise
      return { from: new Date(0), askedAt: new Date(0), looked: pieces, changed: 0, share: 0.5 }
    })
    upkeep.start()
    await until(async () => expect(await journal.quotaCounts([account('2026-11-20')], parseInteractionId('i-2'))).to.deep.equal(new Map([[account('2026-11-20'), 0]])))
    const stopped = upkeep.stop()
    going.resolve(undefined)
    await stopped
    expect(pieces).to.equal(1)
  })

  it('forgets accounts of quotas whose period is over, and no others', async () => {
    const journal = new MemoryCaptureJournal()
    await journal.countOnQuotas(parseInteractionId('i-1'), [account('2026-11-20'), account('2026-W47')])
    const upkeep = await upkeepOver(journal)
    upkeep.start()
    try {
      await until(async () => expect(await journal.quotaCounts([account('2026-11-20'), account('2026-W47')], parseInteractionId('i-2'))).to.deep.equal(new Map([[account('2026-11-20'), 0], [account('2026-W47'), 1]])))
    } finally {
      await upkeep.stop()
    }
  })
})
