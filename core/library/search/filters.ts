import { isAttachedKey, MAX_ATTACHED_VALUE_BYTES } from '../../domain/attached-data.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { parsePartition } from '../../domain/partition.ts'
import type { AuditFilter } from '../../ports/audit-log.ts'
import type { RecordingFilter } from '../../ports/recording-repository.ts'

/** A page of more is not read by anybody, and costs everybody. */
export const MAX_PAGE_SIZE = 200
/** Each condition is one index look-up per row. */
const MAX_ATTACHED_CONDITIONS = 16
const MAX_WORD_LENGTH = 256

const AUDIT_WORDS_ASKED = ['objectId', 'actorId', 'reason', 'chain', 'recordingId', 'interactionId', 'address', 'customerId', 'number'] as const
const WORDS = ['caller', 'callee', 'agent', 'queue', 'label', 'site', 'rule'] as const

/** @throws HoldfastError `FILTER_INVALID` unless 1 to {@link MAX_PAGE_SIZE} */
export function checkedPageSize(first: number): number {
  if (!Number.isSafeInteger(first) || first < 1 || first > MAX_PAGE_SIZE) throw invalid('first', `a page has 1 to ${MAX_PAGE_SIZE} entries`)
  return first
}

/** The filter as it may be asked. @throws HoldfastError `FILTER_INVALID`; `details.field` names the condition */
export function checkedFilter(filter: RecordingFilter): RecordingFilter {
  const { startedFrom, startedTo, minDurationMs, maxDurationMs, states, partitionUnder } = filter
  for (const name of WORDS) checkWord(name, filter[name])
  checkAttached(filter.attached)
  if (startedFrom !== null && startedTo !== null && startedFrom >= startedTo) throw invalid('startedTo', 'the range ends before it begins')
  for (const [name, value] of Object.entries({ minDurationMs, maxDurationMs })) {
    if (value !== null && !(value >= 0)) throw invalid(name, 'a duration is not negative')
  }
  if (minDurationMs !== null && maxDurationMs !== null && minDurationMs > maxDurationMs) throw invalid('maxDurationMs', 'no duration is in this range')
  if (states !== null && states.length === 0) throw invalid('states', 'an empty list of states matches nothing; leave it out to match all')
  return { ...filter, states: states === null ? null : [...new Set(states)], partitionUnder: partitionUnder === null ? null : checkedPartition(partitionUnder) }
}

/** The filter as it may be asked. @throws HoldfastError `FILTER_INVALID` */
export function checkedAuditFilter(filter: AuditFilter): AuditFilter {
  for (const name of AUDIT_WORDS_ASKED) checkWord(name, filter[name] ?? null)
  if (filter.actions?.length === 0) throw invalid('actions', 'an empty list of actions matches nothing; leave it out to match all')
  if ((filter.action ?? null) !== null && (filter.actions ?? null) !== null) throw invalid('actions', 'give `action` or `actions`')
  if (filter.from !== null && filter.to !== null && filter.from >= filter.to) throw invalid('to', 'the range ends before it begins')
  return filter
}

function checkedPartition(path: string): string {
  try {
    return parsePartition(path)
  } catch (error) {
    throw new HoldfastError('FILTER_INVALID', 'a partition is a path such as /support/gold', { field: 'partitionUnder' }, { cause: error })
  }
}

function checkWord(name: string, value: string | null): void {
  if (value === null) return
  if (value === '' || value.length > MAX_WORD_LENGTH || !value.isWellFormed()) throw invalid(name, `1 to ${MAX_WORD_LENGTH} characters`)
}

function checkAttached(conditions: RecordingFilter['attached']): void {
  if (conditions.length > MAX_ATTACHED_CONDITIONS) throw invalid('attached', `at most ${MAX_ATTACHED_CONDITIONS} conditions`)
  for (const { key, value } of conditions) {
    if (!isAttachedKey(key)) throw invalid('attached', 'a key is a letter and up to 63 of A-Za-z0-9_.-')
    if (!value.isWellFormed() || Buffer.byteLength(value) > MAX_ATTACHED_VALUE_BYTES) throw invalid('attached', `a value has at most ${MAX_ATTACHED_VALUE_BYTES} bytes of UTF-8`)
  }
}

function invalid(field: string, message: string): HoldfastError {
  return new HoldfastError('FILTER_INVALID', `${field}: ${message}`, { field })
}
