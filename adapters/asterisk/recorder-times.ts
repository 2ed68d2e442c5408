import type { ChannelId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import { StepTimes } from '../wire/step-times.ts'

/** What a recorder did. */
export type RecorderStep = 'started' | 'stopped' | 'muted' | 'unmuted'

/** Event and reply are written by different threads of Asterisk, in either order and less than a millisecond apart (seen). */
const EVENT_GRACE_MS = 100
/**
 * A silence that is only said to be there is none: for its event there is more patience, on a machine without a free core, and less
 * than an agent has who waits for her tone. Events of mutes come within a millisecond of the reply (seen).
 */
export const PROOF_GRACE_MS = 2000

/** When a recorder really did what it was told: its event has a time, the reply has none. */
export class RecorderTimes {
  readonly #times = new StepTimes()

  /** To be fed with every event. */
  note(event: PbxEvent): void {
    const step = stepOf(event)
    if (step !== null && 'channelId' in event) this.#times.note(keyOf({ channelId: event.channelId, step }), event.at)
  }

  /**
   * Does the work, and tells when the step happened: by its event, which may come before or shortly after the reply; else `null`.
   * Errors of the work are thrown on.
   */
  async during<T>(step: Step, work: () => Promise<T>, graceMs = EVENT_GRACE_MS): Promise<{ readonly result: T; readonly at: Date | null }> {
    using expected = this.#times.expect(keyOf(step))
    const result = await work()
    return { result, at: await expected.within(graceMs) }
  }
}

interface Step {
  readonly channelId: ChannelId
  readonly step: RecorderStep
}

function keyOf({ channelId, step }: Step): string {
  return `${channelId} ${step}`
}

/** One direction alone is somebody else's. */
const MUTED = { both: 'muted', none: 'unmuted', read: null, write: null } as const

function stepOf(event: PbxEvent): RecorderStep | null {
  if (event.type === 'recorder-started') return 'started'
  if (event.type === 'recorder-stopped') return 'stopped'
  if (event.type === 'recorder-muted') return MUTED[event.muted]
  return null
}
