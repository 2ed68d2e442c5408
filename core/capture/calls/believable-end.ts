import type { PbxEvent } from '../../ports/pbx-event.ts'
import type { CaptureContext } from './capture-context.ts'

/**
 * A leg that is over before it began is over now: a wrong clock, or a forged time, would else make a recording of no length, of which
 * nothing is missing.
 */
export function withBelievableEnd({ adapter, tracker, runtime, pbxId }: Pick<CaptureContext, 'adapter' | 'tracker' | 'runtime' | 'pbxId'>, event: PbxEvent): PbxEvent {
  if (event.type !== 'hangup') return event
  const createdAt = tracker.find(event.channelId)?.channel.createdAt
  if (createdAt === undefined || event.at >= createdAt || adapter.now < createdAt) return event
  runtime.log.warn({ pbxId, channelId: event.channelId, at: event.at, createdAt }, 'a leg ended before it began, by its event; the present counts')
  return { ...event, at: adapter.now }
}
