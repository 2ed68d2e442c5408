import { type CheckpointKey, isSignedBy, type SignedCheckpoint } from '../../core/domain/audit/checkpoint.ts'
import type { NodeName } from '../../core/domain/ids.ts'
import type { AuditEvidence } from '../../core/ports/audit-evidence.ts'

const PER_PAGE = 1000

/** The checkpoints that lie in the database itself, in two heaps: signed by one of these keys, and not. */
export async function keptCheckpoints(evidence: Pick<AuditEvidence, 'checkpoints'>, chains: readonly NodeName[], keys: readonly CheckpointKey[]): Promise<{ readonly good: readonly SignedCheckpoint[]; readonly foreign: readonly SignedCheckpoint[] }> {
  const good: SignedCheckpoint[] = []
  const foreign: SignedCheckpoint[] = []
  for (const chain of chains) {
    for (let page = await evidence.checkpoints(chain, 0, PER_PAGE); page.length > 0; page = await evidence.checkpoints(chain, page.at(-1)?.sequence ?? 0, PER_PAGE)) {
      for (const checkpoint of page) (isSignedBy(checkpoint, keys) ? good : foreign).push(checkpoint)
    }
  }
  return { good, foreign }
}
