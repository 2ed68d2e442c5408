/** What proves the audit, beside the entries themselves. */
export interface AuditProofTables {
  readonly audit_checkpoints: AuditCheckpointRow
  readonly audit_subtrees: AuditSubtreeRow
  readonly audit_words: AuditWordRow
}

/** A signed checkpoint of a chain; its parts stand in the note. */
export interface AuditCheckpointRow {
  readonly chain: string
  readonly sequence: number
  readonly at: number
  readonly note: string
}

/** Hash of a complete subtree of a chain's Merkle tree, of the larger ones only. */
export interface AuditSubtreeRow {
  readonly chain: string
  readonly level: number
  readonly tree_index: number
  readonly hash: string
}

/** By what an entry is found besides its own columns. Those of its personal part go with that. */
export interface AuditWordRow {
  readonly kind: string
  readonly value: Uint8Array
  readonly position: number
}
