import { setTimeout as delay } from 'node:timers/promises'
import type { SegmentFiles } from '../../../core/domain/recording.ts'
import type { TransferKind } from '../../../core/domain/transfer.ts'
import type { PbxAdapter } from '../../../core/ports/pbx-adapter.ts'
import type { CallScene } from '../simulated/call-scenes.ts'
import type { Cast } from '../simulated/scene.ts'
import { HeardEvents } from './heard-events.ts'
import type { CallPlan, PbxSubject, SubjectCall } from './pbx-subject.ts'

/** As long as a dialplan waits for its answer. */
const DIALPLAN_PATIENCE_MS = 250
/** Adapters tell restarts apart by the second. */
const RESTART_MS = 1100
const COLLEAGUE = 'colleague'

/** A simulated PBX, and what it plays. */
export interface ReplayedPbx extends AsyncDisposable {
  readonly isServed: boolean
  cast(): Cast
  /** The leg that asks. */
  customerOf(cast: Cast): string
  play(cast: Cast, scene: CallScene, stage: string): void
  adapter(): PbxAdapter
  /** Recorders on this leg are given no sound. */
  passBy(customer: string): void
  /** What its dialplan noted. */
  forgetNotes(): void
  cut(): void
  mend(): void
  fallSilent(): void
  restart(): void
  silencedMs(received: string): number
}

interface ReplayedCall {
  readonly cast: Cast
  readonly plan: CallPlan['attached']
  readonly customer: string
  timer: NodeJS.Timeout | null
  /** What is played when the customer hangs up. */
  ends: CallScene
}

/** Receives what the route that waits on a channel is answered. */
export type Answered = (channelId: string, answer: string) => void

/** What a real PBX sent, played over TCP by a simulated one, which answers commands itself. */
export class ReplayedSubject implements PbxSubject {
  readonly #pbx: ReplayedPbx
  readonly #calls = new Map<string, ReplayedCall>()

  private constructor(pbx: ReplayedPbx) {
    this.#pbx = pbx
  }

  static async open(openPbx: (answered: Answered) => Promise<ReplayedPbx>): Promise<ReplayedSubject> {
    const opened: { subject: ReplayedSubject | null } = { subject: null }
    const pbx = await openPbx((channelId, answer) => opened.subject?.answered(channelId, answer))
    opened.subject = new ReplayedSubject(pbx)
    return opened.subject
  }

  service(): HeardEvents {
    return new HeardEvents(this.#pbx.adapter())
  }

  async call({ attached, sound }: CallPlan = { attached: 'nothing' }): Promise<SubjectCall> {
    const cast = this.#pbx.cast()
    const call: ReplayedCall = { cast, plan: attached, customer: this.#pbx.customerOf(cast), timer: null, ends: 'plain-answered' }
    this.#calls.set(call.customer, call)
    if (sound === 'passes by') this.#pbx.passBy(call.customer)
    if (this.#pbx.isServed) {
      this.#play(call, attached === 'nothing' ? 'plain-answered' : 'kinds-answered', 'asks')
      call.timer = setTimeout(() => this.#goOn(call, attached === 'nothing' ? 'plain-unanswered' : 'kinds-unanswered', 'unanswered'), DIALPLAN_PATIENCE_MS)
    } else this.#goOn(call, 'plain-unserved', 'asks')
    return await Promise.resolve({
      passOn: async (kind) => await Promise.resolve(this.#passOn(call, kind)),
      pressCode: async () => await Promise.resolve(this.#play(call, 'plain-code', 'presses')),
      hangUp: async () => await Promise.resolve(this.#end(call)),
    })
  }

  /** The route that waits on this channel has its answer. */
  answered(channelId: string, answer: string): void {
    const call = this.#calls.get(channelId)
    if (call?.timer === null || call === undefined) return
    if (answer.endsWith(':insure')) this.#goOn(call, 'plain-insured', 'insured')
    else this.#goOn(call, call.plan === 'nothing' ? 'plain-answered' : 'kinds-answered', 'answered')
  }

  async endCalls(): Promise<void> {
    for (const call of this.#calls.values()) this.#end(call)
    this.#pbx.forgetNotes()
    await Promise.resolve()
  }

  cut(): void {
    this.#pbx.cut()
  }

  mend(): void {
    this.#pbx.mend()
  }

  fallSilent(): void {
    this.#pbx.fallSilent()
  }

  async restart(): Promise<void> {
    this.#calls.clear()
    await delay(RESTART_MS)
    this.#pbx.restart()
  }

  async pass(ms: number): Promise<void> {
    await delay(ms)
  }

  async silencedMs({ received }: SegmentFiles): Promise<number> {
    return await Promise.resolve(this.#pbx.silencedMs(received))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { timer } of this.#calls.values()) if (timer !== null) clearTimeout(timer)
    await this.#pbx[Symbol.asyncDispose]()
  }

  #goOn(call: ReplayedCall, scene: CallScene, stage: string): void {
    if (call.timer !== null) clearTimeout(call.timer)
    call.timer = null
    call.ends = scene
    this.#play(call, scene, stage)
  }

  #passOn(call: ReplayedCall, kind: TransferKind): { readonly number: string } {
    const scene = kind === 'blind' ? 'plain-blind' : 'plain-attended'
    call.ends = scene
    this.#play(call, scene, 'passes')
    return { number: COLLEAGUE }
  }

  #end(call: ReplayedCall): void {
    if (call.timer !== null) clearTimeout(call.timer)
    this.#calls.delete(call.customer)
    this.#play(call, call.ends, 'ends')
  }

  #play({ cast }: ReplayedCall, scene: CallScene, stage: string): void {
    this.#pbx.play(cast, scene, stage)
  }
}
