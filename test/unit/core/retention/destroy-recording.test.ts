import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { verifiedBy } from '../../../../core/crypto/ed25519-signer.ts'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { DESTRUCTION_STEPS } from '../../../../core/ports/recording-destroyer.ts'
import { readStatement, statementBytes } from '../../../../core/domain/signed-statement.ts'
import { DELETION_RECEIPT } from '../../../../core/retention/deletion-receipt.ts'
import { DestroyerBench } from '../../../support/destroyer-bench.ts'
import { MemoryRecordingSource } from '../../../support/fakes/memory-recording-source.ts'
import { aboutHold, HEADER, holdOn, orderFor } from '../../../support/held-recordings.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'
import { idAt, seconds } from '../../../support/recording-facts.ts'
import { rejection } from '../../../support/rejection.ts'
import { suiteDirectory } from '../../../support/suite-directory.ts'

const ALL = { type: 'all' } as const
const ID = idAt(0)

describe('RecordingDestruction', () => {
  const directory = suiteDirectory()
  let bench: DestroyerBench
  beforeEach(async () => {
    bench = await DestroyerBench.open(directory())
  })
  afterEach(() => bench.close())

  it('leaves no header, no payload, no spool file, and a receipt that its key verifies', async () => {
    await bench.stored({ id: ID })
    const other = await bench.stored({ id: idAt(60) })
    const told = await bench.destroyer().destroy(orderFor(ID, { cause: 'retention', rule: 'after a year' }))
    expect(told.outcome).to.equal('destroyed')
    expect(bench.left(ID)).to.deep.equal([])
    expect(bench.left(other)).to.have.length(5)
    expect(bench.condemned).to.deep.equal([ID])
    const receipt = readStatement('receipt' in told ? told.receipt : '')
    expect(receipt?.receipt).to.deep.include({ recordingId: ID, cause: 'retention', rule: 'after a year', installation: 'node-1', orderedBy: { type: 'user', id: 'officer' } })
    expect(receipt?.receipt).to.have.nested.property('destroyed.headers').with.length(1)
    expect(verifiedBy(bench.signer.verificationKeyPem, statementBytes(DELETION_RECEIPT, receipt?.receipt), receipt?.signature ?? Buffer.of())).to.deep.equal({ fits: true, keyId: bench.signer.keyId })
    expect(verifiedBy(bench.signer.verificationKeyPem, statementBytes(DELETION_RECEIPT, { ...receipt?.receipt, rule: 'another' }), receipt?.signature ?? Buffer.of()).fits).to.equal(false)
  })

  it('says in the audit what it is going to do, and what it has done', async () => {
    await bench.stored({ id: ID })
    await bench.destroyer().destroy(orderFor(ID, { address: '192.0.2.7' }))
    const { entries } = await bench.catalogue.audit.read({ objectId: ID, actorId: null, action: 'recording.deleted', from: null, to: null }, { first: 5, before: null })
    expect(entries.map(({ entry }) => entry.details['step'])).to.deep.equal(['destroyed', 'decided'])
    expect(entries[1]?.entry.personal).to.deep.include({ address: '192.0.2.7', reasonGiven: 'asked for in writing', caller: '+4915550100' })
  })

  it('keeps nothing of a person in the audit of an erasure', async () => {
    await bench.stored({ id: ID })
    await bench.destroyer().destroy(orderFor(ID, { cause: 'subject' }))
    const { entries } = await bench.catalogue.audit.read({ objectId: ID, actorId: null, action: 'recording.deleted', from: null, to: null }, { first: 5, before: null })
    expect(JSON.stringify(entries)).to.not.include('+4915550100')
  })

  it('foresees a minimum that older rules have stamped, as it refuses it', async () => {
    await bench.stored({ id: ID })
    await bench.catalogue.retention.stamp([{ recordingId: ID, keptUntil: seconds(20_000), rule: 'r', version: 'older' }])
    const recording = await bench.catalogue.repository.find(ID, ALL)
    if (recording === null) throw new TypeError('it was stored')
    const foreseen = await bench.destroyer().foresee(recording)
    expect(foreseen).to.deep.equal({ outcome: 'kept', until: seconds(20_000) })
    expect(await bench.destroyer().destroy(orderFor(ID))).to.deep.equal(foreseen)
    const longer = bench.destroyer({ keptUntil: () => seconds(30_000) })
    expect(await longer.foresee(recording)).to.deep.equal({ outcome: 'kept', until: seconds(30_000) })
    expect(await bench.destroyer({ runtime: quietRuntime(() => seconds(20_000)) }).foresee(recording)).to.equal(null)
  })

  for (const step of DESTRUCTION_STEPS) {
    it(`is gone on with by the next process after one that died behind the step ${step}`, async () => {
      await bench.stored({ id: ID })
      const killed = bench.destroyer({ onStep: (done) => {
        if (done === step) throw new TypeError('the process dies here')
      } })
      await rejection(killed.destroy(orderFor(ID)))
      // Whatever was left: it is a tombstone, and nothing opens what is left of its sound.
      expect(await bench.catalogue.repository.find(ID, ALL)).to.deep.include({ state: 'purged', media: null })
      expect(await bench.catalogue.repository.mediaHeader(ID)).to.equal(null)
      expect(await bench.destroyer().resume()).to.equal(0)
      expect(bench.left(ID)).to.deep.equal([])
      const destruction = await bench.catalogue.destructions.find(ID)
      expect(destruction?.receipt).to.not.equal(null)
      expect(await bench.destroyer().destroy(orderFor(ID, { reason: 'once more' }))).to.deep.include({ outcome: 'destroyed', receipt: destruction?.receipt })
      const { entries } = await bench.catalogue.audit.read({ objectId: ID, actorId: null, action: 'recording.deleted', from: null, to: null }, { first: 9, before: null })
      expect(entries).to.have.length(2)
    })
  }

  it('is under way while a store is away, and ends when it is back', async () => {
    await bench.stored({ id: ID })
    const away = { remove: async (name: string) => await Promise.reject(new HoldfastError('STORE_FAILED', `away: ${name}`)) }
    const told = await bench.destroyer({ blobs: away }).destroy(orderFor(ID))
    expect(told).to.deep.include({ outcome: 'under-way', failure: 'STORE_FAILED' })
    expect(await bench.destroyer({ blobs: away }).resume()).to.equal(1)
    expect(bench.left(ID)).to.have.length(5)
    expect(await bench.destroyer().resume()).to.equal(0)
    expect(bench.left(ID)).to.deep.equal([])
  })

  it('does not end while the spool cannot be reached in which a recording that failed has its files', async () => {
    await bench.failed({ id: ID })
    expect(await bench.destroyer({ spoolOf: () => null }).destroy(orderFor(ID))).to.deep.include({ outcome: 'under-way', failure: 'PBX_UNKNOWN' })
    const unmounted = {
      stat: async () => await Promise.resolve(null),
      remove: async () => await Promise.resolve(),
      list: async () => await Promise.reject(new HoldfastError('SPOOL_UNREACHABLE', 'not mounted')),
    }
    expect(await bench.destroyer({ spoolOf: () => unmounted }).resume()).to.equal(1)
    expect(bench.left(ID)).to.deep.equal([`${ID}.1.rx.wav`])
    expect(await bench.destroyer().resume()).to.equal(0)
    expect(bench.left(ID)).to.deep.equal([])
  })

  it('ends without the spool of a PBX that was taken out of the settings, for what was stored', async () => {
    await bench.stored({ id: ID })
    expect(await bench.destroyer({ spoolOf: () => null }).destroy(orderFor(ID))).to.deep.include({ outcome: 'destroyed' })
  })

  it('ends although the spool can have no file of a name that the catalogue brings', async () => {
    await bench.stored({ id: ID })
    const refusing = new MemoryRecordingSource()
    refusing.stat = async () => await Promise.reject(new HoldfastError('FIELD_REFUSED', 'no file of the spool can be called so'))
    expect(await bench.destroyer({ spoolOf: () => refusing }).destroy(orderFor(ID))).to.deep.include({ outcome: 'destroyed' })
  })

  it('touches nothing that is held', async () => {
    await bench.stored({ id: ID })
    await bench.catalogue.holds.place(holdOn(1, { recordings: [ID] }), aboutHold(1))
    const told = await bench.destroyer().destroy(orderFor(ID))
    expect(told.outcome === 'held' ? told.holds.map(({ caseName }) => caseName) : told).to.deep.equal(['case 1'])
    expect(bench.left(ID)).to.have.length(5)
    expect(await bench.catalogue.repository.mediaHeader(ID)).to.deep.equal(HEADER)
    expect(await bench.catalogue.repository.find(ID, ALL)).to.deep.include({ state: 'stored' })
  })

  it('leaves neither numbers nor headers in the pages of the database and of its log', async () => {
    await bench.stored({ id: ID })
    // The audit keeps numbers, until they are erased there.
    const withoutAudit = async (): Promise<void> => {
      await bench.database.change(async (tx) => {
        await tx.deleteFrom('audit_personal').execute()
        await tx.deleteFrom('audit_words').execute()
      })
    }
    await bench.database.change(async (tx) => {
      for (const table of ['audit_personal', 'audit_words'] as const) await tx.deleteFrom(table).execute()
    })
    const bytes = async (): Promise<string> => (await Promise.all(['', '-wal'].map((end) => readFile(bench.file + end, 'latin1')))).join('')
    expect(await bytes()).to.include('+4915550100').and.to.include(HEADER.toString())
    await bench.stored({ id: idAt(60), change: { caller: { number: '+4915557777', name: null } } })
    const destroyer = bench.destroyer()
    await destroyer.destroy(orderFor(ID, { cause: 'subject' }))
    await destroyer.destroy(orderFor(idAt(60), { cause: 'subject' }))
    await destroyer.resume()
    await withoutAudit()
    await bench.database.forgetOldPages()
    expect(await bytes()).to.not.include('+4915557777').and.to.not.include('+4915550100').and.to.not.include(HEADER.toString())
  })
})
