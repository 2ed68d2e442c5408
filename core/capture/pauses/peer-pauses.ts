import { fromApi } from '../../domain/api-client.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import type { InteractionId, NodeName, PbxId } from '../../domain/ids.ts'
import type { UnconfirmedNode } from '../../ports/capture-control.ts'
import type { PbxAdapter } from '../../ports/pbx-adapter.ts'
import type { PauseOrder, PeerNode, PeerOrder, PeerResult, ResumeOrder } from '../../ports/peer-node.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { InteractionPauses, PauseInForce } from '../calls/interaction-pauses.ts'
import type { LiveRecordings } from '../calls/live-recordings.ts'
import { askPeers, type PeerAnswers, peerOf, type PeerState, unreached } from './peer-answers.ts'
import type { PauseControl } from './pause-control.ts'

/** How often what is not confirmed is asked for again, as of the PBXs of one node. */
const ASK_AGAIN_EVERY_MS = 1000
/** A node answers when its PBXs have, which have five seconds; what is asked again keeps nobody waiting. A guess at a slow PBX and a network. */
const SETTLE_DEADLINE_MS = 8000

/** Orders before they are sent: the time is added as they go out. */
export type PauseWords = Omit<PauseOrder, 'at'>
export type ResumeWords = Omit<ResumeOrder, 'at'>
type Words = PauseWords | ResumeWords | { readonly action: 'holding'; readonly interactions: readonly InteractionId[] }

interface Parts {
  readonly live: LiveRecordings
  readonly pauses: InteractionPauses
  readonly control: Pick<PauseControl, 'resume'>
  readonly adapters: ReadonlyMap<PbxId, PbxAdapter>
  readonly peers: readonly PeerNode[]
  readonly runtime: Runtime
}

/**
 * Keeps the other nodes as silent as this one. What is in force stands in the journal; what each node has confirmed is remembered while this
 * one runs, and asked again after a start. A node that did not confirm is asked each second until it has or the pause ends.
 */
export class PeerPauses {
  readonly #parts: Parts
  readonly #peers: readonly PeerState[]
  /** Commands under way: what they have not noted yet is not over. */
  readonly #commands = new Set<readonly InteractionId[]>()
  /** Pauses of other nodes that are kept here, as of the last look. */
  #kept = new Map<InteractionId, NodeName>()
  #lastMs = 0
  #timer: NodeJS.Timeout | null = null
  #settling: Promise<void> | null = null

  constructor(parts: Parts) {
    this.#parts = parts
    this.#peers = parts.peers.map(peerOf)
  }

  start(): void {
    if (this.#peers.length > 0) this.#timer = setInterval(() => void this.settle(), ASK_AGAIN_EVERY_MS)
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer)
    await this.#settling
  }

  /** There are no other nodes. */
  get isAlone(): boolean {
    return this.#peers.length === 0
  }

  /** With all that are one with it by now. */
  membersOf(interactionId: InteractionId): readonly InteractionId[] {
    return [...new Set([interactionId, ...this.#parts.live.interactions.members(interactionId).map(({ id }) => id)])]
  }

  /** What is left of a pause, by the clock that measures it. */
  leftOf({ pbxId, at, limitMs }: PauseInForce): number {
    const now = this.#parts.adapters.get(pbxId)?.now ?? this.#parts.runtime.clock.now()
    return at.getTime() + limitMs - now.getTime()
  }

  /** Whether every node has confirmed the pause that is in force here; true of what was asked for at another, and of what is not paused. */
  isConfirmed(interactionId: InteractionId): boolean {
    const pause = this.#parts.pauses.of(interactionId)
    return pause === null || pause.origin !== undefined || this.#peers.every((peer) => hasConfirmed(peer, this.membersOf(interactionId)))
  }

  /** Whether a node still has to be told that this conversation goes on with sound. */
  isEnded(node: NodeName, interactionId: InteractionId): boolean {
    return this.#peers.some((peer) => peer.node.name === node && peer.owed.has(interactionId))
  }

  /** The conversation is paused anew: earlier resumes of it are not told any more. */
  pausedAnew(interactions: readonly InteractionId[]): void {
    for (const { owed } of this.#peers) for (const id of interactions) owed.delete(id)
  }

  /** Its end is known to whoever asked for it. */
  ended(interactions: readonly InteractionId[]): void {
    for (const id of interactions) this.#kept.delete(id)
  }

  /** Somebody's command about these conversations, from its beginning to its end. */
  async during<T>(interactions: readonly InteractionId[], work: () => Promise<T>): Promise<T> {
    const command = [...interactions]
    this.#commands.add(command)
    try {
      return await work()
    } finally {
      this.#commands.delete(command)
    }
  }

  /** Asks all nodes; those that do not confirm are asked again while it is in force here. */
  async pause(words: PauseWords, signal: AbortSignal): Promise<PeerAnswers> {
    this.pausedAnew(words.interactions)
    return await askPeers(this.#peers, (peer) => this.#pauseAt(peer, words, signal), (peer, error) => this.#tellAway(peer, error))
  }

  /** Tells all nodes; those that do not confirm are told again. */
  async resume(words: ResumeWords, signal: AbortSignal): Promise<PeerAnswers> {
    this.ended(words.interactions)
    return await askPeers(this.#peers, (peer) => this.#resumeAt(peer, words, signal), (peer, error) => this.#tellAway(peer, error))
  }

  /** One look at what is not confirmed; never fails, and one look at a time. */
  settle(): Promise<void> {
    this.#settling ??= this.#look().finally(() => {
      this.#settling = null
    })
    return this.#settling
  }

  async #look(): Promise<void> {
    try {
      await this.#endExpired()
      this.#oweWhatEndedHere()
      await Promise.all(this.#peers.map((peer) => this.#settleOne(peer)))
    } catch (error) {
      // Looked at again in a second: the journal may take it then.
      this.#parts.runtime.log.error({ error }, 'pauses over several nodes could not be looked after')
    }
  }

  /** Those that no PBX of this node measures: the node that does may be gone. */
  async #endExpired(): Promise<void> {
    const { pauses, adapters, control } = this.#parts
    for (const pause of pauses.all().filter(({ pbxId }) => !adapters.has(pbxId))) {
      if (this.leftOf(pause) > 0) continue
      this.ended([pause.interactionId])
      await control.resume([pause.interactionId], { by: { type: 'system', id: 'pause-limit' }, how: 'limit' })
    }
  }

  /** What another node asked for, and what has ended here by itself, is over there, too. */
  #oweWhatEndedHere(): void {
    const { pauses } = this.#parts
    for (const [id, origin] of this.#kept) {
      if (pauses.of(id) !== null || this.#isCommanded([id])) continue
      this.#peers.find(({ node }) => node.name === origin)?.owed.set(id, { action: 'resume', interactions: [id], by: 'pause-ended', how: 'system' })
    }
    this.#kept = new Map(pauses.all().flatMap(({ interactionId, origin }) => origin === undefined ? [] : [[interactionId, origin] as const]))
  }

  async #settleOne(peer: PeerState): Promise<void> {
    const signal = AbortSignal.timeout(SETTLE_DEADLINE_MS)
    try {
      if (!peer.isBriefed) await this.#brief(peer, signal)
      for (const { interactions } of peer.told.values()) {
        const isOver = !this.#isCommanded(interactions) && interactions.every((id) => this.#parts.pauses.of(id) === null)
        if (isOver) await this.#resumeAt(peer, { action: 'resume', interactions, by: 'pause-ended', how: 'system' }, signal)
      }
      for (const words of new Set(peer.owed.values())) await this.#resumeAt(peer, words, signal)
      for (const pause of this.#own()) await this.#askAgain(peer, pause, signal)
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      this.#tellAway(peer, error)
    }
  }

  /** What was paused before this node was started, and is no more, the other one cannot know. */
  async #brief(peer: PeerState, signal: AbortSignal): Promise<void> {
    await this.#send(peer, { action: 'holding', interactions: this.#own().flatMap(({ interactionId }) => this.membersOf(interactionId)) }, signal)
    peer.isBriefed = true
  }

  async #askAgain(peer: PeerState, pause: PauseInForce, signal: AbortSignal): Promise<void> {
    const { interactionId, by, how, pbxId } = pause
    const interactions = this.membersOf(interactionId)
    const limitMs = this.leftOf(pause)
    if (hasConfirmed(peer, interactions) || limitMs <= 0 || this.#isCommanded(interactions)) return
    const results = await this.#pauseAt(peer, { action: 'pause', asked: 'again', interactions, by, how, pbxId, limitMs, ...fromApi(pause) }, signal)
    const isForbidden = results.some((result) => result.outcome === 'failed' && result.code === 'PAUSE_NOT_ALLOWED')
    if (isForbidden) await this.#parts.control.resume([interactionId], { by: { type: 'system', id: 'pause-forbidden' }, how: 'system' })
  }

  async #pauseAt(peer: PeerState, words: PauseWords, signal: AbortSignal): Promise<readonly PeerResult[]> {
    const [key] = words.interactions
    if (key === undefined) return []
    // Before the answer: what is not heard of may have been done.
    peer.told.set(key, { interactions: words.interactions, isConfirmed: false })
    const results = await this.#send(peer, words, signal)
    const isConfirmed = results.every(({ outcome }) => outcome !== 'failed')
    if (isConfirmed && peer.told.has(key)) peer.told.set(key, { interactions: words.interactions, isConfirmed })
    return results
  }

  async #resumeAt(peer: PeerState, words: ResumeWords, signal: AbortSignal): Promise<readonly PeerResult[]> {
    for (const [key, { interactions }] of peer.told) if (interactions.some((id) => words.interactions.includes(id))) peer.told.delete(key)
    for (const id of words.interactions) peer.owed.set(id, words)
    const results = await this.#send(peer, words, signal)
    const isConfirmed = results.every(({ outcome }) => outcome !== 'failed')
    if (isConfirmed) for (const id of words.interactions) if (peer.owed.get(id) === words) peer.owed.delete(id)
    return results
  }

  async #send(peer: PeerState, words: Words, signal: AbortSignal): Promise<readonly PeerResult[]> {
    const { log, metrics, clock } = this.#parts.runtime
    this.#lastMs = Math.max(this.#lastMs + 1, clock.now().getTime())
    const order: PeerOrder = { ...words, at: new Date(this.#lastMs) }
    const results = await peer.node.send(order, signal)
    metrics.count('holdfast_node_orders_total', { outcome: results.some(({ outcome }) => outcome === 'failed') ? 'failed' : 'confirmed' })
    if (peer.isAway) log.info({ node: peer.node.name }, 'another node answers again')
    peer.isAway = false
    return results
  }

  #tellAway(peer: PeerState, error: unknown): UnconfirmedNode {
    const { log, metrics } = this.#parts.runtime
    metrics.count('holdfast_node_orders_total', { outcome: 'unreached' })
    if (!peer.isAway) log.error({ node: peer.node.name, pbxIds: peer.node.pbxIds, error }, 'another node did not answer: what it records goes on as it is until it does')
    peer.isAway = true
    return unreached(peer, error)
  }

  /** Those that were asked for at this node. */
  #own(): readonly PauseInForce[] {
    return this.#parts.pauses.all().filter(({ origin }) => origin === undefined)
  }

  #isCommanded(interactions: readonly InteractionId[]): boolean {
    return [...this.#commands].some((command) => command.some((id) => interactions.includes(id)))
  }
}

function hasConfirmed({ told }: PeerState, interactions: readonly InteractionId[]): boolean {
  return [...told.values()].some((each) => each.isConfirmed && interactions.every((id) => each.interactions.includes(id)))
}
