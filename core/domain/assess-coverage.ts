import {
  type Assessment, type CoverageCause, type CoverageExcuse, type CoverageGap, type CoveringRecording, type CoveringSegment, type Expectation, type ExpectationEnd,
  isLoss, type UnobservedBecause, type UnobservedWindow,
} from './coverage.ts'
import { isHeldThroughout, type StateReason } from './recording.ts'
import { intersect, lengthOf, type Span, subtract, union } from './spans.ts'

/**
 * How far the PBX's event times and its files may differ without anything being lost: two frames of 20 ms.
 * Source: Asterisk 22.10, measured (core/ingest/segment-clock.ts)
 */
export const RESOLUTION_MS = 40
/** A party comes or goes this close to a cut that was made because of it: the recorder is told within milliseconds, a busy PBX takes longer. */
const PEER_CHANGE_WITHIN_MS = 1000

/** Everything that is known about one expectation whose leg is over. */
export interface CoverageEvidence {
  readonly expectation: Expectation
  readonly toAt: Date
  readonly end: ExpectationEnd
  readonly recordings: readonly CoveringRecording[]
  /** Times in which its interaction was to be silent. */
  readonly pauses: readonly { readonly fromAt: Date; readonly toAt: Date }[]
  /** Times in which its PBX was not observed. */
  readonly unobserved: readonly UnobservedWindow[]
}

/**
 * Compares a leg that was wanted with the sound that was sealed, both in the PBX's time. Pure.
 * A recorder that ran is believed to the resolution of the PBX's clocks; beyond it, what its file lacks is missing. Between two
 * runs everything is missing, to the millisecond: there the PBX itself told when it stopped and when it began.
 */
export function assessCoverage(evidence: CoverageEvidence): Assessment {
  const { expectation, toAt, recordings, pauses } = evidence
  const life: Span = { from: expectation.fromAt.getTime(), to: Math.max(expectation.fromAt.getTime(), toAt.getTime()) }
  const runs = recordings.flatMap((recording) => recording.segments.filter(ranOrSounds).map((segment) => runOf(recording, segment, expectation.answeredAt)))
  const asked = pauses.map((pause) => spanOf(pause.fromAt, pause.toAt))
  const wanted = subtract([life], asked)
  const unheard = subtract(wanted, runs.map(({ heard }) => heard))
  const held = recordings.flatMap(({ segments }) => segments.flatMap(holdOf))
  const bare = subtract(unheard, held)
  const within = bare.flatMap((span) => runs.flatMap((run) => intersect([span], [run.told]).map((lost) => ({ span: lost, run }))))
  const gaps = [
    ...pausedGaps(intersect([life], asked)),
    ...intersect(unheard, union(held)).map((span) => gap(span, 'hold')),
    ...lateGaps(expectation),
    ...union(within.map(({ span }) => span)).flatMap((span) => {
      const run = within.find((candidate) => candidate.span.from <= span.from && candidate.span.to > span.from)?.run
      return run === undefined || isFaint(span) ? [] : [gap(span, whyWithin(span, run, evidence))]
    }),
    ...subtract(bare, runs.map(({ told }) => told)).flatMap((span) => {
      const place = placeOf(span, runs)
      if (isFaint(span) && (place.before === null || place.after === null)) return []
      const why = whyOutside(span, place, evidence)
      return [gap(why === 'peer-change' ? sinceTheChange(span, place, life.from) : span, why)]
    }),
  ].toSorted((one, other) => one.beganAt.getTime() - other.beganAt.getTime())
  return balance(wanted, gaps)
}

/** A run of a recorder: what the PBX told of it, and what of that is believed to be heard. */
interface Run {
  readonly recording: CoveringRecording
  readonly segment: CoveringSegment
  readonly told: Span
  readonly heard: Span
}

/** The hold with which a segment began: none where that began for another reason. */
function holdOf(segment: CoveringSegment): readonly Span[] {
  const { heldAt, startedAt, answeredAt, endedAt, isDiscarded } = segment
  if (heldAt === null) return []
  if (isDiscarded && isHeldThroughout(segment)) return [spanOf(heldAt, endedAt)]
  return [spanOf(heldAt, answeredAt !== null && answeredAt > startedAt ? answeredAt : startedAt)]
}

interface Place {
  readonly before: Run | null
  readonly after: Run | null
}

/** @param legAnsweredAt - `null`: nobody saw it, and what a segment says of it is the moment in which it was found */
function runOf(recording: CoveringRecording, segment: CoveringSegment, legAnsweredAt: Date | null): Run {
  const { startedAt, answeredAt, heldAt, endedAt, sound } = segment
  const told = spanOf((legAnsweredAt !== null || heldAt !== null) && answeredAt !== null && answeredAt > startedAt ? answeredAt : startedAt, endedAt)
  if (sound === null || sound.lanes === 'one') return { recording, segment, told, heard: { from: told.from, to: told.from } }
  const heard = { from: sound.beganAt.getTime(), to: sound.beganAt.getTime() + sound.durationMs }
  // What it lacks cannot be told from the times' own inaccuracy: it is whole.
  const lacksMs = lengthOf(subtract([told], [heard]))
  return { recording, segment, told, heard: lacksMs <= RESOLUTION_MS ? { from: Math.min(told.from, heard.from), to: Math.max(told.to, heard.to) } : heard }
}

/** One that was journalled and never ran is no run. */
function ranOrSounds({ ran, sound, startedAt, endedAt }: CoveringSegment): boolean {
  return sound !== null || (ran && endedAt > startedAt)
}

function placeOf(span: Span, runs: readonly Run[]): Place {
  const before = runs.filter(({ told }) => told.to <= span.from).toSorted((one, other) => one.told.to - other.told.to).at(-1) ?? null
  const after = runs.filter(({ told }) => told.from >= span.to).toSorted((one, other) => one.told.from - other.told.from)[0] ?? null
  return { before, after }
}

/** A recorder ran, and its file does not have it. */
function whyWithin(span: Span, { recording, segment, heard }: Run, { expectation, end, toAt }: CoverageEvidence): CoverageCause | CoverageExcuse {
  const { sound } = segment
  if (sound === null && segment.isDiscarded) return 'drift'
  if (sound === null) return whySilent(recording)
  if (sound.lanes === 'one') return 'file-missing'
  if (expectation.answeredAt === null && span.to <= heard.from) return 'answer-unseen'
  if (end === 'pbx-restarted' && segment.endedAt.getTime() >= toAt.getTime() - RESOLUTION_MS) return 'pbx-died'
  return recording.findings.has('lanes-differ') ? 'disk-full' : 'drift'
}

/** Nothing of a run was sealed: thrown away on purpose, lost, or never more than an empty file. */
function whySilent({ reason, findings }: CoveringRecording): CoverageCause | CoverageExcuse {
  if (reason === 'not-wanted') return 'not-wanted'
  if (reason === 'no-audio' || reason === 'discarded-by-pbx' || reason === 'never-answered') return 'drift'
  return reason === 'spool-file-missing' || findings.has('lane-missing') ? 'file-missing' : 'never-ingested'
}

/** No recorder ran. */
function whyOutside(span: Span, { before, after }: Place, { recordings, unobserved, end }: CoverageEvidence): CoverageCause | CoverageExcuse {
  const wasRefused = recordings.some(({ reason, isOfLeg }) => reason === 'start-refused' && isOfLeg)
  const excuse = wasRefused && before === null ? null : askedToEnd(span, before, recordings)
  if (excuse !== null) return excuse
  const blind = unobserved.find((window) => intersect([span], [windowSpan(window)]).length > 0)
  if (blind !== undefined) return CAUSE_OF_BLINDNESS[blind.because]
  if (before !== null && after !== null) return hasPeerChange(span, [before.recording, after.recording]) ? 'peer-change' : 'recorder-stopped'
  if (after !== null) return after.recording.origin === 'native' ? 'native-late' : 'recorder-late'
  if (wasRefused) return 'recorder-refused'
  if (before !== null) return end === 'pbx-restarted' ? 'pbx-died' : 'recorder-stopped'
  return recordings.some(({ reason, isOfLeg }) => isOfLeg && (reason === 'spool-file-missing' || reason === 'ingest-failed')) ? 'never-ingested' : 'never-started'
}

const CAUSE_OF_BLINDNESS: Readonly<Record<UnobservedBecause, CoverageCause>> = {
  'process-down': 'restart', stopped: 'restart', 'link-down': 'link-down', 'pbx-restarted': 'pbx-died',
}

const ENDS_ASKED_FOR = ['stopped-on-demand', 'agent-left', 'not-wanted'] as const satisfies readonly (CoverageExcuse & StateReason)[]

/** Somebody who may had it stopped, or the agent passed the call on: from there on nothing is wanted, until a recorder begins again. A stop by hand is of the side, whoever is dialled next. */
function askedToEnd(span: Span, before: Run | null, recordings: readonly CoveringRecording[]): CoverageExcuse | null {
  if (before !== null) return ENDS_ASKED_FOR.find((reason) => reason === before.recording.reason) ?? null
  const ended = recordings.filter(({ endedAt }) => endedAt !== null && endedAt.getTime() < span.to)
  return ENDS_ASKED_FOR.find((reason) => ended.some((recording) => recording.reason === reason && (recording.isOfLeg || reason === 'stopped-on-demand'))) ?? null
}

function hasPeerChange(span: Span, recordings: readonly CoveringRecording[]): boolean {
  return recordings.some(({ peersCame, peersWent }) => [...peersCame, ...peersWent].some((at) => isNear(at, span)))
}

function isNear(at: Date, span: Span): boolean {
  return at.getTime() >= span.from - PEER_CHANGE_WITHIN_MS && at.getTime() <= span.to + PEER_CHANGE_WITHIN_MS
}

/**
 * A recorder that has lived through the change has silence in the newcomer's place until it is cut: that the cut came late is her
 * loss, too, as far back as her leg goes. Source: core/decisions/0009; measured: test/bench/transfer.bench.ts
 */
function sinceTheChange(span: Span, { before }: Place, leastMs: number): Span {
  const went = before === null ? [] : before.recording.peersWent.filter((at) => isNear(at, span) && at.getTime() > before.told.from).map((at) => at.getTime())
  return { from: Math.max(leastMs, Math.min(span.from, ...went)), to: span.to }
}

function pausedGaps(spans: readonly Span[]): readonly CoverageGap[] {
  return spans.map((span) => gap(span, 'paused'))
}

function lateGaps({ answeredAt, fromAt }: Expectation): readonly CoverageGap[] {
  return answeredAt === null || answeredAt >= fromAt ? [] : [{ beganAt: answeredAt, endedAt: fromAt, why: 'started-late' }]
}

function balance(wanted: readonly Span[], gaps: readonly CoverageGap[]): Assessment {
  const lost = gaps.filter((each) => isLoss(each))
  const excused = gaps.filter((each) => !isLoss(each))
  const asked = subtract(wanted, excused.map(({ beganAt, endedAt }) => spanOf(beganAt, endedAt)))
  const missingMs = lengthOf(intersect(asked, lost.map(({ beganAt, endedAt }) => spanOf(beganAt, endedAt))))
  const wantedMs = lengthOf(asked)
  return { wantedMs, coveredMs: wantedMs - missingMs, missingMs, gaps }
}

function isFaint({ from, to }: Span): boolean {
  return to - from <= RESOLUTION_MS
}

function gap({ from, to }: Span, why: CoverageGap['why']): CoverageGap {
  return { beganAt: new Date(from), endedAt: new Date(to), why }
}

function spanOf(fromAt: Date, toAt: Date): Span {
  return { from: fromAt.getTime(), to: toAt.getTime() }
}

function windowSpan({ fromAt, toAt }: UnobservedWindow): Span {
  return { from: fromAt.getTime(), to: toAt?.getTime() ?? Number.POSITIVE_INFINITY }
}
