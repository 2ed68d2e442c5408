import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EslEndpoint } from '../../../adapters/freeswitch/esl-connection.ts'
import { FreeSwitchAdapter } from '../../../adapters/freeswitch/freeswitch-adapter.ts'
import { DirectoryRecordingSource } from '../../../adapters/spool/directory-recording-source.ts'
import type { FreeSwitchInstallation } from '../../../cli/lab/freeswitch-launch.ts'
import { PrivateFreeSwitch } from '../../../cli/lab/private-freeswitch.ts'
import { parsePbxId } from '../../../core/domain/ids.ts'
import type { SegmentFiles } from '../../../core/domain/recording.ts'
import { exactSilence } from '../audio/exact-silence.ts'
import { readWav } from '../audio/read-wav.ts'
import { DIALPLAN_FILES } from '../freeswitch-bench.ts'
import { until } from '../hooks.ts'
import { quietRuntime } from '../quiet-runtime.ts'
import { HeardEvents } from './heard-events.ts'
import { LinkProxy } from './link-proxy.ts'
import { ATTACHED_KINDS, type CallPlan, CHANGED_KEY, CHANGED_VALUE, type PbxSubject, SUBJECT_KEYS, type SubjectCall } from './pbx-subject.ts'
import { PhoneTrio } from './phone-trio.ts'
import { setByMessage } from './raw-event-socket.ts'

const SAMPLE_RATE_HZ = 8000
const TOGGLE_CODE = '*73'
const COLLEAGUE = 'colleague'
const REALMS = ['holdfast', 'holdfast-started', 'holdfast-pauses']
const ASK = '<action application="execute_extension" data="record:direction=inbound XML holdfast"/><action application="execute_extension" data="agents XML holdfast"/>'
const ring = (name: string): string => `<action application="bridge" data="\${sofia_contact(internal/${name}@127.0.0.1)}"/>`
const ROUTES: Readonly<Record<string, string>> = {
  plain: `<action application="set" data="record=source"/>${ASK}${ring('agent')}`,
  past: `<action application="set" data="record=source"/>${ASK}<action application="set" data="bypass_media=true"/>${ring('agent')}`,
  // Who sets hostile values does it while the leg waits here: no dialplan can write them.
  waiting: '<action application="park"/>',
  kinds: `${ASK}<action application="set" data="${CHANGED_KEY}=${CHANGED_VALUE}"/>${ring('agent')}`,
  [COLLEAGUE]: ring(COLLEAGUE),
}

/** A private FreeSWITCH with Holdfast's dialplan, and three telephones. */
export class RealFreeSwitchSubject implements PbxSubject {
  readonly #freeSwitch: PrivateFreeSwitch
  readonly #directory: string
  readonly #proxy: LinkProxy
  readonly #phones: PhoneTrio

  private constructor(parts: { readonly freeSwitch: PrivateFreeSwitch; readonly directory: string; readonly proxy: LinkProxy; readonly phones: PhoneTrio }) {
    this.#freeSwitch = parts.freeSwitch
    this.#directory = parts.directory
    this.#proxy = parts.proxy
    this.#phones = parts.phones
  }

  static async open(installation: FreeSwitchInstallation): Promise<RealFreeSwitchSubject> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-contract-'))
    const freeSwitch = await PrivateFreeSwitch.start({
      installation, directory, includeFiles: [DIALPLAN_FILES], profile: { 'fire-transfer-events': 'true' },
      contexts: { public: Object.entries(ROUTES).map(([name, actions]) => `<extension name="${name}"><condition field="destination_number" expression="^${name}$">${actions}</condition></extension>`).join('\n') },
      phones: ['customer', 'agent', COLLEAGUE].map((name) => ({ name, context: 'public' })),
    })
    const proxy = await LinkProxy.open(freeSwitch.eventSocketPort)
    return new RealFreeSwitchSubject({ freeSwitch, directory, proxy, phones: await PhoneTrio.open(freeSwitch.sipAddress) })
  }

  /** What a service would be connected to, past the proxy. */
  get eventSocket(): EslEndpoint {
    return { host: '127.0.0.1', port: this.#freeSwitch.eventSocketPort, password: this.#freeSwitch.password }
  }

  get recordingsDirectory(): string {
    return this.#freeSwitch.recordingsDirectory
  }

  service(): HeardEvents {
    const recordingDirectory = this.#freeSwitch.recordingsDirectory
    return new HeardEvents(new FreeSwitchAdapter({
      pbxId: parsePbxId('contract'), esl: { host: '127.0.0.1', port: this.#proxy.port, password: this.#freeSwitch.password },
      recordingDirectory, spool: new DirectoryRecordingSource(recordingDirectory), sampleRateHz: SAMPLE_RATE_HZ,
      wanted: { keys: SUBJECT_KEYS, headers: new Map() }, runtime: quietRuntime(), random: Math.random,
    }))
  }

  async call({ attached, sound }: CallPlan = { attached: 'nothing' }): Promise<SubjectCall> {
    const customer = await this.#phones.customer.call(sound === 'passes by' ? 'past' : attached === 'nothing' ? 'plain' : 'waiting')
    if (attached === 'every kind') await this.#attachAll()
    return {
      passOn: async (kind) => {
        await this.#phones.passOn(kind, COLLEAGUE)
        return { number: COLLEAGUE }
      },
      pressCode: async () => await this.#phones.press(TOGGLE_CODE),
      hangUp: async () => await customer.hangUp(),
    }
  }

  async endCalls(): Promise<void> {
    if (this.#freeSwitch.pid === null) return
    await this.#freeSwitch.cli('hupall')
    await until(async () => expect(await this.#freeSwitch.cli('show channels count')).to.contain('0 total'))
    for (const realm of REALMS) {
      for (const line of (await this.#freeSwitch.cli(`hash_dump db ${realm}`)).split('\n')) {
        const key = /^D\/[^_]+_([^/]+)/.exec(line)?.[1]
        if (key !== undefined) await this.#freeSwitch.cli(`hash delete/${realm}/${key}`)
      }
    }
    this.#phones.forgetCalls()
  }

  cut(): void {
    this.#proxy.cut()
  }

  mend(): void {
    this.#proxy.mend()
  }

  fallSilent(): void {
    this.#proxy.fallSilent()
  }

  async restart(): Promise<void> {
    await this.#freeSwitch.restart()
    await this.#phones.again()
  }

  async pass(ms: number): Promise<void> {
    await delay(ms)
  }

  async silencedMs({ received }: SegmentFiles): Promise<number> {
    const { channels } = await readWav(join(this.#freeSwitch.recordingsDirectory, received))
    return Math.max(0, ...exactSilence(channels, 2000).map(({ start, end }) => ((end - start) * 1000) / SAMPLE_RATE_HZ))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#phones.close()
    await this.#proxy[Symbol.asyncDispose]()
    await this.#freeSwitch.stop()
    await rm(this.#directory, { recursive: true, force: true })
  }

  /** `set` expands what it is given, `uuid_setvar` does not, and cannot carry a line break or a quote. */
  async #attachAll(): Promise<void> {
    const channelId = await until(async () => {
      const id = /^([0-9a-f-]{36}),inbound,.*,park,/m.exec(await this.#freeSwitch.cli('show channels'))?.[1]
      if (id === undefined) throw new Error('the customer does not wait')
      return id
    })
    const { EXPANSION, ...plain } = ATTACHED_KINDS
    await setByMessage({ port: this.#freeSwitch.eventSocketPort, password: this.#freeSwitch.password }, channelId, Object.entries(plain).map(([key, value]) => `${key}=${value}`))
    await this.#freeSwitch.cli(`uuid_setvar ${channelId} EXPANSION ${EXPANSION}`)
    await this.#freeSwitch.cli(`uuid_transfer ${channelId} kinds`)
  }
}
