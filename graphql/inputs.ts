import { AUDIT_OBJECTS, type AuditObjectType } from '../core/domain/audit-entry.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import { parseNodeName } from '../core/domain/ids.ts'
import type { AuditFilter } from '../core/ports/audit-log.ts'
import type { ControlTarget } from '../core/library/live/controlled-calls.ts'
import type { RecordingFilter } from '../core/ports/recording-repository.ts'
import type { AttachedTarget } from '../core/library/live/attached-setting.ts'
import type { AttachedDataCall, AuditFilter as AuditFilterInput, InputMaybe, RecordingFilter as RecordingFilterInput, RecordingPauseInput } from './generated/resolvers.ts'
import { interactionIdOf, recordingIdOf } from './node-id.ts'

/** The filter that an input means: what is left out is not asked. @throws HoldfastError `MALFORMED_ID` */
export function recordingFilterOf(input: InputMaybe<RecordingFilterInput> | undefined): RecordingFilter {
  return {
    startedFrom: input?.startedFrom ?? null,
    startedTo: input?.startedTo ?? null,
    caller: input?.caller ?? null,
    callee: input?.callee ?? null,
    agent: input?.agent ?? null,
    queue: input?.queue ?? null,
    label: input?.label ?? null,
    site: input?.site ?? null,
    rule: input?.rule ?? null,
    interactionId: optional(input?.interactionId, interactionIdOf),
    partitionUnder: input?.partitionUnder ?? null,
    states: input?.states ?? null,
    minDurationMs: input?.minDurationMs ?? null,
    maxDurationMs: input?.maxDurationMs ?? null,
    transferred: input?.transferred ?? null,
    paused: input?.paused ?? null,
    attached: input?.attached ?? [],
  }
}

export function auditFilterOf(input: InputMaybe<AuditFilterInput> | undefined): AuditFilter {
  return {
    objectId: input?.objectId ?? null,
    actorId: input?.actorId ?? null,
    action: input?.action ?? null,
    actions: input?.actions ?? null,
    objectType: optional(input?.objectType, objectTypeOf),
    actorType: input?.actorType ?? null,
    outcome: input?.outcome ?? null,
    reason: input?.reason ?? null,
    chain: optional(input?.chain, parseNodeName),
    recordingId: input?.recordingId ?? null,
    interactionId: input?.interactionId ?? null,
    address: input?.address ?? null,
    customerId: input?.customerId ?? null,
    number: input?.number ?? null,
    from: input?.from ?? null,
    to: input?.to ?? null,
  }
}

/** @throws HoldfastError `FILTER_INVALID` */
function objectTypeOf(text: string): AuditObjectType {
  const known = AUDIT_OBJECTS.find((type) => type === text)
  if (known === undefined) throw new HoldfastError('FILTER_INVALID', `objectType: one of ${AUDIT_OBJECTS.join(', ')}`, { field: 'objectType' })
  return known
}

/** What is to be controlled. @throws HoldfastError `MALFORMED_ID`; `FILTER_INVALID` */
export function controlTargetOf(input: RecordingPauseInput): ControlTarget {
  if (input.current !== undefined) {
    if (!input.current) throw new HoldfastError('FILTER_INVALID', 'current: true, or another way to say which call', { field: 'current' })
    return { current: true }
  }
  return input.recordingId === undefined ? { interactionId: interactionIdOf(input.interactionId) } : { recordingId: recordingIdOf(input.recordingId) }
}

/** The live call that a value is for. @throws HoldfastError `MALFORMED_ID` */
export function attachedTargetOf(input: AttachedDataCall): AttachedTarget {
  return input.recordingId === undefined ? { interactionId: interactionIdOf(input.interactionId) } : { recordingId: recordingIdOf(input.recordingId) }
}

/** What `parse` makes of a text, or `null` when none was given. */
export function optional<T>(text: string | null | undefined, parse: (text: string) => T): T | null {
  return text === null || text === undefined ? null : parse(text)
}
