import { createHash } from 'node:crypto'
import { type AuditWord, type AuditWordKind, auditWordsOf, DEFAULT_CUSTOMER_ID_KEY } from '../../../core/domain/audit/audit-words.ts'
import { SequenceRanges } from '../../../core/domain/audit/sequence-ranges.ts'
import type { AuditDraft, AuditEntry } from '../../../core/domain/audit-entry.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { type NodeName, parseNodeName } from '../../../core/domain/ids.ts'
import { type AuditFilter, type AuditLog, type AuditPage, type AuditSubject, type AuditVerification, EVERY_ENTRY } from '../../../core/ports/audit-log.ts'

/** One audit chain in memory. `unavailable` makes every append fail, as a full disk does. */
export class MemoryAuditLog implements AuditLog {
  readonly entries: AuditEntry[] = []
  unavailable = false
  readonly #chain: NodeName

  constructor(chain = parseNodeName('memory')) {
    this.#chain = chain
  }

  async append(draft: AuditDraft): Promise<AuditEntry> {
    if (this.unavailable) throw new HoldfastError('AUDIT_UNAVAILABLE', 'the audit cannot be written')
    const sequence = this.entries.length + 1
    const entry: AuditEntry = { ...structuredClone(draft), chain: this.#chain, sequence, hash: hashOf(this.entries.at(-1)?.hash ?? '', sequence, draft) }
    this.entries.push(entry)
    return entry
  }

  async read(filter: AuditFilter, { first, before, after }: AuditPage): ReturnType<AuditLog['read']> {
    const found = this.entries
      .map((entry) => ({ position: entry.sequence, entry }))
      .filter(({ position, entry }) => (before === null || position < before) && position > (after ?? 0) && matches(filter, entry))
    if (after === undefined) found.reverse()
    return { entries: found.slice(0, first), hasMore: found.length > first }
  }

  async verify(chain: NodeName): Promise<AuditVerification> {
    const whole = { chain, checked: 0, fault: null, signedTo: null, absent: new SequenceRanges(), erased: [] }
    if (chain !== this.#chain) return whole
    const broken = this.entries.find((entry, index) => entry.hash !== hashOf(this.entries[index - 1]?.hash ?? '', entry.sequence, draftOf(entry)))
    if (broken === undefined) return { ...whole, checked: this.entries.length }
    return { ...whole, checked: broken.sequence - 1, fault: { kind: 'altered', chain, sequence: broken.sequence, message: 'altered' } }
  }

  async erase(subject: AuditSubject, draft: AuditDraft): Promise<number> {
    const about = this.entries.filter((entry) => entry.personal !== null && wordsOf(entry).some(({ kind, value }) => (kind === 'number' ? subject.numbers : kind === 'customer' ? subject.customerIds : []).includes(value)))
    if (about.length === 0) return 0
    for (const entry of about) this.entries[entry.sequence - 1] = { ...entry, personal: null }
    await this.append({ ...draft, object: { type: 'audit', id: this.#chain }, details: { ...draft.details, chain: this.#chain, entries: SequenceRanges.of(about.map(({ sequence }) => sequence)).toString(), count: about.length } })
    return about.length
  }

  async chains(): Promise<readonly NodeName[]> {
    return this.entries.length === 0 ? [] : [this.#chain]
  }
}

function matches(asked: AuditFilter, entry: AuditEntry): boolean {
  const filter = { ...EVERY_ENTRY, ...asked }
  const columns: readonly (readonly [string | null, string])[] = [
    [filter.objectType, entry.object.type], [filter.objectId, entry.object.id], [filter.actorType, entry.actor.type], [filter.actorId, entry.actor.id],
    [filter.outcome, entry.outcome], [filter.chain, entry.chain],
  ]
  const words: readonly (readonly [AuditWordKind, string | null])[] = [
    ['recording', filter.recordingId], ['interaction', filter.interactionId], ['reason', filter.reason], ['address', filter.address], ['customer', filter.customerId], ['number', filter.number],
  ]
  return columns.every(([asked, found]) => asked === null || asked === found)
    && words.every(([kind, asked]) => asked === null || wordsOf(entry).some((word) => word.kind === kind && word.value === asked))
    && (filter.action === null || filter.action === entry.action)
    && (filter.actions === null || filter.actions.includes(entry.action))
    && (filter.from === null || entry.at >= filter.from)
    && (filter.to === null || entry.at < filter.to)
}

function wordsOf(entry: AuditEntry): readonly AuditWord[] {
  return auditWordsOf({ ...entry, personal: entry.personal ?? {} }, DEFAULT_CUSTOMER_ID_KEY)
}

function draftOf({ at, actor, action, object, outcome, reason, details, personal }: AuditEntry): AuditDraft {
  return { at, actor, action, object, outcome, reason, details, personal: personal ?? {} }
}

function hashOf(previous: string, sequence: number, { at, actor, action, object, outcome, reason, details }: AuditDraft): string {
  return createHash('sha256').update(JSON.stringify([previous, sequence, at, actor, action, object, outcome, reason, details])).digest('hex')
}
