import type { FromApi } from '../domain/api-client.ts'
import type { InteractionId, NodeName, PbxId } from '../domain/ids.ts'
import type { PauseWay } from '../domain/recording.ts'
import type { ControlResult } from './capture-control.ts'

interface OfOrder {
  /** With all that are one with them by now, as far as the sender knows. */
  readonly interactions: readonly InteractionId[]
  /** By the sender's clock, and never twice the same: an order that comes late must not undo a later one. */
  readonly at: Date
}

/** A conversation is to be silent until it is resumed, and no longer than its limit. Who may ask for it was decided where it was asked for. */
export interface PauseOrder extends OfOrder, FromApi {
  readonly action: 'pause'
  /** `again`: it was not confirmed before, or its node has been started again since. */
  readonly asked: 'now' | 'again'
  readonly by: string
  readonly how: PauseWay
  /** On whose clock it is measured at the sender's. */
  readonly pbxId: PbxId
  /** What is left of it. */
  readonly limitMs: number
}

/** A conversation is to have sound again. */
export interface ResumeOrder extends OfOrder, FromApi {
  readonly action: 'resume'
  readonly by: string
  readonly how: PauseWay
}

/** These are all conversations that the sender holds paused: what it had paused besides is over. */
export interface HoldingOrder extends OfOrder {
  readonly action: 'holding'
}

/** What one node tells another to do. */
export type PeerOrder = PauseOrder | ResumeOrder | HoldingOrder

/** What became of it for one recording of the other node. */
export type PeerResult = ControlResult & { readonly pbxId: PbxId }

/** Another capture node, on whose PBXs conversations of this one may be recorded. */
export interface PeerNode {
  readonly name: NodeName
  readonly pbxIds: readonly PbxId[]
  /**
   * Idempotent. One result for each live recording; none where it records nothing of it: a pause is kept all the same.
   * @throws HoldfastError `NODE_UNREACHABLE` also when the answer does not come within the signal, or is not one of ours
   */
  send(order: PeerOrder, signal: AbortSignal): Promise<readonly PeerResult[]>
}

/** What obeys the orders of other nodes. */
export interface PeerOrders {
  /** Idempotent; as {@link PeerNode.send}. @throws HoldfastError `STORE_FAILED` */
  obey(from: NodeName, order: PeerOrder): Promise<readonly PeerResult[]>
}
