import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AmiTls } from '../../adapters/asterisk/ami-route.ts'
import { AsteriskAdapter } from '../../adapters/asterisk/asterisk-adapter.ts'
import { asteriskConfigSnippets } from '../../adapters/asterisk/pbx-config.ts'
import { tone } from '../../adapters/phone/audio-source.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import type { PhoneEndpoint } from '../../cli/lab/asterisk-endpoints.ts'
import { findOrProvisionAsterisk } from '../../cli/lab/find-asterisk.ts'
import { PrivateAsterisk } from '../../cli/lab/private-asterisk.ts'
import { parsePbxId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import { until } from '../support/hooks.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
export const ATTACHED_KEYS = ['CUSTOMER_TYPE', 'LANGUAGE', 'NOTE', 'CALL_CLASS']
/** Read by the dialplan of the lab. */
export const SIP_HEADERS = new Map([['X-Call-Class', 'CALL_CLASS']])
/** Rights and filter as `holdfast pbx-config asterisk` prints them, and a user to look from outside. */
const USERS = { holdfast: 'a secret; with signs = "and" quotes', observer: 'observer' } as const

export interface Lab {
  readonly asterisk: PrivateAsterisk
  readonly directory: string
}

/** A private Asterisk with Holdfast's dialplan, and the rights that an administrator would give. */
export async function openLab(extensions: string, phones: readonly string[] = []): Promise<Lab> {
  const directory = await mkdtemp(path.join(tmpdir(), 'holdfast-asterisk-'))
  const installation = await findOrProvisionAsterisk({ cacheDir: path.join(ROOT, '.cache/asterisk'), report: (line) => console.error(`      ${line}`) })
  const snippets = asteriskConfigSnippets({
    ami: { username: 'holdfast', secret: USERS.holdfast, from: '127.0.0.1/255.255.255.255' },
    ari: null,
    recordingDirectory: path.join(directory, 'spool/recording'),
    attachedKeys: ATTACHED_KEYS,
    sipHeaders: SIP_HEADERS,
  })
  const globals = snippets['extensions.conf']
  const asterisk = await PrivateAsterisk.start({
    installation,
    directory,
    extensions: `[globals]\n${globals}\n${extensions}`,
    includeFiles: [path.join(ROOT, 'dialplan/asterisk/holdfast.conf')],
    phones: phones.map(endpoint),
    managerUsers: [{ name: 'observer', secret: USERS.observer, read: 'system,call,user,dialplan,agent', write: 'system,call', eventFilters: [] }],
    ariUsers: [{ name: 'holdfast', password: 'ari' }],
    append: { 'queues.conf': '[sales]\nstrategy = ringall\nmember => PJSIP/agent\n', 'manager.conf': snippets['manager.conf'].replace(/^; in \[general\]:[\s\S]*?(?=\n\[)/, '') },
    tls: 'self-signed',
  })
  return { asterisk, directory }
}

export async function closeLab({ asterisk, directory }: Lab): Promise<void> {
  await asterisk[Symbol.asyncDispose]()
  await rm(directory, { recursive: true, force: true })
}

/** An adapter and everything that it told so far. */
export class Heard implements AsyncDisposable {
  readonly adapter: AsteriskAdapter
  readonly events: PbxEvent[] = []
  readonly runtime = quietRuntime()
  readonly #reading: Promise<void>

  private constructor({ asterisk }: Lab, options: { readonly user: keyof typeof USERS; readonly tls: AmiTls | null }) {
    const { user, tls } = options
    this.adapter = new AsteriskAdapter({
      pbxId: parsePbxId('lab'),
      ami: { host: '127.0.0.1', port: tls === null ? asterisk.amiPort : (asterisk.tls?.amiPort ?? 0), username: user, secret: USERS[user], tls },
      recordingDirectory: path.join(asterisk.spoolDirectory, 'recording'),
      spoolFormat: 'wav',
      wanted: { keys: ATTACHED_KEYS, headers: SIP_HEADERS },
      eventFilter: user === 'observer' ? 'none' : 'own',
      runtime: this.runtime,
      random: Math.random,
    })
    this.adapter.start()
    this.#reading = this.#read()
  }

  static async open(lab: Lab, { user = 'holdfast', tls = null }: { readonly user?: keyof typeof USERS; readonly tls?: AmiTls | null } = {}): Promise<Heard> {
    const heard = new Heard(lab, { user, tls })
    await heard.next('link-up')
    return heard
  }

  all<T extends PbxEvent['type']>(type: T): readonly Extract<PbxEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<PbxEvent, { type: T }> => event.type === type)
  }

  /** The first event of this type that fits; waits for it. */
  async next<T extends PbxEvent['type']>(type: T, fits: (event: Extract<PbxEvent, { type: T }>) => boolean = () => true): Promise<Extract<PbxEvent, { type: T }>> {
    return until(() => {
      const found = this.all(type).find(fits)
      if (found === undefined) throw new Error(`no ${type} among ${this.events.map((event) => event.type).join(' ')}`)
      return found
    }, { withinMs: 15_000 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.adapter[Symbol.asyncDispose]()
    await this.#reading
  }

  async #read(): Promise<void> {
    for await (const event of this.adapter.events()) this.events.push(event)
  }
}

/** A call between two Local channels: one runs `extension` in the context `calls`, the other sounds `tone`. */
export async function originate({ asterisk }: Lab, extension: string): Promise<void> {
  await asterisk.cli(`channel originate Local/1@tone/n extension ${extension}@calls`)
}

/** One global variable, as the dialplan reads it. */
export async function globalVariable({ asterisk }: Lab, name: string): Promise<string> {
  return /=(.*)/.exec((await asterisk.cli('dialplan show globals')).split('\n').find((line) => line.trim().startsWith(`${name}=`)) ?? '')?.[1]?.trim() ?? ''
}

/** What a Holdfast that was killed a moment ago leaves behind. */
export async function leaveFreshHeartbeat({ asterisk }: Lab): Promise<void> {
  await asterisk.cli(`dialplan set global HOLDFAST_HEARTBEAT ${Math.floor(Date.now() / 1000)}`)
}

export function spoolPath({ asterisk }: Lab, name: string): string {
  return path.join(asterisk.spoolDirectory, 'recording', name)
}

/** Certificate of the lab, as a client has to trust it. */
export async function certificateOf({ asterisk }: Lab): Promise<string> {
  return readFile(asterisk.tls?.certificateFile ?? '', 'utf8')
}

/** A telephone of the customer that calls `dial`, and the agent's that takes it. */
export async function phoneCall({ asterisk }: Lab, target = 'dial'): Promise<OutgoingCall & AsyncDisposable> {
  const proxy = asterisk.sipAddress
  const customer = await SipPhone.open({ name: 'customer', proxy, source: tone(440) })
  const agent = await SipPhone.open({ name: 'agent', proxy, source: tone(1000) })
  await agent.register()
  agent.onIncoming((ringing) => void ringing.answer({ afterMs: 200 }))
  const call = await customer.call(target)
  return Object.assign(call, {
    [Symbol.asyncDispose]: async () => {
      await Promise.all([customer.close(), agent.close()])
    },
  })
}

function endpoint(name: string): PhoneEndpoint {
  return { name, context: 'calls', address: null, password: null, entries: [] }
}
