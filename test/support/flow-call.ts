import { tone } from '../../adapters/phone/audio-source.ts'
import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import type { PhoneCall } from '../../adapters/phone/phone-call.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { audioSpans, heardMs } from './audio/describe-audio.ts'
import type { FlowBench } from './flow-bench.ts'
import { ENTRIES, type Entry, type Extension, EXTENSIONS, FLOW_TONES, type FlowPbx, PARTIES, type Party, RTP_NUMBERS, type RtpOrder, telephoneOf } from './flow-plan.ts'
import { until } from './hooks.ts'
import { talkFor } from './talk-for.ts'

/** A machine that runs many flows at once lets one wait. */
const HEAR_DEADLINE_MS = 30_000
const CHANNEL_DEADLINE_MS = 5000
/** The whole track is looked at each time. */
const LISTEN_EVERY_MS = 200
/** People need longer; a recorder on the telephone's own leg is armed meanwhile. */
const RINGS_MS = 100

function heardOf(samples: Int16Array, heard: keyof typeof FLOW_TONES): number {
  return heardMs(audioSpans(samples, FLOW_TONES), heard)
}

export interface FlowCallOptions {
  readonly rtp?: RtpOrder
}

/** One flow: the telephones of a line, each with its tone, and what people do with them. */
export class FlowCall<Bench extends FlowBench = FlowBench> implements AsyncDisposable {
  readonly line: string
  readonly since = new Date()
  readonly bench: Bench
  readonly #phones: ReadonlyMap<Party, SipPhone>

  private constructor(bench: Bench, line: string, phones: ReadonlyMap<Party, SipPhone>) {
    this.bench = bench
    this.line = line
    this.#phones = phones
  }

  static async open<Bench extends FlowBench>(bench: Bench, line: string, { rtp = 'ahead' }: FlowCallOptions): Promise<FlowCall<Bench>> {
    await using stack = new AsyncDisposableStack()
    const phones = new Map<Party, SipPhone>()
    for (const party of PARTIES) {
      const phone = stack.use(await SipPhone.open({ name: telephoneOf(party, line), proxy: bench.sipAddress, source: tone(FLOW_TONES[party]), sequenceNumber: RTP_NUMBERS[rtp][party] }))
      await phone.register()
      phones.set(party, phone)
    }
    stack.move()
    return new FlowCall(bench, line, phones)
  }

  get pbx(): FlowPbx {
    return this.bench.pbx
  }

  phone(party: Party): SipPhone {
    const phone = this.#phones.get(party)
    if (phone === undefined) throw new Error(`no telephone ${party}`)
    return phone
  }

  /** What is dialled to reach an extension of this line. */
  number(extension: Extension): string {
    return `${EXTENSIONS[extension]}${this.line}`
  }

  /** The customer calls, A answers; both talk when this resolves. */
  async begin(entry: Entry): Promise<{ readonly customer: OutgoingCall; readonly a: IncomingCall }> {
    const customer = await this.phone('customer').call(`${ENTRIES[entry]}${this.line}`)
    const a = await this.answer('a')
    await customer.answered()
    return { customer, a }
  }

  async dial(party: Party, extension: Extension): Promise<OutgoingCall> {
    return await this.phone(party).call(this.number(extension))
  }

  /** Takes the next call that rings there. */
  async answer(party: Party, { afterMs = RINGS_MS }: { readonly afterMs?: number } = {}): Promise<IncomingCall> {
    const call = await this.phone(party).incoming()
    await call.answer({ afterMs })
    return call
  }

  /** Until this party has sounded her tone for so long from now on: by what was sent, not by a clock. */
  async talk(call: PhoneCall, ms: number): Promise<void> {
    await talkFor(call, ms)
  }

  /** Until a telephone has got so much more of a tone. */
  async hears(call: PhoneCall, heard: keyof typeof FLOW_TONES, ms: number): Promise<void> {
    const from = heardOf(call.received.toSamples(), heard)
    await until(() => {
      const more = heardOf(call.received.toSamples(), heard) - from
      if (more < ms) throw new Error(`${more} ms of ${ms} ms were heard of ${heard}; the call is ${call.state}`)
    }, { withinMs: HEAR_DEADLINE_MS, everyMs: LISTEN_EVERY_MS })
  }

  /** The PBX's name of the newest leg of a party, for a command. */
  async channel(party: Party): Promise<string> {
    return await until(async () => await this.bench.channelOf(telephoneOf(party, this.line)), { withinMs: CHANNEL_DEADLINE_MS })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#phones.values()].map((phone) => phone.close()))
  }
}
