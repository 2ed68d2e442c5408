import type { RecordedSide } from './policy.ts'
import type { Interaction, PauseWay, Recording } from './recording.ts'

/** A part of a conversation that was recorded until somebody stopped it by hand, and is not. */
export interface StoppedPart {
  readonly side: RecordedSide
  readonly fromAt: Date
  /** When it was recorded again, or the conversation ended; `null` while neither has happened. */
  readonly toAt: Date | null
  /** Who stopped it; `null` where that is not on record. */
  readonly by: string | null
  readonly how: PauseWay | null
}

/** Where the time line of a conversation has a hole because somebody stopped its recording, oldest first. */
export function stoppedParts({ endedAt: overAt }: Pick<Interaction, 'endedAt'>, recordings: readonly Recording[]): readonly StoppedPart[] {
  const parts = recordings.flatMap((recording): readonly StoppedPart[] => {
    const { side, endedAt: fromAt, reason, demands } = recording
    if (reason !== 'stopped-on-demand' || fromAt === null) return []
    const next = recordings.filter((other) => other.side === side && other !== recording && other.segments.length > 0 && other.startedAt >= fromAt).map(({ startedAt }) => startedAt.getTime())
    const wish = demands.findLast(({ action }) => action === 'stop') ?? null
    return [{ side, fromAt, toAt: next.length > 0 ? new Date(Math.min(...next)) : overAt, by: wish?.by ?? null, how: wish?.how ?? null }]
  })
  return parts.toSorted((one, other) => one.fromAt.getTime() - other.fromAt.getTime())
}
