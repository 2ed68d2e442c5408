import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * What becomes of a command that silences a recorder.
 * - `acknowledged`: the answer is yes; the PBX never hears of it.
 * - `pretended`: so too, and whatever else the PBX tells of a mask is told.
 * - `late`: it is passed on after a while, and so is the answer.
 * - `answered-twice`: it is passed on, and its answer comes twice.
 * - `unanswered`: nobody hears of it.
 */
export const MASK_FAULTS = ['acknowledged', 'pretended', 'late', 'answered-twice', 'unanswered'] as const
export type MaskFault = (typeof MASK_FAULTS)[number]

/** One connection of Holdfast, and ours to the PBX. */
export interface ProxiedPair {
  readonly destroy: () => void
}

/** Stands between Holdfast and its PBX, and is honest until it is told otherwise. */
export abstract class MaskProxy implements AsyncDisposable {
  /** `null`: everything is passed on. */
  fault: MaskFault | null = null
  /** Whether Holdfast may connect. */
  isOpen = true
  /** Of `late`. */
  lateMs = 1000
  /** Masks that were asked for since the beginning. */
  masks = 0
  readonly #server: Server = createServer()
  readonly #pairs = new Set<ProxiedPair>()

  /** What is to stand between these two. */
  protected abstract join(holdfast: Socket, pbx: Socket): ProxiedPair

  async listen(pbxPort: number): Promise<void> {
    this.#server.on('connection', (holdfast) => {
      if (!this.isOpen) {
        holdfast.destroy()
        return
      }
      const pair = this.join(holdfast, connect(pbxPort, '127.0.0.1'))
      this.#pairs.add(pair)
      holdfast.once('close', () => this.#pairs.delete(pair))
    })
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The link breaks, and stays so until it is mended. */
  cut(): void {
    this.isOpen = false
    for (const pair of this.#pairs) pair.destroy()
  }

  mend(): void {
    this.isOpen = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}
