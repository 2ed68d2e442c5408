import { hash } from 'node:crypto'

/** What stands before the first entry of a chain. */
export const CHAIN_START = '0'.repeat(64)

/** What an entry's hash covers, under the names of the stored columns: all but its place over all chains, which the database gives. */
export interface HashedEntry {
  readonly chain: string
  readonly sequence: number
  readonly at: number
  readonly actor_type: string
  readonly actor_id: string
  readonly action: string
  readonly object_type: string
  readonly object_id: string
  readonly outcome: string
  readonly reason: string | null
  readonly details_json: string
  readonly personal_digest: string | null
}

/** The personal part of an entry as it is stored, a row apart. */
export interface SaltedPersonal {
  readonly salt: string
  readonly personal_json: string
}

/**
 * The hash that ties an entry to the one before: SHA-256 over the JSON array of the previous hash and the entry's columns as they are stored.
 * The personal part takes part by its digest alone, so that it can be erased and the chain still verifies.
 */
export function entryHash(previous: string, entry: HashedEntry): string {
  return hash('sha256', hashedText(previous, entry), 'hex')
}

/** What the hash of an entry is over. Stands alone, with no name from outside: the page that verifies packages holds its text. */
export function hashedText(previous: string, entry: HashedEntry): string {
  return JSON.stringify([
    previous, entry.chain, entry.sequence, entry.at, entry.actor_type, entry.actor_id, entry.action, entry.object_type, entry.object_id,
    entry.outcome, entry.reason, entry.details_json, entry.personal_digest,
  ])
}

/** Salted, so that a number or name cannot be found again by trying. */
export function personalDigest({ salt, personal_json }: SaltedPersonal): string {
  return hash('sha256', `${salt}:${personal_json}`, 'hex')
}

/** JSON with its keys in order, so that the same facts give the same text. */
export function canonicalJson(facts: Readonly<Record<string, string | number | boolean | null>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(facts).sort(([a], [b]) => a < b ? -1 : Number(a > b))))
}
