import type { ChannelId, PbxId } from '../../core/domain/ids.ts'
import type { LiveChannel, PbxEvent } from '../../core/ports/pbx-event.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import type { EslSubscription } from './esl-link.ts'
import type { EslMessage } from './esl-message.ts'

/** What the mapping needs to know besides the message. */
export interface EventContext {
  readonly pbxId: PbxId
  /** Keys of attached data that are kept. */
  readonly attachedKeys: ReadonlySet<string>
  /** By the PBX's clock: for events without a time of their own. */
  readonly now: () => Date
  /** A value was not kept, and why. */
  readonly refused: (reason: RefusedWord) => void
}

/** Why a word of the dialplan was not kept. */
export type RefusedWord = 'attached-key' | 'attached-value' | 'direction' | 'request' | 'prompt' | 'code'

/** What an event means to us, `null` when nothing. @throws HoldfastError `MALFORMED_ID` for ids that are none */
export type EventMapping = (message: EslMessage, context: EventContext) => PbxEvent | null

export interface EventReaderOptions {
  readonly pbxId: PbxId
  readonly attachedKeys: ReadonlySet<string>
  /** Events of our own dialplan, by their `Event-Subclass`. */
  readonly ownEvents: Readonly<Record<string, EventMapping>>
  readonly runtime: Runtime
  /** By the PBX's clock. */
  readonly now: () => Date
}

/** Turns what FreeSWITCH sends into what capture understands. Whatever it is sent, it gives events or none. */
export class EventReader {
  readonly context: EventContext
  readonly subscription: EslSubscription
  readonly #ownEvents: EventReaderOptions['ownEvents']
  readonly #known = new Set<ChannelId>()

  constructor({ pbxId, attachedKeys, ownEvents, runtime, now }: EventReaderOptions) {
    const refused = (reason: RefusedWord | 'id'): void => {
      runtime.metrics.count('holdfast_pbx_words_refused_total', { pbx: pbxId, reason })
      runtime.log.warn({ pbxId, reason }, 'a word from the PBX was refused')
    }
    this.context = { pbxId, attachedKeys, now, refused }
    this.#ownEvents = ownEvents
    this.subscription = { events: [], subclasses: Object.keys(ownEvents) }
  }

  /** What an event means, in order: one of FreeSWITCH may be several of ours (a bridge has two legs). */
  read(message: EslMessage): readonly PbxEvent[] {
    const subclass = message.get('Event-Subclass') ?? ''
    const own = Object.hasOwn(this.#ownEvents, subclass) ? this.#ownEvents[subclass] : undefined
    const event = own?.(message, this.context) ?? null
    return event === null ? [] : [event]
  }

  /** Channels that were there before we listened. */
  know(channels: readonly LiveChannel[]): void {
    for (const { channel } of channels) this.#known.add(channel.channelId)
  }

  /** What was known on a connection that is no more. */
  forgetAll(): void {
    this.#known.clear()
  }
}
