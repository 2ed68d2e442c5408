import { tone } from '../../../adapters/phone/audio-source.ts'
import type { IncomingCall } from '../../../adapters/phone/incoming-call.ts'
import { SipPhone } from '../../../adapters/phone/sip-phone.ts'
import type { TransferKind } from '../../../core/domain/transfer.ts'
import { until } from '../hooks.ts'

/** A recorder that is armed when a leg begins to ring is there by then. */
const RINGS_MS = 100
const NAMES = ['customer', 'agent', 'colleague'] as const
const TONES_HZ = { customer: 440, agent: 1000, colleague: 1700 } as const

type Phones = Readonly<Record<(typeof NAMES)[number], SipPhone>>

/** A customer, an agent and her colleague, at telephones of their own. Who is called answers. */
export class PhoneTrio {
  readonly #proxy: string
  #phones: Phones
  #agentCalls: IncomingCall[] = []

  private constructor(proxy: string, phones: Phones) {
    this.#proxy = proxy
    this.#phones = phones
    this.#listen()
  }

  static async open(proxy: string): Promise<PhoneTrio> {
    return new PhoneTrio(proxy, await openPhones(proxy))
  }

  get customer(): SipPhone {
    return this.#phones.customer
  }

  /** The agent's newest call goes to whoever is reached under this number. */
  async passOn(kind: TransferKind, number: string): Promise<void> {
    const call = await this.#agentCall()
    if (kind === 'blind') {
      // How it ends is told when the target has answered: the adapter's events say so, too.
      call.transferBlind(number).catch(() => undefined)
      return
    }
    await call.hold()
    const consultation = await this.#phones.agent.call(number)
    await consultation.answered()
    await call.transferAttended(consultation)
  }

  async press(digits: string): Promise<void> {
    await (await this.#agentCall()).dtmf(digits)
  }

  forgetCalls(): void {
    this.#agentCalls = []
  }

  /** New telephones, for a PBX that has forgotten the old ones. */
  async again(): Promise<void> {
    await this.close()
    this.#phones = await openPhones(this.#proxy)
    this.#agentCalls = []
    this.#listen()
  }

  async close(): Promise<void> {
    await Promise.all(NAMES.map((name) => this.#phones[name].close()))
  }

  async #agentCall(): Promise<IncomingCall> {
    return await until(() => {
      const call = this.#agentCalls.at(-1)
      if (call?.state !== 'answered') throw new Error('the agent has no call')
      return call
    })
  }

  #listen(): void {
    this.#phones.agent.onIncoming((call) => {
      this.#agentCalls.push(call)
      void call.answer({ afterMs: RINGS_MS })
    })
    this.#phones.colleague.onIncoming((call) => void call.answer({ afterMs: RINGS_MS }))
  }
}

async function openPhones(proxy: string): Promise<Phones> {
  const open = async (name: (typeof NAMES)[number]): Promise<SipPhone> => await SipPhone.open({ name, proxy, source: tone(TONES_HZ[name]) })
  const phones = { customer: await open('customer'), agent: await open('agent'), colleague: await open('colleague') }
  await Promise.all([phones.agent.register(), phones.colleague.register()])
  return phones
}
