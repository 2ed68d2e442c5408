import type { Recording } from '../domain/recording.ts'
import type { Decision } from '../domain/rules/decision.ts'
import type { PbxEvent } from '../ports/pbx-event.ts'
import type { CaptureContext } from './calls/capture-context.ts'
import { recordedChannel } from './calls/live-recordings.ts'

/**
 * Calls that go on after a restart: what the rules said to them, and what somebody stopped by hand, is taken from the journal. Else
 * nobody could start their recording, and what was stopped would be begun again.
 */
export async function rememberCalls({ journal, tracker, live, seating, pbxId }: CaptureContext, { channels }: Extract<PbxEvent, { type: 'link-up' }>): Promise<void> {
  nameAgain({ tracker, live, pbxId, seating })
  const unknown = channels.map(({ channel }) => channel.channelId).filter((channelId) => tracker.find(channelId)?.decision === null)
  if (unknown.length === 0) return
  const asked = await journal.askedBy(pbxId, unknown)
  live.remember(asked)
  for (const [channelId, recordings] of Map.groupBy(asked, (recording) => recording.channelId)) {
    const [newest] = recordings.toSorted((one, other) => Number(other.id) - Number(one.id))
    if (newest === undefined) continue
    tracker.change(channelId, ({ direction, announcement }) => ({
      decision: saidOf(newest, recordings),
      direction: newest.decision.input.occasion === 'telephone' ? direction : newest.direction,
      announcement: announcement ?? newest.announcement,
    }))
  }
  for (const recording of asked) {
    const leg = recordedChannel(recording)
    if (leg !== null) tracker.change(leg, ({ armedAt }) => ({ armedAt: armedAt ?? recording.startedAt }))
  }
}

/** Whom attached data named for a leg stands in what is recorded of it; who sits there, or has moved since, the seats say. */
function nameAgain({ tracker, live, seating, pbxId }: Pick<CaptureContext, 'tracker' | 'live' | 'seating' | 'pbxId'>): void {
  for (const { channelId, agent, endpoint, fromAt } of live.ofPbx(pbxId).flatMap(({ parties }) => parties.filter(({ toAt }) => toAt === null))) {
    // Of a leg that is found answered the PBX does not tell since when: at the latest since it is heard.
    tracker.change(channelId, ({ channel }) => channel.answeredAt === null || channel.answeredAt <= fromAt ? {} : { channel: { ...channel, answeredAt: fromAt } })
    if (agent === null || endpoint === null || seating.sitterThen({ pbxId, endpoint }, fromAt) !== null || seating.desksOf(agent).length > 0) continue
    tracker.change(channelId, (tracked) => ({ agent: tracked.agent ?? agent }))
  }
}

/** A side that the rules wanted later has a decision of its own. */
function saidOf({ decision, partitions, labels }: Recording, recordings: readonly Recording[]): Decision {
  const sides = [...new Set(recordings.flatMap((recording) => recording.decision.sides))]
  return { ...decision, sides, outcome: sides.length > 0 ? 'record' : 'do-not-record', partitions, labels }
}
