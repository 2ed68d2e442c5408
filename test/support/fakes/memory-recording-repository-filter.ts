import { attachedValue } from '../../../core/domain/attached-data.ts'
import { NO_ORGANISATION, type Organisation, unitsOfAgents } from '../../../core/domain/organisation.ts'
import { partitionAncestors } from '../../../core/domain/partition.ts'
import type { Recording } from '../../../core/domain/recording.ts'
import { onTimeLine } from '../../../core/domain/time-line.ts'
import type { AccessScope, RecordingFilter } from '../../../core/ports/recording-repository.ts'

/** Whether a recording lies within the scope: in one of its partitions or below; or that person was heard; or somebody of one of its units. */
export function inScope(recording: Recording, scope: AccessScope, organisation: Organisation = NO_ORGANISATION): boolean {
  if (scope.type === 'agent') return recording.parties.some(({ agent }) => same(scope.agent, agent))
  if (scope.type !== 'named') return scope.type === 'all'
  const units = unitsOfAgents(organisation, recording.parties.flatMap(({ agent }) => agent ?? []), onTimeLine(recording, recording.startedAt))
  return units.some((unit) => scope.units.includes(unit))
    || recording.partitions.some((partition) => partitionAncestors(partition).some((ancestor) => scope.partitions.includes(ancestor)))
}

/** Whether a recording fits every condition that is asked, but for its interaction. Spellings of one letter are the same. */
export function matchesFilter(recording: Recording, filter: RecordingFilter): boolean {
  return matchesWords(recording, filter)
    && matchesTime(recording, filter)
    && (filter.label === null || recording.labels.some((label) => same(filter.label ?? '', label)))
    && (filter.site === null || filter.site === recording.site)
    && (filter.rule === null || filter.rule === recording.decision.rule)
    && (filter.transferred === null || filter.transferred === recording.transfers.length > 0)
    && (filter.paused === null || filter.paused === recording.pauses.length > 0)
    && (filter.states === null || filter.states.includes(recording.state))
    && (filter.partitionUnder === null || inScope(recording, { type: 'named', partitions: [filter.partitionUnder], units: [] }))
    && filter.attached.every(({ key, value }) => same(value, attachedValue(recording.attached, key)))
}

function matchesWords({ caller, callee, agent, queue }: Recording, filter: RecordingFilter): boolean {
  const pairs = [[filter.caller, caller.number], [filter.callee, callee.number], [filter.agent, agent], [filter.queue, queue]] as const
  return pairs.every(([wanted, actual]) => wanted === null || same(wanted, actual))
}

function matchesTime({ startedAt, media }: Recording, filter: RecordingFilter): boolean {
  const durationMs = media?.durationMs ?? null
  return (filter.startedFrom === null || startedAt >= filter.startedFrom)
    && (filter.startedTo === null || startedAt < filter.startedTo)
    && (filter.minDurationMs === null || (durationMs !== null && durationMs >= filter.minDurationMs))
    && (filter.maxDurationMs === null || (durationMs !== null && durationMs <= filter.maxDurationMs))
}

function same(wanted: string, actual: string | null): boolean {
  return actual !== null && wanted.normalize('NFC') === actual.normalize('NFC')
}
