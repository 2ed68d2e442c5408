import type { ChainedEntry } from '../../../../../core/domain/audit/audit-fault.ts'
import type { Checkpoint } from '../../../../../core/domain/audit/checkpoint.ts'
import { CHAIN_START, entryHash, personalDigest } from '../../../../../core/domain/audit/entry-hash.ts'
import { leafHash, stretchHash } from '../../../../../core/domain/audit/merkle.ts'
import { parseNodeName } from '../../../../../core/domain/ids.ts'

/**
 * A chain of so many entries.
 * @param differentFrom - the first entry that differs from those of a chain without this
 */
export function chained(count: number, actor = 'actor', differentFrom = Infinity): readonly ChainedEntry[] {
  const entries: ChainedEntry[] = []
  for (let sequence = 1; sequence <= count; sequence += 1) {
    const personal = { salt: String(sequence), personal_json: `{"caller":"${sequence}"}` }
    const entry = {
      chain: 'node-1', sequence, at: sequence * 1000, actor_type: 'token', actor_id: actor, action: 'playback.begun', object_type: 'recording', object_id: `r-${sequence}`,
      outcome: sequence === differentFrom ? 'refused' : 'ok', reason: null, details_json: '{}', personal_digest: personalDigest(personal),
    }
    entries.push({ ...entry, ...personal, hash: entryHash(entries.at(-1)?.hash ?? CHAIN_START, entry) })
  }
  return entries
}

export function checkpointAt(entries: readonly ChainedEntry[], sequence: number): Checkpoint {
  const covered = entries.slice(0, sequence)
  return {
    chain: parseNodeName('node-1'), sequence, head: covered.at(-1)?.hash ?? '', root: stretchHash(covered.map(({ hash }) => leafHash(hash))).toString('hex'),
    at: new Date(Date.UTC(2026, 2, 1, 9, sequence)),
  }
}
