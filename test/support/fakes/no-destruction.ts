import { Ed25519Signer, newSigningKey } from '../../../core/crypto/ed25519-signer.ts'
import { KEEP_EVERYTHING, makeRetentionRules } from '../../../core/domain/retention/retention-rules.ts'
import type { DestructionLedger } from '../../../core/ports/destruction-ledger.ts'
import type { HoldRegister } from '../../../core/ports/hold-register.ts'
import type { RecordingDestroyer } from '../../../core/ports/recording-destroyer.ts'
import type { RecordingLabels } from '../../../core/ports/recording-labels.ts'
import type { RetentionControl } from '../../../core/ports/retention-control.ts'
import type { SubjectIndex } from '../../../core/ports/subject-index.ts'

/** Where nothing is held and nothing is destroyed: both are a matter of a database's transactions, and are tried on one. */
const holds: HoldRegister = {
  place: async () => await Promise.resolve({ outcome: 'unknown' }),
  extend: async () => await Promise.resolve({ outcome: 'unknown' }),
  release: async () => await Promise.resolve('unknown'),
  find: async () => await Promise.resolve(null),
  list: async () => await Promise.resolve([]),
  named: async () => await Promise.resolve([]),
  over: async () => await Promise.resolve(new Map()),
}

const destructions: DestructionLedger = {
  condemn: async () => await Promise.resolve({ outcome: 'unknown' }),
  stampedUntil: async () => await Promise.resolve(null),
  mark: async () => await Promise.resolve(),
  end: async (_id, { receipt }) => await Promise.resolve(receipt),
  find: async () => await Promise.resolve(null),
  unfinished: async () => await Promise.resolve([]),
  endedFrom: async () => await Promise.resolve([]),
  forgetOldPages: async () => await Promise.resolve(),
}

const destroyer: RecordingDestroyer = { destroy: async () => await Promise.resolve({ outcome: 'unknown' }), foresee: async () => await Promise.resolve(null) }

const subjects: SubjectIndex = { recordingsOf: async () => await Promise.resolve([]) }

const labels: RecordingLabels = { change: async () => await Promise.resolve(null) }

const everything = makeRetentionRules(KEEP_EVERYTHING)
const NOTHING = { recordings: 0, durationMs: 0, sizeBytes: 0 }
const retention: RetentionControl = {
  standing: () => everything,
  read: () => ({ outcome: 'valid', rules: everything }),
  plan: async () => await Promise.resolve({
    version: everything.version, plannedAt: new Date(0), digest: '', samples: [],
    totals: { does: { archive: NOTHING, purge: NOTHING }, prevented: { hold: NOTHING, minimum: NOTHING, state: NOTHING, 'not-archived': NOTHING, 'no-archive': NOTHING }, rules: [], looked: 0 },
  }),
  explain: async () => await Promise.resolve(null),
  whatIf: async () => await Promise.resolve({ version: everything.version, inForce: everything.version, looked: 0, differences: [] }),
  runs: async () => await Promise.resolve([]),
}

export const NO_DESTRUCTION = { retention, holds, destructions, destroyer, subjects, labels, signer: new Ed25519Signer(newSigningKey()), installation: 'node-1' }
