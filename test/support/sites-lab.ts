import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { eventFilters, managerRights } from '../../adapters/asterisk/pbx-config.ts'
import type { AudioSource } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { confText } from '../../cli/lab/asterisk-conf.ts'
import { endpointSections, type PhoneEndpoint } from '../../cli/lab/asterisk-endpoints.ts'
import { findOrProvisionAsterisk } from '../../cli/lab/find-asterisk.ts'
import { freePorts } from '../../cli/lab/free-ports.ts'
import { consoleOf, HOLDFAST_DIALPLAN, type Lab } from '../../cli/lab/holdfast-lab.ts'
import { PrivateAsterisk } from '../../cli/lab/private-asterisk.ts'
import { AmiProxy } from './ami-proxy.ts'
import { LabBench } from './lab-bench.ts'

const CACHE = join(import.meta.dirname, '../../.cache')
/** The PBX of the other site in the settings; the first one's is `lab`. */
export const FAR_PBX = 'far'
/** Where its sealed recordings lie. */
export const FAR_STORE = 'far-store'
/** How its clock is off: far more than lies between the two recordings of a transferred call, and to the side that turns their order round. */
export const FAR_SHIFT_MS = -7000

/** Customers call 100; agents transfer to 2XX, which is at the other site, where the agent's side is recorded. Ends in the agents' context. */
export const CALLS_HERE = `
[from-customer]
exten => 100,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-here,30,tT)
 same => n,Hangup()
[from-agent]
exten => _2XX,1,Dial(PJSIP/\${EXTEN}@far,30,tTb(holdfast-trunk^s^1))
 same => n,Hangup()
`
export const HERE = `${CALLS_HERE}exten => external_replaces,1,Dial(PJSIP/302@far,30,b(take-over^s^1))
[take-over]
exten => s,1,Gosub(holdfast-trunk,s,1)
 same => n,Set(PJSIP_HEADER(add,Replaces)=\${SIPREPLACESHDR})
 same => n,Return()
[from-far]
exten => _X.,1,Hangup()
`
const THERE = `
[from-here]
exten => _2XX,1,Set(record=destination)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-there,30,tT)
 same => n,Hangup()
; What takes the place of a leg has to name an extension all the same; nobody gets there.
exten => 302,1,Hangup()
[from-agent]
exten => 301,1,Set(record=destination)
 same => n,Gosub(holdfast-record,s,1(direction=internal))
 same => n,Dial(PJSIP/agent-there,30,tT)
 same => n,Hangup()
`

/** Two Asterisks, one trunk between them, and one Holdfast that serves both. Telephones `customer` and `agent-here` here; `agent-there`, `stranger` and `second-line` at the other site. */
export class SitesLab implements AsyncDisposable {
  readonly bench: LabBench
  readonly far: PrivateAsterisk
  readonly proxy: AmiProxy
  readonly #stack: AsyncDisposableStack

  private constructor(parts: { readonly bench: LabBench; readonly far: PrivateAsterisk; readonly proxy: AmiProxy; readonly stack: AsyncDisposableStack }) {
    this.bench = parts.bench
    this.far = parts.far
    this.proxy = parts.proxy
    this.#stack = parts.stack
  }

  static async open(): Promise<SitesLab> {
    await using stack = new AsyncDisposableStack()
    const [farPort = 0] = (await freePorts({ tcp: 0, udp: 1 })).udp
    const started: { far: PrivateAsterisk | null; proxy: AmiProxy | null } = { far: null, proxy: null }
    const bench = await LabBench.open({
      extensions: HERE,
      phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent-here', context: 'from-agent' }],
      attachedKeys: [],
      append: { 'pjsip.conf': trunkText({ name: 'far', as: 'here', context: 'from-far', port: farPort }) },
      prepare: async (lab) => {
        const { far, proxy, secret } = await startFar(lab, farPort)
        started.far = stack.use(far)
        started.proxy = stack.use(proxy)
        await addToSettings(lab, { far, port: proxy.port, secret })
      },
    })
    stack.use(bench)
    if (started.far === null || started.proxy === null) throw new Error('the other site was not started')
    return new SitesLab({ bench, far: started.far, proxy: started.proxy, stack: stack.move() })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }

  /** A telephone of the other site; close it before the test ends. */
  async farPhone(name: string, source: AudioSource): Promise<SipPhone> {
    return await SipPhone.open({ name, proxy: this.far.sipAddress, source })
  }
}

export function trunkText({ name, as, context, port }: { readonly name: string; readonly as: string; readonly context: string; readonly port: number }): string {
  return confText(endpointSections(trunk({ name, as, context, port })))
}

/** The other PBX knows a call by the user of its From; whose number it is travels beside it. */
function trunk({ name, as, context, port }: { readonly name: string; readonly as: string; readonly context: string; readonly port: number }): PhoneEndpoint {
  return { name, context, address: `127.0.0.1:${port}`, password: null, entries: [['from_user', as], ['send_pai', 'yes'], ['trust_id_inbound', 'yes'], ['trust_id_outbound', 'yes']] }
}

export async function startFar({ asterisk: here, settingsFile }: Pick<Lab, 'asterisk' | 'settingsFile'>, sipPort: number): Promise<{ readonly far: PrivateAsterisk; readonly proxy: AmiProxy; readonly secret: string }> {
  const installation = await findOrProvisionAsterisk({ cacheDir: CACHE, report: () => undefined })
  const directory = join(settingsFile, '../far')
  const secret = randomBytes(18).toString('base64url')
  const rights = new Map(managerRights('127.0.0.1'))
  const phone = (name: string): PhoneEndpoint => ({ name, context: name === 'stranger' ? 'from-here' : 'from-agent', address: null, password: null, entries: [] })
  const far = await PrivateAsterisk.start({
    installation, directory, sipPort, systemName: 'far',
    // Its clock seems to be behind for Holdfast alone: the heartbeat comes as old as that.
    extensions: `[globals]\nHOLDFAST_STALE_SECONDS=60\nHOLDFAST_SPOOL=${directory}/spool/recording\nHOLDFAST_CLI=${consoleOf(installation.command, directory)}\n${THERE}`,
    includeFiles: [HOLDFAST_DIALPLAN],
    phones: [phone('agent-there'), phone('stranger'), phone('second-line'), trunk({ name: 'here', as: 'far', context: 'from-here', port: here.sipPort })],
    managerUsers: [{ name: 'holdfast', secret, read: rights.get('read') ?? '', write: rights.get('write') ?? '', eventFilters: eventFilters([]) }],
  })
  const proxy = await AmiProxy.open(far.amiPort)
  proxy.shiftMs = FAR_SHIFT_MS
  return { far, proxy, secret }
}

async function addToSettings({ settingsFile }: Lab, { far, port, secret }: { readonly far: PrivateAsterisk; readonly port: number; readonly secret: string }): Promise<void> {
  const settings = parse(await readFile(settingsFile, 'utf8')) as { readonly pbxs: readonly Readonly<Record<string, unknown>>[] }
  const recordings = join(far.spoolDirectory, 'recording')
  const pbxs = [
    ...settings.pbxs.map((pbx) => ({ ...pbx, trustedTrunks: ['PJSIP/far'] })),
    { id: FAR_PBX, type: 'asterisk', site: 'far', store: FAR_STORE, trustedTrunks: ['PJSIP/here'], ami: { host: '127.0.0.1', port, username: 'holdfast', secret }, spool: { type: 'directory', path: recordings } },
  ]
  await writeFile(settingsFile, stringify({ ...settings, pbxs, stores: [{ name: FAR_STORE, path: join(settingsFile, '../far-objects') }] }))
}
