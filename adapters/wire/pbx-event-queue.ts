import type { PbxId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { EventQueue } from './event-queue.ts'

/** A second or two of a busy switch: who is so far behind has no use for values that are old already. */
const HIGH_WATER_MARK = 2_000

/**
 * Events of one PBX on their way to capture. While too many wait, of the values of one key of one leg only the newest does: any caller could
 * cause changes without end. Nothing else is ever left out, so that who has caught up knows what is.
 */
export function pbxEventQueue(pbxId: PbxId, { clock, metrics }: Pick<Runtime, 'clock' | 'metrics'>): EventQueue<PbxEvent> {
  return new EventQueue<PbxEvent>({
    clock, highWaterMark: HIGH_WATER_MARK,
    outdates: (event) => (event.type === 'attached-changed' ? `${event.channelId} ${event.change.key}` : null),
    dropped: ({ type }) => metrics.count('holdfast_pbx_events_dropped_total', { pbx: pbxId, type }),
  })
}
