import { HoldfastError } from '../errors.ts'
import { type CheckpointKey, isSignedBy, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts'
import { entryHash, type HashedEntry, personalDigest, type SaltedPersonal } from './entry-hash.ts'
import { leafHash, rootByPath } from './merkle.ts'

/** Everything that is needed to prove one entry without the database: the entry, its way up the tree, and who signed the tree. */
export interface EntryProof {
  readonly entry: HashedEntry
  /** Hash of the entry before. */
  readonly previous: string
  /** `null`: erased, never there, or kept back; the entry is proved all the same. */
  readonly personal: SaltedPersonal | null
  /** Hashes beside the way from the entry to the root, hexadecimal, from below. */
  readonly path: readonly string[]
  readonly checkpoint: SignedCheckpoint
}

/** The form that files of proofs have. */
const FORM = 'holdfast-audit-proof-1'
const HASH = /^[0-9a-f]{64}$/
/** A tree of 2^53 entries has no longer ways. */
const LONGEST_PATH = 64
const TEXTS = ['chain', 'actor_type', 'actor_id', 'action', 'object_type', 'object_id', 'outcome', 'details_json'] as const
const NUMBERS = ['sequence', 'at'] as const
const TEXTS_OR_NULL = ['reason', 'personal_digest'] as const

export function formatProof({ entry, previous, personal, path, checkpoint }: EntryProof): string {
  const covered = Object.fromEntries([...TEXTS, ...NUMBERS, ...TEXTS_OR_NULL].map((name) => [name, entry[name]]))
  return JSON.stringify({ form: FORM, entry: covered, previous, personal: personal === null ? null : { salt: personal.salt, personal_json: personal.personal_json }, path, checkpoint: checkpoint.note }, null, 2)
}

/** @throws HoldfastError `INTEGRITY_MISMATCH` for what is no proof; whether it proves anything is not looked at */
export function parseProof(text: string): EntryProof {
  const read = mapOf(jsonOf(text))
  const entry = mapOf(read['entry'])
  const path: unknown = read['path']
  const personal = read['personal'] === null ? null : mapOf(read['personal'])
  if (read['form'] !== FORM || !Array.isArray(path) || path.length > LONGEST_PATH) throw noProof()
  return {
    entry: hashedEntryOf(entry),
    previous: hashOf(read['previous']),
    personal: personal === null ? null : { salt: textOf(personal['salt']), personal_json: textOf(personal['personal_json']) },
    path: path.map(hashOf),
    checkpoint: parseCheckpoint(textOf(read['checkpoint'])),
  }
}

/** Why a proof proves nothing, or `null`: then the entry stands in the chain that one of these keys signed. */
export function faultOfProof({ entry, previous, personal, path, checkpoint }: EntryProof, keys: readonly CheckpointKey[]): string | null {
  if (!isSignedBy(checkpoint, keys)) return `the checkpoint is not signed by any of the public keys given (it names ${checkpoint.keyName}+${checkpoint.keyId})`
  if (checkpoint.chain !== entry.chain) return `the checkpoint is one of the chain ${checkpoint.chain}, the entry one of ${entry.chain}`
  if (personal !== null && entry.personal_digest !== personalDigest(personal)) return 'the personal part is not the one that was written with the entry'
  const leaf = leafHash(entryHash(previous, entry))
  const root = rootByPath({ leaf, index: entry.sequence - 1, size: checkpoint.sequence }, path.map((hash) => Buffer.from(hash, 'hex')))
  return root?.toString('hex') === checkpoint.root ? null : 'the entry is not in the tree that the checkpoint signs: it was altered, or stood elsewhere'
}

function hashedEntryOf(entry: Readonly<Record<string, unknown>>): HashedEntry {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, textOf(entry[name])])) as Record<(typeof TEXTS)[number], string>
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, numberOf(entry[name])])) as Record<(typeof NUMBERS)[number], number>
  const others = Object.fromEntries(TEXTS_OR_NULL.map((name) => [name, entry[name] === null ? null : textOf(entry[name])])) as Record<(typeof TEXTS_OR_NULL)[number], string | null>
  return { ...texts, ...numbers, ...others }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new HoldfastError('INTEGRITY_MISMATCH', 'this is no proof of an audit entry', {}, { cause })
  }
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw noProof()
  return value as Readonly<Record<string, unknown>>
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw noProof()
  return value
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw noProof()
  return value
}

function hashOf(value: unknown): string {
  if (typeof value !== 'string' || !HASH.test(value)) throw noProof()
  return value
}

function noProof(): HoldfastError {
  return new HoldfastError('INTEGRITY_MISMATCH', 'this is no proof of an audit entry')
}
