import { connect, type Socket } from 'node:net'
import { LoopbackServer } from './loopback-server.ts'

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
  readonly #server = new LoopbackServer()
  readonly #pairs = new Set<ProxiedPair>()

  /** What is to stand between these two. */
  protected abstract join(holdfast: Socket, pbx: Socket): ProxiedPair

  async listen(pbxPort: number): Promise<void> {
    await this.#server.listen((holdfast) => {
      if (!this.isOpen) {
        holdfast.destroy()
        return
      }
      const pair = this.join(holdfast, connect(pbxPort, '127.0.0.1'))
      this.#pairs.add(pair)
      holdfast.once('close', () => this.#pairs.delete(pair))
    })
  }

  get port(): number {
    return this.#server.port
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
    await this.#server[Symbol.asyncDispose]()
  }
}
