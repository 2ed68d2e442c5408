import { type NodeName, parseNodeName } from '../ids.ts'
import { type AuditFault, type ChainedEntry, diagnose } from './audit-fault.ts'
import type { Checkpoint } from './checkpoint.ts'
import { CHAIN_START, entryHash, personalDigest } from './entry-hash.ts'
import { leafHash, MerkleFrontier } from './merkle.ts'
import { SequenceRanges } from './sequence-ranges.ts'

/** The end of a chain as the database remembers it. */
export interface ChainEnd {
  readonly sequence: number
  readonly hash: string
}

/** Follows a chain from its first entry and compares it with what was signed. Holds the entries it is given no longer than the call. */
export class ChainWalk {
  readonly #chain: NodeName
  /** Ascending. */
  readonly #signed: readonly Checkpoint[]
  readonly #tree: MerkleFrontier | null
  readonly #absent = new SequenceRanges()
  readonly #erased: { readonly chain: NodeName; readonly sequences: SequenceRanges }[] = []
  #next = 0
  #checked = 0
  #hash = CHAIN_START

  /** @param signed - checkpoints of this chain whose signatures are known to be good */
  constructor(chain: NodeName, signed: readonly Checkpoint[]) {
    this.#chain = chain
    this.#signed = signed.toSorted((one, other) => one.sequence - other.sequence)
    this.#tree = signed.length === 0 ? null : new MerkleFrontier()
  }

  /** Entries that fit so far. */
  get checked(): number {
    return this.#checked
  }

  /** The last checkpoint that fits. */
  get signedTo(): Checkpoint | null {
    return this.#signed[this.#next - 1] ?? null
  }

  /** Personal parts that are not there. */
  get absent(): SequenceRanges {
    return this.#absent
  }

  /** Personal parts, of any chain, of which entries of this one tell that they were erased. */
  get erased(): readonly { readonly chain: NodeName; readonly sequences: SequenceRanges }[] {
    return this.#erased
  }

  /** Goes on with these entries, which must be read in the order of their places. The first that does not fit ends the walk. */
  take(entries: readonly ChainedEntry[]): AuditFault | null {
    for (const [index, entry] of entries.entries()) {
      const sequence = this.#checked + 1
      if (entry.sequence !== sequence || entry.hash !== entryHash(this.#hash, entry)) return this.#fault(sequence, diagnose(this.#hash, sequence, entries.slice(index)))
      if (!personalFits(entry)) return this.#fault(sequence, { kind: 'personal-altered', message: `the personal part of entry ${sequence} is not the one that was written with it` })
      this.#note(entry)
      this.#checked = sequence
      this.#hash = entry.hash
      this.#tree?.append(leafHash(entry.hash))
      const unsigned = this.#compare()
      if (unsigned !== null) return unsigned
    }
    return null
  }

  /** What the end shows: an entry that is missing there, and what was signed beyond it. */
  end(remembered: ChainEnd): AuditFault | null {
    const at = this.#checked
    if (at < remembered.sequence) return this.#fault(at + 1, { kind: 'cut-off', message: `the chain is said to end with entry ${remembered.sequence}, and from ${at + 1} on nothing is there` })
    if (this.#hash !== remembered.hash) return this.#fault(Math.max(1, at), { kind: 'end-altered', message: `the end that the database remembers is not entry ${at}: entries behind it were removed, or the memory was altered` })
    const beyond = this.#signed[this.#next]
    return beyond === undefined ? null : this.#fault(at + 1, { kind: 'cut-off', message: `the chain ends with entry ${at}, and the checkpoint of ${beyond.at.toISOString()} signs entry ${beyond.sequence}: the entries from ${at + 1} on were cut off` })
  }

  #note({ sequence, salt, personal_digest, action, object_type, object_id, details_json }: ChainedEntry): void {
    if (personal_digest !== null && salt === null) this.#absent.add(sequence, sequence)
    if (action !== 'subject.erased' || object_type !== 'audit') return
    const details: unknown = JSON.parse(details_json)
    const told = typeof details === 'object' && details !== null && 'entries' in details ? SequenceRanges.parse(String(details.entries)) : null
    if (told !== null) this.#erased.push({ chain: parseNodeName(object_id), sequences: told })
  }

  #compare(): AuditFault | null {
    for (let signed = this.#signed[this.#next]; signed !== undefined && signed.sequence === this.#checked; signed = this.#signed[this.#next]) {
      const from = (this.signedTo?.sequence ?? 0) + 1
      if (signed.head !== this.#hash) return this.#fault(from, { kind: 'not-as-signed', message: `entries ${from} to ${signed.sequence} are not those that the checkpoint of ${signed.at.toISOString()} signs: one of them was altered, and every hash behind it written anew` })
      if (signed.root !== this.#tree?.root().toString('hex')) return this.#fault(from, { kind: 'not-as-signed', message: `the checkpoint of ${signed.at.toISOString()} signs the hash of entry ${signed.sequence}, but another tree of the entries up to it` })
      this.#next += 1
    }
    return null
  }

  #fault(sequence: number, told: Pick<AuditFault, 'kind' | 'message'>): AuditFault {
    return { ...told, chain: this.#chain, sequence }
  }
}

/** The personal part is erased, or it is what the digest says. */
function personalFits({ personal_digest, salt, personal_json }: ChainedEntry): boolean {
  return salt === null || personal_json === null || personal_digest === personalDigest({ salt, personal_json })
}
