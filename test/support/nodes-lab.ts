import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { AudioSource } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { freePorts } from '../../cli/lab/free-ports.ts'
import type { Lab } from '../../cli/lab/holdfast-lab.ts'
import { furnish } from '../../cli/lab/lab-home.ts'
import type { PrivateAsterisk } from '../../cli/lab/private-asterisk.ts'
import type { AmiProxy } from './ami-proxy.ts'
import { type BenchHome, HoldfastBench } from './holdfast-bench.ts'
import { LabBench } from './lab-bench.ts'
import { FAR_PBX, HERE, startFar, trunkText } from './sites-lab.ts'

/** The node of the other site; the first one's is `near`. */
export const FAR_NODE = 'far-node'
const NEAR_NODE = 'near-node'

/** A Holdfast beside a PBX that somebody else has started. */
class FarHoldfast extends HoldfastBench implements AsyncDisposable {
  static async open(home: BenchHome): Promise<FarHoldfast> {
    const bench = new FarHoldfast(home)
    await bench.open()
    return bench
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** Two Asterisks with a trunk between them, and beside each a Holdfast of its own, with its own journal and catalogue: two capture nodes that know each other. */
export class NodesLab implements AsyncDisposable {
  readonly near: LabBench
  readonly far: HoldfastBench
  readonly #asterisk: PrivateAsterisk
  readonly #stack: AsyncDisposableStack

  private constructor({ near, far, asterisk, stack }: { readonly near: LabBench; readonly far: HoldfastBench; readonly asterisk: PrivateAsterisk; readonly stack: AsyncDisposableStack }) {
    this.near = near
    this.far = far
    this.#asterisk = asterisk
    this.#stack = stack
  }

  static async open(): Promise<NodesLab> {
    await using stack = new AsyncDisposableStack()
    const { tcp: [nearPort = 0, farPort = 0], udp: [sipPort = 0] } = await freePorts({ tcp: 2, udp: 1 })
    const started: { asterisk: PrivateAsterisk | null; home: BenchHome | null } = { asterisk: null, home: null }
    const near = await LabBench.open({
      extensions: HERE,
      phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent-here', context: 'from-agent' }],
      attachedKeys: [],
      append: { 'pjsip.conf': trunkText({ name: 'far', as: 'here', context: 'from-far', port: sipPort }) },
      prepare: async (lab) => {
        const { far, proxy, secret } = await startFar(lab, sipPort)
        started.asterisk = stack.use(far)
        stack.use(proxy)
        const shared = randomBytes(32).toString('base64')
        const nodeOf = (own: number, peer: { readonly name: string; readonly port: number; readonly pbx: string }) => (
          { host: '127.0.0.1', port: own, secret: shared, peers: [{ name: peer.name, url: `http://127.0.0.1:${peer.port}`, pbxs: [peer.pbx] }] })
        await alter(lab.settingsFile, { node: { name: NEAR_NODE, number: 0 }, nodes: nodeOf(nearPort, { name: FAR_NODE, port: farPort, pbx: FAR_PBX }) }, { trustedTrunks: ['PJSIP/far'] })
        started.home = await farHome(lab, { far, proxy, secret })
        await alter(started.home.settingsFile, { node: { name: FAR_NODE, number: 1 }, nodes: nodeOf(farPort, { name: NEAR_NODE, port: nearPort, pbx: 'lab' }) }, { id: FAR_PBX, site: 'far', trustedTrunks: ['PJSIP/here'] })
      },
    })
    stack.use(near)
    const { asterisk, home } = started
    if (asterisk === null || home === null) throw new Error('the other site was not started')
    const far = stack.use(await FarHoldfast.open(home))
    return new NodesLab({ near, far, asterisk, stack: stack.move() })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
  }

  /** A telephone of the other site; close it before the test ends. */
  async farPhone(name: string, source: AudioSource): Promise<SipPhone> {
    return await SipPhone.open({ name, proxy: this.#asterisk.sipAddress, source })
  }
}

async function farHome(lab: Lab, { far, proxy, secret }: { readonly far: PrivateAsterisk; readonly proxy: AmiProxy; readonly secret: string }): Promise<BenchHome> {
  const directory = join(lab.settingsFile, '../far-node')
  await mkdir(directory, { mode: 0o700 })
  const recordingDirectory = join(far.spoolDirectory, 'recording')
  const { settingsFile, httpPort } = await furnish({ directory, attachedKeys: [], more: {}, pbx: {
    type: 'asterisk', ami: { host: '127.0.0.1', port: proxy.port, username: 'holdfast', secret }, spool: { type: 'directory', path: recordingDirectory },
  } })
  return { directory, settingsFile, httpPort, sipAddress: far.sipAddress, recordingDirectory }
}

/** Changes settings, and those of its only PBX. */
async function alter(file: string, settings: Readonly<Record<string, unknown>>, pbx: Readonly<Record<string, unknown>>): Promise<void> {
  const known = parse(await readFile(file, 'utf8')) as { readonly pbxs: readonly Readonly<Record<string, unknown>>[] }
  await writeFile(file, stringify({ ...known, ...settings, pbxs: [{ ...known.pbxs[0], ...pbx }] }))
}
