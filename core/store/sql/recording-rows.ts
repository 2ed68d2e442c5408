import type { AttachedChange, AttachedData } from '../../domain/attached-data.ts'
import type { Announcement, Direction } from '../../domain/call.ts'
import { parseCallId, parseChannelId, parseInteractionId, parsePbxId, parseRecordingId } from '../../domain/ids.ts'
import type { RecordingState } from '../../domain/lifecycle.ts'
import type { FindingCode, MediaFormat, MediaObject, QualityFinding } from '../../domain/media.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import type { Demand, Party, Pause, PauseWay, Recording, RecordingOrigin, Segment, StateReason } from '../../domain/recording.ts'
import { decisionOfStored } from '../../domain/rules/stored-decision.ts'
import type {
  AttachedChangeRow, DemandRow, FindingRow, MediaRow, PartyRow, PauseRow, RecordingRow, SegmentRow, TransferRow,
} from './tables.ts'
import { transferOf } from './transfer-rows.ts'

/** The rows of one recording, as they came out of the database. */
export interface RecordingRows {
  readonly recording: RecordingRow
  readonly segments: readonly SegmentRow[]
  readonly pauses: readonly PauseRow[]
  readonly demands: readonly DemandRow[]
  readonly parties: readonly PartyRow[]
  readonly transfers: readonly TransferRow[]
  readonly attachedChanges: readonly AttachedChangeRow[]
  readonly findings: readonly FindingRow[]
  readonly media: MediaRow | null
}

/** What the rows say. They were written by `…Row` below, so the closed sets are taken at their word. */
export function recordingOf({ recording: row, ...children }: RecordingRows): Recording {
  const recording: Omit<Recording, 'decision'> = {
    id: parseRecordingId(String(row.id)),
    interactionId: parseInteractionId(row.interaction_id),
    pbxId: parsePbxId(row.pbx_id),
    site: row.site,
    callId: parseCallId(row.call_id),
    channelId: parseChannelId(row.channel_id),
    side: row.side as RecordedSide,
    origin: row.origin as RecordingOrigin,
    state: row.state as RecordingState,
    reason: row.reason as StateReason | null,
    direction: row.direction as Direction,
    caller: { number: row.caller_number, name: row.caller_name },
    callee: { number: row.callee_number, name: row.callee_name },
    agent: row.agent,
    queue: row.queue,
    clockOffsetMs: row.clock_offset_ms,
    requestedAt: new Date(row.requested_at),
    startedAt: new Date(row.started_at),
    answeredAt: instant(row.answered_at),
    endedAt: instant(row.ended_at),
    partitions: JSON.parse(row.partitions_json) as string[],
    labels: JSON.parse(row.labels_json) as string[],
    ruleLabels: JSON.parse(row.rule_labels_json) as string[],
    announcement: row.announcement_json === null ? null : announcementOf(row.announcement_json),
    attached: JSON.parse(row.attached_json) as AttachedData,
    attachedChanges: children.attachedChanges.map(changeOf),
    segments: children.segments.map(segmentOf),
    pauses: children.pauses.map(pauseOf),
    demands: children.demands.map(demandOf),
    parties: children.parties.map(partyOf),
    transfers: children.transfers.map(transferOf),
    media: children.media === null ? null : mediaOf(children.media),
    findings: children.findings.map(findingOf),
  }
  return { ...recording, decision: decisionOfStored(row.decision_json, recording) }
}

export function recordingRow(recording: Recording): RecordingRow {
  return {
    id: Number(recording.id),
    interaction_id: recording.interactionId,
    pbx_id: recording.pbxId,
    site: recording.site,
    call_id: recording.callId,
    channel_id: recording.channelId,
    side: recording.side,
    origin: recording.origin,
    state: recording.state,
    reason: recording.reason,
    direction: recording.direction,
    caller_number: recording.caller.number,
    caller_name: recording.caller.name,
    callee_number: recording.callee.number,
    callee_name: recording.callee.name,
    agent: recording.agent,
    queue: recording.queue,
    clock_offset_ms: recording.clockOffsetMs,
    requested_at: recording.requestedAt.getTime(),
    started_at: recording.startedAt.getTime(),
    answered_at: milliseconds(recording.answeredAt),
    ended_at: milliseconds(recording.endedAt),
    duration_ms: recording.media?.durationMs ?? null,
    rule: recording.decision.rule,
    policy_version: recording.decision.policyVersion,
    retention_class: recording.decision.terms.retention,
    partitions_json: JSON.stringify(recording.partitions),
    labels_json: JSON.stringify(recording.labels),
    rule_labels_json: JSON.stringify(recording.ruleLabels),
    decision_json: JSON.stringify(recording.decision),
    announcement_json: recording.announcement === null ? null : JSON.stringify(recording.announcement),
    attached_json: JSON.stringify(recording.attached),
  }
}

export function segmentRow(recordingId: number, segment: Segment): SegmentRow {
  return {
    recording_id: recordingId,
    segment_index: segment.index,
    channel_id: segment.channelId,
    received_name: segment.files.received,
    transmitted_name: segment.files.transmitted,
    recorder_id: segment.recorderId,
    started_at: segment.startedAt.getTime(),
    answered_at: milliseconds(segment.answeredAt),
    ended_at: milliseconds(segment.endedAt),
    held_at: milliseconds(segment.heldAt),
    discarded_at: milliseconds(segment.discardedAt),
  }
}

export function pauseRow(recordingId: number, pause: Pause): PauseRow {
  return {
    recording_id: recordingId,
    pause_index: pause.index,
    asked_by: pause.by,
    how: pause.how,
    asked_at: pause.askedAt.getTime(),
    effective_at: milliseconds(pause.effectiveAt),
    limit_ms: pause.limitMs,
    warned_at: milliseconds(pause.warnedAt),
    resume_by: pause.resumeBy,
    resume_asked_at: milliseconds(pause.resumeAskedAt),
    resumed_at: milliseconds(pause.resumedAt),
  }
}

export function demandRow(recordingId: number, demand: Demand): DemandRow {
  return {
    recording_id: recordingId,
    demand_index: demand.index,
    action: demand.action,
    asked_by: demand.by,
    how: demand.how,
    asked_at: demand.askedAt.getTime(),
    failed_at: milliseconds(demand.failedAt),
  }
}

export function partyRow(recordingId: number, party: Party, index: number): PartyRow {
  return {
    recording_id: recordingId,
    party_index: index,
    channel_id: party.channelId,
    side: party.side,
    number: party.identity.number,
    name: party.identity.name,
    endpoint: party.endpoint,
    agent: party.agent,
    from_at: party.fromAt.getTime(),
    to_at: milliseconds(party.toAt),
  }
}

export function attachedChangeRow(recordingId: number, change: AttachedChange, index: number): AttachedChangeRow {
  return { recording_id: recordingId, change_index: index, key_name: change.key, value: change.value, source: change.source, changed_at: change.at.getTime() }
}

export function findingRow(recordingId: number, finding: QualityFinding, index: number): FindingRow {
  return {
    recording_id: recordingId,
    finding_index: index,
    code: finding.code,
    segment_index: finding.segmentIndex,
    details_json: JSON.stringify(finding.details),
    found_at: finding.at.getTime(),
  }
}

export function mediaRow(recordingId: number, media: MediaObject): MediaRow {
  return {
    recording_id: recordingId,
    format: media.format,
    channels: media.channels,
    sample_rate_hz: media.sampleRateHz,
    began_at: media.beganAt.getTime(),
    duration_ms: media.durationMs,
    size_bytes: media.sizeBytes,
    sha256: media.sha256,
    payload_name: media.payloadName,
    payload_size_bytes: media.payloadSizeBytes,
    payload_sha256: media.payloadSha256,
    header_version: media.headerVersion,
    peaks_json: JSON.stringify(media.peaks),
    peak_stretch_ms: media.peakStretchMs,
    stored_at: media.storedAt.getTime(),
  }
}

function segmentOf(row: SegmentRow): Segment {
  return {
    index: row.segment_index,
    channelId: parseChannelId(row.channel_id),
    files: { received: row.received_name, transmitted: row.transmitted_name },
    recorderId: row.recorder_id,
    startedAt: new Date(row.started_at),
    answeredAt: instant(row.answered_at),
    endedAt: instant(row.ended_at),
    heldAt: instant(row.held_at),
    discardedAt: instant(row.discarded_at),
  }
}

function pauseOf(row: PauseRow): Pause {
  return {
    index: row.pause_index,
    by: row.asked_by,
    how: row.how as PauseWay,
    askedAt: new Date(row.asked_at),
    effectiveAt: instant(row.effective_at),
    limitMs: row.limit_ms,
    warnedAt: instant(row.warned_at),
    resumeBy: row.resume_by,
    resumeAskedAt: instant(row.resume_asked_at),
    resumedAt: instant(row.resumed_at),
  }
}

function demandOf(row: DemandRow): Demand {
  return {
    index: row.demand_index,
    action: row.action as Demand['action'],
    by: row.asked_by,
    how: row.how as PauseWay,
    askedAt: new Date(row.asked_at),
    failedAt: instant(row.failed_at),
  }
}

function partyOf(row: PartyRow): Party {
  return {
    channelId: parseChannelId(row.channel_id),
    side: row.side as Party['side'],
    identity: { number: row.number, name: row.name },
    endpoint: row.endpoint,
    agent: row.agent,
    fromAt: new Date(row.from_at),
    toAt: instant(row.to_at),
  }
}

function changeOf(row: AttachedChangeRow): AttachedChange {
  return { key: row.key_name, value: row.value, source: row.source as AttachedChange['source'], at: new Date(row.changed_at) }
}

function findingOf(row: FindingRow): QualityFinding {
  return {
    code: row.code as FindingCode,
    segmentIndex: row.segment_index,
    details: JSON.parse(row.details_json) as QualityFinding['details'],
    at: new Date(row.found_at),
  }
}

function mediaOf(row: MediaRow): MediaObject {
  return {
    format: row.format as MediaFormat,
    channels: row.channels,
    sampleRateHz: row.sample_rate_hz,
    beganAt: new Date(row.began_at),
    durationMs: row.duration_ms,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    payloadName: row.payload_name,
    payloadSizeBytes: row.payload_size_bytes,
    payloadSha256: row.payload_sha256,
    headerVersion: row.header_version,
    peaks: JSON.parse(row.peaks_json) as number[][],
    peakStretchMs: row.peak_stretch_ms,
    storedAt: new Date(row.stored_at),
  }
}

function announcementOf(text: string): Announcement {
  const told = JSON.parse(text) as Omit<Announcement, 'startedAt' | 'endedAt'> & { readonly startedAt: string; readonly endedAt: string }
  return { ...told, startedAt: new Date(told.startedAt), endedAt: new Date(told.endedAt) }
}

function instant(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}

function milliseconds(instant: Date | null): number | null {
  return instant === null ? null : instant.getTime()
}
