import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import type { Requester } from '../../../../../core/domain/actor.ts'
import type { RecordingId } from '../../../../../core/domain/ids.ts'
import { parseTokenId } from '../../../../../core/domain/ids.ts'
import { STANDING_CHECK_MS } from '../../../../../core/library/playback/playback.ts'
import { TICKET_IDLE_MS } from '../../../../../core/library/playback/tickets.ts'
import { collect } from '../../../../support/bytes.ts'
import { expectCode, rejection } from '../../../../support/rejection.ts'
import { LibraryBench, OPERATOR } from '../library-bench.ts'

const ADDRESS = '192.0.2.7'

async function listener(bench: LibraryBench, role: 'supervisor' | 'administrator' = 'supervisor', partitions?: readonly string[]): Promise<Requester> {
  return bench.library.authentication.authenticate(await bench.token(role, partitions), ADDRESS)
}

async function ticketFor(bench: LibraryBench, id: RecordingId): Promise<string> {
  return (await bench.library.playback.request(await listener(bench), id)).ticket
}

const bearer = { address: ADDRESS, actor: null }

describe('playback', () => {
  it('gives every range as it was sealed', async () => {
    const bench = await LibraryBench.open()
    const { id, plain } = await bench.stored({ sizeBytes: 200_000 })
    const found = await bench.library.playback.find(await ticketFor(bench, id), bearer)
    for (const [start, end] of [[0, 200_000], [0, 1], [65_535, 65_537], [131_072, 200_000], [199_999, 200_000], [7, 7]] as const) {
      expect(await collect(bench.library.playback.read(found, start, end)), `${start} to ${end}`).to.deep.equal(plain.subarray(start, end))
    }
  })

  it('has the request and the beginning in the audit, the latter once and before the first byte', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored()
    const ticket = await ticketFor(bench, id)
    const found = await bench.library.playback.find(ticket, bearer)
    const chunks = bench.library.playback.read(found, 0, 100_000)
    expect(bench.audited()).to.include('playback.requested').and.not.include('playback.begun')
    await chunks.next()
    expect(bench.audited().at(-1)).to.equal('playback.begun')
    expect(bench.audit.entries.at(-1)?.personal).to.include({ address: ADDRESS, caller: '+4930123' })
    await collect(chunks)
    await collect(bench.library.playback.read(found, 0, 10))
    expect(bench.audited().filter((action) => action === 'playback.begun')).to.have.length(1)
  })

  it('has in the audit how many seconds were sent, each once, when the ticket is over', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ sizeBytes: 320_044 })
    const found = await bench.library.playback.find(await ticketFor(bench, id), bearer)
    // 2 s, the first of them twice, and 3 s from the middle in two pieces.
    for (const [start, end] of [[0, 44 + 32_000], [44, 44 + 64_000], [44 + 160_000, 44 + 192_000], [44 + 192_000, 44 + 256_000]] as const) await collect(bench.library.playback.read(found, start, end))
    expect(bench.audited()).to.not.include('playback.ended')
    bench.pass(TICKET_IDLE_MS)
    bench.library.playback.sweep()
    await bench.library.playback.settled()
    expect(bench.audited().at(-1)).to.equal('playback.ended')
    expect(bench.audit.entries.at(-1)?.details).to.include({ ofSeconds: 10.001, stretches: '0.0-2.0,5.0-8.0' })
    expect(bench.audit.entries.at(-1)?.details['seconds']).to.be.closeTo(5, 0.001)
    expect(bench.audit.entries.at(-1)?.personal).to.include({ address: ADDRESS })
    bench.library.playback.sweep()
    await bench.library.playback.settled()
    expect(bench.audited().filter((action) => action === 'playback.ended')).to.have.length(1)
  })

  it('has what was sent in the audit, too, when the listener hung up, when the ticket ended meanwhile, and when the service stops', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ sizeBytes: 320_044 })
    const found = await bench.library.playback.find(await ticketFor(bench, id), bearer)
    const hungUp = bench.library.playback.read(found, 0, 320_044)
    await hungUp.next()
    await hungUp.return()
    const goesOn = bench.library.playback.read(found, 0, 320_044)
    await goesOn.next()
    bench.library.playback[Symbol.dispose]()
    await bench.library.playback.settled()
    expect(bench.audited()).to.not.include('playback.ended')
    expect(await rejection(collect(goesOn))).to.be.instanceOf(HoldfastError)
    await bench.library.playback.settled()
    expect(bench.audited().at(-1)).to.equal('playback.ended')
    // One chunk of 64 KiB without the header.
    expect(bench.audit.entries.at(-1)?.details['seconds']).to.be.within(2, 2.1)
  })

  it('tells apart what two addresses were sent by one ticket, and nothing of who was sent nothing', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ sizeBytes: 320_044 })
    const ticket = await ticketFor(bench, id)
    for (const [address, seconds] of [[ADDRESS, 1], ['198.51.100.9', 3], ['203.0.113.5', 0]] as const) {
      await collect(bench.library.playback.read(await bench.library.playback.find(ticket, { address, actor: null }), 44, 44 + seconds * 32_000))
    }
    bench.library.playback[Symbol.dispose]()
    await bench.library.playback.settled()
    const ended = bench.audit.entries.filter(({ action }) => action === 'playback.ended')
    expect(ended.map(({ personal, details }) => [personal?.['address'], details['seconds']])).to.deep.equal([[ADDRESS, 1], ['198.51.100.9', 3]])
  })

  it('keeps no more than 32 addresses of a ticket: what was sent to those before is told then, and each begins anew', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored()
    const ticket = await ticketFor(bench, id)
    const heardAt = async (number: number): Promise<void> => {
      await collect(bench.library.playback.read(await bench.library.playback.find(ticket, { address: `192.0.2.${number}`, actor: null }), 0, 100))
    }
    const told = (action: 'playback.begun' | 'playback.ended'): number => bench.audited().filter((each) => each === action).length
    for (let number = 1; number <= 32; number += 1) await heardAt(number)
    await heardAt(1)
    expect([told('playback.begun'), told('playback.ended')]).to.deep.equal([32, 0])
    await heardAt(33)
    await bench.library.playback.settled()
    expect([told('playback.begun'), told('playback.ended')]).to.deep.equal([33, 32])
    await heardAt(1)
    expect(told('playback.begun')).to.equal(34)
  })

  it('has another beginning in the audit when the ticket turns up at another address', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored()
    const ticket = await ticketFor(bench, id)
    for (const address of [ADDRESS, '198.51.100.9']) {
      await collect(bench.library.playback.read(await bench.library.playback.find(ticket, { address, actor: null }), 0, 1))
    }
    expect(bench.audit.entries.filter(({ action }) => action === 'playback.begun').map(({ personal }) => personal?.['address'])).to.deep.equal([ADDRESS, '198.51.100.9'])
  })

  it('gives neither ticket nor byte while the audit cannot be written, and goes on when it can', async () => {
    const bench = await LibraryBench.open()
    const { id, plain } = await bench.stored()
    const requester = await listener(bench)
    const found = await bench.library.playback.find((await bench.library.playback.request(requester, id)).ticket, bearer)
    bench.audit.unavailable = true
    await expectCode(bench.library.playback.request(requester, id), 'AUDIT_UNAVAILABLE')
    await expectCode(bench.library.playback.read(found, 0, 10).next(), 'AUDIT_UNAVAILABLE')
    bench.audit.unavailable = false
    expect(await collect(bench.library.playback.read(found, 0, 10))).to.deep.equal(plain.subarray(0, 10))
  })

  it('answers a recording of another partition as one that is not there, and both refusals stand in the audit', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ partitions: ['/support'] })
    const requester = await listener(bench)
    const foreign = await expectCode(bench.library.playback.request(requester, id), 'RECORDING_NOT_FOUND')
    const missing = await expectCode(bench.library.playback.request(requester, String(Number(id) + 64) as RecordingId), 'RECORDING_NOT_FOUND')
    expect(foreign.message).to.equal(missing.message)
    expect(bench.audited().filter((action) => action === 'playback.refused refused')).to.have.length(2)
  })

  it('is not an administrator\'s right', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored()
    await expectCode(bench.library.playback.request(await listener(bench, 'administrator'), id), 'FORBIDDEN')
    expect(bench.audited().at(-1)).to.equal('playback.refused refused')
  })

  it('says whether waiting helps when there is no sound', async () => {
    const bench = await LibraryBench.open()
    const requester = await listener(bench)
    const live = await bench.recording()
    const failed = await bench.recording()
    await bench.tell({ type: 'recording-failed', recordingId: failed, at: bench.now, reason: 'start-refused' })
    expect((await expectCode(bench.library.playback.request(requester, live), 'MEDIA_NOT_READY')).retry).to.equal(true)
    expect((await expectCode(bench.library.playback.request(requester, failed), 'MEDIA_ABSENT')).retry).to.equal(false)
  })

  it('never serves an altered chunk, serves what lies before it, and tells the incident once', async () => {
    const bench = await LibraryBench.open()
    const { id, plain } = await bench.stored({ sizeBytes: 200_000 })
    bench.damage(id, 16 + 65_552 + 100)
    const found = await bench.library.playback.find(await ticketFor(bench, id), bearer)
    const served: Uint8Array[] = []
    const failure = await rejection((async () => {
      for await (const chunk of bench.library.playback.read(found, 0, 200_000)) served.push(Buffer.from(chunk))
    })())
    expect(failure).to.be.instanceOf(HoldfastError).with.property('code', 'INTEGRITY_MISMATCH')
    expect(Buffer.concat(served)).to.deep.equal(plain.subarray(0, 65_536))
    await expectCode(bench.library.playback.read(found, 70_000, 70_001).next(), 'INTEGRITY_MISMATCH')
    expect(bench.audited().filter((action) => action === 'recording.incident failed')).to.have.length(1)
  })

  it('refuses a truncated object before the first byte', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ sizeBytes: 200_000 })
    const payload = bench.blobs.blobs.get(`${id}.payload`)
    bench.blobs.blobs.set(`${id}.payload`, payload?.subarray(0, 16 + 2 * 65_552) ?? new Uint8Array())
    const found = await bench.library.playback.find(await ticketFor(bench, id), bearer)
    await expectCode(bench.library.playback.read(found, 0, 1).next(), 'INTEGRITY_MISMATCH')
    expect(bench.audited().at(-1)).to.equal('recording.incident failed')
  })

  it('ends with its ticket\'s token, also in the middle of an answer', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ sizeBytes: 400_000 })
    const requester = await listener(bench)
    const { ticket } = await bench.library.playback.request(requester, id)
    const chunks = bench.library.playback.read(await bench.library.playback.find(ticket, bearer), 0, 400_000)
    await chunks.next()
    await bench.mint.revoke(parseTokenId(requester.actor.id), OPERATOR)
    bench.pass(STANDING_CHECK_MS)
    await expectCode(chunks.next(), 'TICKET_EXPIRED')
    await expectCode(bench.library.playback.find(ticket, bearer), 'TICKET_EXPIRED')
    expect(bench.audited().filter((action) => action === 'playback.refused refused')).to.have.length(1)
  })

  it('ends with its recording: at once when this node destroys it', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ sizeBytes: 300_000 })
    const other = await bench.stored()
    const [ticket, otherTicket] = [await ticketFor(bench, id), await ticketFor(bench, other.id)]
    const chunks = bench.library.playback.read(await bench.library.playback.find(ticket, bearer), 0, 300_000)
    await chunks.next()
    bench.library.playback.endOf(id)
    await expectCode(chunks.next(), 'TICKET_EXPIRED')
    await expectCode(bench.library.playback.find(ticket, bearer), 'TICKET_EXPIRED')
    expect((await bench.library.playback.find(otherTicket, bearer)).recording.id).to.equal(other.id)
  })

  it('ends with its recording within seconds when another process destroys it', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ sizeBytes: 300_000 })
    const ticket = await ticketFor(bench, id)
    const chunks = bench.library.playback.read(await bench.library.playback.find(ticket, bearer), 0, 300_000)
    await chunks.next()
    const { repository } = bench
    const find = repository.find.bind(repository)
    repository.find = async (...asked) => {
      const found = await find(...asked)
      return found === null ? null : { ...found, state: 'purged', media: null }
    }
    bench.now = new Date(bench.now.getTime() + STANDING_CHECK_MS)
    await expectCode(chunks.next(), 'MEDIA_ABSENT')
    await expectCode(bench.library.playback.find(ticket, bearer), 'TICKET_EXPIRED')
  })

  it('is good for its own actor only', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored()
    const ticket = await ticketFor(bench, id)
    const stranger = await listener(bench)
    await expectCode(bench.library.playback.find(ticket, { address: ADDRESS, actor: stranger.actor }), 'TICKET_INVALID')
    expect(bench.audit.entries.at(-1)).to.deep.include({ action: 'playback.refused', actor: stranger.actor, outcome: 'refused', reason: 'TICKET_INVALID' })
  })

  it('closes the sealed object with its ticket, but not under a reader', async () => {
    const bench = await LibraryBench.open()
    const { id, plain } = await bench.stored({ sizeBytes: 200_000 })
    const found = await bench.library.playback.find(await ticketFor(bench, id), bearer)
    const chunks = bench.library.playback.read(found, 0, 200_000)
    const first = await chunks.next()
    expect(first.value).to.deep.equal(plain.subarray(0, 65_536))
    bench.pass(TICKET_IDLE_MS)
    bench.library.playback.sweep()
    // The chunk under way is still opened with the key; what comes after the ticket's end is not served.
    await expectCode(chunks.next(), 'TICKET_EXPIRED')
    await expectCode(bench.library.playback.read(found, 0, 10).next(), 'TICKET_EXPIRED')
  })

  it('opens nothing for a ticket that is over', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored()
    const found = await bench.library.playback.find(await ticketFor(bench, id), bearer)
    bench.pass(TICKET_IDLE_MS)
    bench.blobs.open = async () => Promise.reject(new Error('was opened'))
    await expectCode(bench.library.playback.read(found, 0, 10).next(), 'TICKET_EXPIRED')
  })

  it('bounds the answers that one ticket gets at once', async () => {
    const bench = await LibraryBench.open()
    const { id } = await bench.stored({ sizeBytes: 200_000 })
    const found = await bench.library.playback.find(await ticketFor(bench, id), bearer)
    const open = Array.from({ length: 8 }, () => bench.library.playback.read(found, 0, 200_000))
    for (const chunks of open) await chunks.next()
    await expectCode(bench.library.playback.read(found, 0, 1).next(), 'RATE_LIMITED')
    await open[0]?.return()
    await bench.library.playback.read(found, 0, 1).next()
  })
})
