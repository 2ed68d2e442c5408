import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { AsteriskAdapter } from '../../../adapters/asterisk/asterisk-adapter.ts'
import { asteriskConfigSnippets } from '../../../adapters/asterisk/pbx-config.ts'
import { findOrProvisionAsterisk } from '../../../cli/lab/find-asterisk.ts'
import { PrivateAsterisk } from '../../../cli/lab/private-asterisk.ts'
import { parsePbxId } from '../../../core/domain/ids.ts'
import type { SegmentFiles } from '../../../core/domain/recording.ts'
import { setTimeout as delay } from 'node:timers/promises'
import { exactSilence } from '../audio/exact-silence.ts'
import { readMonoWav } from '../audio/read-wav.ts'
import { SAMPLES_PER_MS } from '../audio/samples-per-ms.ts'
import { until } from '../hooks.ts'
import { quietRuntime } from '../quiet-runtime.ts'
import { HeardEvents } from './heard-events.ts'
import { LinkProxy } from './link-proxy.ts'
import { type CallPlan, type PbxSubject, SUBJECT_KEYS, type SubjectCall } from './pbx-subject.ts'
import { PhoneTrio } from './phone-trio.ts'
import { COLLEAGUE, contractExtensions, FEATURES, HOLDFAST_CONF, QUEUES, ROUTES, TOGGLE_CODE } from './real-asterisk-plan.ts'

export const USER = { name: 'holdfast', secret: 'of-the-contract' } as const

/** A private Asterisk with Holdfast's dialplan, with the rights and the filter that we print, and three telephones. */
export class RealAsteriskSubject implements PbxSubject {
  readonly #asterisk: PrivateAsterisk
  readonly #directory: string
  readonly #proxy: LinkProxy
  readonly #phones: PhoneTrio

  private constructor(parts: { readonly asterisk: PrivateAsterisk; readonly directory: string; readonly proxy: LinkProxy; readonly phones: PhoneTrio }) {
    this.#asterisk = parts.asterisk
    this.#directory = parts.directory
    this.#proxy = parts.proxy
    this.#phones = parts.phones
  }

  static async open(): Promise<RealAsteriskSubject> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-contract-'))
    const asterisk = await startAsterisk(directory)
    const proxy = await LinkProxy.open(asterisk.amiPort)
    const phones = await PhoneTrio.open(asterisk.sipAddress)
    return new RealAsteriskSubject({ asterisk, directory, proxy, phones })
  }

  /** What a service would be connected to, past the proxy. */
  get amiPort(): number {
    return this.#asterisk.amiPort
  }

  service(port = this.#proxy.port): HeardEvents {
    return new HeardEvents(new AsteriskAdapter({
      pbxId: parsePbxId('contract'),
      ami: { host: '127.0.0.1', port, username: USER.name, secret: USER.secret, tls: null },
      recordingDirectory: join(this.#asterisk.spoolDirectory, 'recording'),
      spoolFormat: 'wav', wanted: { keys: SUBJECT_KEYS, headers: new Map() }, eventFilter: 'own', runtime: quietRuntime(), random: Math.random,
    }))
  }

  async call({ attached }: CallPlan = { attached: 'nothing' }): Promise<SubjectCall> {
    const customer = await this.#phones.customer.call(ROUTES[attached])
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
    if (this.#asterisk.pid === null) return
    await this.#asterisk.cli('channel request hangup all')
    await until(async () => expect(await this.#asterisk.cli('core show channels count')).to.match(/^0 active channels/m))
    await this.#asterisk.cli('database deltree holdfast')
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
    await this.#asterisk.restart()
    await this.#phones.again()
  }

  async pass(ms: number): Promise<void> {
    await delay(ms)
  }

  async silencedMs({ received, transmitted }: SegmentFiles): Promise<number> {
    const below = join(this.#asterisk.spoolDirectory, 'recording')
    const lanes = await Promise.all([received, transmitted].map((file) => readMonoWav(join(below, file))))
    return Math.max(0, ...exactSilence(lanes, 2000).map(({ start, end }) => (end - start) / SAMPLES_PER_MS))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#phones.close()
    await this.#proxy[Symbol.asyncDispose]()
    await this.#asterisk[Symbol.asyncDispose]()
    await rm(this.#directory, { recursive: true, force: true })
  }
}

async function startAsterisk(directory: string): Promise<PrivateAsterisk> {
  const installation = await findOrProvisionAsterisk({ cacheDir: join(import.meta.dirname, '../../../.cache/asterisk'), report: (line) => console.error(`      ${line}`) })
  const snippets = asteriskConfigSnippets({
    ami: { username: USER.name, secret: USER.secret, from: '127.0.0.1/255.255.255.255' },
    ari: null, recordingDirectory: join(directory, 'spool/recording'), attachedKeys: SUBJECT_KEYS, sipHeaders: new Map(),
  })
  const manager = snippets['manager.conf'].replace(/^; in \[general\]:[\s\S]*?(?=\n\[)/, '')
  return await PrivateAsterisk.start({
    installation, directory,
    extensions: `[globals]\n${snippets['extensions.conf']}\n${contractExtensions()}`,
    includeFiles: [HOLDFAST_CONF],
    phones: ['customer', 'agent', COLLEAGUE].map((name) => ({ name, context: 'calls', address: null, password: null, entries: [] })),
    append: { 'queues.conf': QUEUES, 'features.conf': FEATURES, 'manager.conf': manager },
  })
}
