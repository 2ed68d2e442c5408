import type { Requester, TokenBinding } from '../../core/domain/actor.ts'
import type { Channel } from '../../core/domain/call.ts'
import type { RecordAction } from '../../core/domain/policy.ts'
import { NO_RULE, type OnDemand, type RecordingTerms } from '../../core/domain/rules/rule.ts'
import type { MyCall } from '../../core/library/live/my-call.ts'
import { policyWithoutFile } from '../../config/policy/read-policy.ts'
import { LibraryBench, OPERATOR } from '../unit/core/library/library-bench.ts'
import { policyWith, type RuleGiven } from '../unit/core/domain/rules/rule-samples.ts'
import { CaptureBench } from './capture-bench.ts'

const ADDRESS = '192.0.2.7'
/** As the settings have it. */
const TOKENS_KNOWN_MS = 900_000

interface Given {
  readonly record?: RecordAction
  readonly onDemand?: readonly OnDemand[]
  readonly terms?: Partial<RecordingTerms>
  /** Other rules than the one that these make. */
  readonly rules?: readonly RuleGiven[]
  /** At which every agent may sign in. */
  readonly freeDesks?: readonly string[]
  readonly trunks?: readonly string[]
}

/** Capture on a fake PBX, and before it the services that a desk asks: nothing has reached the catalogue. */
export class DeskBench {
  readonly capture: CaptureBench
  readonly library: LibraryBench

  private constructor(capture: CaptureBench, library: LibraryBench) {
    this.capture = capture
    this.library = library
  }

  static async open({ record = 'both', onDemand = ['start', 'stop'], terms = {}, rules, freeDesks = ['PJSIP/20?'], trunks }: Given = {}): Promise<DeskBench> {
    const policy = policyWith({ rules: rules ?? [{ name: 'desk', record, dialplan: 'overruled', terms: { ...NO_RULE.terms, onDemand, ...terms } }] })
    const capture = await CaptureBench.open({ policy, attached: policyWithoutFile(['agent', 'case']).attached, ...(trunks === undefined ? {} : { trunks }) })
    return new DeskBench(capture, await LibraryBench.open({ control: capture.control, seating: capture.seating, freeDesks, tokensKnownMs: TOKENS_KNOWN_MS }))
  }

  /** Somebody with an agent's token. */
  async agent(binding: Partial<TokenBinding>): Promise<Requester> {
    const { text } = await this.library.mint.create({ label: binding.agent ?? 'desk', role: 'agent', permissions: null, partitions: [], binding: { agent: null, desks: [], sees: 'live', ...binding }, expiresAt: null }, OPERATOR)
    return await this.library.library.authentication.authenticate(text, ADDRESS)
  }

  desk(name: string): TokenBinding['desks'][number] {
    return { pbxId: this.capture.pbx.pbxId, endpoint: `PJSIP/${name}` }
  }

  /** A customer calls, and somebody at this telephone answers. */
  async talk(customerName: string, phone: string, attached: Readonly<Record<string, string>> = {}): Promise<{ readonly customer: Channel; readonly agent: Channel }> {
    const { pbx } = this.capture
    const customer = pbx.call(customerName)
    pbx.asks(customer, attached)
    await this.capture.settled()
    const agent = await this.connect(customer, phone)
    return { customer, agent }
  }

  /** The next telephone of a call answers. */
  async connect(customer: Channel, phone: string): Promise<Channel> {
    const { pbx } = this.capture
    const agent = pbx.dials(customer, phone)
    pbx.answers(agent)
    pbx.enters(`bridge-${agent.channelId}`, customer, agent)
    await this.capture.settled()
    pbx.after(1000)
    return agent
  }

  async mine(requester: Requester): Promise<MyCall> {
    return await this.library.library.myCalls.now(requester)
  }
}
