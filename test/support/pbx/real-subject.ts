import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { PrivatePbx } from '../../../cli/lab/private-pbx.ts'
import type { SegmentFiles } from '../../../core/domain/recording.ts'
import type { HeardEvents } from './heard-events.ts'
import { LinkProxy } from './link-proxy.ts'
import type { CallPlan, PbxSubject, SubjectCall } from './pbx-subject.ts'
import { PhoneTrio } from './phone-trio.ts'

/** What the agent presses to pause and to resume. */
export const TOGGLE_CODE = '*73'
export const COLLEAGUE = 'colleague'
/** Telephones, by the names under which they register. */
export const TELEPHONES = ['customer', 'agent', COLLEAGUE] as const

/** What a real subject is made of. */
export interface SubjectParts<Pbx extends PrivatePbx> {
  readonly pbx: Pbx
  /** Everything of the PBX lies in it. */
  readonly directory: string
  readonly proxy: LinkProxy
  readonly phones: PhoneTrio
}

/** Starts a PBX in a folder of its own, and puts three telephones to it and a proxy before its port for services. */
export async function openParts<Pbx extends PrivatePbx>(start: (directory: string) => Promise<Pbx>, servicePort: (pbx: Pbx) => number): Promise<SubjectParts<Pbx>> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-contract-'))
  const pbx = await start(directory)
  const proxy = await LinkProxy.open(servicePort(pbx))
  return { pbx, directory, proxy, phones: await PhoneTrio.open(pbx.sipAddress) }
}

/** A private PBX with Holdfast's dialplan, a link to it that can be cut, and three telephones. */
export abstract class RealSubject<Pbx extends PrivatePbx> implements PbxSubject {
  protected readonly pbx: Pbx
  readonly #parts: SubjectParts<Pbx>

  protected constructor(parts: SubjectParts<Pbx>) {
    this.pbx = parts.pbx
    this.#parts = parts
  }

  abstract service(): HeardEvents
  abstract call(plan?: CallPlan): Promise<SubjectCall>
  abstract silencedMs(files: SegmentFiles): Promise<number>

  /** Ends every call in the PBX, waits for that, and takes away what the dialplan keeps beside its calls. */
  protected abstract clear(): Promise<void>

  /** Where services connect. */
  protected get proxyPort(): number {
    return this.#parts.proxy.port
  }

  /** The customer dials; the agent, whose telephone this extension rings, is at hers. */
  protected async dial(extension: string): Promise<SubjectCall> {
    const { phones } = this.#parts
    const customer = await phones.customer.call(extension)
    return {
      passOn: async (kind) => {
        await phones.passOn(kind, COLLEAGUE)
        return { number: COLLEAGUE }
      },
      pressCode: async () => await phones.press(TOGGLE_CODE),
      hangUp: async () => await customer.hangUp(),
    }
  }

  async endCalls(): Promise<void> {
    if (this.pbx.pid === null) return
    await this.clear()
    this.#parts.phones.forgetCalls()
  }

  cut(): void {
    this.#parts.proxy.cut()
  }

  mend(): void {
    this.#parts.proxy.mend()
  }

  fallSilent(): void {
    this.#parts.proxy.fallSilent()
  }

  async restart(): Promise<void> {
    await this.pbx.restart()
    await this.#parts.phones.again()
  }

  async pass(ms: number): Promise<void> {
    await delay(ms)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { phones, proxy, pbx, directory } = this.#parts
    await phones.close()
    await proxy[Symbol.asyncDispose]()
    await pbx[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  }
}
