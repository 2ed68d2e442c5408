import type { Channel } from '../../../core/domain/call.ts'
import type { ChannelId } from '../../../core/domain/ids.ts'
import type { SegmentFiles } from '../../../core/domain/recording.ts'
import type { TransferKind } from '../../../core/domain/transfer.ts'
import type { NativeReason, NativeRecording } from '../../../core/ports/pbx-event.ts'
import { FakePbxAdapter } from '../fakes/fake-pbx-adapter.ts'
import { HeardEvents } from './heard-events.ts'
import { ATTACHED_KINDS, type CallPlan, CHANGED_KEY, CHANGED_VALUE, type PbxSubject, type SubjectCall } from './pbx-subject.ts'

/** As long as a route waits for its answer. */
const DIALPLAN_PATIENCE_MS = 250
const COLLEAGUE = 'colleague'

interface Waiting {
  readonly customer: Channel
  readonly plan: CallPlan
  readonly sinceMs: number
}

/** The fake PBX, and a dialplan around it: what a route does by itself, it does here. */
export class FakeSubject implements PbxSubject {
  #pbx = new FakePbxAdapter('fake')
  readonly #waiting = new Map<ChannelId, Waiting>()
  readonly #natives = new Map<ChannelId, NativeRecording>()
  readonly #calls: Channel[][] = []

  service(): HeardEvents {
    const next = this.#pbx.forNextService(this.#noted())
    next.members = [{ queue: 'sales', agent: 'agent', endpoint: 'PJSIP/agent' }]
    next.onAcknowledged = (channelId, answer) => this.#goOn(channelId, typeof answer === 'string' ? null : 'insured')
    this.#pbx = next
    return new HeardEvents(next)
  }

  async call(plan: CallPlan = { attached: 'nothing' }): Promise<SubjectCall> {
    const pbx = this.#pbx
    const customer = pbx.call('customer', { callId: `call-${this.#calls.length + 1}`, dialled: 'plain' })
    this.#calls.push([customer])
    if (plan.sound === 'passes by') pbx.unheard.add(customer.channelId)
    if (pbx.linkState === 'up') {
      pbx.emit({ type: 'recording-asked', ...pbx.of(customer), requestId: `request-${customer.channelId}`, direction: 'inbound', dialled: 'plain', attached: this.#attached(plan), headers: {}, interactionId: null })
      this.#waiting.set(customer.channelId, { customer, plan, sinceMs: pbx.now.getTime() })
    } else {
      this.#waiting.set(customer.channelId, { customer, plan, sinceMs: Number.NEGATIVE_INFINITY })
      this.#goOn(customer.channelId, 'stale-heartbeat')
    }
    return await Promise.resolve({
      passOn: async (kind) => await Promise.resolve(this.#passOn(customer, kind)),
      pressCode: async () => await Promise.resolve(void this.#pbx.presses(this.#agentOf(customer), 'toggle')),
      hangUp: async () => await Promise.resolve(this.#hangUp(customer)),
    })
  }

  async endCalls(): Promise<void> {
    for (const [customer] of this.#calls) if (customer !== undefined) this.#hangUp(customer)
    this.#natives.clear()
    this.#waiting.clear()
    await Promise.resolve()
  }

  cut(): void {
    if (this.#pbx.linkState === 'up') this.#pbx.disconnect()
  }

  mend(): void {
    this.#pbx.isSilent = false
    if (this.#pbx.linkState === 'down') this.#pbx.connect(this.#noted())
  }

  fallSilent(): void {
    this.#pbx.isSilent = true
  }

  async restart(): Promise<void> {
    this.#pbx.disconnect()
    for (const channel of this.#calls.flat()) this.#pbx.vanishes(channel)
    this.#calls.length = 0
    this.#pbx.after(1000)
    await Promise.resolve(this.#pbx.connect([], this.#pbx.now))
  }

  async pass(ms: number): Promise<void> {
    this.#pbx.after(ms)
    for (const { customer, sinceMs } of this.#waiting.values()) {
      if (this.#pbx.now.getTime() - sinceMs > DIALPLAN_PATIENCE_MS) this.#goOn(customer.channelId, 'no-answer')
    }
    await Promise.resolve()
  }

  async silencedMs(files: SegmentFiles): Promise<number> {
    const silences = this.#pbx.silences.get(files.received) ?? []
    return await Promise.resolve(Math.max(0, ...silences.map(({ from, to }) => (to ?? this.#pbx.now).getTime() - from.getTime())))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pbx[Symbol.asyncDispose]()
  }

  #noted(): readonly NativeRecording[] {
    for (const channelId of this.#pbx.forgotten) this.#natives.delete(channelId)
    return [...this.#natives.values()]
  }

  #attached({ attached }: CallPlan): Readonly<Record<string, string>> {
    const keys = new Set(this.#pbx.wanted.at(-1)?.keys ?? Object.keys(ATTACHED_KINDS))
    return attached === 'nothing' ? {} : Object.fromEntries(Object.entries(ATTACHED_KINDS).filter(([key]) => keys.has(key)))
  }

  /** The route has its answer, or goes on without one: the agent is called, and answers. */
  #goOn(channelId: ChannelId, because: NativeReason | null): void {
    const waiting = this.#waiting.get(channelId)
    if (waiting === undefined) return
    this.#waiting.delete(channelId)
    const { customer, plan } = waiting
    if (because !== null) this.#recordNatively(customer, plan, because)
    const pbx = this.#pbx
    if (plan.attached === 'every kind') pbx.emit({ type: 'attached-changed', ...pbx.of(customer), change: { key: CHANGED_KEY, value: CHANGED_VALUE, source: 'dialplan', at: pbx.now } })
    const agent = pbx.dials(customer, 'agent')
    this.#calls.find(([first]) => first === customer)?.push(agent)
    pbx.answers(agent)
    pbx.answers(customer)
    pbx.bridges(customer, agent)
  }

  #recordNatively(customer: Channel, plan: CallPlan, because: NativeReason): void {
    const pbx = this.#pbx
    const files = { received: `holdfast/native-${customer.channelId}.rx.wav`, transmitted: `holdfast/native-${customer.channelId}.tx.wav` }
    const recorderId = `native-${customer.channelId}`
    pbx.recorders.set(recorderId, { channelId: customer.channelId, recorderId, files, masked: false })
    const native: NativeRecording = {
      type: 'native-recording', began: 'yes', ...pbx.of(customer), because, files, recorderId, direction: 'inbound',
      caller: customer.caller, dialled: 'plain', attached: this.#attached(plan), headers: {}, interactionId: null, announcement: null,
    }
    this.#natives.set(customer.channelId, native)
    if (pbx.linkState === 'up') pbx.emit(native)
  }

  #passOn(customer: Channel, kind: TransferKind): { readonly number: string } {
    const pbx = this.#pbx
    const agent = this.#agentOf(customer)
    const consultation = kind === 'attended' ? pbx.call('consulting', { callId: 'consultation' }) : null
    const colleague = consultation === null ? null : pbx.dials(consultation, COLLEAGUE)
    pbx.transfers(customer, agent, { kind, number: COLLEAGUE, consultation })
    pbx.leaves(customer)
    pbx.leaves(agent)
    pbx.hangsUp(agent)
    const target = colleague ?? pbx.dials(customer, COLLEAGUE)
    pbx.answers(target)
    pbx.enters(`bridge-${target.channelId}`, customer, target)
    if (consultation !== null) pbx.hangsUp(consultation)
    this.#calls.find(([first]) => first === customer)?.push(target)
    return { number: COLLEAGUE }
  }

  #hangUp(customer: Channel): void {
    const legs = this.#calls.find(([first]) => first === customer) ?? []
    this.#calls.splice(0, this.#calls.length, ...this.#calls.filter((call) => call !== legs))
    for (const leg of legs.filter((each) => this.#pbx.isLive(each))) {
      if (this.#pbx.isBridged(leg)) this.#pbx.leaves(leg)
      this.#pbx.hangsUp(leg)
    }
  }

  #agentOf(customer: Channel): Channel {
    const agent = this.#calls.find(([first]) => first === customer)?.[1]
    if (agent === undefined) throw new Error('the agent was not called')
    return agent
  }
}
