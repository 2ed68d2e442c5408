import type { Requester } from '../../domain/actor.ts'
import { csvLine } from '../../domain/csv.ts'
import type { AuditFilter, AuditLog } from '../../ports/audit-log.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'
import { mustReachAudit } from './audit-access.ts'
import { type AuditKeys, auditQuestionOf, toldQuestion } from './audit-question.ts'
import type { AuditTrail, PlacedAuditEntry } from './audit-trail.ts'
import type { AuditWriter } from './audit-writer.ts'

export const AUDIT_FORMATS = ['csv', 'jsonl'] as const
/** `csv`: RFC 4180 with a header line; `jsonl`: one JSON object a line. */
export type AuditFormat = (typeof AUDIT_FORMATS)[number]

/** Entries that are in memory at once. */
const ENTRIES_PER_STEP = 500
const COLUMNS = [
  'chain', 'sequence', 'at', 'actorType', 'actorId', 'action', 'objectType', 'objectId', 'outcome', 'reason', 'recordingId', 'interactionId', 'partitions',
  'customerId', 'interactionType', 'address', 'details', 'personal', 'personalHidden', 'hash',
] as const
type Columns = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>

export interface AuditExportOptions {
  readonly log: Pick<AuditLog, 'read'>
  readonly audit: AuditWriter
  readonly trail: Pick<AuditTrail, 'facts'>
  readonly visibility: AttachedVisibility
  readonly keys: AuditKeys
}

/** Takes parts of the audit out of it, as they are, oldest first. */
export class AuditExport {
  readonly #parts: AuditExportOptions

  constructor(parts: AuditExportOptions) {
    this.#parts = parts
  }

  /**
   * Text in pieces, however much it is; what the requester may not see of attached data is counted instead. Stands in the audit before the
   * first piece, and how much it was behind the last one, also where nobody took all of it.
   * @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID`; `AUDIT_UNAVAILABLE` (retry)
   */
  async *export(requester: Requester, filter: AuditFilter, format: AuditFormat): AsyncGenerator<string, void> {
    const { audit, log } = this.#parts
    await mustReachAudit(requester, 'export-audit', { audit, action: 'audit.exported' })
    const asked = auditQuestionOf(requester, filter, this.#parts)
    const told = toldQuestion(this.#parts.keys, asked)
    const note = { action: 'audit.exported', object: { type: 'audit', id: 'all' }, outcome: 'ok', reason: null } as const
    await audit.require(requester, { ...note, ...told, details: { ...told.details, form: format, part: 'begun' } })
    let [entries, end]: [number, 'cut off' | 'whole'] = [0, 'cut off']
    try {
      if (format === 'csv') yield csvLine(COLUMNS)
      for (let after: number | null = 0; after !== null;) {
        const page = await log.read(asked, { first: ENTRIES_PER_STEP, before: null, after })
        if (page.entries.length > 0) yield page.entries.map((placed) => this.#line(requester, placed, format)).join('')
        entries += page.entries.length
        after = page.hasMore ? page.entries.at(-1)?.position ?? null : null
      }
      end = 'whole'
    } finally {
      await audit.attempt(requester, { ...note, personal: {}, details: { form: format, part: 'ended', entries, end } })
    }
  }

  #line(requester: Requester, { entry }: PlacedAuditEntry, format: AuditFormat): string {
    const { trail, visibility } = this.#parts
    const personal = entry.personal === null ? null : visibility.personal(requester, entry.personal)
    const { partitions, ...facts } = trail.facts(requester, entry)
    const columns = {
      chain: entry.chain, sequence: entry.sequence, at: entry.at.toISOString(), actorType: entry.actor.type, actorId: entry.actor.id, action: entry.action,
      objectType: entry.object.type, objectId: entry.object.id, outcome: entry.outcome, reason: entry.reason, ...facts, personalHidden: personal?.hidden ?? 0, hash: entry.hash,
    }
    if (format === 'jsonl') return `${JSON.stringify({ ...columns, partitions, details: entry.details, personal: personal?.shown ?? null })}\n`
    const cells: Columns = { ...columns, partitions: partitions?.join(',') ?? null, details: JSON.stringify(entry.details), personal: personal === null ? null : JSON.stringify(personal.shown) }
    return csvLine(COLUMNS.map((name) => cells[name]))
  }
}
