import { createHash } from 'node:crypto'
import { type ArchiveEntry, readManifestEnd, readManifestLine } from '../domain/archive-manifest.ts'
import { HoldfastError } from '../domain/errors.ts'
import { headerBlobName } from '../domain/header-blob.ts'
import type { BlobStore } from '../ports/blob-store.ts'

/** Rotations of keys after the archiving that are looked for where the header of the manifest is gone: one a quarter for ten years. */
const ROTATIONS_LOOKED_FOR = 40

type Listed = Pick<ArchiveEntry, 'recordingId' | 'header' | 'payload'>

/** What was read of a manifest. `broken`: it was changed, or cut, after it was signed. */
export interface ManifestReading {
  readonly signature: 'good' | 'broken' | 'of-another-key'
  /** Who signed; empty for a manifest without a last line. */
  readonly keyId: string
  readonly entries: readonly Listed[]
}

export type ObjectFault = 'payload-missing' | 'payload-changed' | 'header-missing' | 'header-changed'
export interface FoundFault {
  readonly recordingId: string
  readonly fault: ObjectFault
}

/** Checks the signature with the key that is given, or with the one that the manifest brings along. */
export type SignatureCheck = (verificationKeyPem: string, bytes: Uint8Array, signature: Uint8Array) => { readonly fits: boolean; readonly keyId: string }

/**
 * Reads a manifest to its end. @param keyPem - whose signature it must bear; `null`: the key that it brings along, which shows only that it was not changed since
 * @throws HoldfastError `INTEGRITY_MISMATCH` for a text that is no manifest
 */
export async function readManifest(lines: AsyncIterable<string>, { keyPem, verify }: { readonly keyPem: string | null; readonly verify: SignatureCheck }): Promise<ManifestReading> {
  const hash = createHash('sha256')
  const entries: Listed[] = []
  let count = -1
  let before: string | null = null
  let isWhole = true
  for await (const line of lines) {
    if (before !== null) {
      hash.update(`${before}\n`)
      const entry = count === -1 ? null : readManifestLine(before)
      if (count >= 0 && entry === null) isWhole = false
      if (entry !== null) entries.push(entry)
      count += 1
    }
    before = line
  }
  const end = readManifestEnd(before ?? '')
  if (end === null && entries.length === 0) throw new HoldfastError('INTEGRITY_MISMATCH', 'this is no manifest of an archive')
  if (end === null) return { signature: 'broken', keyId: '', entries }
  const { fits, keyId } = verify(keyPem ?? end.verificationKey, end.signed, end.signature)
  if (!fits && keyId !== end.keyId) return { signature: 'of-another-key', keyId: end.keyId, entries }
  const isGood = fits && isWhole && hash.digest('hex') === end.sha256 && end.recordings === entries.length
  return { signature: isGood ? 'good' : 'broken', keyId, entries }
}

/** Entries drawn without favour, in their order; all of them where there are no more. @param draw - numbers of [0, 1) */
export function drawn<Entry>(entries: readonly Entry[], size: number, draw: () => number): readonly Entry[] {
  const wanted = new Set<number>()
  if (size >= entries.length) return entries
  while (wanted.size < size) wanted.add(Math.floor(draw() * entries.length))
  return entries.filter((_, index) => wanted.has(index))
}

/** Reads the objects of a recording in the archive. @returns what is wrong; `rotated`: its header was replaced by a later one, as a rotation of keys does. @throws HoldfastError `STORE_FAILED` (retry) */
export async function checkObjects(blobs: Pick<BlobStore, 'open'>, { recordingId, header, payload }: Listed): Promise<{ readonly faults: readonly FoundFault[]; readonly rotated: boolean }> {
  const read = await digestOf(blobs, payload.name)
  const faults: ObjectFault[] = []
  if (read === null) faults.push('payload-missing')
  else if (read !== payload.sha256) faults.push('payload-changed')
  const readHeader = await digestOf(blobs, header.name)
  const rotated = readHeader === null && await hasLaterHeader(blobs, { payloadName: payload.name, version: header.version })
  if (readHeader === null && !rotated) faults.push('header-missing')
  if (readHeader !== null && readHeader !== header.sha256) faults.push('header-changed')
  return { faults: faults.map((fault) => ({ recordingId, fault })), rotated }
}

async function hasLaterHeader(blobs: Pick<BlobStore, 'open'>, { payloadName, version }: { readonly payloadName: string; readonly version: number }): Promise<boolean> {
  for (let later = version + 1; later <= version + ROTATIONS_LOOKED_FOR; later += 1) if (await blobs.open(headerBlobName(payloadName, later)) !== null) return true
  return false
}

async function digestOf(blobs: Pick<BlobStore, 'open'>, name: string): Promise<string | null> {
  const blob = await blobs.open(name)
  if (blob === null) return null
  const hash = createHash('sha256')
  for await (const piece of blob.read(0, blob.sizeBytes)) hash.update(piece)
  return hash.digest('hex')
}
