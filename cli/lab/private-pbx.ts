import type { PbxProcess } from './pbx-process.ts'

/** What each kind of switch chooses for itself before it starts. */
export interface PrivatePbxParts {
  readonly directory: string
  readonly sipPort: number
  readonly process: PbxProcess
}

/**
 * A PBX of our own on the loopback interface: nothing of it is shared with another one, so several run at once.
 * It is ended by `stop`; when this process dies first, the next start in the same directory ends it.
 */
export abstract class PrivatePbx implements AsyncDisposable {
  readonly directory: string
  readonly sipPort: number
  readonly #process: PbxProcess

  protected constructor({ directory, sipPort, process }: PrivatePbxParts) {
    this.directory = directory
    this.sipPort = sipPort
    this.#process = process
  }

  /** Null while it does not run. */
  get pid(): number | null {
    return this.#process.pid
  }

  /** The address at which telephones find it. */
  get sipAddress(): string {
    return `127.0.0.1:${this.sipPort}`
  }

  /** What a command of its console prints. */
  cli(command: string): Promise<string> {
    return this.#process.cli(command)
  }

  /** Stops it if it runs and starts it again with the same configuration, ports and spool. */
  async restart(): Promise<void> {
    await this.stop()
    await this.startAndWait()
  }

  /** Sends the signal and waits for the end: `SIGKILL` is the death of a PBX in the middle of its calls. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    return this.#process.end(signal)
  }

  /** Ends it, by force when it does not go. Harmless when it does not run. */
  stop(): Promise<void> {
    return this.#process.end('SIGTERM')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** Resolves when it has booted; what does not boot is ended. */
  protected async startAndWait(signal?: AbortSignal): Promise<void> {
    try {
      await this.#process.start(signal)
    } catch (error) {
      await this.stop()
      throw error
    }
  }
}
