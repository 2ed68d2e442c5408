import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { HoldfastError } from '../errors.ts'
import { type NodeName, parseNodeName } from '../ids.ts'

/** What a node signs: a chain as it was when it had so many entries. */
export interface Checkpoint {
  readonly chain: NodeName
  /** How many entries it covers: the last one's sequence. */
  readonly sequence: number
  /** Hash of that entry, hexadecimal. */
  readonly head: string
  /** Root of the Merkle tree over these entries, hexadecimal. */
  readonly root: string
  readonly at: Date
}

/** A checkpoint with its signature, as one text. */
export interface SignedCheckpoint extends Checkpoint {
  /** Name of the key, and the first four bytes of its hash: which key it is. */
  readonly keyName: string
  readonly keyId: string
  /** Ed25519 over the note's text. */
  readonly signature: Buffer
  readonly note: string
}

/** A public key under its name. Source: C2SP signed-note §Signatures, key type 1: Ed25519 */
export interface CheckpointKey {
  readonly name: string
  readonly id: string
  readonly key: KeyObject
}

const ORIGIN = 'holdfast/audit/'
const ED25519 = Buffer.of(1)
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const ID_BYTES = 4
/** A raw Ed25519 key in DER begins so. Source: RFC 8410 §4 */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
const HASH = /^[0-9a-f]{64}$/
const NAME = /^[^\s+]{1,128}$/

/**
 * The text that is signed: a transparency log's checkpoint, so that other tools read it, too. Behind origin, size and root stand our own lines.
 * Source: C2SP tlog-checkpoint §Note text
 */
export function checkpointText({ chain, sequence, head, root, at }: Checkpoint): string {
  return `${ORIGIN}${chain}\n${sequence}\n${Buffer.from(root, 'hex').toString('base64')}\nhead ${head}\nat ${at.toISOString()}\n`
}

/** Text and signature as one note. Source: C2SP signed-note §Format */
export function signedNote(text: string, { name, id }: Pick<CheckpointKey, 'name' | 'id'>, signature: Buffer): string {
  return `${text}\n— ${name} ${Buffer.concat([Buffer.from(id, 'hex'), signature]).toString('base64')}\n`
}

/** @throws HoldfastError `INTEGRITY_MISMATCH` for what is no checkpoint of ours; its signature is not looked at */
export function parseCheckpoint(note: string): SignedCheckpoint {
  const parts = /^holdfast\/audit\/([^\n]*)\n([1-9][0-9]{0,15})\n([^\n]+)\nhead ([^\n]+)\nat ([^\n]+)\n\n— ([^\s+]{1,128}) ([^\s]+)\n$/.exec(note)
  const [, chain = '', sequence = '', root = '', head = '', at = '', keyName = '', signed = ''] = parts ?? []
  const rootHash = Buffer.from(root, 'base64').toString('hex')
  const mark = Buffer.from(signed, 'base64')
  const time = new Date(at)
  if (parts === null || !HASH.test(rootHash) || !HASH.test(head) || Number.isNaN(time.getTime()) || mark.length !== ID_BYTES + SIGNATURE_BYTES) {
    throw new HoldfastError('INTEGRITY_MISMATCH', 'this is no checkpoint', { length: note.length })
  }
  const parsed = { chain: parseNodeName(chain), sequence: Number(sequence), root: rootHash, head, at: time }
  const found = { ...parsed, keyName, keyId: mark.subarray(0, ID_BYTES).toString('hex'), signature: mark.subarray(ID_BYTES), note }
  // One text for one meaning: what is written in another way was not written by us.
  if (signedNote(checkpointText(found), { name: keyName, id: found.keyId }, found.signature) !== note) throw new HoldfastError('INTEGRITY_MISMATCH', 'this is no checkpoint', { length: note.length })
  return found
}

/** The checkpoint as one line for files and logs. */
export function checkpointLine({ chain, sequence, at, note }: SignedCheckpoint): string {
  return JSON.stringify({ chain, sequence, at: at.toISOString(), note })
}

/** Whether one of these keys signed it. */
export function isSignedBy(checkpoint: SignedCheckpoint, keys: readonly CheckpointKey[]): boolean {
  const text = Buffer.from(checkpointText(checkpoint))
  return keys.some(({ name, id, key }) => name === checkpoint.keyName && id === checkpoint.keyId && verify(null, text, key, checkpoint.signature))
}

/** The key's public half as text, for those who verify. Source: C2SP signed-note §Verifier keys */
export function formatCheckpointKey({ name, id, key }: CheckpointKey): string {
  return `${name}+${id}+${Buffer.concat([ED25519, rawKey(key)]).toString('base64')}`
}

/** @throws HoldfastError `KEY_FILE_INVALID` */
export function parseCheckpointKey(text: string): CheckpointKey {
  const [, name = '', id = '', encoded = ''] = /^([^\s+]{1,128})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? []
  const bytes = Buffer.from(encoded, 'base64')
  if (bytes.length !== 1 + KEY_BYTES || !bytes.subarray(0, 1).equals(ED25519)) throw new HoldfastError('KEY_FILE_INVALID', 'not the public key of an audit: NAME+ID+KEY, as `holdfast audit key` prints it')
  const found = checkpointKey(name, createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes.subarray(1)]), format: 'der', type: 'spki' }))
  if (found.id !== id) throw new HoldfastError('KEY_FILE_INVALID', 'a public key whose name, id and bytes do not fit each other')
  return found
}

/** A public key under a name; its id follows from both. @throws HoldfastError `KEY_FILE_INVALID` for a name with blanks or `+` */
export function checkpointKey(name: string, key: KeyObject): CheckpointKey {
  if (!NAME.test(name)) throw new HoldfastError('KEY_FILE_INVALID', 'the name of a key has neither blanks nor +')
  const id = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ED25519, rawKey(key)]), 'hex').slice(0, 2 * ID_BYTES)
  return { name, id, key }
}

function rawKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length)
}
