import type { Channel } from '../../core/domain/call.ts'
import { parseNodeName } from '../../core/domain/ids.ts'
import type { Policy } from '../../core/domain/rules/policy.ts'
import { DirectPeerNode, NodeBench } from './node-bench.ts'
import type { CaptureBench } from './capture-bench.ts'
import { FakePbxAdapter } from './fakes/fake-pbx-adapter.ts'

const SOURCE = { record: 'source' }
const [A, B] = [parseNodeName('node-a'), parseNodeName('node-b')]

/** A customer's call at a PBX that asks for a recording of it. */
export async function customerAt(capture: CaptureBench): Promise<Channel> {
  const customer = capture.pbx.call('customer')
  capture.pbx.asks(customer, SOURCE)
  await capture.settled()
  return customer
}

/** Where somebody joins. */
interface Joining {
  readonly pbx: FakePbxAdapter
  readonly settled: () => Promise<void>
}

/** A leg of that conversation comes over the trunk, is recorded there, and is answered by an agent. */
export async function joins({ pbx, settled }: Joining, interactionId: string, attached: Readonly<Record<string, string>> = SOURCE): Promise<Channel> {
  const trunk = attached === SOURCE ? 'a' : 'a-2'
  const far = pbx.call(`site-${trunk}`)
  pbx.asksWith(far, { attached, headers: { 'X-Interaction-ID': interactionId } })
  const agent = pbx.dials(far, `agent-${trunk}`)
  pbx.answers(agent)
  pbx.enters(`talk-${trunk}`, far, pbx.channelOf(agent.channelId))
  await settled()
  return agent
}

/** Two nodes with one PBX each, over which a conversation goes. */
export class TwoNodes {
  readonly toA: DirectPeerNode
  readonly toB: DirectPeerNode
  #a: NodeBench | null = null
  #b: NodeBench | null = null

  private constructor() {
    this.toA = new DirectPeerNode({ from: B, to: A, pbxIds: [new FakePbxAdapter('pbx-a').pbxId], orders: () => this.a.orders })
    this.toB = new DirectPeerNode({ from: A, to: B, pbxIds: [new FakePbxAdapter('pbx-b').pbxId], orders: () => this.b.orders })
  }

  static async open({ policyOfB }: { readonly policyOfB?: Policy } = {}): Promise<TwoNodes> {
    const nodes = new TwoNodes()
    nodes.#a = await NodeBench.open(A, [nodes.toB], { pbx: new FakePbxAdapter('pbx-a') })
    nodes.#b = await NodeBench.open(B, [nodes.toA], { pbx: new FakePbxAdapter('pbx-b'), ...policyOfB === undefined ? {} : { policy: policyOfB } })
    return nodes
  }

  get a(): NodeBench {
    if (this.#a === null) throw new Error('node a was not opened')
    return this.#a
  }

  get b(): NodeBench {
    if (this.#b === null) throw new Error('node b was not opened')
    return this.#b
  }

  get masked(): readonly boolean[] {
    return [this.a.isMasked, this.b.isMasked]
  }

  async restartA(): Promise<void> {
    this.#a = await this.a.again([this.toB])
  }

  async restartB(): Promise<void> {
    this.#b = await this.b.again([this.toA])
  }

  /** One look of both nodes, and of both PBXs, at what was not confirmed; some time has passed. */
  async settle(): Promise<void> {
    for (const { capture, peers } of [this.a, this.b]) {
      capture.pbx.after(1000)
      await peers.settle()
    }
    for (const { capture } of [this.a, this.b]) {
      await capture.pauseLimit.check()
      await capture.settled()
    }
  }
}
