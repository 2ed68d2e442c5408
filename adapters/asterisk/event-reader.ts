import { isHoldfastError } from '../../core/domain/errors.ts'
import type { ChannelId, PbxId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { entryOf } from '../wire/pbx-words.ts'
import { EVENT_MAPPINGS, type EventContext, type RefusedWord } from './ami-events.ts'
import type { AmiMessage } from './ami-message.ts'
import { channelIdOf } from './channel-of.ts'
import { ChannelNames } from './channel-names.ts'
import { isOfNoChannel, isWholeEvent } from './event-shape.ts'
import { HandOver } from './hand-over.ts'
import { NativePlace } from './native-place.ts'
import { USER_EVENT_MAPPINGS } from './user-events.ts'

export interface EventReaderOptions {
  readonly pbxId: PbxId
  readonly attachedKeys: ReadonlySet<string>
  /** As `parseRecordingDirectory` gave it. */
  readonly recordingDirectory: string
  readonly runtime: Runtime
  /** By the PBX's clock. */
  readonly now: () => Date
}

/** Events that tell of two channels, one behind the other. */
const OF_TWO_CHANNELS: ReadonlySet<string> = new Set(['DialBegin', 'DialEnd', 'AgentConnect', 'Pickup', 'BlindTransfer', 'AttendedTransfer', 'LocalOptimizationBegin', 'LocalOptimizationEnd'])

/** Turns what Asterisk sends into what capture understands. Whatever it is sent, it gives an event or `null`. */
export class EventReader {
  readonly context: EventContext
  readonly #handOver: HandOver
  readonly #nativePlace: NativePlace
  readonly #names = new ChannelNames()
  readonly #options: EventReaderOptions
  /** Whether this PBX stamps its events (`timestampevents`): then it stamps every one. */
  #stamped = false

  constructor(options: EventReaderOptions) {
    const refused = (reason: RefusedWord): void => this.#refused(reason)
    this.#options = options
    this.#handOver = new HandOver(refused)
    this.#nativePlace = new NativePlace(options)
    const isHere: EventContext['isHere'] = (channelId, notedDirectory) => this.#nativePlace.isHere(channelId, notedDirectory)
    this.context = { pbxId: options.pbxId, attachedKeys: options.attachedKeys, now: options.now, refused, isHere }
  }

  read(message: AmiMessage): PbxEvent | null {
    try {
      const event = this.#map(message)
      if (event?.type === 'hangup') this.#forget(event.channelId)
      return event
    } catch (error) {
      if (!isHoldfastError(error, 'MALFORMED_ID')) throw error
      this.#refused('id')
      return null
    }
  }

  /** Whether the PBX keeps a note of this channel that must not be forgotten: of a native recording that we cannot read. */
  isNoteNeeded(channelId: ChannelId): boolean {
    return this.#nativePlace.isNoteNeeded(channelId)
  }

  /** What was handed over in pieces on a connection that is no more is not completed on the next. */
  forgetAll(): void {
    this.#handOver.clear()
    this.#names.clear()
    this.#nativePlace.clear()
  }

  /** Channels that were there before we listened. */
  know(channels: readonly { readonly name: string; readonly channelId: ChannelId }[]): void {
    for (const { name, channelId } of channels) this.#names.learn(name, channelId)
  }

  #forget(channelId: ChannelId): void {
    this.#handOver.forget(channelId)
    this.#names.forget(channelId)
  }

  /**
   * Whether Asterisk wrote this event whole, and of the channel that it names. Of two channels in one message it cannot be told
   * whose header a repeated one is.
   */
  #isGenuine(message: AmiMessage, name: string): boolean {
    const isStamped = message.names[2] === 'timestamp' && /^\d{9,11}\.\d{1,6}$/.test(message.get('Timestamp') ?? '')
    const isWhole = isWholeEvent(message, { name, stamped: isStamped })
    this.#stamped ||= isStamped && isWhole
    if (isWhole && (isStamped || !this.#stamped) && !(message.isAmbiguous && OF_TWO_CHANNELS.has(name)) && this.#isOfItsChannel(message, name)) return true
    this.#options.runtime.metrics.count('holdfast_pbx_events_forged_total', { pbx: this.#options.pbxId })
    this.#options.runtime.log.warn({ pbxId: this.#options.pbxId, event: name }, 'an event that Asterisk did not write like this: somebody writes line breaks into a call')
    return false
  }

  #isOfItsChannel(message: AmiMessage, name: string): boolean {
    const channelName = message.get('Channel')
    if (channelName === null || message.get('Uniqueid') === null) return true
    const channelId = channelIdOf(message)
    if (name === 'Rename') this.#names.rename(message, channelId)
    else if (name === 'Newchannel') this.#names.learn(channelName, channelId)
    return name === 'Rename' || this.#names.fits(channelName, channelId)
  }

  #map(message: AmiMessage): PbxEvent | null {
    const name = message.get('Event') ?? ''
    if (!Object.hasOwn(EVENT_MAPPINGS, name) && name !== 'UserEvent') return null
    if (name === 'VarSet' && isOfNoChannel(message)) return null
    if (!this.#isGenuine(message, name)) return null
    if (name === 'UserEvent') return entryOf(USER_EVENT_MAPPINGS, message.get('UserEvent') ?? '')?.(message, this.context, this.#handOver) ?? null
    return entryOf(EVENT_MAPPINGS, name)?.(message, this.context) ?? null
  }

  #refused(reason: RefusedWord | 'id'): void {
    const { runtime, pbxId } = this.#options
    runtime.metrics.count('holdfast_pbx_words_refused_total', { pbx: pbxId, reason })
    runtime.log.warn({ pbxId, reason }, 'a word from the PBX was refused')
  }
}
