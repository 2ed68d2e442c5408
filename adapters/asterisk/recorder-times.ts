import type { ChannelId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'

/** What a recorder did. */
export type RecorderStep = 'started' | 'stopped' | 'muted' | 'unmuted'

/** Event and reply are written by different threads of Asterisk, in either order and less than a millisecond apart (seen). */
const EVENT_GRACE_MS = 100
/**
 * A silence that is only said to be there is none: for its event there is more patience, on a machine without a free core, and less
 * than an agent has who waits for her tone. Events of mutes come within a millisecond of the reply (seen).
 */
export const PROOF_GRACE_MS = 2000

interface Expectation {
  readonly channelId: ChannelId
  readonly step: RecorderStep
  readonly resolve: (at: Date | null) => void
}

/** When a recorder really did what it was told: its event has a time, the reply has none. */
export class RecorderTimes {
  readonly #expected = new Set<Expectation>()

  /** To be fed with every event. */
  note(event: PbxEvent): void {
    const step = stepOf(event)
    if (step === null || !('channelId' in event)) return
    for (const expectation of this.#expected) {
      if (expectation.channelId !== event.channelId || expectation.step !== step) continue
      this.#expected.delete(expectation)
      expectation.resolve(event.at)
      return
    }
  }

  /**
   * Does the work, and tells when the step happened: by its event, which may come before or shortly after the reply; else `null`.
   * Errors of the work are thrown on.
   */
  async during<T>(step: { readonly channelId: ChannelId; readonly step: RecorderStep }, work: () => Promise<T>, graceMs = EVENT_GRACE_MS): Promise<{ readonly result: T; readonly at: Date | null }> {
    const { promise: at, resolve } = Promise.withResolvers<Date | null>()
    const expectation: Expectation = { ...step, resolve }
    this.#expected.add(expectation)
    let grace: NodeJS.Timeout | null = null
    try {
      const result = await work()
      grace = setTimeout(() => resolve(null), graceMs)
      return { result, at: await at }
    } finally {
      if (grace !== null) clearTimeout(grace)
      this.#expected.delete(expectation)
    }
  }
}

/** One direction alone is somebody else's. */
const MUTED = { both: 'muted', none: 'unmuted', read: null, write: null } as const

function stepOf(event: PbxEvent): RecorderStep | null {
  if (event.type === 'recorder-started') return 'started'
  if (event.type === 'recorder-stopped') return 'stopped'
  if (event.type === 'recorder-muted') return MUTED[event.muted]
  return null
}
