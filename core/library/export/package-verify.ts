import { tarHeader } from '../../domain/package/tar.ts'
import { PROOF_FUNCTIONS, type VerifiedProofs, verifyProofs } from './package-proofs.ts'
import { type AuditKey, PROOF_LINE_FUNCTIONS, sortedJson } from './proof-line.ts'

/** One file as it was found. */
export interface FoundFile {
  readonly name: string
  readonly content: Blob
}

export type FileState = 'good' | 'changed' | 'missing' | 'not listed' | 'moved'

export interface VerifiedPackage {
  /** What is wrong with the package as a whole; none, and every file good: it is as it was signed. */
  readonly faults: readonly string[]
  readonly files: readonly { readonly name: string; readonly state: FileState; readonly content: Blob | null }[]
  /** What the manifest says, once its signature fits. */
  readonly manifest: Readonly<Record<string, unknown>> | null
  /** First 16 hexadecimal digits of the key's SHA-256. */
  readonly keyId: string | null
  /** What the proofs of the audit in it come to; a fault among them makes the whole bad. */
  readonly proofs: VerifiedProofs
  readonly verdict: 'good' | 'bad'
}

export interface VerifyQuestion {
  /** `archive`: files of a tar, whose order counts too; `files`: unpacked. */
  readonly files: readonly FoundFile[]
  readonly origin: 'archive' | 'files'
  /** What was wrong with the archive around its files. */
  readonly faults: readonly string[]
  readonly sha256: (content: Blob) => Promise<string>
  /** Whose signature it has to be: SPKI, PEM; `null`: whichever key it brings along. */
  readonly trustedKeyPem: string | null
  /** By which the checkpoints of the audit have to be signed; `null`: their signatures are not looked at. */
  readonly auditKeys: readonly AuditKey[] | null
}

/*
 * The functions below run in two places: here, and in verify.html, which holds their own text (see package-page.ts). So they use nothing
 * but each other, `tarHeader` and what browsers and Node have in common.
 */

/** The files of a package, without reading their contents. Every byte between them must be as we write it. */
export async function readPackage(archive: Blob): Promise<{ readonly files: readonly FoundFile[]; readonly faults: readonly string[] }> {
  const files: FoundFile[] = []
  const faults: string[] = []
  const bytesAt = async (from: number, to: number): Promise<Uint8Array> => new Uint8Array(await archive.slice(from, to).arrayBuffer())
  const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)
  const word = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes).replace(/\0[^]*$/, '')
  let at = 0
  for (;;) {
    const header = await bytesAt(at, at + 512)
    if (header.length === 512 && isZero(header)) break
    const name = word(header.subarray(0, 100))
    const size = /^[0-7]{11}$/.test(word(header.subarray(124, 136))) ? parseInt(word(header.subarray(124, 136)), 8) : NaN
    const isOurs = /^[\x21-\x7e]{1,100}$/.test(name) && size >= 0 && header.length === 512
    const expected = isOurs ? tarHeader(name, size) : new Uint8Array(0)
    const changed = isOurs ? header.findIndex((byte, index) => byte !== expected[index]) : 0
    const behind = files.at(-1) === undefined ? 'at its start' : `behind ${files.at(-1)?.name}`
    if (changed !== -1) return { files, faults: [...faults, `the archive is damaged or was changed at byte ${at + changed}, ${behind}`] }
    if (at + 512 + size > archive.size) return { files, faults: [...faults, `the archive is damaged or was changed at byte ${at}: ${name} is told as ${size} bytes there, and the archive ends before`] }
    if (/(^|\/)\.{0,2}(\/|$)|\\/.test(name)) faults.push(`the name ${name} at byte ${at} leads out of the package: do not unpack it`)
    const end = at + 512 + size
    at = end + (512 - size % 512) % 512
    files.push({ name, content: archive.slice(end - size, end) })
    if (!isZero(await bytesAt(end, at))) faults.push(`bytes behind ${name} were changed`)
  }
  const rest = await bytesAt(at, at + 2048)
  if (rest.length !== 1024 || !isZero(rest)) faults.push('the end of the archive is not as it was written')
  return { files, faults }
}

/** Compares files with the signed manifest among them. */
export async function verifyPackage({ files, origin, faults: before, sha256, trustedKeyPem, auditKeys }: VerifyQuestion): Promise<VerifiedPackage> {
  const faults = [...before]
  const manifests = files.filter(({ name }) => name === 'manifest.json')
  const signed = manifests[0] === undefined ? { fault: 'there is no manifest.json', manifest: null, keyId: null } : await readManifest(await manifests[0].content.text(), trustedKeyPem)
  if (manifests.length > 1) faults.push('manifest.json is there twice')
  if (signed.fault !== null) faults.push(signed.fault)
  const listed = signed.manifest === null || !Array.isArray(signed.manifest['files']) ? [] : signed.manifest['files'] as readonly { readonly name: string; readonly sizeBytes: number; readonly sha256: string }[]
  const told: { name: string; state: FileState; content: Blob | null }[] = []
  for (const [index, { name, sizeBytes, sha256: digest }] of listed.entries()) {
    const found = files.filter((file) => file.name === name)
    const content = found[0]?.content ?? null
    if (found.length > 1) faults.push(`${name} is there twice`)
    const isSame = content !== null && content.size === sizeBytes && await sha256(content) === digest
    const isInPlace = origin === 'files' || files[index]?.name === name
    told.push({ name, content, state: content === null ? 'missing' : !isSame ? 'changed' : isInPlace ? 'good' : 'moved' })
  }
  const names = new Set([...listed.map(({ name }) => name), 'manifest.json'])
  for (const { name, content } of files) if (!names.has(name)) told.push({ name, state: 'not listed', content })
  const recordings = signed.manifest === null || !Array.isArray(signed.manifest['recordings']) ? [] : signed.manifest['recordings'] as readonly { readonly recordingId: string }[]
  const proofs = await verifyProofs(files, recordings.map(({ recordingId }) => recordingId), auditKeys)
  const verdict = faults.length === 0 && proofs.faults.length === 0 && told.length > 0 && told.every(({ state }) => state === 'good') ? 'good' : 'bad'
  return { faults, files: told, manifest: signed.manifest, keyId: signed.keyId, proofs, verdict }
}

/** What a manifest says, if it is signed. Its text must be the one text of what it says: no byte of it is outside of the comparison. */
export async function readManifest(text: string, trustedKeyPem: string | null): Promise<{ readonly fault: string | null; readonly manifest: Readonly<Record<string, unknown>> | null; readonly keyId: string | null }> {
  const bad = (fault: string): { readonly fault: string; readonly manifest: null; readonly keyId: null } => ({ fault, manifest: null, keyId: null })
  try {
    const document = JSON.parse(text) as Readonly<Record<string, unknown>>
    const { receipt: manifest, keyId, verificationKey, signature } = document
    const isWhole = typeof manifest === 'object' && manifest !== null && typeof keyId === 'string' && typeof verificationKey === 'string' && typeof signature === 'string'
    if (!isWhole || Object.keys(document).length !== 4 || sortedJson(document) !== text) return bad('manifest.json was changed: it is not written as we write it')
    const key = pemBytes(verificationKey)
    const bytes = Uint8Array.from(atob(signature), (letter) => letter.charCodeAt(0))
    const sum = new Uint8Array(await crypto.subtle.digest('SHA-256', key))
    const id = [...sum].map((byte) => byte.toString(16).padStart(2, '0')).join('').slice(0, 16)
    if (id !== keyId || btoa(String.fromCharCode(...bytes)) !== signature || pemText(key) !== verificationKey) return bad('manifest.json was changed: key and signature are not written as we write them')
    if (trustedKeyPem !== null && pemText(pemBytes(trustedKeyPem)) !== verificationKey) return bad(`the package is signed with key ${keyId}, and not with the one given`)
    const publicKey = await crypto.subtle.importKey('spki', key, { name: 'Ed25519' }, false, ['verify'])
    const said = new TextEncoder().encode(`holdfast-export-manifest\n${sortedJson(manifest)}`)
    if (!await crypto.subtle.verify({ name: 'Ed25519' }, publicKey, bytes, said)) return bad('manifest.json was changed after it was signed')
    const told = manifest as Readonly<Record<string, unknown>>
    return told['kind'] === 'holdfast-export-manifest' && told['version'] === 1 ? { fault: null, manifest: told, keyId } : bad('manifest.json is of a kind that this program does not know')
  } catch (error) {
    // A browser without Ed25519 is told apart from a manifest that nobody can read: neither is good.
    const name = error instanceof Error ? error.name : ''
    return bad(name === 'NotSupportedError' ? 'this browser cannot check Ed25519 signatures: use a newer one, or `holdfast export verify`' : 'manifest.json cannot be read, or the key is none')
  }
}

/** The DER within PEM. */
export function pemBytes(pem: string): Uint8Array<ArrayBuffer> {
  const base64 = pem.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '')
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}

/** PEM as OpenSSL writes a key of this length: one line. */
export function pemText(der: Uint8Array): string {
  return `-----BEGIN PUBLIC KEY-----\n${btoa(String.fromCharCode(...der))}\n-----END PUBLIC KEY-----\n`
}

/** What the page that verifies holds of this file. */
export const VERIFIER_FUNCTIONS = [tarHeader, readPackage, verifyPackage, readManifest, pemBytes, pemText, ...PROOF_FUNCTIONS, ...PROOF_LINE_FUNCTIONS] as const
