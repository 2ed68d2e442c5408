import { type AttachedData, attachedValue } from '../attached-data.ts'
import type { Direction } from '../call.ts'
import type { PbxId, RecordingId } from '../ids.ts'
import type { RecordingState } from '../lifecycle.ts'
import { partitionAncestors } from '../partition.ts'
import type { RecordedSide } from '../policy.ts'
import type { Recording, RecordingOrigin } from '../recording.ts'
import { type CallFact, type Condition, conditionsWithin, type Field, fieldOf, type RecordingFact } from '../rules/condition.ts'
import { clockAt, type Lookup } from '../rules/holds.ts'
import type { RetentionContent } from './retention-rules.ts'

/** A recording as far as rules of retention look at it. Lists are functions: a plan over a million rows reads them only where a rule asks. */
export interface RetentionSubject {
  readonly id: RecordingId
  readonly state: RecordingState
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly durationMs: number | null
  readonly caller: string | null
  readonly callee: string | null
  readonly direction: Direction
  readonly queue: string | null
  readonly agent: string | null
  readonly pbx: PbxId
  readonly site: string | null
  readonly side: RecordedSide
  readonly origin: RecordingOrigin
  /** The rule of the policy that decided. */
  readonly rule: string
  /** As that rule named it. */
  readonly retentionClass: string | null
  attached(): AttachedData
  partitions(): readonly string[]
  /** Those that rules of the policy gave it: nobody who may label decides by that when it goes. */
  labels(): readonly string[]
}

export function subjectOf(recording: Recording): RetentionSubject {
  const { id, state, startedAt, endedAt, media, caller, callee, direction, queue, agent, pbxId, site, side, origin, decision } = recording
  return {
    id, state, startedAt, endedAt, direction, queue, agent, site, side, origin,
    durationMs: media?.durationMs ?? null, caller: caller.number, callee: callee.number, pbx: pbxId, rule: decision.rule, retentionClass: decision.terms.retention,
    attached: () => recording.attached, partitions: () => recording.partitions, labels: () => recording.ruleLabels,
  }
}

/** A subject as conditions ask of it. Times of day are those of its start. */
export function lookupOf(subject: RetentionSubject): Lookup {
  // Made where a rule asks for the time of day: of a million recordings most are asked for something else.
  let clock: Lookup['local'] | null = null
  return { some: (field, test) => valuesOf(subject, field).some(test), local: (zone) => (clock ??= clockAt(subject.startedAt))(zone) }
}

/** From when days of retention count. */
export function retentionBegan({ startedAt, endedAt }: Pick<RetentionSubject, 'startedAt' | 'endedAt'>): Date {
  return endedAt ?? startedAt
}

/** Which fields these rules look at: of a million rows nothing else is read. */
export function fieldsAsked(rules: readonly RetentionContent[]): ReadonlySet<Field['type']> {
  const asked = new Set<Field['type']>()
  const visit = (condition: Condition): void => {
    const field = fieldOf(condition)
    if (field !== null) asked.add(field.type)
    for (const inner of conditionsWithin(condition)) visit(inner)
  }
  for (const { rules: each } of rules) for (const { when } of each) visit(when)
  return asked
}

const NONE = (): readonly string[] => []

const VALUES: Readonly<Record<CallFact | RecordingFact, (subject: RetentionSubject) => readonly string[]>> = {
  retentionClass: ({ retentionClass }) => one(retentionClass),
  rule: ({ rule }) => [rule],
  // As everywhere, /support covers /support/gold.
  partition: (subject) => subject.partitions().flatMap(partitionAncestors),
  label: (subject) => subject.labels(),
  side: ({ side }) => [side],
  origin: ({ origin }) => [origin],
  durationSeconds: ({ durationMs }) => (durationMs === null ? [] : [String(durationMs / 1000)]),
  caller: ({ caller }) => one(caller),
  callee: ({ callee }) => one(callee),
  direction: ({ direction }) => [direction],
  queue: ({ queue }) => one(queue),
  agent: ({ agent }) => one(agent),
  pbx: ({ pbx }) => [pbx],
  site: ({ site }) => one(site),
  // A call has them while it is decided upon; the row of its recording does not.
  dialled: NONE,
  extension: NONE,
  businessUnit: NONE,
  customerType: NONE,
  language: NONE,
}

/** What a rule sees of a field. */
export function valuesOf(subject: RetentionSubject, field: Field): readonly string[] {
  return field.type === 'attached' ? one(attachedValue(subject.attached(), field.key)) : VALUES[field.type](subject)
}

function one(value: string | null): readonly string[] {
  return value === null ? [] : [value]
}
