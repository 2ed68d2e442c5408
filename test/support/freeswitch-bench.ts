import type { Context } from 'mocha'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { EslConnection } from '../../adapters/freeswitch/esl-connection.ts'
import type { EslMessage } from '../../adapters/freeswitch/esl-message.ts'
import { USER_EVENTS } from '../../adapters/freeswitch/dialplan-names.ts'
import { tone } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { PrivateFreeSwitch } from '../../cli/lab/private-freeswitch.ts'
import { until } from './hooks.ts'
import { requireFreeSwitch } from './real-freeswitch.ts'

/** Where the files for administrators lie. */
export const DIALPLAN_FILES = path.resolve('dialplan/freeswitch/*.xml')
export const TONES = { customer: 440, agent: 1000 }

const EVENTS = ['CHANNEL_CREATE', 'CHANNEL_ANSWER', 'CHANNEL_BRIDGE', 'CHANNEL_PROGRESS_MEDIA', 'CHANNEL_HANGUP_COMPLETE', 'RECORD_START', 'RECORD_STOP', 'DTMF']

export interface FreeSwitchBenchOptions {
  readonly directory: string
  /** Extensions of the context in which calls begin. */
  readonly publicContext: string
  /** Parameters of the SIP profile. */
  readonly profile?: Readonly<Record<string, string>>
}

/** A real FreeSWITCH with our dialplan, a customer and an agent at telephones, and somebody who listens and answers in the service's place. */
export class FreeSwitchBench implements AsyncDisposable {
  readonly freeSwitch: PrivateFreeSwitch
  readonly customer: SipPhone
  readonly agent: SipPhone
  /** What was told, in order. */
  readonly heard: EslMessage[] = []
  /** Called with each event as it comes. */
  onEvent: (message: EslMessage) => void = () => undefined
  #esl: EslConnection | null = null

  private constructor(freeSwitch: PrivateFreeSwitch, customer: SipPhone, agent: SipPhone) {
    this.freeSwitch = freeSwitch
    this.customer = customer
    this.agent = agent
  }

  static async open(context: Context, { directory, publicContext, profile = {} }: FreeSwitchBenchOptions): Promise<FreeSwitchBench> {
    const installation = await requireFreeSwitch(context)
    const freeSwitch = await PrivateFreeSwitch.start({
      installation, directory, profile, contexts: { public: publicContext }, includeFiles: [DIALPLAN_FILES],
      phones: [{ name: 'agent', context: 'public' }, { name: 'customer', context: 'public' }],
    })
    const customer = await SipPhone.open({ name: 'customer', proxy: freeSwitch.sipAddress, source: tone(TONES.customer) })
    const agent = await SipPhone.open({ name: 'agent', proxy: freeSwitch.sipAddress, source: tone(TONES.agent) })
    await agent.register()
    const bench = new FreeSwitchBench(freeSwitch, customer, agent)
    await bench.listen()
    return bench
  }

  async listen(): Promise<void> {
    const { eventSocketPort: port, password } = this.freeSwitch
    this.#esl = await EslConnection.open({ host: '127.0.0.1', port, password }, {
      event: (message) => {
        this.heard.push(message)
        this.onEvent(message)
      },
      fault: (error) => { throw error },
    })
    await this.#esl.command(`event json ${EVENTS.join(' ')} CUSTOM ${USER_EVENTS.join(' ')}`)
  }

  /** What an API command answers. */
  async api(line: string): Promise<string> {
    if (this.#esl === null) throw new Error('nobody listens')
    return await this.#esl.api(line)
  }

  /** As the service does while it lives; `0`: it went away. */
  async setAlive(seconds: number): Promise<void> {
    await this.api(`global_setvar HOLDFAST_ALIVE_UNTIL=${seconds === 0 ? '' : Math.floor(Date.now() / 1000) + seconds}`)
  }

  /** The first event of that name, or CUSTOM subclass, that satisfies `isIt`. */
  async event(name: string, isIt: (message: EslMessage) => boolean = () => true): Promise<EslMessage> {
    return await until(() => {
      const found = this.all(name).find(isIt)
      if (found === undefined) throw new Error(`no ${name} among ${this.heard.map((message) => message.get('Event-Subclass') ?? message.get('Event-Name')).join(' ')}`)
      return found
    }, { withinMs: 10_000 })
  }

  all(name: string): readonly EslMessage[] {
    return this.heard.filter((message) => (message.get('Event-Subclass') ?? message.get('Event-Name')) === name)
  }

  /** Ends every call, and forgets what was heard. */
  async clear(): Promise<void> {
    this.onEvent = () => undefined
    await this.setAlive(0)
    await this.api('hupall')
    await until(async () => {
      if (!(await this.api('show channels count')).includes('\n0 total')) throw new Error('a channel is left')
    })
    for (const realm of ['holdfast', 'holdfast-started', 'holdfast-pauses']) {
      for (const line of (await this.api(`hash_dump db ${realm}`)).split('\n')) await this.api(`hash delete/${realm}/${/^D\/[^_]+_([^/]+)/.exec(line)?.[1] ?? 'none'}`)
    }
    this.heard.splice(0)
  }

  /** Names below the spool's folder. */
  async spool(): Promise<readonly string[]> {
    return await readdir(path.join(this.freeSwitch.recordingsDirectory, 'holdfast')).catch(() => [])
  }

  async spoolFile(name: string): Promise<Buffer> {
    return await readFile(path.join(this.freeSwitch.recordingsDirectory, name))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#esl?.close('the suite ends')
    await this.customer.close()
    await this.agent.close()
    await this.freeSwitch.stop()
  }
}
