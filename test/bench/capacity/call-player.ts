import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Load, Played, PlayedPbx } from './load.ts'

const PROGRAM = join(import.meta.dirname, 'play-calls.ts')

/** The process that stands in for a PBX with calls. */
export class CallPlayer implements AsyncDisposable {
  readonly port: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
  }

  /** @param recordings - where the PBX has its recordings: what FreeSWITCH records is looked at while it grows */
  static async open(pbx: PlayedPbx, recordings: string): Promise<CallPlayer> {
    const child = fork(PROGRAM, [pbx, recordings])
    const [{ port }] = await once(child, 'message') as [{ readonly port: number }]
    return new CallPlayer(child, port)
  }

  /** Resolves when the last call has ended. */
  async play(load: Load): Promise<Played> {
    const deadlineMs = (load.calls / load.callsPerSecond) * 1000 + 3 * load.callMs + 60_000
    const told = once(this.#child, 'message', { signal: AbortSignal.timeout(deadlineMs) })
    this.#child.send(load)
    const [played] = await told as [Played]
    return played
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.disconnect()
    await once(this.#child, 'exit')
  }
}
