import { isHoldfastError } from '../../domain/errors.ts'
import { INTERACTION_HEADER } from '../../domain/attached-data.ts'
import type { Channel } from '../../domain/call.ts'
import { type ChannelId, type InteractionId, parseInteractionId, type PbxId } from '../../domain/ids.ts'
import { compileGlob, type Glob } from '../../domain/rules/glob.ts'
import type { PbxAdapter } from '../../ports/pbx-adapter.ts'
import type { NativeRecording, PbxEvent, RecordingAsked } from '../../ports/pbx-event.ts'
import type { Runtime } from '../../ports/runtime.ts'

/** A conversation may last a working day; what is older is somebody's old message, sent again. */
const LONGEST_CONVERSATION_MS = 24 * 3_600_000
/** Asterisk's ids end with the second in which the call began, and a number. Source: Asterisk 22 main/channel_internal_api.c, ast_channel_internal_setup_topics */
const EPOCH_AT_ITS_END = /(?:^|[._-])([0-9]{10})\.[0-9]+$/

export const IDENTITY_REFUSALS = ['untrusted', 'malformed', 'stale'] as const
/** Why an id that came with a call does not say to which interaction it belongs. */
export type IdentityRefusal = (typeof IDENTITY_REFUSALS)[number]

interface Parts {
  readonly pbxId: PbxId
  /** Globs of endpoints behind which PBXs of ours are; `null`: not told, and the dialplan's word decides. */
  readonly trustedTrunks: readonly string[] | null
  readonly adapter: Pick<PbxAdapter, 'now' | 'readInteraction' | 'tellInteraction'>
  /** Whether a conversation of this id goes on. */
  readonly isOpen: (id: InteractionId) => boolean
  readonly runtime: Runtime
}

/**
 * Which interaction a call belongs to by the word of another PBX: the SIP header X-Interaction-ID, where it comes over a trunk that is
 * trusted. From anywhere else, and where it cannot be meant so, it is data, and joins nobody to somebody else's conversation.
 */
export class ToldInteractions {
  readonly #parts: Parts
  readonly #trusted: readonly Glob[] | null
  readonly #byLeg = new Map<ChannelId, InteractionId>()
  readonly #asked = new Map<ChannelId, Promise<void>>()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#trusted = parts.trustedTrunks?.map(compileGlob) ?? null
  }

  /** What a leg's other PBX said of it, as far as it was believed. */
  of(channelId: ChannelId): InteractionId | null {
    return this.#byLeg.get(channelId) ?? null
  }

  /** The event with an id of an interaction only where that may be believed; legs that come from other sites are asked. */
  event(event: PbxEvent, endpointOf: (channelId: ChannelId) => string | null): PbxEvent {
    if (event.type === 'channel-created') this.#appears(event.channel)
    if (event.type === 'recording-asked' || event.type === 'native-recording') return this.#checked(event, endpointOf(event.channelId))
    if (event.type !== 'link-up') return event
    const found = new Map(event.channels.map(({ channel }) => [channel.channelId, channel]))
    for (const channel of found.values()) this.#appears(channel)
    return { ...event, natives: event.natives.map((native) => this.#checked(native, found.get(native.channelId)?.endpoint ?? null)) }
  }

  /** The dialplan's word: its id is one that may be believed, or `null`. @param endpoint - behind which the leg is; `null`: not known (any more) */
  #checked<T extends RecordingAsked | NativeRecording>(event: T, endpoint: string | null): T {
    const header = event.headers[INTERACTION_HEADER] ?? null
    const told = this.#trusted === null ? event.interactionId : header ?? event.interactionId
    const interactionId = told === null || told === '' ? null : this.#believed(told, this.#trusted === null || this.isTrusted(endpoint))
    if (interactionId !== null) this.#byLeg.set(event.channelId, interactionId)
    return { ...event, interactionId: interactionId ?? this.of(event.channelId) }
  }

  /** A leg appears over a trusted trunk: its header is read, also where no dialplan asks about it (a telephone's own rule, an INVITE with Replaces). */
  #appears({ channelId, endpoint }: Pick<Channel, 'channelId' | 'endpoint'>): void {
    if (!this.isTrusted(endpoint) || this.#byLeg.has(channelId)) return
    const read = this.#read(channelId)
    this.#asked.set(channelId, read)
    void read.finally(() => this.#asked.delete(channelId))
  }

  /** Whether anything was said of one of these legs, or may be. */
  isNeeded(channelIds: readonly ChannelId[]): boolean {
    return channelIds.some((channelId) => this.#asked.has(channelId) || this.#byLeg.has(channelId))
  }

  /** Resolves when it is known what the other PBX said of these legs. */
  async known(channelIds: readonly ChannelId[]): Promise<void> {
    await Promise.all(channelIds.flatMap((channelId) => this.#asked.get(channelId) ?? []))
  }

  forget(channelId: ChannelId): void {
    this.#byLeg.delete(channelId)
  }

  forgetAllBut(existing: ReadonlySet<ChannelId>): void {
    for (const channelId of this.#byLeg.keys()) if (!existing.has(channelId)) this.forget(channelId)
  }

  isTrusted(endpoint: string | null): boolean {
    return endpoint !== null && (this.#trusted?.some((trunk) => trunk.matches(endpoint)) ?? false)
  }

  async #read(channelId: ChannelId): Promise<void> {
    const { adapter, runtime, pbxId } = this.#parts
    try {
      const told = await adapter.readInteraction(channelId)
      const interactionId = told === null || told === '' || this.#byLeg.has(channelId) ? null : this.#believed(told, true)
      if (interactionId === null) return
      this.#byLeg.set(channelId, interactionId)
      // Whom this leg dials at a third site is told the same.
      await adapter.tellInteraction(channelId, interactionId)
    } catch (error) {
      // The leg has gone, or the link: what the dialplan says of it later still counts. Its call waits for no more.
      if (isHoldfastError(error, 'CHANNEL_GONE')) return
      const isForeseen = isHoldfastError(error)
      runtime.metrics.count('holdfast_capture_errors_total', { pbx: pbxId, code: isForeseen ? error.code : 'BUG' })
      runtime.log[isForeseen ? 'warn' : 'error']({ pbxId, channelId, error }, 'a leg of another site could not be asked for its interaction')
    }
  }

  #believed(told: string, isTrusted: boolean): InteractionId | null {
    const id = interactionIdOf(told)
    const refusal = this.#refusalOf(id, isTrusted)
    if (refusal === null) return id
    const { runtime, pbxId } = this.#parts
    runtime.metrics.count('holdfast_interactions_refused_total', { pbx: pbxId, reason: refusal })
    runtime.log.warn({ pbxId, reason: refusal }, 'an interaction id that came with a call is kept as data only')
    return null
  }

  #refusalOf(id: InteractionId | null, isTrusted: boolean): IdentityRefusal | null {
    if (!isTrusted) return 'untrusted'
    if (id === null) return 'malformed'
    return this.#isStale(id) ? 'stale' : null
  }

  /** As far as an id tells its time. */
  #isStale(id: InteractionId): boolean {
    const seconds = EPOCH_AT_ITS_END.exec(id)?.[1]
    if (seconds === undefined || this.#parts.isOpen(id)) return false
    return Math.abs(this.#parts.adapter.now.getTime() - Number(seconds) * 1000) > LONGEST_CONVERSATION_MS
  }
}

function interactionIdOf(told: string): InteractionId | null {
  try {
    return parseInteractionId(told)
  } catch (error) {
    // A stranger's word.
    if (isHoldfastError(error, 'MALFORMED_ID')) return null
    throw error
  }
}
