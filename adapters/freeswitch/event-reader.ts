import { setTimeout as delay } from 'node:timers/promises'
import { type AttachedChange, PARTITIONS_KEY, RECORD_KEY } from '../../core/domain/attached-data.ts'
import { DIRECTIONS } from '../../core/domain/call.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { type CallId, type ChannelId, parseChannelId, type PbxId } from '../../core/domain/ids.ts'
import type { WantedData } from '../../core/ports/pbx-adapter.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { entryOf } from '../wire/pbx-words.ts'
import { attachedChange, changesByApi, type ChangesContext, changesOf, SETTING_COMMANDS } from './attached-changes.ts'
import { Bridges } from './bridges.ts'
import { callIdOf, channelIdOf, identityOf, otherChannel, timeOf } from './channel-of.ts'
import { Consultations } from './consultations.ts'
import { ACK_VARIABLE, USER_EVENTS } from './dialplan-names.ts'
import { CUSTOM_MAPPINGS, EVENT_MAPPINGS, told } from './esl-events.ts'
import type { EslMessage } from './esl-message.ts'
import type { EventContext, EventMapping, Subject } from './event-mapping.ts'
import { API_EVENT, type EslSubscription } from './esl-subscription.ts'
import { LateHangups } from './late-hangups.ts'
import { type Leg, Legs } from './legs.ts'
import type { NoteContext, RefusedWord } from './native-note.ts'
import { newLeg } from './new-leg.ts'
import { fileOf } from './spool-names.ts'
import { blindByCommand, movedTogether, TRANSFER_COMMAND } from './transfers.ts'
import type { FoundLeg, SnapshotContext } from './resync.ts'
import { announcementCut, USER_EVENT_MAPPINGS, type UserEventContext } from './user-events.ts'

export interface EventReaderOptions {
  readonly pbxId: PbxId
  /** What is told of calls now. */
  readonly wanted: () => WantedData
  /** As FreeSWITCH sees it, absolute, without a slash at its end. */
  readonly recordingDirectory: string
  readonly runtime: Runtime
  /** By the PBX's clock. */
  readonly now: () => Date
}

/** What they say is said by the next event of their leg again; there are many of them. */
const REPEATED: ReadonlySet<string> = new Set(['CHANNEL_EXECUTE_COMPLETE', 'CALL_UPDATE'])

/**
 * Behind each application its leg is told again with all its variables, three times in four for our own dialplan, which counts turns: what
 * these set, the events of what runs within them say, or the command that set it. The rest of what our dialplan sets is no attached data.
 */
const UNHEARD: EslSubscription['unheard'] = {
  Application: ['sleep', 'execute_extension', 'eval', 'event', 'log', 'bind_digit_action', 'digit_action_set_realm'],
  'Application-Data': [
    `${ACK_VARIABLE}=`, ...DIRECTIONS.map((direction) => `holdfast_direction=${direction}`),
    'holdfast_fallback=record', 'holdfast_fallback=none', 'holdfast_interaction=data', 'holdfast_interaction=trust',
  ],
}

/** What has to be asked for, so that all is told that is read here. */
export const SUBSCRIPTION: EslSubscription = { events: Object.keys(EVENT_MAPPINGS), commands: [...SETTING_COMMANDS, TRANSFER_COMMAND], subclasses: [...Object.keys(CUSTOM_MAPPINGS), ...USER_EVENTS], unheard: UNHEARD }

/**
 * Turns what FreeSWITCH sends into what capture understands. Whatever it is sent, it gives events or none.
 * From the beginning of a link until `know` it only keeps what it is sent: what is known then would be older than what was told meanwhile.
 */
export class EventReader {
  readonly #options: EventReaderOptions
  readonly #context: EventContext
  readonly #userContext: UserEventContext
  readonly #legs = new Legs()
  readonly #bridges = new Bridges()
  readonly #late: LateHangups
  /** Keys of attached data that are kept, and what they were made of. */
  #keys: ReadonlySet<string> = new Set()
  #keysOf: WantedData | null = null
  /** What came before the legs were known; `null` afterwards. */
  #kept: EslMessage[] | null = []

  constructor(options: EventReaderOptions) {
    this.#options = options
    const directory = options.recordingDirectory
    const legs = this.#legs
    const consultations = new Consultations()
    this.#late = new LateHangups({ legs, bridges: this.#bridges, consultations })
    this.#context = { legs, bridges: this.#bridges, consultations, isOurs: (file) => file.startsWith(`${directory}/`), fileOf: (path) => fileOf(directory, path) }
    this.#userContext = {
      subject: (message) => this.#subjectOf(message),
      get wanted(): WantedData { return options.wanted() },
      refused: (reason) => this.#refused(reason),
      isHere: (_channelId, noted) => noted === null || noted === directory,
    }
  }

  /** What a snapshot of the PBX is read with. */
  get snapshotContext(): SnapshotContext {
    const { pbxId, now, recordingDirectory } = this.#options
    return { pbxId, now, recordingDirectory, remembered: (channelId) => this.#legs.find(channelId), known: this.#legs.ids(), attachedKeys: this.#changes().keys, refused: (reason) => this.#refused(reason), pause: (ms) => delay(ms) }
  }

  /** What the dialplan's own notes are read with. */
  get noteContext(): NoteContext {
    const { refused, isHere } = this.#userContext
    return { now: this.#options.now, refused, isHere }
  }

  /** What an event means, in order: one of FreeSWITCH may be several of ours (a bridge has two legs). */
  read(message: EslMessage): readonly PbxEvent[] {
    if (this.#kept !== null) {
      if (!REPEATED.has(message.get('Event-Name') ?? '')) this.#kept.push(message)
      return []
    }
    const events = this.#tried(() => this.#isLate(message) ? [] : this.#map(message))
    return [...events, ...this.due(timeOf(message) ?? this.#options.now())]
  }

  /** Ends of legs that were held back, and are no longer. */
  due(at: Date): readonly PbxEvent[] {
    return this.#late.take(at).flatMap((message) => this.#tried(() => this.#map(message)))
  }

  #isLate(message: EslMessage): boolean {
    return message.get('Event-Name') !== API_EVENT && message.get('Unique-ID') !== null && this.#late.keeps(message, channelIdOf(message), timeOf(message) ?? this.#options.now())
  }

  #tried(read: () => readonly PbxEvent[]): readonly PbxEvent[] {
    try {
      return read()
    } catch (error) {
      if (!isHoldfastError(error, 'MALFORMED_ID')) throw error
      this.#refused('id')
      return []
    }
  }

  /** The legs that exist as the link comes up. @returns what changed in attached data while nobody listened, and what was told since */
  know(found: readonly FoundLeg[]): readonly PbxEvent[] {
    const changed = found.flatMap(({ leg }) => this.#changedMeanwhile(leg))
    this.#legs.clear()
    this.#bridges.clear()
    for (const { leg, bridges } of found) {
      this.#legs.add(leg)
      for (const bridge of bridges) this.#bridges.enter(leg.channel.channelId, bridge)
      leg.toldBridgeId = bridges.at(-1)?.bridgeId ?? null
    }
    const kept = this.#kept ?? []
    this.#kept = null
    return [...changed, ...kept.flatMap((message) => this.read(message))]
  }

  /** The link has ended. What is remembered of legs is kept until it is known which of them still exist. */
  forgetAll(): void {
    this.#kept = []
    this.#late.clear()
    this.#context.consultations.clear()
  }

  #changedMeanwhile(leg: Leg): readonly PbxEvent[] {
    const before = this.#legs.find(leg.channel.channelId)?.attached
    const at = this.#options.now()
    return [...leg.attached].flatMap(([key, value]) => {
      const change = (before?.get(key) ?? '') === value ? null : attachedChange({ key, value, at }, this.#changes())
      return change === null ? [] : [attachedChanged({ leg, at }, change)]
    })
  }

  #map(message: EslMessage): readonly PbxEvent[] {
    const name = message.get('Event-Name') ?? ''
    if (name === API_EVENT) {
      movedTogether(message, this.#context)
      return this.#setByCommand(message)
    }
    const subclass = message.get('Event-Subclass') ?? ''
    const mapping = name === 'CUSTOM' ? entryOf(CUSTOM_MAPPINGS, subclass) : entryOf(EVENT_MAPPINGS, name)
    const userMapping = name === 'CUSTOM' ? entryOf(USER_EVENT_MAPPINGS, subclass) : null
    if (mapping === null && userMapping === null) return []
    const events = message.get('Unique-ID') === null ? [] : this.#ofLeg(message, mapping)
    const event = userMapping?.(message, this.#userContext) ?? null
    const cut = name === 'CHANNEL_HANGUP_COMPLETE' ? announcementCut(message, this.#userContext) : null
    return [...cut === null ? [] : [cut], ...events, ...event === null ? [] : [event]]
  }

  /** What an event says of its leg: that it exists, who it is, what is attached to it; then what happened. */
  #ofLeg(message: EslMessage, mapping: EventMapping | null): readonly PbxEvent[] {
    const channelId = channelIdOf(message)
    const at = timeOf(message) ?? this.#options.now()
    const events: PbxEvent[] = []
    const leg = this.#legs.find(channelId) ?? this.#meet(message, at, events)
    if (leg === null) return events
    const of: Subject = { leg, channelId, at }
    if (leg.state !== 'hung-up' && !isEnding(message)) events.push(...this.#described(message, of), ...blindByCommand(message, of, this.#context))
    events.push(...mapping?.(message, of, this.#context) ?? [])
    events.push(...this.#moves(message, of))
    if (events.some(({ type }) => type === 'hangup')) this.#legs.forget(channelId)
    return inOrder(events)
  }

  /** A leg of which nothing was heard: its creation may come behind an event of another leg, or have come before we listened. */
  #meet(message: EslMessage, at: Date, events: PbxEvent[]): Leg | null {
    if (isEnding(message) || message.get('Channel-Name') === null) return null
    const leg = newLeg(message, { pbxId: this.#options.pbxId, at, legs: this.#legs })
    this.#legs.add(leg)
    const of = told({ leg, at })
    events.push({ type: 'channel-created', ...of, channel: leg.channel })
    if (leg.dialledBy !== null) events.push({ type: 'dial-began', channelId: leg.dialledBy, callId: leg.channel.callId, at, callee: leg.channel })
    return leg
  }

  #described(message: EslMessage, { leg, at }: Subject): readonly PbxEvent[] {
    const of = told({ leg, at })
    const events = changesOf(message, leg, { ...this.#changes(), at }).map((change) => attachedChanged({ leg, at }, change))
    if (leg.identity === 'settled' || message.get('Caller-Unique-ID') === null) return events
    const identity = identityOf(message)
    const { caller } = leg.channel
    if (identity.number === caller.number && identity.name === caller.name) return events
    leg.channel = { ...leg.channel, caller: identity }
    return [...events, { type: 'identity-changed', ...of, identity }]
  }

  /** Who left or entered a bridge by an event: its leg, and the two that it joins or parts. */
  #moves(message: EslMessage, { channelId, at }: Subject): readonly PbxEvent[] {
    const concerned = [channelId, otherChannel(message, 'Bridge-A-Unique-ID'), otherChannel(message, 'Bridge-B-Unique-ID')]
    return [...new Set(concerned)].flatMap((each) => {
      const leg = each === null ? null : this.#legs.find(each)
      return leg === null ? [] : this.#movesOf(leg, at)
    })
  }

  #movesOf(leg: Leg, at: Date): readonly PbxEvent[] {
    const now = this.#bridges.current(leg.channel.channelId)
    const before = leg.toldBridgeId
    if (before === (now?.bridgeId ?? null)) return []
    leg.toldBridgeId = now?.bridgeId ?? null
    const of = told({ leg, at })
    const left: readonly PbxEvent[] = before === null ? [] : [{ type: 'bridge-left', ...of, bridgeId: before }]
    if (now !== null) leg.identity = 'settled'
    return now === null ? left : [...left, { type: 'bridge-entered', ...of, bridgeId: now.bridgeId, kind: now.kind }]
  }

  #setByCommand(message: EslMessage): readonly PbxEvent[] {
    const id = SETTING_COMMANDS.has(message.get('API-Command') ?? '') ? /^\S+/.exec(message.get('API-Command-Argument') ?? '')?.[0] : undefined
    const leg = id === undefined ? null : this.#legs.find(parseChannelId(id))
    if (leg === null || leg.state === 'hung-up') return []
    const at = timeOf(message) ?? this.#options.now()
    return changesByApi(message, leg, { ...this.#changes(), at }).map((change) => attachedChanged({ leg, at }, change))
  }

  #changes(): ChangesContext {
    const wanted = this.#options.wanted()
    if (this.#keysOf !== wanted) {
      this.#keysOf = wanted
      this.#keys = new Set([RECORD_KEY, PARTITIONS_KEY, ...wanted.keys])
    }
    return { keys: this.#keys, refused: (reason) => this.#refused(reason) }
  }

  #subjectOf(message: EslMessage): { readonly channelId: ChannelId; readonly callId: CallId; readonly at: Date } {
    const channelId = channelIdOf(message)
    return { channelId, callId: this.#legs.find(channelId)?.channel.callId ?? callIdOf(message), at: timeOf(message) ?? this.#options.now() }
  }

  #refused(reason: RefusedWord | 'id'): void {
    const { runtime, pbxId } = this.#options
    runtime.metrics.count('holdfast_pbx_words_refused_total', { pbx: pbxId, reason })
    runtime.log.warn({ pbxId, reason }, 'a word from the PBX was refused')
  }
}

function attachedChanged(of: Pick<Subject, 'leg' | 'at'>, change: AttachedChange): PbxEvent {
  return { type: 'attached-changed', ...told(of), change }
}

/** The end of a leg, after which it is not met again. */
function isEnding(message: EslMessage): boolean {
  return message.get('Answer-State') === 'hangup'
}

/** A hang-up is the last of its leg. */
function inOrder(events: readonly PbxEvent[]): readonly PbxEvent[] {
  const isLast = ({ type }: PbxEvent): boolean => type === 'hangup'
  return [...events.filter((event) => !isLast(event)), ...events.filter(isLast)]
}
