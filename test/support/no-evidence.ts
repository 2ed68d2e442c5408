import type { AuditEvidence } from '../../core/ports/audit-evidence.ts'

/** Of an audit that nobody has signed. */
export const NO_EVIDENCE: AuditEvidence = {
  end: () => Promise.resolve(null),
  entries: () => Promise.resolve([]),
  subtrees: () => Promise.resolve([]),
  keep: () => Promise.resolve(),
  last: () => Promise.resolve(null),
  covering: () => Promise.resolve(null),
  checkpoints: () => Promise.resolve([]),
}
