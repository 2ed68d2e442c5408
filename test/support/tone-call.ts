import { toneWithChirps } from '../../adapters/phone/audio-source.ts'
import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import type { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { SAMPLES_PER_MS } from './audio/samples-per-ms.ts'
import type { HoldfastBench } from './holdfast-bench.ts'
import { agentOf, type CallKind, customerOf, FIRST_DIGITS, type FreeLines } from './number-plan.ts'

export const CUSTOMER_HZ = 440
export const AGENT_HZ = 1000


/**
 * A recorder on the agent's own leg is armed when it begins to ring: a telephone that answers in the same milliseconds costs a frame
 * (seen: 20 ms). People, and headsets that answer by themselves, take longer.
 */
const DESTINATION_RINGS_MS = 100

/** A call between a customer and an agent, who both sound a tone with a chirp in every second, the first one at their first sample. */
export class ToneCall implements AsyncDisposable {
  readonly line: string
  readonly kind: CallKind
  readonly customer: OutgoingCall
  readonly agent: IncomingCall
  readonly #phones: readonly SipPhone[]

  private constructor({ line, kind, customer, agent, phones }: Pick<ToneCall, 'line' | 'kind' | 'customer' | 'agent'> & { readonly phones: readonly SipPhone[] }) {
    this.line = line
    this.kind = kind
    this.customer = customer
    this.agent = agent
    this.#phones = phones
  }

  /** The customer calls; the agent answers as soon as it rings. Both talk when this resolves. */
  static async place(bench: HoldfastBench, { line, kind }: Pick<ToneCall, 'line' | 'kind'>): Promise<ToneCall> {
    await using stack = new AsyncDisposableStack()
    const customerPhone = stack.use(await bench.phone(customerOf(line), toneWithChirps(CUSTOMER_HZ)))
    const agentPhone = stack.use(await bench.phone(agentOf(line), toneWithChirps(AGENT_HZ)))
    await agentPhone.register()
    const customer = await customerPhone.call(`${FIRST_DIGITS[kind]}${line}`)
    const agent = await agentPhone.incoming()
    await agent.answer({ afterMs: kind === 'destination' ? DESTINATION_RINGS_MS : 0 })
    await customer.answered()
    stack.move()
    return new ToneCall({ line, kind, customer, agent, phones: [customerPhone, agentPhone] })
  }

  get caller(): string {
    return customerOf(this.line)
  }

  /** How long the agent has been talking, by what she sent. */
  get talkedMs(): number {
    return this.agent.sentSamples / SAMPLES_PER_MS
  }

  /** The customer hangs up; both telephones are closed. What they sent can still be asked for. */
  async hangUp(): Promise<void> {
    await this.customer.hangUp()
    await this.agent.ended()
    await this[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.close()))
  }
}

/** The calls of one test, each on a line of its own; those that still last end with it. */
export class ToneCalls implements AsyncDisposable {
  readonly #bench: HoldfastBench
  readonly #lines: FreeLines
  readonly #calls: ToneCall[] = []

  constructor(bench: HoldfastBench, lines: FreeLines) {
    this.#bench = bench
    this.#lines = lines
  }

  async place(kind: CallKind): Promise<ToneCall> {
    const call = await ToneCall.place(this.#bench, { line: this.#lines.take(), kind })
    this.#calls.push(call)
    return call
  }

  /** The customers of all calls that still last hang up. */
  async hangUp(): Promise<void> {
    await Promise.all(this.#calls.filter(({ customer }) => customer.state === 'answered').map((call) => call.hangUp()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#calls.map((call) => call[Symbol.asyncDispose]()))
  }
}
