import type { Checkpoint, CheckpointKey, SignedCheckpoint } from '../domain/audit/checkpoint.ts'
import type { Subtree } from '../domain/audit/merkle.ts'
import type { ChainedEntry } from '../domain/audit/audit-fault.ts'
import type { ChainEnd } from '../domain/audit/chain-walk.ts'
import type { NodeName } from '../domain/ids.ts'

/** Signs checkpoints in a node's name. */
export interface CheckpointSigner {
  readonly publicKey: CheckpointKey
  sign(checkpoint: Checkpoint): SignedCheckpoint
}

/** Where checkpoints go so that whoever alters the database does not reach them. */
export interface CheckpointOutlet {
  /** A word for logs and metrics. */
  readonly name: 'file' | 'syslog' | 'webhook'
  /** Resolves when it is there, as far as the way tells. Throws what went wrong; the same line may come again. */
  write(line: string, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** What checkpoints and proofs are made from. */
export interface AuditEvidence {
  /** `null`: the chain has no entry yet. */
  end(chain: NodeName): Promise<ChainEnd | null>
  /** Entries behind a place, in their order. */
  entries(chain: NodeName, after: number, most: number): Promise<readonly ChainedEntry[]>
  /** Complete subtrees that were kept, as far as they are there. */
  subtrees(chain: NodeName, wanted: readonly Omit<Subtree, 'hash'>[]): Promise<readonly Subtree[]>
  /** Keeps a checkpoint with the subtrees that became complete. Idempotent. */
  keep(checkpoint: SignedCheckpoint, subtrees: readonly Subtree[]): Promise<void>
  /** The newest. */
  last(chain: NodeName): Promise<SignedCheckpoint | null>
  /** The first that covers an entry. */
  covering(chain: NodeName, sequence: number): Promise<SignedCheckpoint | null>
  /** All of a chain, in their order, a page at a time. */
  checkpoints(chain: NodeName, after: number, most: number): Promise<readonly SignedCheckpoint[]>
}
