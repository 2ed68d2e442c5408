import type { QualityFinding } from '../domain/media.ts'
import type { Party, Recording, Segment } from '../domain/recording.ts'
import { intersect, lengthOf, type Span, union } from '../domain/spans.ts'
import { msOf } from './frames.ts'
import type { LanesHeard } from './stitch.ts'
import type { PlacedSegment, StitchPlan } from './stitch-plan.ts'
import { CHANNEL_OF_LANE } from './verify.ts'

/**
 * Who is a party for longer has sent something: telephones send what a quiet room sounds like, or comfort noise. Shorter ones may not
 * have begun (a guess).
 */
const MUST_SEND_WITHIN_MS = 5000

/**
 * Segments in which nothing at all was received of one side, although somebody was there and the other side was heard: a PBX without a
 * free core may lose a newcomer whole. A telephone that is muted and sends exact zeros, or nothing while its user is silent, is told as well.
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
    const lane = silentLane(placed, heard.get(placed.index))
    if (segment === undefined || lane === null) return []
    const silencedMs = placed.silences.reduce((sum, { from, to }) => sum + msOf(to - from, plan.sampleRateHz), 0)
    const thereMs = lengthOf(intersect([spanOf(recording, segment)], presences(recording.parties, segment, lane))) - silencedMs
    return thereMs <= MUST_SEND_WITHIN_MS ? [] : [{ code: 'nothing-received', segmentIndex: placed.index, details: { channel: CHANNEL_OF_LANE[lane], milliseconds: thereMs }, at } as const]
  })
}

type LaneName = keyof LanesHeard

/** The one lane of two that has nothing but zeros. That a file is not there is told otherwise. */
function silentLane(placed: PlacedSegment, heard: LanesHeard | undefined): LaneName | null {
  if (heard === undefined || heard.received === heard.transmitted) return null
  const lane = heard.received ? 'transmitted' : 'received'
  return placed[lane] === null ? null : lane
}

/** While it ran, from the answer on. */
function spanOf(recording: Pick<Recording, 'endedAt'>, { startedAt, answeredAt, endedAt }: Segment): Span {
  const ended = (endedAt ?? recording.endedAt ?? startedAt).getTime()
  return { from: Math.min(ended, Math.max(startedAt.getTime(), answeredAt?.getTime() ?? 0)), to: ended }
}

/** When somebody was there who is written into this lane. Of a recorder on a leg that is nobody's it is not known who that is. */
function presences(parties: readonly Party[], { channelId }: Segment, lane: LaneName): readonly Span[] {
  const own = parties.filter((party) => party.channelId === channelId)
  const others = own.length === 0 ? [] : parties.filter((party) => party.channelId !== channelId)
  return union((lane === 'received' ? own : others).map(({ fromAt, toAt }) => ({ from: fromAt.getTime(), to: toAt?.getTime() ?? Number.MAX_SAFE_INTEGER })))
}
