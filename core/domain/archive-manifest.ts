import { canonicalJson } from './rules/canonical-json.ts'
import { readStatement, signedStatement, type StatementSigner, statementBytes } from './signed-statement.ts'

/** What the signature of a manifest is over, so that no other statement passes for one. */
export const ARCHIVE_MANIFEST = 'holdfast-archive-manifest'

/** One archived recording, as its line of the manifest tells it. Digests are SHA-256, hexadecimal. */
export interface ArchiveEntry {
  readonly recordingId: string
  readonly interactionId: string
  readonly pbxId: string
  readonly side: string
  readonly startedAt: string
  readonly endedAt: string | null
  readonly archivedAt: string
  readonly retentionClass: string | null
  /** Of the retention rules, by which it was archived. */
  readonly rule: string
  /** Names in the archive. Header and payload in this order are one age file. */
  readonly header: { readonly name: string; readonly version: number; readonly sizeBytes: number; readonly sha256: string }
  readonly payload: { readonly name: string; readonly sizeBytes: number; readonly sha256: string }
  readonly recipients: readonly string[]
  /** What an identity opens it to. */
  readonly plaintext: { readonly format: string; readonly sizeBytes: number; readonly sha256: string; readonly durationMs: number }
  /** Attached data whose keys the settings name. */
  readonly attached: Readonly<Record<string, string>>
  readonly sealed: true
}

/** The first line. */
export interface ArchiveHead {
  readonly holdfastArchive: 1
  readonly installation: string
  readonly runId: string
  readonly store: string
}

export function manifestHead(head: Omit<ArchiveHead, 'holdfastArchive'>): string {
  return canonicalJson({ holdfastArchive: 1, ...head } satisfies ArchiveHead)
}

export function manifestLine(entry: ArchiveEntry): string {
  return canonicalJson(entry)
}

/** The last line: who vouches for those before it. @param digest - SHA-256 of the lines before, each with its line end */
export function manifestEnd(recordings: number, digest: string, signer: StatementSigner): string {
  return signedStatement(ARCHIVE_MANIFEST, { kind: ARCHIVE_MANIFEST, recordings, sha256: digest }, signer)
}

/** What a manifest's last line says; `null` for a line that is none. Its signature is not looked at: `signed` is what it is over. */
export function readManifestEnd(line: string): { readonly recordings: number; readonly sha256: string; readonly keyId: string; readonly verificationKey: string; readonly signature: Uint8Array; readonly signed: Uint8Array } | null {
  const read = readStatement(line)
  if (read === null) return null
  const { kind, recordings, sha256 } = read.receipt
  if (kind !== ARCHIVE_MANIFEST || typeof recordings !== 'number' || typeof sha256 !== 'string') return null
  const { keyId, verificationKey, signature } = read
  return { recordings, sha256, keyId, verificationKey, signature, signed: statementBytes(ARCHIVE_MANIFEST, read.receipt) }
}

/** A line between the first and the last. `null` for one that is none. */
export function readManifestLine(line: string): Pick<ArchiveEntry, 'recordingId' | 'header' | 'payload'> | null {
  const value = parsed(line)
  if (!isMap(value) || typeof value['recordingId'] !== 'string' || !/^[1-9][0-9]{0,15}$/.test(value['recordingId']) || !isNamed(value['payload']) || !isNamed(value['header']) || typeof value['header']['version'] !== 'number') return null
  const { recordingId, payload, header } = value
  return { recordingId, payload: pieceOf(payload), header: { ...pieceOf(header), version: value['header']['version'] } }
}

/** As we make them: a stranger's name asks no store. */
const NAME = /^[0-9a-z][0-9a-z.-]{0,63}$/

type Named = Readonly<Record<string, unknown>> & { readonly name: string; readonly sizeBytes: number; readonly sha256: string }

function pieceOf({ name, sizeBytes, sha256 }: Named): { readonly name: string; readonly sizeBytes: number; readonly sha256: string } {
  return { name, sizeBytes, sha256 }
}

function isNamed(value: unknown): value is Named {
  return isMap(value) && typeof value['name'] === 'string' && NAME.test(value['name']) && typeof value['sizeBytes'] === 'number' && typeof value['sha256'] === 'string'
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A stranger's file: that this is no line of a manifest is the answer.
    return null
  }
}
