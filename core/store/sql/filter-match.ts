import { attachedValue } from '../../domain/attached-data.ts'
import { partitionAncestors } from '../../domain/partition.ts'
import type { Recording } from '../../domain/recording.ts'
import type { RecordingFilter } from '../../ports/recording-repository.ts'
import { searchKey } from './search-key.ts'

/**
 * Whether one recording fits a filter, as the search would find it; and a value that a key of the attached data ever had counts like its last:
 * a hold must not end because somebody corrected a claim's number within the call.
 * @param interactions - the ids that are one with the filter's interaction; `null` when it asks for none
 */
export function fitsFilter(recording: Recording, filter: RecordingFilter, interactions: readonly string[] | null): boolean {
  return fitsWords(recording, filter)
    && fitsTime(recording, filter)
    && (interactions === null || interactions.includes(recording.interactionId))
    && (filter.label === null || recording.labels.some((label) => isSame(filter.label ?? '', label)))
    && (filter.site === null || filter.site === recording.site)
    && (filter.rule === null || filter.rule === recording.decision.rule)
    && (filter.transferred === null || filter.transferred === recording.transfers.length > 0)
    && (filter.paused === null || filter.paused === recording.pauses.length > 0)
    && (filter.states === null || filter.states.includes(recording.state))
    && (filter.partitionUnder === null || liesUnder(recording, filter.partitionUnder))
    && filter.attached.every((pair) => everHad(recording, pair))
}

function fitsWords({ caller, callee, agent, queue }: Recording, filter: RecordingFilter): boolean {
  const pairs = [[filter.caller, caller.number], [filter.callee, callee.number], [filter.agent, agent], [filter.queue, queue]] as const
  return pairs.every(([wanted, actual]) => wanted === null || isSame(wanted, actual))
}

function fitsTime({ startedAt, media }: Recording, filter: RecordingFilter): boolean {
  const durationMs = media?.durationMs ?? null
  return (filter.startedFrom === null || startedAt >= filter.startedFrom)
    && (filter.startedTo === null || startedAt < filter.startedTo)
    && (filter.minDurationMs === null || (durationMs !== null && durationMs >= filter.minDurationMs))
    && (filter.maxDurationMs === null || (durationMs !== null && durationMs <= filter.maxDurationMs))
}

function liesUnder({ partitions }: Recording, path: string): boolean {
  return partitions.some((partition) => partitionAncestors(partition.normalize('NFC')).some((ancestor) => isSame(path, ancestor)))
}

function everHad({ attached, attachedChanges }: Recording, { key, value }: RecordingFilter['attached'][number]): boolean {
  return isSame(value, attachedValue(attached, key)) || attachedChanges.some((change) => change.key === key && isSame(value, change.value))
}

/** As the search's keys compare. */
function isSame(wanted: string, actual: string | null): boolean {
  return actual !== null && Buffer.compare(searchKey(wanted), searchKey(actual)) === 0
}
