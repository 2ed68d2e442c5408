import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { AuditAction, AuditDraft, AuditEntry, AuditOutcome } from '../../domain/audit-entry.ts'
import { type NodeName, parseNodeName } from '../../domain/ids.ts'
import { canonicalJson, CHAIN_START, entryHash, type HashedEntry, personalDigest } from '../../domain/audit/entry-hash.ts'
import { auditWordsOf } from '../../domain/audit/audit-words.ts'
import { inBundles, type PlacedWord, wordsInserted } from './audit-words.ts'
import { boundedName } from './bounded-name.ts'
import { insertIfAbsent, locked, together } from './portable.ts'
import type { Tx } from './sql-database.ts'
import type { AuditPersonalRow } from './tables.ts'

/** 128 bits: nobody tries them all to find a telephone number behind a digest. */
const SALT_BYTES = 16

/** One node's chain of audit entries. Appended to within the transaction of the change that the entries tell of. */
export class AuditChain {
  readonly #chain: NodeName
  readonly #customerIdKey: string | null

  /** @param customerIdKey - the key of the attached data that names a customer */
  constructor(chain: NodeName, { customerIdKey }: { readonly customerIdKey: string | null }) {
    this.#chain = chain
    this.#customerIdKey = customerIdKey
  }

  /** Whoever appends holds the chain until the transaction ends: two processes never continue the same entry. */
  async append(tx: Tx, drafts: readonly AuditDraft[]): Promise<readonly AuditEntry[]> {
    if (drafts.length === 0) return []
    const head = await this.#lockHead(tx)
    const entries: (HashedEntry & { readonly hash: string })[] = []
    const personal: AuditPersonalRow[] = []
    const written: AuditEntry[] = []
    const words: PlacedWord[] = []
    let { sequence, hash } = head
    for (const draft of drafts) {
      sequence += 1
      const part = personalRow(draft, this.#chain, sequence)
      const covered = hashedEntry(draft, { chain: this.#chain, sequence, personal_digest: part === null ? null : personalDigest(part) })
      hash = entryHash(hash, covered)
      entries.push({ ...covered, hash })
      if (part !== null) personal.push(part)
      for (const { kind, value } of auditWordsOf(draft, this.#customerIdKey)) words.push({ kind, value, sequence })
      written.push(auditEntryOf({ ...covered, hash, personal_json: part?.personal_json ?? null }))
    }
    await together(tx, [
      ...inBundles(entries).map((rows) => tx.insertInto('audit_entries').values(rows)),
      ...inBundles(personal).map((rows) => tx.insertInto('audit_personal').values(rows)),
      ...wordsInserted(tx, this.#chain, words),
      tx.updateTable('audit_chains').set({ sequence, hash }).where('chain', '=', this.#chain),
    ])
    return written
  }

  async #lockHead(tx: Tx): Promise<{ readonly sequence: number; readonly hash: string }> {
    const head = locked(tx, tx.selectFrom('audit_chains').select(['sequence', 'hash']).where('chain', '=', this.#chain))
    const found = await head.executeTakeFirst()
    if (found !== undefined) return found
    // Two that begin the chain at once: the second waits here for the first, and then reads what it left.
    await insertIfAbsent(tx, tx.insertInto('audit_chains').values({ chain: this.#chain, sequence: 0, hash: CHAIN_START }), { chain: sql.ref<string>('chain') }).execute()
    return head.executeTakeFirstOrThrow()
  }
}

/** A row as it was read, with its personal part: `null` when there is none (any more). */
export interface ReadEntry extends HashedEntry {
  readonly hash: string
  readonly personal_json: string | null
}

export function auditEntryOf(row: ReadEntry): AuditEntry {
  return {
    chain: parseNodeName(row.chain),
    sequence: row.sequence,
    at: new Date(row.at),
    actor: { type: row.actor_type as AuditEntry['actor']['type'], id: row.actor_id },
    action: row.action as AuditAction,
    object: { type: row.object_type as AuditEntry['object']['type'], id: row.object_id },
    outcome: row.outcome as AuditOutcome,
    reason: row.reason,
    details: JSON.parse(row.details_json) as AuditEntry['details'],
    personal: row.personal_digest === null ? {} : personalOf(row.personal_json),
    hash: row.hash,
  }
}

function personalOf(text: string | null): AuditEntry['personal'] {
  return text === null ? null : JSON.parse(text) as Record<string, string>
}

function hashedEntry(draft: AuditDraft, place: Pick<HashedEntry, 'chain' | 'sequence' | 'personal_digest'>): HashedEntry {
  return {
    ...place,
    at: draft.at.getTime(),
    actor_type: draft.actor.type,
    actor_id: boundedName(draft.actor.id),
    action: draft.action,
    object_type: draft.object.type,
    object_id: boundedName(draft.object.id),
    outcome: draft.outcome,
    reason: draft.reason === null ? null : draft.reason.toWellFormed(),
    details_json: canonicalJson(draft.details),
  }
}

function personalRow(draft: AuditDraft, chain: NodeName, sequence: number): AuditPersonalRow | null {
  if (Object.keys(draft.personal).length === 0) return null
  return { chain, sequence, salt: randomBytes(SALT_BYTES).toString('hex'), personal_json: canonicalJson(draft.personal) }
}
