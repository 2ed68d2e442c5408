import type { QualityFinding } from '../domain/media.ts'
import type { Party, Recording, Segment } from '../domain/recording.ts'
import { intersect, lengthOf, type Span, union } from '../domain/spans.ts'
import { msOf } from './frames.ts'
import { TIME_TOLERANCE_MS } from './segment-clock.ts'
import type { LanesHeard } from './stitch.ts'
import type { PlacedSegment, StitchPlan } from './stitch-plan.ts'
import { CHANNEL_OF_LANE } from './verify.ts'

/**
 * Who is a party for longer has sent something: telephones send what a quiet room sounds like, or comfort noise. Shorter ones may not
 * have begun (a guess).
 */
const MUST_SEND_WITHIN_MS = 5000

/**
 * Sides of which nothing at all was received while somebody was there, although the other side was heard meanwhile: a PBX without a
 * free core may lose a newcomer whole, also behind ringing or music that is in the same segment. A telephone that is muted and sends
 * exact zeros, or nothing while its user is silent, is told as well.
 * Source: Asterisk 22.10, measured: of eight transfers under full load one newcomer was written as zeros
 */
export function unheardParties({ recording, plan, heard, at }: {
  readonly recording: Pick<Recording, 'parties' | 'segments' | 'endedAt'>
  readonly plan: StitchPlan
  readonly heard: ReadonlyMap<number, LanesHeard>
  readonly at: Date
}): readonly QualityFinding[] {
  return plan.segments.flatMap((placed) => {
    const segment = recording.segments.find(({ index }) => index === placed.index)
    const silent = silentLane(placed, heard.get(placed.index))
    if (segment === undefined || silent === null) return []
    const ran = spanOf(recording, segment)
    const msFrom = (frame: number): number => msOf(placed.frames - Math.max(0, frame), plan.sampleRateHz)
    const silence = { from: ran.to - msFrom(silent.fromFrame), to: ran.to }
    const unheard = presences(recording.parties, segment, silent.lane).flatMap((presence) => intersect([ran], [presence]))
      .filter(({ from }) => from >= silence.from - TIME_TOLERANCE_MS && ran.to - msFrom(silent.otherUntilFrame) >= from)
    const silencedMs = placed.silences.reduce((sum, { from, to }) => sum + msOf(Math.max(0, to - Math.max(from, silent.fromFrame)), plan.sampleRateHz), 0)
    const thereMs = lengthOf(union(unheard)) - silencedMs
    return thereMs <= MUST_SEND_WITHIN_MS ? [] : [{ code: 'nothing-received', segmentIndex: placed.index, details: { channel: CHANNEL_OF_LANE[silent.lane], milliseconds: thereMs }, at } as const]
  })
}

type LaneName = keyof LanesHeard

/** A lane that has nothing but zeros up to the end of its segment, while the other has something. */
interface SilentLane {
  readonly lane: LaneName
  readonly fromFrame: number
  readonly otherUntilFrame: number
}

/** The one that fell silent first. That a file is not there is told otherwise. */
function silentLane(placed: PlacedSegment, heard: LanesHeard | undefined): SilentLane | null {
  if (heard === undefined || heard.received === heard.transmitted) return null
  const [lane, other] = (heard.received ?? -1) > (heard.transmitted ?? -1) ? ['transmitted', 'received'] as const : ['received', 'transmitted'] as const
  return placed[lane] === null ? null : { lane, fromFrame: (heard[lane] ?? -1) + 1, otherUntilFrame: heard[other] ?? 0 }
}

/** While it ran, from the answer on. */
function spanOf(recording: Pick<Recording, 'endedAt'>, { startedAt, answeredAt, endedAt }: Segment): Span {
  const ended = (endedAt ?? recording.endedAt ?? startedAt).getTime()
  return { from: Math.min(ended, Math.max(startedAt.getTime(), answeredAt?.getTime() ?? 0)), to: ended }
}

/** When each was there who is written into this lane. Of a recorder on a leg that is nobody's it is not known who that is. */
function presences(parties: readonly Party[], { channelId }: Segment, lane: LaneName): readonly Span[] {
  const own = parties.filter((party) => party.channelId === channelId)
  const others = own.length === 0 ? [] : parties.filter((party) => party.channelId !== channelId)
  return (lane === 'received' ? own : others).map(({ fromAt, toAt }) => ({ from: fromAt.getTime(), to: toAt?.getTime() ?? Number.MAX_SAFE_INTEGER }))
}
