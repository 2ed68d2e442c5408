import { createHash } from 'node:crypto'
import type { AuditDraft, AuditEntry } from '../../../core/domain/audit-entry.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { type NodeName, parseNodeName } from '../../../core/domain/ids.ts'
import type { AuditFilter, AuditLog, AuditVerification } from '../../../core/ports/audit-log.ts'

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

  async read(filter: AuditFilter, { first, before }: { readonly first: number; readonly before: number | null }): ReturnType<AuditLog['read']> {
    const found = this.entries
      .map((entry) => ({ position: entry.sequence, entry }))
      .filter(({ position, entry }) => (before === null || position < before) && matches(filter, entry))
      .toReversed()
    return { entries: found.slice(0, first), hasMore: found.length > first }
  }

  async verify(chain: NodeName): Promise<AuditVerification> {
    const whole = { chain, checked: 0, fault: null, signedTo: null }
    if (chain !== this.#chain) return whole
    const broken = this.entries.find((entry, index) => entry.hash !== hashOf(this.entries[index - 1]?.hash ?? '', entry.sequence, draftOf(entry)))
    if (broken === undefined) return { ...whole, checked: this.entries.length }
    return { ...whole, checked: broken.sequence - 1, fault: { kind: 'altered', chain, sequence: broken.sequence, message: 'altered' } }
  }

  async chains(): Promise<readonly NodeName[]> {
    return this.entries.length === 0 ? [] : [this.#chain]
  }
}

function matches(filter: AuditFilter, entry: AuditEntry): boolean {
  return (filter.objectId === null || entry.object.id === filter.objectId)
    && (filter.actorId === null || entry.actor.id === filter.actorId)
    && (filter.action === null || entry.action === filter.action)
    && (filter.from === null || entry.at >= filter.from)
    && (filter.to === null || entry.at < filter.to)
}

function draftOf({ at, actor, action, object, outcome, reason, details, personal }: AuditEntry): AuditDraft {
  return { at, actor, action, object, outcome, reason, details, personal: personal ?? {} }
}

function hashOf(previous: string, sequence: number, { at, actor, action, object, outcome, reason, details, personal }: AuditDraft): string {
  return createHash('sha256').update(JSON.stringify([previous, sequence, at, actor, action, object, outcome, reason, details, personal])).digest('hex')
}
