import { HoldfastError } from '../domain/errors.ts'
import type { QualityFinding } from '../domain/media.ts'
import { fileNames, isHeldThroughout, isVoid, type Recording, type Segment } from '../domain/recording.ts'
import type { RecordingSource } from '../ports/recording-source.ts'
import { type Lane, broughtTo, inspectLane } from './lane.ts'
import { msOf } from './frames.ts'
import { type ClockedSegment, type SegmentLanes, placeSegments, timingFindings } from './place-segments.ts'
import { planMasks } from './plan-masks.ts'
import type { SegmentByHand } from './quarantine.ts'
import type { PlacedSegment, Verdict } from './stitch-plan.ts'

export interface Verification {
  readonly recording: Recording
  readonly source: RecordingSource
  /** For a recording that was quarantined: where somebody who has listened says that its pauses are. */
  readonly byHand: readonly SegmentByHand[]
  readonly now: Date
  readonly signal: AbortSignal
}

/** Limits are looked at each second, and the PBX has a moment to confirm. */
const LIMIT_TOLERANCE_MS = 3000

/** The channel of each lane in what is stored: 1 = the recorded party, 2 = the other side. */
export const CHANNEL_OF_LANE = { received: 1, transmitted: 2 } as const

/**
 * Looks at every spool file of an ended recording, and says how they become one. Changes nothing; may be asked any number of times.
 * @throws HoldfastError `SPOOL_FILE_INCOMPLETE`, `SPOOL_FILE_MISSING` (soon again); `SPOOL_UNREACHABLE` also when the spool's folder is not there; `SPOOL_FILE_BROKEN`
 */
export async function verify(verification: Verification): Promise<Verdict> {
  const { recording, now } = verification
  const found: SegmentLanes[] = []
  const discarded: Segment[] = []
  for (const segment of recording.segments.toSorted((one, other) => one.index - other.index)) {
    const isNothing = (isVoid(segment) || segment.discardedAt !== null) && await isAbsent(verification, segment)
    if (!isNothing) found.push(await lanesOf(verification, segment))
    else if (!isVoid(segment)) discarded.push(segment)
  }
  const sampleRateHz = highestRate(found)
  const segments = found.map((lanes) => atRate(sampleRateHz, lanes))
  const laneFindings = [...segments.flatMap((lanes) => findingsOf(lanes, now)), ...discarded.filter((segment) => !isHeldThroughout(segment)).map(({ index }) => ({ code: 'empty', segmentIndex: index, details: {}, at: now }) as const)]
  if (sampleRateHz === 0) return { ...await nothing(verification, { segments, discarded }), files: { read: segments.flatMap(namesOf) }, findings: laneFindings }

  const placed = placeSegments(recording, segments, sampleRateHz)
  const findings = [...laneFindings, ...timingFindings(recording, placed, now), ...announcementFindings(recording, now), ...overrunFindings(recording, now)]
  const stitched: PlacedSegment[] = []
  for (const segment of placed) {
    const masks = await planMasks({ ...verification, placed: segment, sampleRateHz })
    findings.push(...masks.findings)
    if (masks.outcome === 'located') stitched.push(stitchedAt(segment, masks.silences))
  }
  const last = stitched.at(-1)
  // Whole: what cannot be released later, because its neighbours are stored and gone from the spool, would be lost.
  if (last === undefined || stitched.length < placed.length) return { outcome: 'quarantined', reason: 'quarantined', findings }
  return {
    outcome: 'sound',
    plan: { sampleRateHz, totalFrames: last.at + last.frames, beganAt: new Date(placed[0]?.clock.beganMs ?? 0), segments: stitched },
    files: { read: segments.flatMap(namesOf) },
    findings,
  }
}

function stitchedAt({ segment, received, transmitted, frames, at }: ClockedSegment, silences: PlacedSegment['silences']): PlacedSegment {
  return { index: segment.index, received, transmitted, frames, at, silences }
}

function namesOf({ received, transmitted }: SegmentLanes): readonly string[] {
  return [...new Set([received, transmitted].flatMap((lane) => (lane === null ? [] : [lane.name])))]
}

/** The rule wanted the caller to be told. The recording is kept, and says that she was not. */
function announcementFindings({ decision: { terms }, announcement }: Recording, at: Date): readonly QualityFinding[] {
  const demand = terms.announcement
  if (demand.type === 'none') return []
  const wasTold = announcement !== null && (announcement.outcome === 'played' || announcement.outcome === 'skipped')
  if (wasTold && (demand.prompt === null || demand.prompt === announcement.prompt)) return []
  return [{ code: 'announcement-missing', segmentIndex: null, details: {}, at }]
}

/** A pause that its limit ended late, because nobody was there to end it: what was silent beyond it was not asked for. */
function overrunFindings({ pauses, decision }: Recording, at: Date): readonly QualityFinding[] {
  return pauses.flatMap(({ index, effectiveAt, resumedAt, limitMs }) => {
    if (effectiveAt === null || resumedAt === null) return []
    // None is allowed: however it came about, all of it is too long.
    if (decision.terms.pause.type === 'forbidden') return [{ code: 'pause-overrun', segmentIndex: null, details: { pause: index, milliseconds: resumedAt.getTime() - effectiveAt.getTime(), limitMilliseconds: 0 }, at } as const]
    if (limitMs === null) return []
    const overMs = resumedAt.getTime() - effectiveAt.getTime() - limitMs
    return overMs <= LIMIT_TOLERANCE_MS ? [] : [{ code: 'pause-overrun', segmentIndex: null, details: { pause: index, milliseconds: overMs, limitMilliseconds: limitMs }, at } as const]
  })
}

async function isAbsent({ source, signal }: Verification, { files }: Segment): Promise<boolean> {
  for (const name of fileNames(files)) if (await source.stat(name, signal) !== null) return false
  return true
}

async function lanesOf({ recording, source, now, signal }: Verification, segment: Segment): Promise<SegmentLanes> {
  const ending = { endedAt: recording.endedAt ?? recording.startedAt, now, signal }
  const names = fileNames(segment.files)
  const lanes: (Lane | null)[] = []
  for (const name of names) lanes.push(await inspectLane(source, { name, channels: names.length === 1 ? 2 : 1 }, ending))
  const [received = null, transmitted = received] = lanes
  return segmentLanes(segment, received, transmitted)
}

function findingsOf({ segment, received, transmitted, frames }: SegmentLanes, at: Date): readonly QualityFinding[] {
  const found: QualityFinding[] = []
  const add = (code: QualityFinding['code'], details: QualityFinding['details']): void => void found.push({ code, segmentIndex: segment.index, details, at })
  for (const [lane, channel] of [[received, CHANNEL_OF_LANE.received], [transmitted, CHANNEL_OF_LANE.transmitted]] as const) {
    if (lane === null) add('lane-missing', { channel })
    else if (lane.header === 'repaired') add('header-repaired', { channel, sizeBytes: lane.sizeBytes })
    if (lane !== null && lane.factor > 1) add('rate-converted', { channel, fromHertz: lane.sampleRateHz / lane.factor, toHertz: lane.sampleRateHz })
  }
  if (frames === 0) add('empty', {})
  if (received !== null && transmitted !== null && received.frames !== transmitted.frames) {
    const sampleRateHz = rateOf([received, transmitted])
    add('lanes-differ', { receivedMilliseconds: msOf(received.frames, sampleRateHz), transmittedMilliseconds: msOf(transmitted.frames, sampleRateHz) })
  }
  return found
}

/** The rate of what is stored; 0 when there is no sound. What was written at a lower one is brought to it, so that nothing is lost. */
function highestRate(segments: readonly SegmentLanes[]): number {
  const lanes = segments.flatMap(({ received, transmitted }) => [received, transmitted])
  return Math.max(0, ...lanes.map((lane) => (lane === null || lane.frames === 0 ? 0 : lane.sampleRateHz)))
}

function atRate(sampleRateHz: number, { segment, received, transmitted }: SegmentLanes): SegmentLanes {
  return segmentLanes(segment, received === null ? null : broughtTo(sampleRateHz, received), transmitted === null ? null : broughtTo(sampleRateHz, transmitted))
}

function segmentLanes(segment: Segment, received: Lane | null, transmitted: Lane | null): SegmentLanes {
  return { segment, received, transmitted, frames: Math.max(received?.frames ?? 0, transmitted?.frames ?? 0) }
}

function rateOf(lanes: readonly Lane[]): number {
  return Math.max(...lanes.map((lane) => lane.sampleRateHz))
}

async function nothing({ recording, source, signal }: Verification, { segments, discarded }: { readonly segments: readonly SegmentLanes[]; readonly discarded: readonly Segment[] }): Promise<Omit<Extract<Verdict, { outcome: 'nothing' }>, 'findings' | 'files'>> {
  const seen = segments.some(({ received, transmitted }) => received !== null || transmitted !== null)
  // Something ran, and left nothing: only a spool that answers may say so.
  if (!seen && recording.segments.length > 0) await source.list(signal)
  // A native recording may be adopted when its call is over: then nobody saw the answer, and no answer proves nothing.
  // Unless its recorder, which waited for the answer, never ran.
  const proves = seen || recording.origin === 'controlled' || recording.segments.every(isVoid)
  if (recording.answeredAt === null && proves) return { outcome: 'nothing', state: 'not-recorded', reason: 'never-answered' }
  if (seen) return { outcome: 'nothing', state: 'failed', reason: 'no-audio' }
  if (segments.length === 0 && discarded.length > 0) return { outcome: 'nothing', state: 'failed', reason: 'discarded-by-pbx' }
  throw new HoldfastError('SPOOL_FILE_MISSING', 'no spool file of an answered recording is there', { segments: segments.length })
}
