import type { ChannelId, RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'

/**
 * What legs want recorded of the legs that they dial. A wish outlives the first telephone that rings and nobody answers:
 * it holds for every leg that is dialled until the asking leg hangs up. Each wish is a recording that was made by it.
 */
export class Wishes {
  readonly #byAsker = new Map<ChannelId, readonly Recording[]>()
  readonly #fulfilled = new WeakSet<Recording>()

  /** Once per side of an asking leg. */
  remember(recording: Recording): void {
    const known = this.of(recording.channelId)
    if (!known.some(({ side }) => side === recording.side)) this.#byAsker.set(recording.channelId, [...known, recording])
  }

  of(asker: ChannelId): readonly Recording[] {
    return this.#byAsker.get(asker) ?? []
  }

  /** What is to be armed on legs that this one dials. */
  open(asker: ChannelId): readonly Recording[] {
    return this.of(asker).filter((wish) => !this.#fulfilled.has(wish))
  }

  /** What the dialplan records of the asking leg by itself has both voices: no other leg is armed for what it wanted. It still answers a leg that asks again. */
  fulfil(asker: ChannelId): void {
    for (const wish of this.of(asker)) this.#fulfilled.add(wish)
  }

  /** The asking leg has gone: nothing that rings from now on was asked for by it. */
  forget(asker: ChannelId): void {
    this.#byAsker.delete(asker)
  }

  /** After a gap in the events: what ended in it was not seen to end. */
  forgetAllBut(existing: ReadonlySet<ChannelId>): void {
    for (const asker of this.#byAsker.keys()) if (!existing.has(asker)) this.forget(asker)
  }

  /** What this leg wanted before then is wanted no more: it has gone on to another route, which may have asked already, in the same millisecond even. */
  forgetUntil(asker: ChannelId, until: Date): void {
    this.#keep(asker, this.of(asker).filter(({ requestedAt }) => requestedAt >= until))
  }

  /** What this leg wanted of one side is wanted no more. */
  drop(asker: ChannelId, side: Recording['side']): void {
    this.#keep(asker, this.of(asker).filter((wish) => wish.side !== side))
  }

  /** The id that answers a leg which asks again. */
  idOf(asker: ChannelId): RecordingId | null {
    return this.of(asker)[0]?.id ?? null
  }

  #keep(asker: ChannelId, wishes: readonly Recording[]): void {
    if (wishes.length === 0) this.forget(asker)
    else this.#byAsker.set(asker, wishes)
  }
}
