import { auditPath, leafHash, MerkleFrontier, peaksOf, type Stretch, stretchHash, type Subtree } from '../../domain/audit/merkle.ts'
import type { NodeName } from '../../domain/ids.ts'
import type { AuditEvidence } from '../../ports/audit-evidence.ts'
import { KEPT_LEVEL } from './chain-tree.ts'

/** Entries that are read at once where a kept subtree is not there. */
const ENTRIES_PER_STEP = 1000

/** The hashes beside the way of an entry to the root of a tree: from kept subtrees, and at most 256 entries at each end. */
export async function entryPath(evidence: AuditEvidence, chain: NodeName, { sequence, size }: { readonly sequence: number; readonly size: number }): Promise<readonly Buffer[]> {
  const stretches = auditPath(sequence - 1, size)
  const wanted = stretches.flatMap((stretch) => partsOf(stretch).filter(({ level }) => level >= KEPT_LEVEL))
  const kept = await evidence.subtrees(chain, wanted)
  const path: Buffer[] = []
  for (const stretch of stretches) path.push(await hashOf(stretch, { evidence, chain, kept }))
  return path
}

interface Surroundings {
  readonly evidence: AuditEvidence
  readonly chain: NodeName
  readonly kept: readonly Subtree[]
}

async function hashOf(stretch: Stretch, { evidence, chain, kept }: Surroundings): Promise<Buffer> {
  const parts: Subtree[] = []
  for (const { level, index } of partsOf(stretch)) {
    const hash = kept.find((subtree) => subtree.level === level && subtree.index === index)?.hash ?? stretchHash(await leavesOf(evidence, chain, { from: index * 2 ** level, to: (index + 1) * 2 ** level }))
    parts.push({ level, index, hash })
  }
  return new MerkleFrontier(parts).root()
}

async function leavesOf(evidence: AuditEvidence, chain: NodeName, { from, to }: Stretch): Promise<readonly Buffer[]> {
  const leaves: Buffer[] = []
  while (leaves.length < to - from) {
    const entries = await evidence.entries(chain, from + leaves.length, Math.min(ENTRIES_PER_STEP, to - from - leaves.length))
    if (entries.length === 0) break
    leaves.push(...entries.map(({ hash }) => leafHash(hash)))
  }
  return leaves
}

/** The complete subtrees of a stretch; a stretch of an audit path begins where a subtree of its size may. */
function partsOf({ from, to }: Stretch): readonly Omit<Subtree, 'hash'>[] {
  return peaksOf(to - from).map(({ level, index }) => ({ level, index: index + from / 2 ** level }))
}
