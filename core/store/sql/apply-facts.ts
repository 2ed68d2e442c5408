import type { AuditDraft } from '../../domain/audit-entry.ts'
import { auditOfFact, auditOfSeat } from '../../domain/audit-of-fact.ts'
import { type CaptureFact, isCoverageFact, isRecordingFact, isSeatFact, type RecordingFact, type SeatFact } from '../../domain/capture-fact.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import { evolve } from '../../domain/evolve.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { JournalledFact } from '../../ports/capture-journal.ts'
import { applyCoverageFact } from './coverage-facts.ts'
import { applyInteractionFact } from './interactions.ts'
import { holdRecordings } from './load-recordings.ts'
import { keepPolicy } from './policies.ts'
import { applySeatFact } from './seats.ts'
import { saveRecordings } from './save-recording.ts'
import type { Tx } from './sql-database.ts'

/** What facts made of the recordings that they tell of. */
export interface AppliedFacts {
  readonly refused: readonly JournalledFact[]
  readonly touched: readonly RecordingId[]
  readonly audit: readonly AuditDraft[]
  /** Recordings that came to an end behind which there is sound to bring in, with its time. */
  readonly ended: readonly { readonly id: RecordingId; readonly at: Date }[]
}

/** Applies facts in their order: each recording is read once, evolved in memory, and written once. */
export async function applyFacts(tx: Tx, facts: readonly JournalledFact[]): Promise<AppliedFacts> {
  const ids = new Set(facts.flatMap(({ fact }) => isRecordingFact(fact) ? [fact.recordingId] : []))
  const before = new Map((await holdRecordings(tx, [...ids].map(Number))).map((recording) => [recording.id, recording]))
  const after = new Map(before)
  const refused: JournalledFact[] = []
  const audit: AuditDraft[] = []
  const ended: { id: RecordingId; at: Date }[] = []
  for (const journalled of facts) {
    const { fact } = journalled
    if (isSeatFact(fact)) {
      await applySeatFact(tx, fact)
      audit.push(auditOfSeat(fact))
      continue
    }
    if (!isRecordingFact(fact)) {
      await applyOther(tx, fact)
      continue
    }
    const had = after.get(fact.recordingId) ?? null
    const has = evolved(had, fact)
    if (has === null) {
      refused.push(journalled)
      continue
    }
    after.set(has.id, has)
    const draft = auditOfFact(fact, has)
    if (draft !== null) audit.push(draft)
    if (ingestIsDue(had, has)) ended.push({ id: has.id, at: fact.at })
  }
  await saveRecordings(tx, [...after.values()].map((recording) => ({ before: before.get(recording.id) ?? null, after: recording })))
  return { refused, touched: [...after.values()].filter((recording) => recording !== before.get(recording.id)).map(({ id }) => id), audit, ended }
}

/** Facts that are about no one recording. */
async function applyOther(tx: Tx, fact: Exclude<CaptureFact, RecordingFact | SeatFact>): Promise<void> {
  if (isCoverageFact(fact)) await applyCoverageFact(tx, fact)
  else await (fact.type === 'policy-used' ? keepPolicy(tx, fact) : applyInteractionFact(tx, fact))
}

/** One that failed in the middle has sound, too: left where the PBX wrote it, it would stay plaintext for ever. */
function ingestIsDue(had: Recording | null, has: Recording): boolean {
  if (had?.state === has.state) return false
  return has.state === 'stopped' || (has.state === 'failed' && has.segments.length > 0)
}

/** `null`: the fact is refused, and the recording stays as it was. */
function evolved(recording: Recording | null, fact: RecordingFact): Recording | null {
  try {
    return evolve(recording, fact)
  } catch (error) {
    if (isHoldfastError(error, 'ILLEGAL_TRANSITION') || isHoldfastError(error, 'RECORDING_NOT_FOUND')) return null
    throw error
  }
}
