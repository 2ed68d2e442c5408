import { Ed25519Signer, newSigningKey } from '../../../../core/crypto/ed25519-signer.ts'
import { sealerTo } from '../../../../core/crypto/sealer-to.ts'
import type { Requester } from '../../../../core/domain/actor.ts'
import type { RecordingId } from '../../../../core/domain/ids.ts'
import type { PackageOrder } from '../../../../core/domain/package/manifest.ts'
import { PackageMaker, type PackedPart } from '../../../../core/library/export/package-maker.ts'
import type { AudioEncoder } from '../../../../core/ports/audio-encoder.ts'
import type { LibraryBench } from './library-bench.ts'

export const SIGNER = new Ed25519Signer(newSigningKey())
export const NO_ENCODER: AudioEncoder = { opus: () => { throw new Error('no Opus here') } }
export const NEVER = new AbortController().signal

export function makerOf(bench: LibraryBench, encoder: AudioEncoder = NO_ENCODER, playArchived = true): PackageMaker {
  const { repository, blobs, cipher, library: { authentication, hearing, visibility, auditProofs: proofs }, audit: log, runtime } = bench
  return new PackageMaker({ repository, blobs, cipher, authentication, hearing, visibility, log, proofs, encoder, sealerTo, signer: SIGNER, installation: 'node-1', playArchived, policyVersion: () => 'v1', clock: runtime.clock })
}

export function orderOf(requester: Requester, differs: Partial<PackageOrder> = {}): PackageOrder {
  return { exportId: '00112233445566ff', by: requester.actor, label: 'an officer', reason: 'claim 4711', audio: 'wav', recipient: null, requestedAt: new Date('2026-03-01T09:00:00Z'), ...differs }
}

/** A whole package in memory. */
export async function packageOf(maker: PackageMaker, order: PackageOrder, { requester, ids }: { readonly requester: Requester; readonly ids: readonly RecordingId[] }): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  const parts: PackedPart[] = []
  for (const id of ids) for await (const piece of maker.part(order, { requester, id, signal: NEVER }, (part) => parts.push(part))) pieces.push(Buffer.from(piece))
  return Buffer.concat([...pieces, ...maker.end(order, parts).bytes])
}
