import type { Requester } from '../../domain/actor.ts'
import type { EntryProof } from '../../domain/audit/entry-proof.ts'
import { CHAIN_START } from '../../domain/audit/entry-hash.ts'
import type { SignedCheckpoint } from '../../domain/audit/checkpoint.ts'
import { leafHash, rootByPath } from '../../domain/audit/merkle.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { NodeName } from '../../domain/ids.ts'
import type { AuditEvidence } from '../../ports/audit-evidence.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'
import { mustReachAudit } from './audit-access.ts'
import type { AuditWriter } from './audit-writer.ts'
import { entryPath } from './entry-path.ts'

/** Where an entry stands. */
export interface EntryPlace {
  readonly chain: NodeName
  readonly sequence: number
}

/** Takes the proof of one entry out of the audit. */
export class AuditProofs {
  readonly #evidence: AuditEvidence
  readonly #audit: AuditWriter
  readonly #visibility: AttachedVisibility

  constructor({ evidence, audit, visibility }: { readonly evidence: AuditEvidence; readonly audit: AuditWriter; readonly visibility: AttachedVisibility }) {
    this.#evidence = evidence
    this.#audit = audit
    this.#visibility = visibility
  }

  /**
   * The proof of an entry, or `null`: there is no such entry, or no checkpoint covers it yet. Its personal part is in it where the requester
   * may see all of it. That it was taken stands in the audit.
   * @throws HoldfastError `FORBIDDEN`; `AUDIT_UNAVAILABLE` (retry); `INTEGRITY_MISMATCH` when the chain is not the one that was signed
   */
  async prove(requester: Requester, { chain, sequence }: EntryPlace): Promise<EntryProof | null> {
    await mustReachAudit(requester, 'export-audit', { audit: this.#audit, action: 'audit.exported' })
    const checkpoint = await this.#evidence.covering(chain, sequence)
    const [entry] = await this.#evidence.entries(chain, sequence - 1, 1)
    await this.#audit.require(requester, { action: 'audit.exported', object: { type: 'audit', id: chain }, outcome: 'ok', reason: null, details: { form: 'proof', sequence, found: entry?.sequence === sequence, signed: checkpoint !== null }, personal: {} })
    return await this.#proof(requester, { chain, sequence })
  }

  /** As {@link prove}, within something that stands in the audit itself. @throws HoldfastError `FORBIDDEN`; `INTEGRITY_MISMATCH` */
  async proveWithin(requester: Requester, place: EntryPlace): Promise<EntryProof | null> {
    await mustReachAudit(requester, 'export-audit', { audit: this.#audit, action: 'audit.exported' })
    return await this.#proof(requester, place)
  }

  /** The newest checkpoint of a chain. @throws HoldfastError `FORBIDDEN`; `AUDIT_UNAVAILABLE` (retry) */
  async lastCheckpoint(requester: Requester, chain: NodeName): Promise<SignedCheckpoint | null> {
    await mustReachAudit(requester, 'read-audit', { audit: this.#audit, action: 'audit.read' })
    return await this.#evidence.last(chain)
  }

  async #proof(requester: Requester, { chain, sequence }: EntryPlace): Promise<EntryProof | null> {
    const checkpoint = await this.#evidence.covering(chain, sequence)
    const [entry] = await this.#evidence.entries(chain, sequence - 1, 1)
    if (checkpoint === null || entry?.sequence !== sequence) return null
    const before = sequence === 1 ? null : (await this.#evidence.entries(chain, sequence - 2, 1))[0]
    const path = await entryPath(this.#evidence, chain, { sequence, size: checkpoint.sequence })
    if (rootByPath({ leaf: leafHash(entry.hash), index: sequence - 1, size: checkpoint.sequence }, path)?.toString('hex') !== checkpoint.root) {
      throw new HoldfastError('INTEGRITY_MISMATCH', 'the chain is not the one that was signed: `holdfast audit verify` tells more', { chain, sequence })
    }
    const { hash: _hash, salt, personal_json: personalJson, ...covered } = entry
    const personal = salt === null || personalJson === null || !this.#maySee(requester, personalJson) ? null : { salt, personal_json: personalJson }
    return { entry: covered, previous: before?.hash ?? CHAIN_START, personal, path: path.map((hash) => hash.toString('hex')), checkpoint }
  }

  #maySee(requester: Requester, personalJson: string): boolean {
    return this.#visibility.personal(requester, JSON.parse(personalJson) as Record<string, string>).hidden === 0
  }
}
