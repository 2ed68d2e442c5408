import type { ChannelId } from '../../core/domain/ids.ts'
import type { AmiMessage } from './ami-message.ts'

/** More than any Asterisk has channels; what is beyond is not checked. */
const MAX_CHANNELS = 100_000

/**
 * Which channel has which id, so that a caller's event cannot end with another's. A channel's name stands before whatever a caller
 * fills, its id behind it: with line breaks in the extension that he calls he can end an event of his own channel early, under
 * another's id.
 */
export class ChannelNames {
  readonly #names = new Map<ChannelId, ReadonlySet<string>>()

  /** A channel that is new, or new to us. */
  learn(name: string, channelId: ChannelId): void {
    if (!this.#names.has(channelId) && this.#names.size < MAX_CHANNELS) this.#names.set(channelId, new Set([name]))
  }

  /** Whether this name may have this id: another channel that has it is not known. */
  fits(name: string, channelId: ChannelId): boolean {
    return this.#names.get(channelId)?.has(name) ?? true
  }

  /** Channels that take each other's place (transfers, pick-ups) are renamed in steps, and ids go over: who takes part has every name of it. */
  rename(message: AmiMessage, channelId: ChannelId): void {
    const together = new Set([message.get('Channel') ?? '', message.get('Newname') ?? '', ...this.#names.get(channelId) ?? []].flatMap((name) => [name, name.replace(/<\w+>$/, '')]))
    const ids = [...this.#names].filter(([, names]) => [...together].some((name) => names.has(name))).map(([id]) => id)
    for (const id of ids) for (const name of this.#names.get(id) ?? []) together.add(name)
    for (const id of ids) this.#names.set(id, together)
  }

  forget(channelId: ChannelId): void {
    this.#names.delete(channelId)
  }

  clear(): void {
    this.#names.clear()
  }
}
