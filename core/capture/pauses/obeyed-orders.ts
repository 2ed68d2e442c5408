import { fromApi } from '../../domain/api-client.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import type { InteractionId, NodeName } from '../../domain/ids.ts'
import type { ControlResult } from '../../ports/capture-control.ts'
import type { HoldingOrder, PauseOrder, PeerOrder, PeerOrders, PeerResult, ResumeOrder } from '../../ports/peer-node.ts'
import type { Clock } from '../../ports/runtime.ts'
import type { InteractionPauses } from '../calls/interaction-pauses.ts'
import type { LiveRecordings } from '../calls/live-recordings.ts'
import type { PauseControl } from './pause-control.ts'
import type { PeerPauses } from './peer-pauses.ts'

interface Parts {
  readonly live: LiveRecordings
  readonly pauses: InteractionPauses
  readonly control: Pick<PauseControl, 'hold' | 'resume'>
  readonly clock: Clock
  readonly peers: Pick<PeerPauses, 'isEnded' | 'pausedAnew' | 'ended'>
}

/** Far beyond the age at which an order is refused at the door, so that one that is forgotten cannot come again. */
const REMEMBERED_MS = 600_000

/** Carries out what other nodes order: it masks, and asks nobody. A pause is kept also when nothing of its conversation is recorded here yet. */
export class ObeyedOrders implements PeerOrders {
  readonly #parts: Parts
  /** The last order of each node for each conversation. */
  readonly #last = new Map<string, number>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async obey(from: NodeName, order: PeerOrder): Promise<readonly PeerResult[]> {
    if (order.action === 'holding') return await this.#endAllBut(from, order)
    const interactions = order.interactions.filter((id) => this.#isNews(from, id, order.at))
    if (interactions.length === 0) return []
    return order.action === 'pause' ? await this.#pause(from, order, interactions) : await this.#resume(order, interactions)
  }

  async #pause(from: NodeName, order: PauseOrder, interactions: readonly InteractionId[]): Promise<readonly PeerResult[]> {
    const { asked, by, how, pbxId, limitMs } = order
    // Somebody resumed it here while that node was away: it is going to be told.
    if (asked === 'again' && interactions.some((id) => this.#parts.peers.isEnded(from, id))) return []
    this.#parts.peers.pausedAnew(interactions)
    const at = this.#parts.clock.now()
    return this.#told(await this.#parts.control.hold(interactions.map((interactionId) => ({ interactionId, pbxId, by, how, legs: [], limitMs, endsWith: [], at, origin: from, ...fromApi(order) }))))
  }

  async #resume(order: Pick<ResumeOrder, 'by' | 'how' | 'client'>, interactions: readonly InteractionId[]): Promise<readonly PeerResult[]> {
    this.#parts.peers.ended(interactions)
    try {
      return this.#told(await this.#parts.control.resume(interactions, { by: { type: 'system', id: order.by }, how: order.how, ...fromApi(order) }))
    } catch (error) {
      if (isHoldfastError(error, 'RECORDING_NOT_ACTIVE')) return []
      throw error
    }
  }

  async #endAllBut(from: NodeName, { interactions, at }: HoldingOrder): Promise<readonly PeerResult[]> {
    const over = this.#parts.pauses.all().filter(({ interactionId, origin }) => origin === from && !interactions.includes(interactionId)).map(({ interactionId }) => interactionId)
    const older = over.filter((id) => (this.#last.get(`${from} ${id}`) ?? 0) < at.getTime())
    return older.length === 0 ? [] : await this.#resume({ by: from, how: 'system' }, older)
  }

  /** Orders of a node may overtake each other. */
  #isNews(from: NodeName, interactionId: InteractionId, at: Date): boolean {
    const forgetBefore = at.getTime() - REMEMBERED_MS
    for (const [key, time] of this.#last) if (key.startsWith(`${from} `) && time < forgetBefore) this.#last.delete(key)
    const key = `${from} ${interactionId}`
    if ((this.#last.get(key) ?? 0) >= at.getTime()) return false
    this.#last.set(key, at.getTime())
    return true
  }

  #told(results: readonly ControlResult[]): readonly PeerResult[] {
    return results.flatMap((result) => {
      const pbxId = this.#parts.live.find(result.recordingId)?.pbxId
      return pbxId === undefined ? [] : [{ ...result, pbxId }]
    })
  }
}
