import { setTimeout as delay } from 'node:timers/promises'
import { AsteriskAdapter } from '../../../adapters/asterisk/asterisk-adapter.ts'
import { ACK_VARIABLE, HEARTBEAT_VARIABLE } from '../../../adapters/asterisk/dialplan-names.ts'
import { parsePbxId } from '../../../core/domain/ids.ts'
import type { SegmentFiles } from '../../../core/domain/recording.ts'
import type { TransferKind } from '../../../core/domain/transfer.ts'
import { quietRuntime } from '../quiet-runtime.ts'
import { asteriskCast, type AsteriskScene, asteriskScene } from '../simulated/asterisk-scenes.ts'
import type { Cast } from '../simulated/scene.ts'
import { SimulatedAsterisk } from '../simulated/simulated-asterisk.ts'
import { DialplanWords } from './asterisk-dialplan-words.ts'
import { HeardEvents } from './heard-events.ts'
import { type CallPlan, type PbxSubject, SUBJECT_KEYS, type SubjectCall } from './pbx-subject.ts'

/** As long as the dialplan waits for its answer. */
const DIALPLAN_PATIENCE_MS = 250
const RECORDING_DIRECTORY = '/var/spool/asterisk/recording'
const COLLEAGUE = 'colleague'

interface ReplayedCall {
  readonly cast: Cast
  readonly plan: CallPlan['attached']
  readonly customer: string
  timer: NodeJS.Timeout | null
  /** What is played when the customer hangs up. */
  ends: AsteriskScene
}

/** What a real Asterisk sent, played over TCP by a simulated one, which answers commands itself. */
export class ReplayedAsteriskSubject implements PbxSubject {
  readonly #asterisk: SimulatedAsterisk
  readonly #calls = new Map<string, ReplayedCall>()

  private constructor(asterisk: SimulatedAsterisk) {
    this.#asterisk = asterisk
    asterisk.queueMembers = [['Event: QueueMember', 'Queue: sales', 'Name: agent', 'Location: PJSIP/agent', 'StateInterface: PJSIP/agent']]
  }

  static async open(): Promise<ReplayedAsteriskSubject> {
    const subject: { replayed: ReplayedAsteriskSubject | null } = { replayed: null }
    const asterisk = await SimulatedAsterisk.open({
      variable: ({ uniqueId }, name, value) => {
        if (name === ACK_VARIABLE) subject.replayed?.answered(uniqueId, value)
      },
    })
    subject.replayed = new ReplayedAsteriskSubject(asterisk)
    return subject.replayed
  }

  service(): HeardEvents {
    return new HeardEvents(new AsteriskAdapter({
      pbxId: parsePbxId('contract'),
      ami: { host: '127.0.0.1', port: this.#asterisk.port, username: 'holdfast', secret: 'secret', tls: null },
      recordingDirectory: RECORDING_DIRECTORY, spoolFormat: 'wav', wanted: { keys: SUBJECT_KEYS, headers: new Map() }, eventFilter: 'own', runtime: quietRuntime(), random: Math.random,
    }))
  }

  async call({ attached }: CallPlan = { attached: 'nothing' }): Promise<SubjectCall> {
    const cast = asteriskCast()
    const call: ReplayedCall = { cast, plan: attached, customer: cast.id('u', 0), timer: null, ends: 'plain-answered' }
    this.#calls.set(call.customer, call)
    const isServed = Number(this.#asterisk.globals.get(HEARTBEAT_VARIABLE) ?? 0) > 0
    this.#play(call, isServed ? (attached === 'nothing' ? 'plain-answered' : 'kinds-answered') : 'plain-unserved', 'asks')
    if (isServed) call.timer = setTimeout(() => this.#goOn(call, attached === 'nothing' ? 'plain-unanswered' : 'kinds-unanswered', 'unanswered'), DIALPLAN_PATIENCE_MS)
    return await Promise.resolve({
      passOn: async (kind) => await Promise.resolve(this.#passOn(call, kind)),
      pressCode: async () => await Promise.resolve(this.#play(call, 'plain-code', 'presses')),
      hangUp: async () => await Promise.resolve(this.#end(call)),
    })
  }

  /** The route that waits on this channel has its answer. */
  answered(uniqueId: string, answer: string): void {
    const call = this.#calls.get(uniqueId)
    if (call?.timer === null || call === undefined) return
    if (answer.endsWith(':insure')) this.#goOn(call, 'plain-insured', 'insured')
    else this.#goOn(call, call.plan === 'nothing' ? 'plain-answered' : 'kinds-answered', 'answered')
  }

  async endCalls(): Promise<void> {
    for (const call of this.#calls.values()) this.#end(call)
    this.#asterisk.database.clear()
    await Promise.resolve()
  }

  cut(): void {
    this.#asterisk.cut()
  }

  mend(): void {
    this.#asterisk.mend()
  }

  fallSilent(): void {
    this.#asterisk.fallSilent()
  }

  async restart(): Promise<void> {
    this.#calls.clear()
    // The adapter tells restarts apart by the second.
    await delay(1100)
    this.#asterisk.restart()
  }

  async pass(ms: number): Promise<void> {
    await delay(ms)
  }

  async silencedMs({ received }: SegmentFiles): Promise<number> {
    return await Promise.resolve(this.#asterisk.silencedMs(`${RECORDING_DIRECTORY}/${received}`))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { timer } of this.#calls.values()) if (timer !== null) clearTimeout(timer)
    await this.#asterisk[Symbol.asyncDispose]()
  }

  #goOn(call: ReplayedCall, scene: AsteriskScene, stage: string): void {
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

  #play({ cast }: ReplayedCall, name: AsteriskScene, stage: string): void {
    const words = new DialplanWords(this.#asterisk)
    for (const message of asteriskScene(name).stages.get(stage) ?? []) {
      const said = words.said(cast.fill(message))
      if (said !== null) this.#asterisk.play(said)
    }
  }
}
