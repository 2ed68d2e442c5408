import { CHIRP_INTERVAL_SAMPLES, CHIRP_SAMPLES, toneWithChirps } from '../../adapters/phone/audio-source.ts'
import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import type { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { findChirps } from './audio/find-chirps.ts'
import type { LabBench } from './lab-bench.ts'
import { agentOf, type CallKind, customerOf, FIRST_DIGITS, type FreeLines } from './number-plan.ts'

export const CUSTOMER_HZ = 440
export const AGENT_HZ = 1000

/** What was sent in the last moment before a hang-up may not have reached the recorder of a PBX on a busy machine: it waited in a socket. */
const LAST_SAMPLES = 4000
const SAMPLES_PER_MS = 8

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
  static async place(bench: LabBench, { line, kind }: Pick<ToneCall, 'line' | 'kind'>): Promise<ToneCall> {
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
  readonly #bench: LabBench
  readonly #lines: FreeLines
  readonly #calls: ToneCall[] = []

  constructor(bench: LabBench, lines: FreeLines) {
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

/** What one channel of a recording has of what one telephone sent. */
export interface Heard {
  /** Of the seconds that were sent: those whose chirp is not there, and those whose chirp is there more than once. */
  readonly missing: readonly number[]
  readonly doubled: readonly number[]
  /** Where the first sample that was sent lies; negative when the beginning is clipped. */
  readonly firstMs: number
  /** By how much two chirps lie nearer together than they were sent, at most. Farther apart they may lie: a telephone on a busy machine sends late. */
  readonly lostMs: number
  /** From the first sample to the end: by how much the channel is shorter than what was sent. */
  readonly shortMs: number
}

/**
 * The first frames of two parties do not meet, and Asterisk drops what it cannot pair (seen: 20 ms of one side in one call of fifty).
 * A chirp that lost a frame is not found.
 */
const CLIPPED_SAMPLES = 480
/** A tone crosses zero, and does not stay there. */
const LEAST_SOUNDING = 0.9

/** Whether the first chirp that is found is the second one, of a second that is there but for its first frames. */
function isClipped(channel: Int16Array, first: number): boolean {
  const began = first - CHIRP_INTERVAL_SAMPLES
  if (Math.abs(began) > CLIPPED_SAMPLES) return false
  const heard = channel.subarray(Math.max(0, began) + CLIPPED_SAMPLES, first)
  return heard.filter((sample) => sample !== 0).length > heard.length * LEAST_SOUNDING
}

/** Compares a channel with what a telephone sent, chirp by chirp. */
export function heardOf(sent: Int16Array, channel: Int16Array): Heard {
  const seconds = Math.floor((sent.length - CHIRP_SAMPLES - LAST_SAMPLES) / CHIRP_INTERVAL_SAMPLES) + 1
  const positions = findChirps(channel).map(({ position }) => position)
  const clipped = isClipped(channel, positions[0] ?? 0)
  const first = (positions[0] ?? Number.NaN) - (clipped ? CHIRP_INTERVAL_SAMPLES : 0)
  const numbers = positions.map((position) => Math.round((position - first) / CHIRP_INTERVAL_SAMPLES))
  const lost = positions.slice(1).map((position, index) => ((numbers[index + 1] ?? 0) - (numbers[index] ?? 0)) * CHIRP_INTERVAL_SAMPLES - (position - (positions[index] ?? 0)))
  return {
    missing: Array.from({ length: seconds }, (_, second) => second).filter((second) => !numbers.includes(second) && !(clipped && second === 0)),
    doubled: numbers.filter((number, index) => numbers.indexOf(number) !== index),
    firstMs: first / SAMPLES_PER_MS,
    lostMs: Math.max(0, ...lost) / SAMPLES_PER_MS,
    shortMs: Math.max(0, sent.length - (channel.length - first)) / SAMPLES_PER_MS,
  }
}
