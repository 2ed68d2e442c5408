import type { SignedCheckpoint } from '../../core/domain/audit/checkpoint.ts'
import type { AuditFault } from '../../core/domain/audit/audit-fault.ts'
import { SequenceRanges } from '../../core/domain/audit/sequence-ranges.ts'
import type { AuditLog, AuditVerification } from '../../core/ports/audit-log.ts'
import type { NodeName } from '../../core/domain/ids.ts'
import { ProgressBar } from '../progress-bar.ts'
import { table } from '../demo/table.ts'

/** What the console is told of one chain. */
export interface VerifiedChain extends AuditVerification {
  /** Checkpoints that it was compared with. */
  readonly compared: number
}

/** Walks every chain that is there or that a checkpoint names, with a bar for each. */
export async function verifyAudit(audit: Pick<AuditLog, 'chains' | 'verify'>, signed: readonly SignedCheckpoint[]): Promise<readonly VerifiedChain[]> {
  const names = new Set<NodeName>([...await audit.chains(), ...signed.map(({ chain }) => chain)])
  const found: VerifiedChain[] = []
  for (const chain of [...names].sort()) {
    using bar = new ProgressBar(`verify ${chain}`)
    const own = signed.filter((checkpoint) => checkpoint.chain === chain)
    found.push({ ...await audit.verify(chain, { signed: own, progress: (checked, of) => bar.show(checked, of) }), compared: own.length })
  }
  // What one chain lacks, another may tell of.
  return found.map(({ fault, ...chain }) => Object.assign(chain, { fault: fault ?? unexplained(chain, found) }))
}

/** A personal part that is not there, though no entry of any chain tells of its erasure. */
function unexplained({ chain, absent }: Pick<VerifiedChain, 'chain' | 'absent'>, all: readonly VerifiedChain[]): AuditFault | null {
  const told = new SequenceRanges()
  for (const { erased } of all) for (const parts of erased) if (parts.chain === chain) told.addAll(parts.sequences)
  const sequence = absent.firstBeyond(told)
  return sequence === null ? null : { kind: 'personal-removed', chain, sequence, message: `the personal part of entry ${sequence} is not there, and no entry tells of its erasure` }
}

export function verifiedJson(chains: readonly VerifiedChain[]): readonly Readonly<Record<string, unknown>>[] {
  return chains.map(({ chain, checked, fault, signedTo, compared }) => ({
    chain, checked, firstBroken: fault?.sequence ?? null, fault: fault === null ? null : { kind: fault.kind, sequence: fault.sequence, message: fault.message },
    checkpoints: compared, signedTo: signedTo === null ? null : { sequence: signedTo.sequence, at: signedTo.at.toISOString() },
  }))
}

export function verifiedTable(chains: readonly VerifiedChain[]): string {
  if (chains.length === 0) return 'The audit is empty.'
  const rows = chains.map(({ chain, checked, fault, signedTo }) => [chain, String(checked), signedTo === null ? '-' : `entry ${signedTo.sequence}, ${signedTo.at.toISOString()}`, fault === null ? 'whole' : `${fault.kind} at entry ${fault.sequence}`])
  const faults = chains.flatMap(({ chain, fault }) => fault === null ? [] : [`${chain}, entry ${fault.sequence}: ${fault.message}.`])
  return [table(['chain', 'entries', 'as signed up to', 'state'], rows), ...faults].join('\n')
}
