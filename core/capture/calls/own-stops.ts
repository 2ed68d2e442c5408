import type { ChannelId } from '../../domain/ids.ts'

/** Recorders that we stopped beside one that goes on: the PBX tells their end without saying which one ended. */
export class OwnStops {
  readonly #expected = new Map<ChannelId, number>()

  expect(channelId: ChannelId): void {
    this.#expected.set(channelId, (this.#expected.get(channelId) ?? 0) + 1)
  }

  /** Whether an end that is told now is one of ours; each counts once. */
  take(channelId: ChannelId): boolean {
    const count = this.#expected.get(channelId) ?? 0
    if (count > 1) this.#expected.set(channelId, count - 1)
    else this.#expected.delete(channelId)
    return count > 0
  }

  forget(channelId: ChannelId): void {
    this.#expected.delete(channelId)
  }

  /** After a gap in the events: what ended in it was not seen to end. */
  forgetAllBut(existing: ReadonlySet<ChannelId>): void {
    for (const channelId of this.#expected.keys()) if (!existing.has(channelId)) this.forget(channelId)
  }
}
