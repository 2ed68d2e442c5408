import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEFAULT_ROLES } from '../../../../../core/domain/actor.ts'
import { parseRecordingId } from '../../../../../core/domain/ids.ts'
import type { MediaObject } from '../../../../../core/domain/media.ts'
import { MediaReader } from '../../../../../core/library/playback/media-reader.ts'
import type { Ticket } from '../../../../../core/library/playback/tickets.ts'
import type { OpenedBlob } from '../../../../../core/ports/cipher.ts'
import { inPieces } from '../../../../support/bytes.ts'
import { MemoryBlobStore } from '../../../../support/fakes/memory-blob-store.ts'
import { expectCode } from '../../../../support/rejection.ts'

const ID = parseRecordingId('4096')
const MEDIA: MediaObject = {
  format: 'wav-pcm16', channels: 2, sampleRateHz: 8000, beganAt: new Date('2026-11-22T08:00:00Z'), durationMs: 1, sizeBytes: 4, sha256: '', payloadName: 'p', payloadSizeBytes: 4, payloadSha256: '',
  headerVersion: 1, peaks: [], peakStretchMs: 1, storedAt: new Date(0),
}

function ticket(digest: string): Ticket {
  return { digest, recordingId: ID, requester: { actor: { type: 'token', id: 'a' }, role: DEFAULT_ROLES.supervisor, label: '', reach: 'all', units: [], binding: null, address: '' }, issuedAt: new Date(0) }
}

/** A reader whose cipher counts what is open. */
async function counting(sizeBytes: number | null = 4): Promise<{ readonly reader: MediaReader; readonly counts: { opened: number; closed: number } }> {
  const counts = { opened: 0, closed: 0 }
  const blobs = new MemoryBlobStore()
  await blobs.put('p', inPieces(new Uint8Array(4)))
  const open = async (): Promise<OpenedBlob | null> => {
    if (sizeBytes === null) return null
    counts.opened += 1
    return { sizeBytes, read: () => inPieces(new Uint8Array(sizeBytes)), [Symbol.dispose]: () => void (counts.closed += 1) }
  }
  return { counts, reader: new MediaReader({ repository: { mediaHeader: async () => new Uint8Array(1) }, blobs, cipher: { open } }) }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
}

describe('the media reader', () => {
  it('opens once for each ticket, also for readers who come together', async () => {
    const { reader, counts } = await counting()
    const [one, other] = [ticket('1'), ticket('2')]
    const borrowed = await Promise.all([reader.borrow(one, MEDIA), reader.borrow(one, MEDIA), reader.borrow(other, MEDIA)])
    for (const blob of borrowed) blob[Symbol.dispose]()
    await reader.borrow(one, MEDIA)
    expect(counts).to.deep.equal({ opened: 2, closed: 0 })
    expect(reader.open).to.equal(2)
  })

  it('closes when the ticket is over and its last reader has gone', async () => {
    const { reader, counts } = await counting()
    const one = ticket('1')
    const borrowed = await reader.borrow(one, MEDIA)
    reader.forget(one)
    await settled()
    expect(counts.closed).to.equal(0)
    borrowed[Symbol.dispose]()
    await settled()
    expect(counts.closed).to.equal(1)
    expect(reader.open).to.equal(0)
  })

  it('closes at once when nobody reads', async () => {
    const { reader, counts } = await counting()
    const one = ticket('1')
    const borrowed = await reader.borrow(one, MEDIA)
    borrowed[Symbol.dispose]()
    reader.forget(one)
    await settled()
    expect(counts.closed).to.equal(1)
  })

  it('keeps nothing of an object that could not be opened', async () => {
    const { reader } = await counting(null)
    const both = [reader.borrow(ticket('1'), MEDIA), reader.borrow(ticket('2'), MEDIA)]
    for (const borrowing of both) await expectCode(borrowing, 'NO_IDENTITY')
    expect(reader.open).to.equal(0)
  })

  it('refuses an object that has another length than the catalogue says, and closes it', async () => {
    const { reader, counts } = await counting(5)
    await expectCode(reader.borrow(ticket('1'), MEDIA), 'INTEGRITY_MISMATCH')
    expect(counts).to.deep.equal({ opened: 1, closed: 1 })
  })
})
