import { SharedCaptureControl } from '../../core/capture/control/shared-capture-control.ts'
import { ObeyedOrders } from '../../core/capture/pauses/obeyed-orders.ts'
import { PeerPauses } from '../../core/capture/pauses/peer-pauses.ts'
import { HoldfastError } from '../../core/domain/errors.ts'
import { type NodeName, parseNodeName } from '../../core/domain/ids.ts'
import type { Policy } from '../../core/domain/rules/policy.ts'
import type { CaptureControl } from '../../core/ports/capture-control.ts'
import type { PeerNode, PeerOrder, PeerOrders, PeerResult } from '../../core/ports/peer-node.ts'
import { CaptureBench } from './capture-bench.ts'
import type { FakePbxAdapter } from './fakes/fake-pbx-adapter.ts'
import type { MemoryCaptureJournal } from './fakes/memory-capture-journal.ts'

const MAX_PAUSE_MS = 60_000

/** Another node in the same process, which a test may take away: its orders are then not heard, or obeyed and not answered. */
export class DirectPeerNode implements PeerNode {
  readonly name: NodeName
  readonly pbxIds: PeerNode['pbxIds']
  state: 'here' | 'away' | 'mute' = 'here'
  /** Every order that was sent. */
  readonly sent: PeerOrder[] = []
  readonly #from: NodeName
  readonly #orders: () => PeerOrders

  constructor({ from, to, pbxIds, orders }: { readonly from: NodeName; readonly to: NodeName; readonly pbxIds: PeerNode['pbxIds']; readonly orders: () => PeerOrders }) {
    this.#from = from
    this.name = to
    this.pbxIds = pbxIds
    this.#orders = orders
  }

  async send(order: PeerOrder): Promise<readonly PeerResult[]> {
    this.sent.push(order)
    const results = this.state === 'away' ? [] : await this.#orders().obey(this.#from, order)
    if (this.state !== 'here') throw new HoldfastError('NODE_UNREACHABLE', `node ${this.name}: no answer in time`)
    return results
  }
}

/** A node of its own: capture on one fake PBX, its own journal, and what ties it to other nodes. A killed one is opened anew over both. */
export class NodeBench {
  readonly name: NodeName
  readonly capture: CaptureBench
  readonly peers: PeerPauses
  readonly orders: ObeyedOrders
  readonly control: CaptureControl

  private constructor(name: NodeName, capture: CaptureBench, known: readonly PeerNode[]) {
    this.name = name
    this.capture = capture
    const { live, pauses, pauseControl: control, runtime, pbx } = capture
    this.peers = new PeerPauses({ live, pauses, control, adapters: new Map([[pbx.pbxId, pbx]]), peers: known, runtime })
    this.orders = new ObeyedOrders({ live, pauses, control, clock: runtime.clock, peers: this.peers })
    this.control = new SharedCaptureControl({ local: capture.control, pauses, control, peers: this.peers, clock: runtime.clock, maxDurationMs: MAX_PAUSE_MS, pbxId: pbx.pbxId })
    capture.shared = this.control
  }

  static async open(name: string, peers: readonly PeerNode[], parts: { readonly pbx: FakePbxAdapter; readonly journal?: MemoryCaptureJournal; readonly policy?: Policy }): Promise<NodeBench> {
    return new NodeBench(parseNodeName(name), await CaptureBench.open({ ...parts, trustedTrunks: ['PJSIP/site-*'] }), peers)
  }

  get isMasked(): boolean {
    const recorders = [...this.capture.pbx.recorders.values()]
    return recorders.length > 0 && recorders.every(({ masked }) => masked)
  }

  /** A killed service: what was in memory is gone. */
  async again(peers: readonly PeerNode[]): Promise<NodeBench> {
    const { pbx, journal } = this.capture
    return await NodeBench.open(this.name, peers, { pbx, journal })
  }
}
