import { describe, it } from 'mocha'
import { expect } from 'chai'
import { verifyAudit } from '../../cli/audit/verify-audit.ts'
import type { AuditFaultKind } from '../../core/domain/audit/audit-fault.ts'
import type { AuditDraft, AuditEntry } from '../../core/domain/audit-entry.ts'
import { type NodeName, parseNodeName } from '../../core/domain/ids.ts'
import { type AuditFilter, type AuditLog, type AuditSubject, EVERY_ENTRY } from '../../core/ports/audit-log.ts'
import { seconds } from '../support/recording-facts.ts'

const NOTHING_ASKED: AuditFilter = EVERY_ENTRY

/** What every audit log does. `open` gives an empty one. */
export function auditLogContract(name: string, open: () => Promise<AuditLog>): void {
  describe(`${name} is an AuditLog`, () => {
    it('gives back what was written, newest first, numbered from 1', async () => {
      const audit = await open()
      const written: AuditEntry[] = []
      for (let index = 0; index < 3; index += 1) written.push(await audit.append(auditDraft(index)))
      expect(written.map(({ sequence }) => sequence)).to.deep.equal([1, 2, 3])
      const { entries, hasMore } = await audit.read(NOTHING_ASKED, { first: 10, before: null })
      expect(entries.map(({ entry }) => entry)).to.deep.equal(written.toReversed())
      expect(hasMore).to.equal(false)
      expect(written[0]).to.deep.include(auditDraft(0))
    })

    it('pages through everything once', async () => {
      const audit = await open()
      for (let index = 0; index < 7; index += 1) await audit.append(auditDraft(index))
      const sequences: number[] = []
      let before: number | null = null
      for (;;) {
        const page = await audit.read(NOTHING_ASKED, { first: 3, before })
        sequences.push(...page.entries.map(({ entry }) => entry.sequence))
        before = page.entries.at(-1)?.position ?? null
        if (!page.hasMore) break
      }
      expect(sequences).to.deep.equal([7, 6, 5, 4, 3, 2, 1])
    })

    it('reads by object, actor, action and time', async () => {
      const audit = await open()
      await audit.append({ ...auditDraft(0), actor: { type: 'token', id: 'a' } })
      await audit.append({ ...auditDraft(1), action: 'playback.refused', object: { type: 'recording', id: 'A' } })
      await audit.append({ ...auditDraft(2), actor: { type: 'cli', id: 'a ' } })
      const sequences = async (filter: Partial<AuditFilter>): Promise<readonly number[]> => {
        const { entries } = await audit.read({ ...NOTHING_ASKED, ...filter }, { first: 10, before: null })
        return entries.map(({ entry }) => entry.sequence)
      }
      expect(await sequences({ actorId: 'a' })).to.deep.equal([1])
      expect(await sequences({ objectId: 'A' })).to.deep.equal([2])
      expect(await sequences({ objectId: 'a' })).to.deep.equal([])
      expect(await sequences({ action: 'playback.refused' })).to.deep.equal([2])
      expect(await sequences({ from: seconds(1) })).to.deep.equal([3, 2])
      expect(await sequences({ to: seconds(1) })).to.deep.equal([1])
      expect(await sequences({ from: seconds(1), to: seconds(2), objectId: 'A' })).to.deep.equal([2])
    })

    it('reads by every other column, and by what it tells of', async () => {
      const audit = await open()
      await audit.append({ ...auditDraft(0), details: { interactionId: 'i-1' } })
      await audit.append({ ...auditDraft(1), outcome: 'refused', reason: 'FORBIDDEN', object: { type: 'query', id: 'recordings' }, personal: { address: '192.0.2.7' } })
      await audit.append({ ...auditDraft(2), action: 'hold.placed', actor: { type: 'cli', id: 'token-1' }, object: { type: 'hold', id: 'h-1' }, details: { recordingId: 'r-0', interactionId: 'i-1' }, personal: { callee: '+4915550100', 'attached.CUSTOMER_ID': 'C-1' } })
      const sequences = async (filter: Partial<AuditFilter>, page = { first: 10, before: null as number | null }): Promise<readonly number[]> => {
        const { entries } = await audit.read({ ...EVERY_ENTRY, ...filter }, page)
        return entries.map(({ entry }) => entry.sequence)
      }
      const [chain] = await audit.chains()
      const table: readonly (readonly [Partial<AuditFilter>, readonly number[]])[] = [
        [{ objectType: 'recording' }, [1]], [{ actorType: 'cli' }, [3]], [{ actorType: 'token', actorId: 'token-1' }, [2, 1]], [{ outcome: 'refused' }, [2]], [{ reason: 'FORBIDDEN' }, [2]], [{ reason: 'forbidden' }, []],
        [{ actions: ['hold.placed', 'playback.begun'] }, [3, 2, 1]], [{ actions: ['hold.placed'] }, [3]], [{ actions: ['hold.placed', 'hold.released'], objectType: 'hold' }, [3]],
        [{ chain: chain ?? null }, [3, 2, 1]], [{ chain: parseNodeName('nobody') }, []], [{ recordingId: 'r-0' }, [3, 1]], [{ interactionId: 'i-1' }, [3, 1]], [{ address: '192.0.2.7' }, [2]],
        [{ customerId: 'C-1' }, [3]], [{ number: '+4915550100' }, [3, 1]], [{ number: '+4915550100', recordingId: 'r-0', actorType: 'cli' }, [3]], [{ number: '+4915550100', from: seconds(1) }, [3]], [{ number: '+49' }, []],
        [{ chain: chain ?? null, from: seconds(1), to: seconds(2) }, [2]],
      ]
      for (const [filter, expected] of table) expect(await sequences(filter), JSON.stringify(filter)).to.deep.equal(expected)
      const { entries: [newest] } = await audit.read({ ...EVERY_ENTRY, number: '+4915550100' }, { first: 1, before: null })
      expect(await sequences({ number: '+4915550100' }, { first: 10, before: newest?.position ?? 0 })).to.deep.equal([1])
    })

    it('erases what it tells of a person, says which entries those were, and verifies all the same', async () => {
      const audit = await open()
      await audit.append({ ...auditDraft(0), personal: { caller: '+491', address: '192.0.2.7' } })
      await audit.append({ ...auditDraft(1), personal: { caller: '+492' } })
      await audit.append({ ...auditDraft(2), personal: { callee: '+491' } })
      await audit.append({ ...auditDraft(3), personal: { 'attached.CUSTOMER_ID': 'C-1', caller: '+493' } })
      const telling: AuditDraft = { ...auditDraft(4), action: 'subject.erased', details: { why: 'asked for' }, personal: {} }
      expect(await erased(audit, { numbers: ['+491', '+499'], customerIds: ['C-1', 'C-2'] }, telling)).to.equal(3)
      const { entries } = await audit.read(EVERY_ENTRY, { first: 20, before: null })
      expect(entries.filter(({ entry }) => entry.personal === null).map(({ entry }) => entry.sequence)).to.deep.equal([4, 3, 1])
      const told = entries.filter(({ entry }) => entry.action === 'subject.erased').map(({ entry: { object, details } }) => ({ object, details }))
      const [chain = parseNodeName('none')] = await audit.chains()
      expect(told).to.deep.equal([{ object: { type: 'audit', id: chain }, details: { why: 'asked for', chain, entries: '1,3-4', count: 3 } }])
      for (const gone of [{ number: '+491' }, { number: '+493' }, { address: '192.0.2.7' }, { customerId: 'C-1' }]) expect((await audit.read({ ...EVERY_ENTRY, ...gone }, { first: 5, before: null })).entries).to.deep.equal([])
      expect((await audit.read({ ...EVERY_ENTRY, recordingId: 'r-0' }, { first: 5, before: null })).entries).to.have.length(1)
      expect((await audit.verify(chain)).fault).to.equal(null)
    })

    it('keeps what strangers wrote as they wrote it', async () => {
      const audit = await open()
      const strange = { ...auditDraft(0), reason: `'; drop table audit_entries; --`, details: { 'a"b': 'ü\u0000\r\n', count: 2 ** 53 - 1, none: null, yes: true }, personal: { caller: '🤝 ', long: 'x'.repeat(9000) } }
      await audit.append(strange)
      const { entries } = await audit.read(NOTHING_ASKED, { first: 1, before: null })
      expect({ reason: entries[0]?.entry.reason, details: entries[0]?.entry.details, personal: entries[0]?.entry.personal }).to.deep.equal({ reason: strange.reason, details: strange.details, personal: strange.personal })
    })

    it('verifies what nobody touched, also when much is appended at once', async () => {
      const audit = await open()
      expect(await audit.chains()).to.deep.equal([])
      await Promise.all(Array.from({ length: 40 }, (_, index) => audit.append(auditDraft(index))))
      const [chain] = await audit.chains()
      expect(chain === undefined ? null : await audit.verify(chain)).to.deep.include({ chain, checked: 40, fault: null, signedTo: null })
    })

    it('finds nothing wrong with a chain that is not there', async () => {
      const audit = await open()
      expect(await audit.verify(parseNodeName('nobody'))).to.deep.include({ checked: 0, fault: null })
    })
  })
}

/** All that can be erased, turn by turn. */
async function erased(audit: AuditLog, subject: AuditSubject, draft: AuditDraft): Promise<number> {
  let count = 0
  for (let turn = await audit.erase(subject, draft); turn > 0; turn = await audit.erase(subject, draft)) count += turn
  return count
}

/** An audit log in a database, and a way into its tables for somebody who has no business there. */
export interface OpenToTampering {
  readonly audit: AuditLog
  readonly chain: NodeName
  /** Gives the rows of a question. */
  execute(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]>
}

/** What every audit log in a database finds out. `open` gives an empty one. */
export function auditTamperContract(name: string, open: () => Promise<OpenToTampering>): void {
  describe(`${name} finds out who tampered with it`, () => {
    const filled = async (): Promise<OpenToTampering> => {
      const opened = await open()
      for (let index = 0; index < 12; index += 1) await opened.audit.append({ ...auditDraft(index), reason: index % 2 === 0 ? null : 'because of it' })
      return opened
    }
    const columns: Readonly<Record<string, string>> = {
      at: '1', actor_type: `'cli'`, actor_id: `'somebody'`, action: `'audit.read'`, object_type: `'file'`, object_id: `'other'`, outcome: `'failed'`,
      reason: `'because'`, details_json: `'{}'`, personal_digest: `'00'`, hash: `'00'`,
    }
    for (const [column, value] of Object.entries(columns)) {
      it(`when ${column} was altered`, async () => {
        const { audit, chain, execute } = await filled()
        await execute(`update audit_entries set ${column} = ${value} where sequence = 5`)
        const { checked, fault } = await audit.verify(chain)
        expect({ checked, sequence: fault?.sequence, kind: fault?.kind }).to.deep.equal({ checked: 4, sequence: 5, kind: 'altered' })
      })
    }

    const acts: Readonly<Record<string, readonly [readonly string[], readonly [number, AuditFaultKind]]>> = {
      'an entry was removed': [['delete from audit_entries where sequence = 5'], [5, 'removed']],
      'the first entry was removed': [['delete from audit_entries where sequence = 1'], [1, 'removed']],
      'the last entry was removed': [['delete from audit_entries where sequence = 12'], [12, 'cut-off']],
      'every entry was removed': [['delete from audit_entries'], [1, 'cut-off']],
      'two entries changed places': [['update audit_entries set sequence = 99 where sequence = 5', 'update audit_entries set sequence = 5 where sequence = 6', 'update audit_entries set sequence = 6 where sequence = 99'], [5, 'reordered']],
      'one was removed and the others moved up': [['delete from audit_entries where sequence = 5', ...[6, 7, 8, 9, 10, 11, 12].map((sequence) => `update audit_entries set sequence = ${sequence - 1} where sequence = ${sequence}`)], [5, 'removed']],
      'one was put behind the end': [[`insert into audit_entries (chain, sequence, at, actor_type, actor_id, action, object_type, object_id, outcome, details_json, hash) select chain, 13, at, actor_type, actor_id, action, object_type, object_id, outcome, details_json, hash from audit_entries where sequence = 12`], [13, 'inserted']],
      'the memory of the end was put back with the end cut off': [['delete from audit_entries where sequence = 12', 'update audit_chains set sequence = 11'], [11, 'end-altered']],
      'the memory of the end was removed': [['delete from audit_chains'], [1, 'end-altered']],
      'an entry was given to a chain that cannot be': [[`update audit_entries set chain = 'No Node' where sequence = 5`], [5, 'removed']],
      'a personal part was altered': [[`update audit_personal set personal_json = '{"caller":"other"}' where sequence = 5`], [5, 'personal-altered']],
      'a personal part was given to another entry': [['delete from audit_personal where sequence = 6', 'update audit_personal set sequence = 6 where sequence = 5'], [6, 'personal-altered']],
    }
    for (const [act, [statements, firstBroken]] of Object.entries(acts)) {
      it(`when ${act}`, async () => {
        const { audit, chain, execute } = await filled()
        for (const statement of statements) await execute(statement)
        const { fault } = await audit.verify(chain)
        expect([fault?.sequence, fault?.kind]).to.deep.equal(firstBroken)
      })
    }

    const ROUNDS = 4
    const tables = {
      audit_entries: ['chain', 'sequence', 'at', 'actor_type', 'actor_id', 'action', 'object_type', 'object_id', 'outcome', 'reason', 'details_json', 'personal_digest', 'hash'],
      audit_personal: ['chain', 'sequence', 'salt', 'personal_json'],
      audit_chains: ['chain', 'sequence', 'hash'],
    } as const
    for (const [table, columns] of Object.entries(tables)) {
      for (const column of columns) {
        it(`when any one byte of ${table}.${column} was altered`, async () => {
          const { audit, execute } = await filled()
          const rows = await execute(`select ${column} as value, ${table === 'audit_chains' ? 'chain as place' : 'sequence as place'} from ${table} where ${column} is not null`)
          for (let round = 0; round < ROUNDS; round += 1) {
            const { value, place } = rows[Math.floor(Math.random() * rows.length)] ?? {}
            const changed = typeof value === 'string' ? withOneByte(value) : Number(value) ^ 2 ** (4 + Math.floor(Math.random() * 20))
            const key = table === 'audit_chains' ? '' : ` where sequence = ${column === 'sequence' ? String(changed) : String(place)}`
            await execute(`update ${table} set ${column} = ${literal(changed)}${table === 'audit_chains' ? '' : ` where sequence = ${String(place)}`}`)
            const chains = await verifyAudit(audit, [])
            expect(chains.filter(({ fault }) => fault !== null), `${String(value)} became ${String(changed)}`).to.not.deep.equal([])
            await execute(`update ${table} set ${column} = ${literal(value)}${key}`)
            expect((await verifyAudit(audit, [])).filter(({ fault }) => fault !== null), 'as it was').to.deep.equal([])
          }
        })
      }
    }

    it('but not when personal parts were erased', async () => {
      const { audit, chain, execute } = await filled()
      await execute('delete from audit_personal where sequence in (3, 4)')
      expect(await audit.verify(chain)).to.deep.include({ checked: 12, fault: null })
      const { entries } = await audit.read(NOTHING_ASKED, { first: 20, before: null })
      expect(entries.filter(({ entry }) => entry.personal === null).map(({ entry }) => entry.sequence)).to.deep.equal([4, 3])
      expect((await audit.append(auditDraft(12))).sequence).to.equal(13)
      expect((await audit.verify(chain)).fault).to.equal(null)
    })
  })
}

/** The text with another letter in one place. */
function withOneByte(text: string): string {
  const at = Math.floor(Math.random() * text.length)
  return `${text.slice(0, at)}${text[at] === 'f' ? 'e' : 'f'}${text.slice(at + 1)}`
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value)
}

/** Two programs on one database append at once: each entry has its own place. */
export function auditTogetherContract(name: string, open: () => Promise<{ readonly one: AuditLog; readonly other: AuditLog; readonly chain: NodeName }>): void {
  it(`${name} keeps one chain when two programs append to it at once`, async () => {
    const { one, other, chain } = await open()
    const written = await Promise.all(Array.from({ length: 30 }, (_, index) => [one.append(auditDraft(index)), other.append(auditDraft(index))]).flat())
    expect(written.map(({ sequence }) => sequence).toSorted((a, b) => a - b)).to.deep.equal(Array.from({ length: 60 }, (_, index) => index + 1))
    expect(await one.verify(chain)).to.deep.include({ checked: 60, fault: null })
  })
}

/** An entry to write, each with other words. */
export function auditDraft(index: number): AuditDraft {
  return {
    at: seconds(index),
    actor: { type: 'token', id: 'token-1' },
    action: 'playback.begun',
    object: { type: 'recording', id: `r-${index}` },
    outcome: 'ok',
    reason: null,
    details: { seconds: index, complete: false },
    personal: { caller: '+4915550100', 'attached.customer': `C-${index}` },
  }
}
