import type {
  Assessment, CoverageGap, CoveringRecording, Expectation, ExpectationEnd, ExpectationEvidence, ExpectationKey, SegmentSound, UnobservedBecause, UnobservedWindow,
} from '../../domain/coverage.ts'
import { parseCallId, parseChannelId, parseInteractionId, parsePbxId } from '../../domain/ids.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import { isVoid, type Recording, type Segment } from '../../domain/recording.ts'
import type { EndedExpectation } from '../../ports/coverage-ledger.ts'
import type { CoverageGapRow, CoverageWindowRow, ExpectationKeyRow, ExpectationRow, SegmentSoundRow } from './coverage-tables.ts'

export function keyRow({ pbxId, channelId, side, fromAt }: ExpectationKey): ExpectationKeyRow {
  return { pbx_id: pbxId, channel_id: channelId, side, from_at: fromAt.getTime() }
}

export function expectationRow(expectation: Expectation): ExpectationRow {
  const { callId, interactionId, rule, policyVersion, evidence, answeredAt } = expectation
  return {
    ...keyRow(expectation), call_id: callId, interaction_id: interactionId, rule, policy_version: policyVersion, evidence, answered_at: answeredAt?.getTime() ?? null,
    to_at: null, end_reason: null, settled_at: null, overdue_at: null, wanted_ms: null, covered_ms: null, missing_ms: null,
  }
}

/** Rows were written by the functions beside this one, so the closed sets are taken at their word. */
export function expectationOf(row: ExpectationRow): Expectation {
  return {
    pbxId: parsePbxId(row.pbx_id),
    channelId: parseChannelId(row.channel_id),
    side: row.side as RecordedSide,
    fromAt: new Date(row.from_at),
    callId: parseCallId(row.call_id),
    interactionId: parseInteractionId(row.interaction_id),
    rule: row.rule,
    policyVersion: row.policy_version,
    evidence: row.evidence as ExpectationEvidence,
    answeredAt: row.answered_at === null ? null : new Date(row.answered_at),
  }
}

/** @param row - of an expectation whose leg is over */
export function endedOf(row: ExpectationRow): EndedExpectation {
  return { expectation: expectationOf(row), toAt: new Date(row.to_at ?? row.from_at), end: (row.end_reason ?? 'hangup') as ExpectationEnd }
}

export function gapRow(key: ExpectationKeyRow, { beganAt, endedAt, why }: CoverageGap, index: number): CoverageGapRow {
  return { ...key, gap_index: index, began_at: beganAt.getTime(), ended_at: endedAt.getTime(), why }
}

export function gapOf({ began_at: beganAt, ended_at: endedAt, why }: CoverageGapRow): CoverageGap {
  return { beganAt: new Date(beganAt), endedAt: new Date(endedAt), why: why as CoverageGap['why'] }
}

export function assessmentOf({ wanted_ms: wantedMs, covered_ms: coveredMs, missing_ms: missingMs }: ExpectationRow, gaps: readonly CoverageGapRow[]): Assessment {
  return { wantedMs: wantedMs ?? 0, coveredMs: coveredMs ?? 0, missingMs: missingMs ?? 0, gaps: gaps.map(gapOf) }
}

export function windowOf(row: CoverageWindowRow): UnobservedWindow {
  return {
    pbxId: parsePbxId(row.pbx_id),
    fromAt: new Date(row.from_at),
    toAt: row.to_at === null ? null : new Date(row.to_at),
    because: row.because as UnobservedBecause,
    callsFound: row.calls_found,
  }
}

export function soundRow(recordingId: number, { segmentIndex, beganAt, durationMs, lanes }: SegmentSound): SegmentSoundRow {
  return { recording_id: recordingId, segment_index: segmentIndex, began_at: beganAt.getTime(), duration_ms: durationMs, lanes }
}

/**
 * What a recording has to do with a leg: the runs of its recorder on that leg. One that the dialplan began by itself hears both legs
 * of the call; for the other one it counts while that leg was heard in it.
 */
export function coveringOf(recording: Recording, leg: Pick<Expectation, 'channelId'>, sounds: readonly SegmentSoundRow[]): CoveringRecording {
  const heard = recording.origin === 'native' ? recording.parties.filter(({ channelId }) => channelId === leg.channelId) : []
  const peers = recording.parties.filter(({ channelId }) => channelId !== leg.channelId)
  const segments = recording.segments.flatMap((segment) => {
    const spans = segment.channelId === leg.channelId ? [segment] : heard.flatMap((party) => within(segment, party, recording.endedAt))
    const sound = sounds.find((row) => row.recording_id === Number(recording.id) && row.segment_index === segment.index)
    return isVoid(segment) && sound === undefined ? [] : spans.map((span) => ({
      recordingId: recording.id,
      startedAt: span.startedAt,
      answeredAt: span.answeredAt,
      endedAt: span.endedAt ?? recording.endedAt ?? span.startedAt,
      ran: segment.recorderId !== null,
      heldAt: segment.heldAt,
      isDiscarded: segment.discardedAt !== null,
      sound: sound === undefined ? null : { beganAt: new Date(sound.began_at), durationMs: sound.duration_ms, lanes: sound.lanes as SegmentSound['lanes'] },
    }))
  })
  return {
    id: recording.id,
    isOfLeg: segments.length > 0 || recording.channelId === leg.channelId || recording.segments.some(({ channelId }) => channelId === leg.channelId),
    state: recording.state,
    reason: recording.reason,
    origin: recording.origin,
    endedAt: recording.endedAt,
    segments,
    peersCame: peers.map(({ fromAt }) => fromAt),
    peersWent: peers.flatMap(({ toAt }) => toAt ?? []),
    findings: new Set(recording.findings.map(({ code }) => code)),
  }
}

/** When a recording was to be silent: one that may not be paused never was. */
export function pausesOf({ pauses, endedAt, decision }: Recording): readonly { readonly fromAt: Date; readonly toAt: Date }[] {
  if (decision.terms.pause.type === 'forbidden') return []
  return pauses.flatMap(({ effectiveAt, resumedAt }) => effectiveAt === null ? [] : [{ fromAt: effectiveAt, toAt: resumedAt ?? endedAt ?? effectiveAt }])
}

function within(segment: Segment, party: Recording['parties'][number], endedAt: Date | null): readonly Pick<Segment, 'startedAt' | 'answeredAt' | 'endedAt'>[] {
  const startedAt = party.fromAt > segment.startedAt ? party.fromAt : segment.startedAt
  const ends = [segment.endedAt, party.toAt, endedAt].filter((at) => at !== null)
  const end = ends.length === 0 ? null : new Date(Math.min(...ends.map((at) => at.getTime())))
  return end !== null && end <= startedAt ? [] : [{ startedAt, answeredAt: segment.answeredAt, endedAt: end }]
}
