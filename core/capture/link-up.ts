import type { PbxEvent } from '../ports/pbx-event.ts'
import { agentsLeftUnseen, forgetPausesOfEndedCalls } from './calls/pause-ends.ts'
import type { CaptureContext } from './calls/capture-context.ts'
import { endWhatIsOver, joinUnseen } from './calls/conversations.ts'
import type { FeatureCodes } from './control/feature-codes.ts'
import { armFound } from './recorders/full-time.ts'
import { Guard } from './calls/guard.ts'
import type { ObservationLog } from './ledger/observation.ts'
import { settleSeats } from './people/pbx-logins.ts'
import { reconcile } from './reconcile.ts'
import type { Recorder } from './recorders/recorder.ts'
import { rememberCalls } from './remember-calls.ts'

type LinkUp = Extract<PbxEvent, { type: 'link-up' }>

interface Side {
  readonly context: CaptureContext
  readonly recorder: Recorder
  readonly observation: ObservationLog
  readonly codes: FeatureCodes
  readonly lostAt: Date | null
}

/**
 * After every gap in the events: what exists now against what was believed. A step that fails keeps none behind it from being done;
 * what the journal refuses is tried again from the first step on, which may find its work done.
 * @throws HoldfastError `STORE_FAILED`
 */
export async function takeUp({ context, recorder, observation, codes, lostAt }: Side, event: LinkUp): Promise<void> {
  const { expectations } = context
  const unseenSince = observation.lostAt
  const steps: Readonly<Record<string, () => Promise<void> | void>> = {
    seats: () => settleSeats(context, event),
    calls: () => rememberCalls(context, event),
    joins: () => joinUnseen(context, event.at),
    recordings: () => reconcile(context, recorder, { event, lostAt }),
    telephones: () => armFound(context, recorder, { ...event, lostAt: unseenSince }),
    // What was seen ends and begins anew: the ledger is told of both.
    expectations: () => expectations.settleGap(event, unseenSince),
    observation: () => observation.regained(event, unseenSince === null ? 0 : expectations.unknownCalls(event, unseenSince)),
    interactions: () => endWhatIsOver(context, { callId: null, at: event.at }),
    pauses: () => forgetPausesOfEndedCalls(context),
    agents: () => agentsLeftUnseen(context),
    ended: () => forgetEnded({ context, codes }, event),
    limits: () => context.linked(),
  }
  const guard = new Guard(context, 'a step after a gap in the events failed')
  for (const [step, take] of Object.entries(steps)) {
    await guard.run({ step }, take)
    guard.rethrow()
  }
}

/** Whoever hung up in the gap is not going to be told of. Events that came since then have their turn later, and need what is known of their legs. */
function forgetEnded({ context: { pbxId, tracker, live, wishes, ownStops, insurances, told }, codes }: Pick<Side, 'context' | 'codes'>, { channels }: LinkUp): void {
  const existing = new Set([...channels.map(({ channel }) => channel.channelId), ...tracker.ids()])
  for (const known of [wishes, ownStops, insurances, codes, told]) known.forgetAllBut(existing)
  live.forgetStoppedBut(pbxId, existing)
}
