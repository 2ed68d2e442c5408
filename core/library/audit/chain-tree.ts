import type { ChainedEntry } from '../../domain/audit/audit-fault.ts'
import type { ChainEnd } from '../../domain/audit/chain-walk.ts'
import type { SignedCheckpoint } from '../../domain/audit/checkpoint.ts'
import { CHAIN_START, entryHash } from '../../domain/audit/entry-hash.ts'
import { leafHash, MerkleFrontier, peaksOf, type Subtree } from '../../domain/audit/merkle.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { NodeName } from '../../domain/ids.ts'
import type { AuditEvidence } from '../../ports/audit-evidence.ts'

/** Subtrees of 256 entries and more are kept: one row for each 256 entries, and a proof reads so many at most beside them. */
export const KEPT_LEVEL = 8
const KEPT_LEAVES = 2 ** KEPT_LEVEL
/** Entries that are read at once. */
const ENTRIES_PER_STEP = 1000

/** The tree of a chain up to some entry. */
export interface GrownTree {
  readonly sequence: number
  readonly head: string
  readonly root: string
  /** Complete since the last time, and to be kept. */
  readonly subtrees: readonly Subtree[]
}

/**
 * The Merkle tree of one chain as it grows. It holds the frontier, a hash for each bit of the size: to go on costs what is new, to tell
 * the root costs log n. After a start it is taken up from the subtrees that were kept, not from the first entry.
 */
export class ChainTree {
  readonly #chain: NodeName
  readonly #evidence: AuditEvidence
  readonly #grown: Subtree[] = []
  #frontier: MerkleFrontier | null = null
  #hash = CHAIN_START

  constructor(chain: NodeName, evidence: AuditEvidence) {
    this.#chain = chain
    this.#evidence = evidence
  }

  /**
   * Takes in everything up to this end.
   * @param last - the last checkpoint: what it signed must be what stands there
   * @throws HoldfastError `INTEGRITY_MISMATCH` where an entry does not follow the one before, or is not what was signed: then nothing is to be signed beyond it
   */
  async growTo(end: ChainEnd, last: SignedCheckpoint | null): Promise<GrownTree> {
    if (last !== null && end.sequence < last.sequence) throw this.#mismatch(end.sequence + 1)
    const frontier = this.#frontier ??= await this.#takenUp(end, last)
    while (frontier.size < end.sequence) {
      const entries = await this.#evidence.entries(this.#chain, frontier.size, Math.min(ENTRIES_PER_STEP, end.sequence - frontier.size))
      if (entries.length === 0) throw this.#mismatch(frontier.size + 1)
      for (const entry of entries) this.#append(frontier, entry, last)
    }
    if (this.#hash !== end.hash) throw this.#mismatch(end.sequence)
    return { sequence: frontier.size, head: this.#hash, root: frontier.root().toString('hex'), subtrees: [...this.#grown] }
  }

  /** What was grown is kept; it need not be given again. */
  kept(): void {
    this.#grown.length = 0
  }

  /** Forgets what is in memory: after a fault, or when what was given could not be kept. */
  forget(): void {
    this.#frontier = null
    this.#grown.length = 0
  }

  #append(frontier: MerkleFrontier, entry: ChainedEntry, last: SignedCheckpoint | null): void {
    const sequence = frontier.size + 1
    if (entry.sequence !== sequence || entry.hash !== entryHash(this.#hash, entry)) throw this.#mismatch(sequence)
    this.#hash = entry.hash
    frontier.append(leafHash(entry.hash))
    if (sequence === last?.sequence && (last.head !== this.#hash || last.root !== frontier.root().toString('hex'))) throw this.#mismatch(sequence)
  }

  /** From the kept subtrees before the last checkpoint, where all of them are there. */
  async #takenUp({ sequence }: ChainEnd, last: SignedCheckpoint | null): Promise<MerkleFrontier> {
    // Below the checkpoint: what it signed is to be compared on the way.
    const base = Math.floor(Math.max(0, Math.min(sequence, last?.sequence ?? 0) - 1) / KEPT_LEAVES) * KEPT_LEAVES
    const wanted = peaksOf(base)
    const found = await this.#evidence.subtrees(this.#chain, wanted)
    const peaks = wanted.flatMap(({ level, index }) => found.filter((subtree) => subtree.level === level && subtree.index === index))
    const whole = base > 0 && peaks.length === wanted.length
    const [before] = whole ? await this.#evidence.entries(this.#chain, base - 1, 1) : []
    this.#hash = before?.hash ?? CHAIN_START
    return new MerkleFrontier(whole ? peaks : [], (subtree) => {
      if (subtree.level >= KEPT_LEVEL) this.#grown.push(subtree)
    })
  }

  #mismatch(sequence: number): HoldfastError {
    return new HoldfastError('INTEGRITY_MISMATCH', `entry ${sequence} of the audit chain ${this.#chain} is not the one that was written: \`holdfast audit verify\` tells more`, { chain: this.#chain, sequence })
  }
}
