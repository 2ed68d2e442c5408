import type { Socket } from 'node:net'
import { wholeMessages } from './loopback-server.ts'
import { MaskProxy, type MaskFault, type ProxiedPair } from './mask-proxy.ts'

const COMMAND_END = '\n\n'
/** What FreeSWITCH prints of a mask, in a command that does nothing: the answer has its place among the others. */
const MERE_YES = `api echo +OK Success${COMMAND_END}`

/** Stands between Holdfast and a FreeSWITCH on the event socket, which tells nothing of a mask but its yes. */
export class EslProxy extends MaskProxy {
  static async open(eventSocketPort: number): Promise<EslProxy> {
    const proxy = new EslProxy()
    await proxy.listen(eventSocketPort)
    return proxy
  }

  protected override join(holdfast: Socket, freeSwitch: Socket): Pair {
    return new Pair(holdfast, freeSwitch, this)
  }
}

/**
 * One connection of Holdfast, and ours to FreeSWITCH, which does what it is asked in its order: whatever comes behind a command that
 * waits, waits with it; behind one that is never done, nothing is done any more.
 */
class Pair implements ProxiedPair {
  readonly #holdfast: Socket
  readonly #freeSwitch: Socket
  readonly #proxy: EslProxy
  /** Commands that wait for one before them. */
  readonly #waiting: string[] = []
  #isStuck = false
  #timer: NodeJS.Timeout | null = null

  constructor(holdfast: Socket, freeSwitch: Socket, proxy: EslProxy) {
    this.#holdfast = holdfast
    this.#freeSwitch = freeSwitch
    this.#proxy = proxy
    for (const socket of [holdfast, freeSwitch]) socket.on('error', () => this.destroy())
    freeSwitch.on('close', () => this.destroy())
    // What FreeSWITCH has been sent already it still does, in its time.
    holdfast.on('close', () => {
      if (this.#timer === null) this.destroy()
    })
    holdfast.setEncoding('utf8').on('data', wholeMessages(COMMAND_END, (command) => this.#pass(command + COMMAND_END)))
    freeSwitch.on('data', (bytes) => this.#holdfast.write(bytes))
  }

  destroy(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#holdfast.destroy()
    this.#freeSwitch.destroy()
  }

  #pass(command: string): void {
    const isMask = /^api uuid_record \S+ mask /.test(command)
    if (isMask) this.#proxy.masks += 1
    const { fault, lateMs } = this.#proxy
    if (this.#isStuck) this.#waiting.push(command)
    else if (!isMask || fault === null) this.#freeSwitch.write(command)
    else {
      const acts: Readonly<Record<MaskFault, () => void>> = {
        acknowledged: () => this.#freeSwitch.write(MERE_YES),
        pretended: () => this.#freeSwitch.write(MERE_YES),
        late: () => this.#after(lateMs, command),
        'answered-twice': () => this.#freeSwitch.write(command + MERE_YES),
        unanswered: () => {
          this.#isStuck = true
        },
      }
      acts[fault]()
    }
  }

  #after(ms: number, command: string): void {
    this.#isStuck = true
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#isStuck = false
      this.#freeSwitch.write(command)
      for (const next of this.#waiting.splice(0)) this.#pass(next)
      if (this.#holdfast.destroyed) this.#freeSwitch.end()
    }, ms)
  }
}
