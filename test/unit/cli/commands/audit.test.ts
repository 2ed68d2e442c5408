import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { sql } from 'kysely'
import { describe, it } from 'mocha'
import { openCatalogueDatabase } from '../../../../cli/open-store.ts'
import { openCheckpointSigner } from '../../../../cli/audit/checkpoint-key-file.ts'
import { EVERY_ENTRY } from '../../../../core/ports/audit-log.ts'
import { AuditCheckpoints } from '../../../../core/library/audit/audit-checkpoints.ts'
import { AuditChain } from '../../../../core/store/sql/audit-chain.ts'
import type { Tx } from '../../../../core/store/sql/sql-database.ts'
import { auditDraft } from '../../../contract/audit-log.contract.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'
import { type Bench, bench } from './console-bench.ts'

/** So many entries, signed at the end; gives the lines that went outside. */
async function signed({ store, settings }: Bench, count: number): Promise<readonly string[]> {
  for (let index = 0; index < count; index += 1) await store.audit.append(auditDraft(index))
  const lines: string[] = []
  const { signer } = await openCheckpointSigner(settings)
  const outlet = { name: 'file', close: async () => undefined, write: async (line: string) => {
    lines.push(line)
    await Promise.resolve()
  } } as const
  const checkpoints = new AuditCheckpoints({ chain: settings.node.name, log: store.audit, evidence: store.evidence, signer, outlets: [outlet], everyEntries: 1, everyMs: 1000, runtime: quietRuntime() })
  await checkpoints.stop()
  return lines
}

/** What somebody does who reaches the database. */
async function tampered(console: Bench, ...statements: readonly string[]): Promise<void> {
  for (const statement of statements) await changed(console, (tx) => sql.raw(statement).execute(tx))
}

/** So many entries in one transaction. */
async function filled(console: Bench, count: number): Promise<void> {
  await changed(console, (tx) => new AuditChain(console.settings.node.name, { customerIdKey: null }).append(tx, Array.from({ length: count }, (_, index) => auditDraft(index))))
}

async function changed({ settings }: Bench, work: (tx: Tx) => Promise<unknown>): Promise<void> {
  const database = await openCatalogueDatabase(settings)
  try {
    await database.change(work)
  } finally {
    await database.close()
  }
}

/** The end of the chain is gone, and the memory of it put back. */
const CUT = ['delete from audit_entries where sequence > 3', 'delete from audit_personal where sequence > 3', 'delete from audit_words where position > 3', 'update audit_chains set sequence = 3, hash = (select hash from audit_entries where sequence = 3)']

describe('holdfast audit', () => {
  it('verifies by what was signed, as far as that reaches', async () => {
    await bench(async (console) => {
      await signed(console, 5)
      const whole = await console.holdfast('audit', 'verify')
      expect(whole).to.deep.include({ code: 0, err: '' })
      expect(whole.out).to.match(/node-1 +5 +entry 5, .*Z +whole/)
      await tampered(console, ...CUT)
      const cut = await console.holdfast('audit', 'verify')
      expect(cut.code).to.equal(1)
      expect(cut.out).to.include('node-1, entry 4: the chain ends with entry 3, and the checkpoint of')
    })
  })

  it('finds a cut that took the checkpoints of the database with it by those that were kept elsewhere', async () => {
    await bench(async (console) => {
      const lines = await signed(console, 5)
      const folder = await temporaryDirectory()
      const [file, keyFile] = [join(folder, 'checkpoints.jsonl'), join(folder, 'audit.pub')]
      await writeFile(file, lines.map((line) => `${line}\n`).join(''))
      await writeFile(keyFile, `# of the auditor\n${(await console.holdfast('audit', 'key')).out}\n`)
      const options = ['--checkpoints', file, '--public-key', keyFile]
      expect(await console.holdfast('audit', 'verify', ...options)).to.deep.include({ code: 0, err: '' })
      await tampered(console, ...CUT, 'delete from audit_checkpoints')
      expect((await console.holdfast('audit', 'verify')).code).to.equal(0)
      const found = await console.holdfast('audit', 'verify', ...options, '--json')
      expect([found.code, JSON.parse(found.out)]).to.have.deep.nested.property('[1][0].fault.kind', 'cut-off')
      await writeFile(file, `${lines.join('\n').replace('\\n5\\n', '\\n3\\n')}\n`)
      const forged = await console.holdfast('audit', 'verify', ...options)
      expect([forged.code, forged.err]).to.deep.equal([1, `${file}, line 1: not signed by any of the public keys given (key ${keyName(lines)}).\n${file}: no checkpoint in it, so the ends of the chains are not proved.`])
      expect((await console.holdfast('audit', 'verify', '--checkpoints', join(folder, 'none'), '--public-key', keyFile)).code).to.equal(2)
    })
  })

  it('finds a personal part that was taken away without the entry that tells of it, and no other', async () => {
    await bench(async (console) => {
      await signed(console, 5)
      await console.store.audit.erase({ numbers: ['+4915550100'], customerIds: [] }, { ...auditDraft(9), action: 'subject.erased', personal: {} })
      expect((await console.holdfast('audit', 'verify')).code).to.equal(0)
      await console.store.audit.append(auditDraft(6))
      await tampered(console, 'delete from audit_personal where sequence = 8')
      const found = await console.holdfast('audit', 'verify')
      expect(found.code).to.equal(1)
      expect(found.out).to.include('node-1, entry 8: the personal part of entry 8 is not there, and no entry tells of its erasure.')
    })
  })

  it('proves an entry to somebody who has the public key alone', async () => {
    await bench(async (console) => {
      await signed(console, 5)
      const key = (await console.holdfast('audit', 'key')).out
      const proved = await console.holdfast('audit', 'prove', 'node-1/3')
      expect(proved).to.deep.include({ code: 0, err: '' })
      const file = join(await temporaryDirectory(), 'proof.json')
      await writeFile(file, proved.out)
      const checked = await console.bare('audit', 'check-proof', file, '--public-key', key)
      expect(checked).to.deep.include({ code: 0, err: '' })
      expect(checked.out).to.include('Proved').and.to.include('recording r-2').and.to.include('+4915550100')
      await writeFile(file, proved.out.replace('r-2', 'r-3'))
      expect(await console.bare('audit', 'check-proof', file, '--public-key', key)).to.deep.include({ code: 1, out: '', err: 'This proves nothing: the entry is not in the tree that the checkpoint signs: it was altered, or stood elsewhere.' })
      for (const wrong of ['', '{}', proved.out.slice(0, -5)]) {
        await writeFile(file, wrong)
        expect((await console.bare('audit', 'check-proof', file, '--public-key', key)).code, wrong).to.equal(1)
      }
      expect((await console.holdfast('audit', 'prove', '99')).code).to.equal(1)
      expect((await console.holdfast('audit', 'prove', 'x/y/z')).code).to.equal(2)
    })
  })

  it('exports what is asked for to a file of its owner, and says so in the audit', async () => {
    await bench(async (console) => {
      await filled(console, 1200)
      await console.store.audit.append({ ...auditDraft(0), action: 'hold.placed', reason: '=HYPERLINK("x")' })
      const folder = await temporaryDirectory()
      const [all, some] = [join(folder, 'all.jsonl'), join(folder, 'some.csv')]
      expect((await console.holdfast('audit', 'export', '--out', all)).code).to.equal(0)
      const lines = (await readFile(all, 'utf8')).trimEnd().split('\n').map((line): unknown => JSON.parse(line))
      expect(lines).to.have.length(1202)
      expect(lines[0]).to.deep.include({ chain: 'node-1', sequence: 1, recordingId: 'r-0', details: { complete: false, seconds: 0 }, personalHidden: 0 })
      expect(lines.at(-1)).to.deep.include({ action: 'audit.exported', details: { form: 'jsonl', part: 'begun' } })
      expect((await stat(all)).mode & 0o777).to.equal(0o600)
      expect((await console.holdfast('audit', 'export', '--out', all)).code).to.equal(2)
      expect((await console.holdfast('audit', 'export', '--out', some, '--format', 'csv', '--action', 'hold.placed', '--number', '+4915550100')).code).to.equal(0)
      const csv = (await readFile(some, 'utf8')).split('\r\n')
      expect(csv).to.have.length(3)
      expect(csv[1]).to.include(`hold.placed,recording,r-0,ok,"'=HYPERLINK(""x"")",r-0`)
      const { entries } = await console.store.audit.read({ ...EVERY_ENTRY, action: 'audit.exported' }, { first: 1, before: null })
      expect(entries[0]?.entry.details).to.deep.equal({ form: 'csv', part: 'ended', entries: 1, end: 'whole' })
    })
  })
})

function keyName(lines: readonly string[]): string {
  const [, name = '', mark = ''] = /\\n— (\S+) ([A-Za-z0-9+/=]+)\\n/.exec(lines[0] ?? '') ?? []
  return `${name}+${Buffer.from(mark, 'base64').subarray(0, 4).toString('hex')}`
}
