import { tone } from '../../adapters/phone/audio-source.ts'
import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import type { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { type AudioSpan, audioSpans, type Tones } from './audio/describe-audio.ts'
import { CODES } from './code-plan.ts'
import { CODE_ROUTES, type CodeRoute } from './code-routes.ts'
import type { HoldfastBench } from './holdfast-bench.ts'
import { until } from './hooks.ts'
import { talkFor } from './talk-for.ts'

/** What is sounded, and what holdfast.conf plays: `yes` for paused and recording, `no` for failed. */
export const CODE_TONES = { customer: 440, agent: 1000, yes: 880, no: 350 } as const satisfies Tones

/** A recorder on the agent's own leg is armed while it rings. */
const RINGS_MS = 100
/** The dialplan waits 750 ms at most, and half a second is the longest tone; a busy machine gets the rest. */
const TONE_DEADLINE_MS = 10_000
/** No second tone comes after the other party has been heard for so long. */
const AFTER_TONES_MS = 100

/** How many tones of each kind. */
export function codeTones(spans: readonly AudioSpan[]): { readonly yes: number; readonly no: number } {
  const count = (content: string): number => spans.filter((span) => span.content === content).length
  return { yes: count('yes'), no: count('no') }
}

/** A call between a customer and an agent who has feature codes. */
export class CodeCall implements AsyncDisposable {
  readonly customer: PhoneCall
  readonly agent: PhoneCall
  readonly caller: string
  readonly #phones: readonly SipPhone[]

  private constructor({ customer, agent, caller, phones }: Pick<CodeCall, 'customer' | 'agent' | 'caller'> & { readonly phones: readonly SipPhone[] }) {
    this.customer = customer
    this.agent = agent
    this.caller = caller
    this.#phones = phones
  }

  /** Both talk when this resolves. */
  static async place(bench: HoldfastBench, { line, route }: { readonly line: string; readonly route: CodeRoute }): Promise<CodeCall> {
    await using stack = new AsyncDisposableStack()
    const customerPhone = stack.use(await bench.phone(`customer-${line}`, tone(CODE_TONES.customer)))
    const agentPhone = stack.use(await bench.phone(`agent-${line}`, tone(CODE_TONES.agent)))
    const [from, to] = route === 'outbound' ? [agentPhone, customerPhone] : [customerPhone, agentPhone]
    if (route === 'meeting') return await CodeCall.#meet({ customerPhone, agentPhone, line, stack })
    await to.register()
    const outgoing = await from.call(`${CODE_ROUTES[route]}${line}`)
    const incoming = await to.incoming()
    await incoming.answer({ afterMs: RINGS_MS })
    await outgoing.answered()
    stack.move()
    const [customer, agent] = route === 'outbound' ? [incoming, outgoing] : [outgoing, incoming]
    return new CodeCall({ customer, agent, caller: from === agentPhone ? `agent-${line}` : `customer-${line}`, phones: [customerPhone, agentPhone] })
  }

  static async #meet({ customerPhone, agentPhone, line, stack }: { readonly customerPhone: SipPhone; readonly agentPhone: SipPhone; readonly line: string; readonly stack: AsyncDisposableStack }): Promise<CodeCall> {
    const customer = await customerPhone.call(`${CODE_ROUTES.meeting}${line}`)
    await customer.answered()
    const agent = await agentPhone.call(`${CODE_ROUTES.meeting}${line}`)
    await agent.answered()
    stack.move()
    return new CodeCall({ customer, agent, caller: `customer-${line}`, phones: [customerPhone, agentPhone] })
  }

  /** The agent presses a code, and waits for its answer: how many tones of each kind she heard. */
  async press(code: keyof typeof CODES): Promise<{ readonly yes: number; readonly no: number }> {
    const from = this.agent.received.lengthSamples
    await this.agent.dtmf(CODES[code])
    return await until(() => {
      const spans = audioSpans(this.agent.received.toSamples().subarray(from), CODE_TONES)
      // The tone is over when the customer is heard again.
      const { yes, no } = codeTones(spans)
      const last = spans.at(-1)
      if (yes + no === 0 || last?.content !== 'customer' || last.endMs - last.startMs < AFTER_TONES_MS) throw new Error(`no tone: ${JSON.stringify(spans)}`)
      return { yes, no }
    }, { withinMs: TONE_DEADLINE_MS })
  }

  /** Until the agent has sounded her tone for so long from now on: by what was sent, not by a clock. */
  async talk(ms: number): Promise<void> {
    await talkFor(this.agent, ms)
  }

  async hangUp(): Promise<void> {
    await this.customer.hangUp()
    await this.agent.ended()
    await this[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#phones.map((phone) => phone.close()))
  }
}
