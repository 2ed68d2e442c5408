import { isHoldfastError } from '../../domain/errors.ts'
import type { ChannelId, InteractionId } from '../../domain/ids.ts'
import type { PauseEnd } from '../../domain/rules/pause-terms.ts'
import type { CaptureContext } from './capture-context.ts'
import type { PauseInForce } from './interaction-pauses.ts'

/** How each end names itself, where a person's name would stand. */
const ENDED_BY: Readonly<Record<PauseEnd, string>> = { transfer: 'agent-transfer', 'agent-hangup': 'agent-hangup' }

/**
 * An agent's leg leaves the conversation. When it is the last of those that stand behind a pause, and the rule says so, the
 * pause ends with it; else it goes on until somebody resumes, or its limit.
 */
export function agentLeft(context: CaptureContext, channelId: ChannelId, way: PauseEnd): void {
  const { pauses, pbxId } = context
  for (const pause of pauses.all().filter(({ legs }) => legs.some((leg) => leg.pbxId === pbxId && leg.channelId === channelId))) {
    // Who hands over hangs up, too: the transfer is what was meant.
    const lastWay = pauses.legLeft(pause.interactionId, { pbxId, channelId }, way)
    if (lastWay !== null && pause.endsWith.includes(lastWay)) end(context, pause, lastWay)
  }
}

/** After a gap in the events: legs that are gone left unseen, by whatever way. */
export function agentsLeftUnseen(context: CaptureContext): void {
  const { pauses, pbxId, tracker } = context
  for (const pause of pauses.all()) {
    const gone = pause.legs.filter((leg) => leg.pbxId === pbxId && tracker.find(leg.channelId) === null)
    const [way] = pause.endsWith
    if (way !== undefined) for (const { channelId } of gone) agentLeft(context, channelId, way)
  }
}

/** A recording that may not be paused has come to a paused conversation: the pause ends for all. Where this fails, the next look at the limits does it. */
export function endForbidden({ pauseControl, runtime, pbxId }: CaptureContext, interactionId: InteractionId): void {
  pauseControl.endForbidden(interactionId).catch((error: unknown) => {
    runtime.metrics.count('holdfast_capture_errors_total', { pbx: pbxId, code: isHoldfastError(error) ? error.code : 'BUG' })
    runtime.log.error({ pbxId, interactionId, error }, 'a pause that a rule forbids could not be ended')
  })
}

/** A conversation that is over has nothing left to be silent. */
export async function forgetPausesOfEndedCalls({ pauses, live, pbxId, adapter }: CaptureContext): Promise<void> {
  for (const { interactionId } of pauses.all().filter((pause) => pause.pbxId === pbxId)) {
    if (live.interactions.members(interactionId).length > 0 || live.ofInteraction(interactionId).length > 0) continue
    await pauses.end(interactionId, { by: 'call-ended', how: 'system', at: adapter.now })
  }
}

/** Queued behind what is under way on the call: the event that led here is a part of that. */
function end({ pauseControl, runtime, pbxId }: CaptureContext, { interactionId }: PauseInForce, way: PauseEnd): void {
  runtime.log.info({ pbxId, interactionId, way }, 'a pause ends with its agent')
  pauseControl.resume([interactionId], { by: { type: 'system', id: ENDED_BY[way] }, how: 'system' }).catch((error: unknown) => {
    runtime.metrics.count('holdfast_capture_errors_total', { pbx: pbxId, code: isHoldfastError(error) ? error.code : 'BUG' })
    runtime.log.error({ pbxId, interactionId, error }, 'a pause could not be ended with its agent')
  })
}
