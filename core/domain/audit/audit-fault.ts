import type { NodeName } from '../ids.ts'
import { entryHash, type HashedEntry } from './entry-hash.ts'

export const AUDIT_FAULTS = ['altered', 'removed', 'inserted', 'reordered', 'cut-off', 'personal-altered', 'personal-removed', 'end-altered', 'not-as-signed'] as const
/** What is wrong with a chain. */
export type AuditFaultKind = (typeof AUDIT_FAULTS)[number]

/** The first entry that is not what it was, and what became of it. */
export interface AuditFault {
  readonly kind: AuditFaultKind
  readonly chain: NodeName
  readonly sequence: number
  /** One sentence for whoever looks into it. */
  readonly message: string
}

/** An entry as it lies in the chain: its columns, its hash, and its personal part where there is one (still). */
export interface ChainedEntry extends HashedEntry {
  readonly hash: string
  readonly salt: string | null
  readonly personal_json: string | null
}

type Told = Pick<AuditFault, 'kind' | 'message'>

/**
 * What became of the entry that belongs behind `previous` at `sequence`, from what stands there and behind it now. What cannot be told apart
 * is called altered: the content, the place or the hash.
 */
export function diagnose(previous: string, sequence: number, standing: readonly ChainedEntry[]): Told {
  const [first, second] = standing
  if (first === undefined) return { kind: 'removed', message: `entry ${sequence} is missing` }
  if (first.sequence > sequence) return missing(sequence, first.sequence - 1)
  if (second !== undefined && fits(first.hash, second, second.sequence)) return { kind: 'altered', message: `the content of entry ${sequence} is not what its hash says; the entry after it still follows its hash` }
  const own = standing.find((entry) => fits(previous, entry, sequence))
  if (own !== undefined) return displaced({ own, first, standing, sequence })
  const moved = second === undefined ? undefined : SHIFTS.find((by) => fits(first.hash, second, second.sequence + by))
  if (moved !== undefined) return { kind: 'removed', message: `${moved === 1 ? 'an entry was' : `${moved} entries were`} removed from place ${sequence} on, and those behind moved up` }
  return { kind: 'altered', message: `entry ${sequence} does not follow the entry before it: its content, its place or its hash was altered` }
}

/** How far entries that were moved up are looked for. */
const SHIFTS = Array.from({ length: 32 }, (_, index) => index + 1)

function displaced({ own, first, standing, sequence }: { readonly own: ChainedEntry; readonly first: ChainedEntry; readonly standing: readonly ChainedEntry[]; readonly sequence: number }): Told {
  const behind = standing.find(({ sequence: place }) => place === own.sequence + 1)
  const movedDown = own.sequence > sequence && !fits(own.hash, first, sequence + 1) && (behind === undefined || fits(own.hash, behind, sequence + 1))
  if (movedDown) return { kind: 'inserted', message: `${own.sequence - sequence === 1 ? 'an entry was' : `${own.sequence - sequence} entries were`} put in at place ${sequence}, and those behind moved down` }
  return { kind: 'reordered', message: `the entry that was written at place ${sequence} stands at place ${own.sequence} now` }
}

function missing(from: number, to: number): Told {
  return { kind: 'removed', message: from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing` }
}

function fits(previous: string, entry: ChainedEntry, sequence: number): boolean {
  return entry.hash === entryHash(previous, { ...entry, sequence })
}
