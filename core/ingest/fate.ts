import { type ErrorCode, HoldfastError } from '../domain/errors.ts'
import type { StateReason } from '../domain/recording.ts'
import type { Job, JobMark } from '../ports/job-queue.ts'

/** What becomes of a job that failed. */
export type Fate =
  | { readonly type: 'dropped' }
  | { readonly type: 'again'; readonly afterMs: number }
  | { readonly type: 'given-up'; readonly reason: Extract<StateReason, 'ingest-failed' | 'spool-file-missing'> }

/** The fault of the surroundings, not of the recording: tried for ever, for giving up would turn an outage into a loss. The backlog alarms. */
const PATIENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'STORE_FAILED', 'NO_RECIPIENT', 'AUDIT_UNAVAILABLE', 'PBX_UNKNOWN', 'PBX_UNREACHABLE', 'PBX_TIMEOUT', 'SPOOL_UNREACHABLE',
])
/** A PBX closes its file within moments of the hang-up: worth a look every second. */
const CLOSING_MS = 1000
const FIRST_BACK_OFF_MS = 1000
/** A store that came back is used again within this time. */
const LONGEST_BACK_OFF_MS = 300_000
/** With the back-off above, about an hour: a fault that lasts longer does not go away by itself (a guess). */
export const MAX_ATTEMPTS = 20

/** In a job's marks: how often it found that its files were still being written. Such a look is no failure, and makes no later one wait for longer. */
const LOOKS_STEP = 'looks'

/** Attempts that were more than a look. */
export function failuresOf({ attempts, marks }: Pick<Job, 'attempts' | 'marks'>): number {
  return Math.max(1, attempts - looksOf(marks))
}

/** What a job remembers of one more look; `null` when this failure is none. */
export function lookAfter(error: unknown, marks: readonly JobMark[]): JobMark | null {
  if (!(error instanceof HoldfastError) || error.code !== 'SPOOL_FILE_INCOMPLETE') return null
  return { step: LOOKS_STEP, data: { count: looksOf(marks) + 1 } }
}

function looksOf(marks: readonly JobMark[]): number {
  return Number(marks.find(({ step }) => step === LOOKS_STEP)?.data['count'] ?? 0)
}

/** Pure: from the failure and the number of failures so far. */
export function fateOf(error: unknown, failures: number): Fate {
  const code = error instanceof HoldfastError ? error.code : null
  if (code === 'JOB_LEASE_LOST') return { type: 'dropped' }
  if (code === 'SPOOL_FILE_INCOMPLETE') return { type: 'again', afterMs: CLOSING_MS }
  const again: Fate = { type: 'again', afterMs: Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** (failures - 1)) }
  if (code !== null && PATIENT.has(code)) return again
  const hopeless = error instanceof HoldfastError && !error.retry
  if (!hopeless && failures < MAX_ATTEMPTS) return again
  return { type: 'given-up', reason: code === 'SPOOL_FILE_MISSING' ? 'spool-file-missing' : 'ingest-failed' }
}
