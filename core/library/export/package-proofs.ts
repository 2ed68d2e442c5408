import { hashedText } from '../../domain/audit/entry-hash.ts'
import { type AuditKey, type ProofLine, readNote, readProofLine, rootOf, sha256Hex, sortedJson } from './proof-line.ts'

/** What the proofs in a package come to. */
export interface VerifiedProofs {
  /** How many entries stand in its extracts of the audit. */
  readonly entries: number
  /** Of them: in a tree that one of the given keys signed. */
  readonly proved: number
  /** Of them: they fit their hashes and a checkpoint whose signature nobody has checked, as no key was given. */
  readonly consistent: number
  /** Of them: without a line that holds. */
  readonly unproved: number
  /** What is not as it was written, each with file and line. */
  readonly faults: readonly string[]
  /** What may be in order and is to be known: entries without a proof, although a checkpoint in the package covers them. */
  readonly notes: readonly string[]
}

/** One file of a package, by its name. */
interface NamedFile {
  readonly name: string
  readonly content: Blob
}

/** What is remembered over the whole package. */
interface Seen {
  readonly keys: readonly AuditKey[] | null
  /** By chain and sequence: the hash, the hash before, and where. */
  readonly entries: Map<string, { readonly hash: string; readonly previous: string; readonly where: string }>
  /** By chain and size: its root. */
  readonly roots: Map<string, string>
  /** By note: whether it is signed. One covers many entries. */
  readonly notes: Map<string, boolean>
  /** By chain: how far the checkpoints go that are there. */
  readonly signedUpTo: Map<string, number>
}

/** The extract of one recording: entries by chain and sequence, in their order. */
interface Extract {
  readonly folder: string
  readonly recordingIds: readonly string[]
  readonly places: ReadonlyMap<string, { readonly line: string; readonly index: number }>
  readonly proved: Set<string>
}

/** The proofs of all recordings of a package. `keys`: by which checkpoints have to be signed; `null`: nobody has given one. */
export async function verifyProofs(files: readonly NamedFile[], recordingIds: readonly string[], keys: readonly AuditKey[] | null): Promise<VerifiedProofs> {
  const seen: Seen = { keys, entries: new Map(), roots: new Map(), notes: new Map(), signedUpTo: new Map() }
  const faults: string[] = []
  const open: { readonly place: string; readonly where: string }[] = []
  const counts = { entries: 0, held: 0 }
  const folders = new Set(files.map(({ name }) => /^(recordings\/[^/]+)\/audit(-proofs)?\.jsonl$/.exec(name)?.[1] ?? '').filter((folder) => folder !== ''))
  for (const folder of folders) {
    const linesIn = async (name: string): Promise<readonly (string | null)[]> => await linesOf(files.find((file) => file.name === `${folder}/${name}`) ?? null, faults)
    const told = await linesIn('audit.jsonl')
    const places = new Map<string, { readonly line: string; readonly index: number }>()
    for (const [index, line] of told.entries()) {
      const place = placeOf(line)
      if (line === null || place === null || places.has(place)) faults.push(`${folder}/audit.jsonl, line ${index + 1}: ${place === null ? 'this is no audit entry' : `the entry ${place} stands there twice`}`)
      else places.set(place, { line, index })
    }
    const extract: Extract = { folder, recordingIds, places, proved: new Set() }
    const found = await faultsOfProofs(extract, await linesIn('audit-proofs.jsonl'), seen)
    faults.push(...found.faults)
    counts.entries += told.length
    counts.held += found.held
    for (const [place, { index }] of places) if (!extract.proved.has(place)) open.push({ place, where: `${folder}/audit.jsonl, line ${index + 1}` })
  }
  faults.push(...faultsOfLinks(seen))
  const isCovered = ([chain = '', sequence = '']: readonly string[]): boolean => Number(sequence) <= (seen.signedUpTo.get(chain) ?? 0)
  const notes = open.filter(({ place }) => isCovered(place.split('/'))).map(({ place, where }) => `${where}: a checkpoint in the package covers the entry ${place}, and its proof is not there`)
  return { entries: counts.entries, proved: keys === null ? 0 : counts.held, consistent: keys === null ? counts.held : 0, unproved: counts.entries - counts.held, faults, notes }
}

/** Each line of one file of proofs against the entries beside it. */
export async function faultsOfProofs(extract: Extract, lines: readonly (string | null)[], seen: Seen): Promise<{ readonly held: number; readonly faults: readonly string[] }> {
  const faults: string[] = []
  let last = -1
  for (const [index, line] of lines.entries()) {
    const where = `${extract.folder}/audit-proofs.jsonl, line ${index + 1}`
    const proof = line === null ? null : readProofLine(line)
    const place = proof === null ? '' : `${proof.entry.chain}/${proof.entry.sequence}`
    const entry = extract.places.get(place)
    const fault = proof === null ? 'this is no proof of an audit entry as we write it'
      : faultOfPlace(proof, extract, last) ?? await faultOfLine(proof, { told: entry?.line ?? '', where }, seen)
    if (fault !== null) faults.push(`${where}: ${fault}`)
    last = Math.max(last, entry?.index ?? -1)
    extract.proved.add(place)
  }
  return { held: lines.length - faults.length, faults }
}

/** Why a proof does not belong where it stands, or `null`. */
export function faultOfPlace({ entry }: ProofLine, { folder, recordingIds, places, proved }: Extract, last: number): string | null {
  const place = `${entry.chain}/${entry.sequence}`
  const about = entry.object_type === 'recording' ? entry.object_id : null
  if (about !== null && `recordings/${about}` !== folder) return `the entry ${place} is about recording ${about}, ${recordingIds.includes(about) ? 'another one of' : 'which is not in'} this package`
  const index = places.get(place)?.index
  if (index === undefined) return `the entry ${place} is not one of audit.jsonl beside it`
  if (proved.has(place)) return `the entry ${place} has a proof already`
  return index < last ? `the entry ${place} stands behind one that comes later in audit.jsonl` : null
}

/** Why a line does not prove what audit.jsonl tells, or `null`. What it says is remembered, for the links between entries. */
export async function faultOfLine({ entry, previous, personal, path, checkpoint }: ProofLine, { told, where }: { readonly told: string; readonly where: string }, seen: Seen): Promise<string | null> {
  const place = `${entry.chain}/${entry.sequence}`
  const textHash = async (text: string): Promise<string> => await sha256Hex(new TextEncoder().encode(text))
  const hash = await textHash(hashedText(previous, entry))
  const shown = withoutPersonal(told)
  if (shown === null || shown !== toldAs(entry, hash)) return `what audit.jsonl tells of the entry ${place} is not what its proof tells`
  if (personal !== null && await textHash(`${personal.salt}:${personal.personal_json}`) !== entry.personal_digest) return 'the personal part is not the one that was written with the entry'
  if (personal !== null && !isShown(told, personal.personal_json)) return `the personal part that audit.jsonl tells of the entry ${place} is not the one that is proved`
  const note = readNote(checkpoint)
  if (note === null) return 'the checkpoint is not written as we write it'
  if (note.chain !== entry.chain) return `the checkpoint is one of the chain ${note.chain}, the entry one of ${entry.chain}`
  const root = await rootOf(hash, { sequence: entry.sequence, size: note.sequence }, path)
  if (root !== note.root || (note.sequence === entry.sequence && note.head !== hash)) return 'the entry is not in the tree that the checkpoint signs: it was altered, or stood elsewhere'
  const size = `${note.chain}/${note.sequence}`
  if ((seen.roots.get(size) ?? note.root) !== note.root) return `another checkpoint in the package has another tree over the same ${note.sequence} entries of ${note.chain}`
  const signed = seen.notes.get(checkpoint) ?? (seen.keys === null || await isNoteSigned(note, seen.keys))
  seen.notes.set(checkpoint, signed)
  if (!signed) return `the checkpoint is not signed by any of the audit keys given (it names ${note.key})`
  seen.roots.set(size, note.root)
  seen.signedUpTo.set(note.chain, Math.max(seen.signedUpTo.get(note.chain) ?? 0, note.sequence))
  const other = seen.entries.get(place)
  if (other !== undefined && other.hash !== hash) return `the entry ${place} is another one than in ${other.where}`
  seen.entries.set(place, { hash, previous, where })
  return null
}

/** Where the links between entries that are both there do not fit. */
export function faultsOfLinks({ entries }: Pick<Seen, 'entries'>): readonly string[] {
  const faults: string[] = []
  for (const [place, { previous, where }] of entries) {
    const [chain = '', sequence = ''] = place.split('/')
    const before = `${chain}/${Number(sequence) - 1}`
    const hash = sequence === '1' ? '0'.repeat(64) : entries.get(before)?.hash ?? previous
    if (hash !== previous) faults.push(`${where}: the entry ${place} does not follow ${sequence === '1' ? 'the start of its chain' : `the entry ${before} that is in the package`}`)
  }
  return faults
}

export async function isNoteSigned(note: { readonly key: string; readonly text: string; readonly signature: Uint8Array<ArrayBuffer> }, keys: readonly AuditKey[]): Promise<boolean> {
  for (const { name, key } of keys) if (name === note.key && await crypto.subtle.verify({ name: 'Ed25519' }, key, note.signature, new TextEncoder().encode(note.text))) return true
  return false
}

/** The lines of a file; `null` in the place of one that is no UTF-8. A file that is not there has none. */
export async function linesOf(file: NamedFile | null, faults: string[]): Promise<readonly (string | null)[]> {
  // 5000 entries and their ways are some 20 MB: what is larger was not written by us, and would fill the memory.
  const largest = 64 * 1024 * 1024
  if (file === null || file.content.size === 0) return []
  if (file.content.size > largest) {
    faults.push(`${file.name} is larger than any that we write`)
    return []
  }
  const bytes = new Uint8Array(await file.content.arrayBuffer())
  const lines: (string | null)[] = []
  for (let from = 0; from < bytes.length;) {
    const end = bytes.indexOf(10, from)
    try {
      lines.push(end === -1 ? null : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(from, end)))
    } catch {
      // A stranger's bytes: the line is told as none.
      lines.push(null)
    }
    from = end === -1 ? bytes.length : end + 1
  }
  return lines
}

/** Chain and sequence of a line of audit.jsonl, or `null`. */
export function placeOf(line: string | null): string | null {
  try {
    const { chain, sequence } = JSON.parse(line ?? 'null') as { readonly chain: unknown; readonly sequence: unknown }
    return typeof chain === 'string' && Number.isSafeInteger(sequence) ? `${chain}/${String(sequence)}` : null
  } catch {
    // A stranger's file: that the line is no entry is the answer.
    return null
  }
}

/** What audit.jsonl tells of an entry, but for its personal part: one text for one meaning, whatever the order of its keys. `null`: nothing that we write. */
export function withoutPersonal(line: string): string | null {
  try {
    const { personal: _personal, personalHidden: _hidden, ...told } = JSON.parse(line) as Readonly<Record<string, unknown>>
    return sortedJson(told)
  } catch {
    // A stranger's file: what is nested deeper than any stack is no entry of ours.
    return null
  }
}

/** The same from what was hashed. */
export function toldAs(entry: ProofLine['entry'], hash: string): string | null {
  try {
    return sortedJson({
      at: new Date(entry.at).toISOString(), actor: { type: entry.actor_type, id: entry.actor_id }, action: entry.action, object: { type: entry.object_type, id: entry.object_id },
      outcome: entry.outcome, reason: entry.reason, details: JSON.parse(entry.details_json), chain: entry.chain, sequence: entry.sequence, hash,
    })
  } catch {
    // A time that is none, details that are no JSON: not what we write.
    return null
  }
}

/** Whether audit.jsonl tells this personal part; of one that it hides in part, what it shows. */
export function isShown(line: string, personalJson: string): boolean {
  try {
    const { personal } = JSON.parse(line) as { readonly personal: Readonly<Record<string, unknown>> | null }
    const whole = JSON.parse(personalJson) as Readonly<Record<string, unknown>>
    return personal === null || Object.entries(personal).every(([name, value]) => whole[name] === value)
  } catch {
    // A personal part that is no JSON is not what we write.
    return false
  }
}

/** What the page that verifies holds of this file. */
export const PROOF_FUNCTIONS = [verifyProofs, faultsOfProofs, faultOfPlace, faultOfLine, faultsOfLinks, isNoteSigned, linesOf, placeOf, withoutPersonal, toldAs, isShown, hashedText] as const
