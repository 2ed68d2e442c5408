import { isAttachedKey } from '../../domain/attached-data.ts'
import type { Recording } from '../../domain/recording.ts'
import { partitionAncestors } from '../../domain/partition.ts'
import { searchKey } from './search-key.ts'
import type { AccessRow, AccessScopeName, AttachedRow } from './search-tables.ts'

/** Our own fields among the attached data. No stranger's key begins with `@`: `isAttachedKey`. */
export const FIELD_KEYS = { caller: '@caller', callee: '@callee', agent: '@agent', queue: '@queue', side: '@side', label: '@label' } as const

/** Kinds of access. */
export const PARTITION_SCOPE: AccessScopeName = 'partition'
export const AGENT_SCOPE: AccessScopeName = 'agent'
export const UNIT_SCOPE: AccessScopeName = 'unit'

/** What a recording is found by. */
export function attachedRows(recording: Recording): readonly AttachedRow[] {
  const fields: readonly (readonly [string, string | null])[] = [
    [FIELD_KEYS.caller, recording.caller.number],
    [FIELD_KEYS.callee, recording.callee.number],
    [FIELD_KEYS.agent, recording.agent],
    [FIELD_KEYS.queue, recording.queue],
    [FIELD_KEYS.side, recording.side],
    // Two spellings of one text make one key.
    ...[...new Set(recording.labels.map((label) => label.normalize('NFC')))].map((label) => [FIELD_KEYS.label, label] as const),
  ]
  return [...fields, ...Object.entries(recording.attached).filter(([key]) => isAttachedKey(key))]
    .flatMap(([k, value]) => value === null ? [] : [{ k, v: searchKey(value), id: Number(recording.id) }])
}

/** Who reaches it: by partition, each one and all that contain it; and the agents who were heard. Each once. Units: see unit-stamps.ts. */
export function accessRows(recording: Recording): readonly AccessRow[] {
  // Two spellings of one text make one key.
  const paths = new Set(recording.partitions.flatMap((path) => partitionAncestors(path.normalize('NFC'))))
  const agents = new Set(recording.parties.flatMap(({ agent }) => agent?.normalize('NFC') ?? []))
  const id = Number(recording.id)
  return [
    ...[...paths].map((path) => ({ scope: PARTITION_SCOPE, value: searchKey(path), id })),
    ...[...agents].map((agent) => ({ scope: AGENT_SCOPE, value: searchKey(agent), id })),
  ]
}
