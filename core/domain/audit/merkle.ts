import { hash } from 'node:crypto'

/**
 * The Merkle tree over a chain's entries, as certificate logs have it: leaf i (from 0) is the hash of entry i + 1.
 * A leaf and an inner node are hashed with different first bytes, so that none can be passed off as the other.
 * Source: RFC 9162 §2.1.1
 */
const [LEAF, INNER] = [0, 1]
const HASH_BYTES = 32
/** Written anew for each hash, which is done when the call returns: a million entries need two million of them. */
const leafBytes = Buffer.alloc(1 + HASH_BYTES, LEAF)
const innerBytes = Buffer.alloc(1 + 2 * HASH_BYTES, INNER)

/** @param entryHash - hexadecimal, as it stands in the chain */
export function leafHash(entryHash: string): Buffer {
  const length = leafBytes.write(entryHash, 1, 'hex')
  return hash('sha256', length === HASH_BYTES ? leafBytes : Buffer.concat([leafBytes.subarray(0, 1), Buffer.from(entryHash, 'hex')]), 'buffer')
}

export function innerHash(left: Buffer, right: Buffer): Buffer {
  innerBytes.set(left, 1)
  innerBytes.set(right, 1 + HASH_BYTES)
  return hash('sha256', innerBytes, 'buffer')
}

/** A complete subtree: 2^level leaves, beginning with leaf `index` · 2^level. */
export interface Subtree {
  readonly level: number
  readonly index: number
  readonly hash: Buffer
}

/**
 * The complete subtrees that a tree of some size consists of, the largest first: all that is needed to go on, and to tell the root.
 * One for each bit of the size: a million entries are twenty at most.
 */
export class MerkleFrontier {
  readonly #peaks: Subtree[]
  readonly #completed: (subtree: Subtree) => void
  #size: number

  /** @param completed - called for each inner subtree as it becomes complete */
  constructor(peaks: readonly Subtree[] = [], completed: (subtree: Subtree) => void = () => undefined) {
    this.#peaks = [...peaks]
    this.#completed = completed
    this.#size = peaks.reduce((size, { level }) => size + 2 ** level, 0)
  }

  get size(): number {
    return this.#size
  }

  append(leaf: Buffer): void {
    let grown: Subtree = { level: 0, index: this.#size, hash: leaf }
    for (let last = this.#peaks.at(-1); last?.level === grown.level; last = this.#peaks.at(-1)) {
      this.#peaks.pop()
      grown = { level: grown.level + 1, index: last.index / 2, hash: innerHash(last.hash, grown.hash) }
      this.#completed(grown)
    }
    this.#peaks.push(grown)
    this.#size += 1
  }

  /** Source: RFC 9162 §2.1.1; of no leaf at all: SHA-256 of nothing. */
  root(): Buffer {
    const hashes = this.#peaks.map(({ hash }) => hash)
    return hashes.length === 0 ? hash('sha256', '', 'buffer') : hashes.reduceRight((right, left) => innerHash(left, right))
  }
}

/** The complete subtrees of a tree of `size` leaves, the largest first, without their hashes. */
export function peaksOf(size: number): readonly Omit<Subtree, 'hash'>[] {
  const peaks: Omit<Subtree, 'hash'>[] = []
  let from = 0
  while (from < size) {
    const level = Math.floor(Math.log2(size - from))
    peaks.push({ level, index: from / 2 ** level })
    from += 2 ** level
  }
  return peaks
}

/** A stretch of leaves whose hash stands in a proof: `[from, to)`. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Whose hashes prove leaf `index` in a tree of `size`, from the leaf upwards. The page that verifies packages holds the text of it and of {@link splitOf}. Source: RFC 9162 §2.1.3.1 */
export function auditPath(index: number, size: number): readonly Stretch[] {
  const path: Stretch[] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    path.push(index < middle ? { from: middle, to } : { from, to: middle })
    if (index < middle) to = middle
    else from = middle
  }
  return path.toReversed()
}

/** The root to which a leaf and its path lead, or `null` for a path that fits no such tree. Source: RFC 9162 §2.1.3.2 */
export function rootByPath({ leaf, index, size }: { readonly leaf: Buffer; readonly index: number; readonly size: number }, path: readonly Buffer[]): Buffer | null {
  if (!(index >= 0 && index < size)) return null
  const stretches = auditPath(index, size)
  if (stretches.length !== path.length) return null
  return stretches.reduce((hash, { from }, step) => {
    const sibling = path[step] ?? hash
    return from > index ? innerHash(hash, sibling) : innerHash(sibling, hash)
  }, leaf)
}

/** The hash of a stretch of leaves: itself a tree. */
export function stretchHash(leaves: readonly Buffer[]): Buffer {
  const frontier = new MerkleFrontier()
  for (const leaf of leaves) frontier.append(leaf)
  return frontier.root()
}

/** The largest power of two below `size`. */
export function splitOf(size: number): number {
  return 2 ** Math.ceil(Math.log2(size) - 1)
}
