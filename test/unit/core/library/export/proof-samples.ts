import { createHash } from 'node:crypto'
import { Ed25519CheckpointSigner, newCheckpointKey } from '../../../../../core/crypto/checkpoint-signer.ts'
import { formatCheckpointKey } from '../../../../../core/domain/audit/checkpoint.ts'
import { CHAIN_START, entryHash, personalDigest } from '../../../../../core/domain/audit/entry-hash.ts'
import { formatProof } from '../../../../../core/domain/audit/entry-proof.ts'
import { auditPath, leafHash, stretchHash } from '../../../../../core/domain/audit/merkle.ts'
import { parseNodeName } from '../../../../../core/domain/ids.ts'
import { tarEnd, tarHeader, tarPadding } from '../../../../../core/domain/package/tar.ts'
import { signedStatement } from '../../../../../core/domain/signed-statement.ts'
import type { FoundFile } from '../../../../../core/library/export/package-verify.ts'
import { SIGNER } from '../package-bench.ts'

const NODE = parseNodeName('node-1')
/** About one recording, two times the other one, and what no checkpoint covers. */
const ABOUT = ['81', '81', '82', '81', '82', '81', '81'] as const
const SIGNED = 6

/** The extracts of the audit of two recordings, 81 and 82: seven entries of one chain, six of them signed. */
export class ProofSamples {
  readonly signer = new Ed25519CheckpointSigner(NODE, newCheckpointKey())
  readonly auditKey = formatCheckpointKey(this.signer.publicKey)

  /** Its files by name. @param actor - another one gives another chain; `signed`: how many entries the checkpoint covers */
  files(actor = 'anna', signed = SIGNED): ReadonlyMap<string, string> {
    const entries: { readonly entry: Parameters<typeof entryHash>[1]; readonly previous: string; readonly hash: string; readonly personal: { readonly salt: string; readonly personal_json: string } }[] = []
    for (const [index, recordingId] of ABOUT.entries()) {
      const personal = { salt: `salt ${index}`, personal_json: `{"address":"192.0.2.${index}"}` }
      const entry = {
        chain: NODE, sequence: index + 1, at: Date.UTC(2026, 2, 1, 9, index), actor_type: 'token', actor_id: actor, action: 'playback.begun', object_type: 'recording', object_id: recordingId,
        outcome: 'ok', reason: index === 2 ? 'claim – "4711"' : null, details_json: `{"seconds":${index}}`, personal_digest: personalDigest(personal),
      }
      const previous = entries.at(-1)?.hash ?? CHAIN_START
      entries.push({ entry, previous, personal, hash: entryHash(previous, entry) })
    }
    const leaves = entries.slice(0, signed).map(({ hash }) => leafHash(hash))
    const checkpoint = this.signer.sign({ chain: NODE, sequence: signed, head: entries[signed - 1]?.hash ?? '', root: stretchHash(leaves).toString('hex'), at: new Date('2026-03-01T09:30:00Z') })
    const files = new Map<string, string>()
    for (const id of new Set(ABOUT)) {
      const own = entries.filter(({ entry }) => entry.object_id === id)
      files.set(`recordings/${id}/audit.jsonl`, own.map(({ entry, personal, hash }) => `${JSON.stringify({
        at: new Date(entry.at), actor: { type: entry.actor_type, id: entry.actor_id }, action: entry.action, object: { type: entry.object_type, id: entry.object_id }, outcome: entry.outcome, reason: entry.reason,
        details: JSON.parse(entry.details_json), chain: entry.chain, sequence: entry.sequence, personal: JSON.parse(personal.personal_json), hash, personalHidden: 0,
      })}\n`).join(''))
      files.set(`recordings/${id}/audit-proofs.jsonl`, own.filter(({ entry }) => entry.sequence <= signed).map(({ entry, previous, personal }) => {
        const path = auditPath(entry.sequence - 1, signed).map(({ from, to }) => stretchHash(leaves.slice(from, to)).toString('hex'))
        return `${JSON.stringify(JSON.parse(formatProof({ entry, previous, personal, path, checkpoint })))}\n`
      }).join(''))
    }
    return files
  }
}

/** A package of these files, signed: whoever signs may have put into it what he liked. */
export function packageOfFiles(given: ReadonlyMap<string, string | Uint8Array>, reason = 'claim 4711'): Buffer {
  const files = [...given].map(([name, content]) => ({ name, bytes: Buffer.from(content) }))
  const manifest = {
    kind: 'holdfast-export-manifest', version: 1, installation: 'node-1', exportId: '00', exportedBy: { type: 'token', id: 'anna' }, exporterLabel: 'an officer', reason, madeAt: '2026-03-01T10:00:00.000Z', policyVersion: 'v1',
    recordings: [{ recordingId: '81' }, { recordingId: '82' }], files: files.map(({ name, bytes }) => ({ name, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })),
  }
  const all = [...files, { name: 'manifest.json', bytes: Buffer.from(signedStatement('holdfast-export-manifest', manifest, SIGNER)) }]
  return Buffer.concat([...all.flatMap(({ name, bytes }) => [tarHeader(name, bytes.length), bytes, tarPadding(bytes.length)]), tarEnd()])
}

export function foundFiles(files: ReadonlyMap<string, string | Uint8Array>): readonly FoundFile[] {
  return [...files].map(([name, content]) => ({ name, content: new Blob([typeof content === 'string' ? content : Uint8Array.from(content)]) }))
}
