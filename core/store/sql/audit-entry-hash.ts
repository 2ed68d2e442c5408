import { createHash } from 'node:crypto'
import type { AuditEntryRow, AuditPersonalRow } from './tables.ts'

/** What stands before the first entry of a chain. */
export const CHAIN_START = '0'.repeat(64)

/** The columns that an entry's hash covers: all but its place over all chains, which the database gives. */
export type HashedEntry = Omit<AuditEntryRow, 'position' | 'hash'>

/**
 * The hash that ties an entry to the one before: SHA-256 over the JSON array of the previous hash and the entry's columns as they are stored.
 * The personal part takes part by its digest alone, so that it can be erased and the chain still verifies.
 */
export function entryHash(previous: string, entry: HashedEntry): string {
  const covered = [
    previous, entry.chain, entry.sequence, entry.at, entry.actor_type, entry.actor_id, entry.action, entry.object_type, entry.object_id,
    entry.outcome, entry.reason, entry.details_json, entry.personal_digest,
  ]
  return sha256(JSON.stringify(covered))
}

/** Salted, so that a number or name cannot be found again by trying. */
export function personalDigest(personal: Pick<AuditPersonalRow, 'salt' | 'personal_json'>): string {
  return sha256(`${personal.salt}:${personal.personal_json}`)
}

/** JSON with its keys in order, so that the same facts give the same text. */
export function canonicalJson(facts: Readonly<Record<string, string | number | boolean | null>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(facts).sort(([a], [b]) => a < b ? -1 : Number(a > b))))
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}
