import type { HashedEntry, SaltedPersonal } from '../../domain/audit/entry-hash.ts'
import { auditPath, splitOf } from '../../domain/audit/merkle.ts'

/*
 * Like package-verify.ts: the page that verifies holds the text of these functions, so they use nothing but each other and what browsers and
 * Node have in common. What `core/domain/audit` does with Node's own hashes and keys is done here with WebCrypto.
 */

/** One line of audit-proofs.jsonl, as it is written. */
export interface ProofLine {
  readonly entry: HashedEntry
  readonly previous: string
  readonly personal: SaltedPersonal | null
  readonly path: readonly string[]
  readonly checkpoint: string
}

/** What a checkpoint's note says. */
export interface ReadNote {
  readonly chain: string
  readonly sequence: number
  readonly root: string
  readonly head: string
  readonly key: string
  readonly text: string
  readonly signature: Uint8Array<ArrayBuffer>
}

/** The public half of a key that signs checkpoints, and its name and id: what stands before the second `+` of the key's text. */
export interface AuditKey {
  readonly name: string
  readonly key: CryptoKey
}

/** One line of a file of proofs, or `null` for what is none, or is not written as we write it. */
export function readProofLine(line: string): ProofLine | null {
  const isText = (value: unknown): boolean => typeof value === 'string'
  const isHash = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
  try {
    const { entry, previous, personal, path, checkpoint } = JSON.parse(line) as ProofLine
    const { chain, actor_type, actor_id, action, object_type, object_id, outcome, details_json, sequence, at, reason, personal_digest } = entry
    const written = JSON.stringify({
      form: 'holdfast-audit-proof-1',
      entry: { chain, actor_type, actor_id, action, object_type, object_id, outcome, details_json, sequence, at, reason, personal_digest },
      previous, personal: personal === null ? null : { salt: personal.salt, personal_json: personal.personal_json }, path, checkpoint,
    })
    const isWhole = [chain, actor_type, actor_id, action, object_type, object_id, outcome, details_json, checkpoint].every(isText) && [sequence, at].every(Number.isSafeInteger) && sequence > 0 &&
      (reason === null || isText(reason)) && (personal_digest === null || isHash(personal_digest)) && (personal === null || isText(personal.salt) && isText(personal.personal_json)) &&
      isHash(previous) && Array.isArray(path) && path.length <= 64 && path.every(isHash)
    return isWhole && written === line ? { entry, previous, personal, path, checkpoint } : null
  } catch {
    // A stranger's file: that the line is no proof is the answer.
    return null
  }
}

/** A note as we write it, or `null`. Its signature is not looked at. Source: C2SP signed-note §Format; tlog-checkpoint §Note text */
export function readNote(note: string): ReadNote | null {
  const parts = /^(holdfast\/audit\/([0-9a-z][0-9a-z-]{0,31})\n([1-9][0-9]{0,15})\n([A-Za-z0-9+/=]+)\nhead ([0-9a-f]{64})\nat ([^\n]{24})\n)\n— ([^\s+]{1,128}) ([A-Za-z0-9+/=]+)\n$/.exec(note)
  if (parts === null) return null
  const [, text = '', chain = '', sequence = '', root = '', head = '', at = '', name = '', mark = ''] = parts
  const [rootBytes, markBytes] = [bytesOf(root), bytesOf(mark)]
  const isWritten = rootBytes?.length === 32 && markBytes?.length === 68 && !Number.isNaN(Date.parse(at)) && new Date(at).toISOString() === at
  if (!isWritten) return null
  return { chain, sequence: Number(sequence), root: hexOf(rootBytes), head, key: `${name}+${hexOf(markBytes.subarray(0, 4))}`, text, signature: markBytes.slice(4) }
}

/** The keys in a text, one a line, as `holdfast audit key` prints them; lines that begin with # are comments. @throws Error for a line that is none */
export async function readAuditKeys(text: string): Promise<readonly AuditKey[]> {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  const keys: AuditKey[] = []
  for (const line of lines) {
    const [, name = '', id = '', encoded = ''] = /^([^\s+]{1,128})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line) ?? []
    const bytes = bytesOf(encoded)
    const start = new TextEncoder().encode(`${name}\n`)
    if (bytes?.length !== 33 || bytes[0] !== 1 || (await sha256Hex(new Uint8Array([...start, ...bytes]))).slice(0, 8) !== id) {
      throw new Error('this is no public key of an audit: NAME+ID+KEY, as `holdfast audit key` prints it')
    }
    keys.push({ name: `${name}+${id}`, key: await crypto.subtle.importKey('raw', bytes.slice(1), { name: 'Ed25519' }, false, ['verify']) })
  }
  return keys
}

/** The root to which an entry and its way lead; `null`: it fits no tree of this size. Source: RFC 9162 §2.1.3.2 */
export async function rootOf(entryHash: string, place: { readonly sequence: number; readonly size: number }, path: readonly string[]): Promise<string | null> {
  if (place.sequence > place.size) return null
  const stretches = auditPath(place.sequence - 1, place.size)
  if (stretches.length !== path.length) return null
  let root = await sha256Hex(fromHex(`00${entryHash}`))
  for (const [step, { from }] of stretches.entries()) root = await sha256Hex(fromHex(from > place.sequence - 1 ? `01${root}${path[step]}` : `01${path[step]}${root}`))
  return root
}

export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

export function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: text.length / 2 }, (_, index) => parseInt(text.slice(2 * index, 2 * index + 2), 16))
}

/** What Base64 stands for; `null` for what is none, or is written in another way than we write it. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    return btoa(String.fromCharCode(...bytes)) === base64 ? bytes : null
  } catch {
    // A stranger's text: that it is no Base64 is the answer.
    return null
  }
}

/** JSON with the keys of every object in the order of their code units, and no spaces. */
export function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) => typeof held === 'object' && held !== null && !Array.isArray(held)
    ? Object.fromEntries(Object.entries(held).sort(([one], [other]) => one < other ? -1 : 1))
    : held)
}

/** What the page that verifies holds of this file, and of the tree of a chain. */
export const PROOF_LINE_FUNCTIONS = [readProofLine, readNote, readAuditKeys, rootOf, sha256Hex, hexOf, fromHex, bytesOf, sortedJson, auditPath, splitOf] as const
