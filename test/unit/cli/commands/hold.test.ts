import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parsePbxId, type RecordingId } from '../../../../core/domain/ids.ts'
import { ANY_RECORDING } from '../../../../core/ports/recording-repository.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { idAt, seconds, wholeLife } from '../../../support/recording-facts.ts'
import { type Bench, bench, NO_FILTER } from './console-bench.ts'

const REASON = ['--reason', 'asked for in writing']
/** A whole call of the PBX of the settings whose sound could not be stored. */
async function failed({ store, tell, takeJobs }: Bench, second: number): Promise<RecordingId> {
  const id = idAt(second)
  await tell(...wholeLife({ id, attached: { CLAIM: `${second}` }, change: { pbxId: parsePbxId('main') } }))
  await store.repository.beginIngest(id)
  await store.repository.closeWithoutMedia(id, { state: 'failed', reason: 'ingest-failed', findings: [] }, {
    at: seconds(60), actor: { type: 'system', id: 'ingest' }, action: 'recording.failed', object: { type: 'recording', id }, outcome: 'failed', reason: 'ingest-failed', details: {}, personal: {},
  })
  await takeJobs()
  return id
}

describe('holdfast hold, recording and receipt', () => {
  it('hold what they are told, and let nothing of it be destroyed until it is released', async () => {
    await bench(async (console) => {
      const [held, free] = [await failed(console, 0), await failed(console, 60)]
      const placed = await console.holdfast('hold', 'place', '--case', 'claim 4711', ...REASON, '--caller', '+4915550100', '--to', seconds(30).toISOString())
      expect(placed).to.deep.include({ code: 0, err: 'The search finds 1 recording now; what it finds later is held, too.' })
      const dry = await console.holdfast('recording', 'delete', held, free, ...REASON)
      expect(dry).to.deep.include({ code: 1, out: '', err: `${held}: under legal hold: claim 4711 (${placed.out})\nNothing was destroyed. No hold stands over 1 of 2; add --yes to destroy them.` })
      const deleted = await console.holdfast('recording', 'delete', held, free, ...REASON, '--yes')
      expect(deleted.code).to.equal(1)
      expect(deleted.err).to.include(`${held}: under legal hold: claim 4711 (${placed.out}) (RECORDING_HELD)`).and.to.include('1 destroyed, 0 not to the end yet, 1 refused.')
      expect(JSON.parse(deleted.out)).to.have.nested.property('receipt.recordingId', free)
      const again = await console.holdfast('recording', 'delete', free, ...REASON, '--yes')
      expect(again).to.deep.equal({ code: 0, out: deleted.out, err: `${free}: was destroyed already; this is its receipt.\n0 destroyed, 1 destroyed already, 0 not to the end yet, 0 refused.` })
      expect((await console.holdfast('recording', 'delete', free, ...REASON)).err).to.equal(`${free}: is destroyed already\nNothing was destroyed. No hold stands over 0 of 1; add --yes to destroy them.`)
      expect((await console.holdfast('hold', 'list')).out).to.match(new RegExp(`${placed.out} +claim 4711 .* stands`))
      expect((await console.holdfast('hold', 'show', placed.out)).out).to.include('caller +4915550100')
      expect((await console.holdfast('hold', 'extend', placed.out, ...REASON, '--recording', free)).err).to.include('too late')
      expect((await console.holdfast('hold', 'release', placed.out, ...REASON)).code).to.equal(0)
      expect(JSON.parse((await console.holdfast('hold', 'list', '--all', '--json')).out)).to.have.nested.property('[0].released.reason', 'asked for in writing')
      expect((await console.holdfast('recording', 'delete', held, ...REASON, '--yes')).code).to.equal(0)
    })
  })

  it('warn of a key that the settings do not let in, by which nothing would be held', async () => {
    await bench(async (console) => {
      const placed = await console.holdfast('hold', 'place', '--case', 'claim 4711', ...REASON, '--data', 'QUEUE=complaints', '--data', 'CLIAM=4711')
      expect(placed.code).to.equal(0)
      expect(placed.err.split('\n')).to.deep.equal([
        'caution: CLIAM is none of the keys of attachedData: nothing has it that is recorded under these rules (`holdfast config check` lists the keys)',
        'The search finds 0 recordings now; what it finds later is held, too.',
      ])
      expect((await console.holdfast('hold', 'extend', placed.out, ...REASON, '--data', 'CLIAM=4712')).err).to.include('caution: CLIAM is none of the keys')
    })
  })

  it('destroy nothing for a file of ids that is not there, or has a line that is none', async () => {
    await bench(async (console) => {
      const id = await failed(console, 0)
      const file = join(await temporaryDirectory(), 'ids.txt')
      expect((await console.holdfast('recording', 'delete', '--file', file, ...REASON, '--yes')).err).to.equal(`holdfast: ${file} cannot be read: there is no such file or directory [CONFIG_INVALID]`)
      await writeFile(file, `${id}\n\nclaim 4711\n`)
      expect(await console.holdfast('recording', 'delete', '--file', file, ...REASON, '--yes')).to.deep.equal({ code: 2, out: '', err: `holdfast: ${file}, line 3: not the number of a recording, such as 797088153600064. Nothing was destroyed [CONFIG_INVALID]` })
      expect((await console.holdfast('recording', 'delete', id, ...REASON)).err).to.include('No hold stands over 1 of 1')
    })
  })

  it('put labels on a recording, find it by them, and take them off', async () => {
    await bench(async (console) => {
      const id = await failed(console, 0)
      expect(await console.holdfast('recording', 'label', 'add', id, 'complaint', 'to be trained with')).to.deep.include({ code: 0, out: 'complaint\nto be trained with' })
      const found = async (label: string): Promise<number> => await console.store.repository.count({ ...ANY_RECORDING, label }, { type: 'all' })
      expect([await found('complaint'), await found('Complaint')]).to.deep.equal([1, 0])
      expect(await console.holdfast('recording', 'label', 'remove', id, 'complaint')).to.deep.include({ code: 0, out: 'to be trained with' })
      expect(await found('complaint')).to.equal(0)
      expect((await console.holdfast('recording', 'label', 'add', idAt(99), 'complaint')).err).to.include('there is no such recording')
      expect((await console.holdfast('recording', 'label', 'add', id, 'a,b')).code).to.not.equal(0)
      const { entries } = await console.store.audit.read({ ...NO_FILTER, action: 'recording.labelled' }, { first: 9, before: null })
      expect(entries.map(({ entry }) => [entry.actor.type, entry.outcome, entry.details['added'], entry.details['removed']])).to.deep.equal([['cli', 'refused', undefined, undefined], ['cli', 'refused', undefined, undefined], ['cli', 'ok', '', 'complaint'], ['cli', 'ok', 'complaint,to be trained with', '']])
    })
  })

  it('check receipts with the key of the installation, and tell one that was changed', async () => {
    await bench(async (console) => {
      const directory = await temporaryDirectory()
      const [receipts, key] = [join(directory, 'receipts.jsonl'), join(directory, 'key.pem')]
      const ids = [await failed(console, 0), await failed(console, 60)]
      await writeFile(join(directory, 'ids.txt'), `${ids.join('\n')}\n`)
      const { out } = await console.holdfast('recording', 'delete', '--file', join(directory, 'ids.txt'), ...REASON, '--yes')
      await writeFile(receipts, out)
      await writeFile(key, (await console.holdfast('receipt', 'key')).out)
      const good = await verify(console, receipts, '--key', key)
      expect(good.code).to.equal(0)
      expect(good.out.split('\n')).to.have.length(2).and.to.satisfy((lines: readonly string[]) => lines.every((line) => line.startsWith('good ')))
      await writeFile(receipts, (await readFile(receipts, 'utf8')).replace('asked for in writing', 'asked for in Writing'))
      expect(await verify(console, receipts, '--key', key)).to.deep.include({ code: 1 }).and.to.have.property('out').that.matches(/^BROKEN receipt 1: it was changed after it was signed\ngood /)
      await writeFile(receipts, 'not a receipt')
      expect((await verify(console, receipts)).out).to.equal('BROKEN receipt 1: this is no receipt')
    })
  })

  it('erase a person once her plan was looked at, and tell what a hold prevents', async () => {
    await bench(async (console) => {
      const [held, free] = [await failed(console, 0), await failed(console, 60)]
      const hold = (await console.holdfast('hold', 'place', '--case', 'claim 4711', ...REASON, '--recording', held)).out
      const plan = await console.holdfast('subject', 'erase', '--number', '+4915550100', ...REASON, '--json')
      const { planId, recordings } = JSON.parse(plan.out)
      expect(recordings).to.deep.equal([
        { id: held, startedAt: new Date(seconds(0).getTime() + 25).toISOString(), state: 'failed', preventedBy: 'held', holds: [{ id: hold, caseName: 'claim 4711' }], keptUntil: null },
        { id: free, startedAt: new Date(seconds(60).getTime() + 25).toISOString(), state: 'failed', preventedBy: null, holds: [], keptUntil: null },
      ])
      const erased = await console.holdfast('subject', 'erase', '--number', '+4915550100', ...REASON, '--execute', planId)
      expect(erased.code).to.equal(1)
      expect(erased.err).to.include('1 destroyed, 0 not to the end yet, 1 prevented; the audit keeps')
      expect(JSON.parse(erased.out)).to.have.nested.property('receipt.destroyed').that.deep.equals([free])
      expect((await console.holdfast('subject', 'erase', '--number', '+4915550100', ...REASON)).out).to.include(`under legal hold: claim 4711 (${hold})`)
      expect((await console.holdfast('subject', 'erase', ...REASON)).code).to.equal(2)
    })
  })

  it('want a reason, and something to hold', async () => {
    await bench(async (console) => {
      expect((await console.holdfast('hold', 'place', '--case', 'x', '--caller', '1')).code).to.equal(2)
      expect((await console.holdfast('hold', 'place', '--case', 'case', ...REASON)).err).to.include('say what is to be held')
      expect((await console.holdfast('hold', 'place', '--case', 'case', '--reason', ' ', '--caller', '1')).err).to.include('REASON_REQUIRED')
      expect((await console.holdfast('hold', 'show', 'ffffffffffffffff')).err).to.include('There is no such hold')
      expect((await console.holdfast('recording', 'delete', ...REASON, '--yes')).code).to.equal(2)
    })
  })
})

/** Without `--config`, which it does not know: it runs where there is no installation. */
async function verify({ bare }: Bench, ...words: readonly string[]): ReturnType<Bench['holdfast']> {
  return await bare('receipt', 'verify', ...words)
}
