import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import { freePorts } from './free-ports.ts'
import { type FreeSwitchDirectories, type FreeSwitchPlan, type FreeSwitchPorts, freeSwitchXml, RTP_PORTS } from './freeswitch-files.ts'
import type { FreeSwitchInstallation } from './freeswitch-launch.ts'
import { FreeSwitchProcess } from './freeswitch-process.ts'

export type PrivateFreeSwitchOptions = Pick<FreeSwitchPlan, 'contexts'> & Partial<Pick<FreeSwitchPlan, 'includeFiles' | 'phones' | 'globals' | 'password' | 'eventSocket' | 'profile'>> & {
  readonly installation: FreeSwitchInstallation
  /** Holds configuration, recordings and logs; made when missing, kept after the end. */
  readonly directory: string
  readonly signal?: AbortSignal
}

/**
 * A FreeSWITCH of our own on the loopback interface: nothing of it is shared with another one, so several run at once.
 * It is ended by `stop`; when this process dies first, the next start in the same directory ends it.
 */
export class PrivateFreeSwitch implements AsyncDisposable {
  readonly directory: string
  readonly recordingsDirectory: string
  readonly eventSocketPort: number
  readonly password: string
  readonly #sipPort: number
  readonly #process: FreeSwitchProcess

  private constructor(plan: FreeSwitchPlan, directory: string, process: FreeSwitchProcess) {
    this.directory = directory
    this.recordingsDirectory = plan.directories.recordings
    this.eventSocketPort = plan.ports.eventSocket
    this.password = plan.password
    this.#sipPort = plan.ports.sip
    this.#process = process
  }

  /**
   * Writes the configuration, starts FreeSWITCH and waits until it is ready.
   * @throws HoldfastError `LAB_FAILED` with the last lines of the log
   */
  static async start(options: PrivateFreeSwitchOptions): Promise<PrivateFreeSwitch> {
    const directory = path.resolve(options.directory)
    const plan: FreeSwitchPlan = {
      directories: directoriesBelow(directory), ports: await choosePorts(), password: options.password ?? randomBytes(18).toString('hex'),
      contexts: options.contexts, includeFiles: options.includeFiles ?? [], phones: options.phones ?? [], globals: options.globals ?? {}, eventSocket: options.eventSocket ?? {}, profile: options.profile ?? {},
    }
    const freeSwitchProcess = new FreeSwitchProcess(options.installation, plan)
    await freeSwitchProcess.endAbandoned()
    await Promise.all(Object.values(plan.directories).map((each) => mkdir(each, { recursive: true, mode: 0o700 })))
    await writeFile(path.join(plan.directories.conf, 'freeswitch.xml'), freeSwitchXml(plan), { mode: 0o600 })
    const freeSwitch = new PrivateFreeSwitch(plan, directory, freeSwitchProcess)
    await freeSwitch.#startAndWait(options.signal)
    return freeSwitch
  }

  /** Null while it does not run. */
  get pid(): number | null {
    return this.#process.pid
  }

  /** The address at which telephones find it. */
  get sipAddress(): string {
    return `127.0.0.1:${this.#sipPort}`
  }

  /** What a command of the FreeSWITCH console prints. */
  cli(command: string): Promise<string> {
    return this.#process.cli(command)
  }

  /** Stops it if it runs and starts it again with the same configuration, ports and recordings. */
  async restart(): Promise<void> {
    await this.stop()
    await this.#startAndWait()
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

  async #startAndWait(signal?: AbortSignal): Promise<void> {
    try {
      await this.#process.start(signal)
    } catch (error) {
      await this.stop()
      throw error
    }
  }
}

function directoriesBelow(directory: string): FreeSwitchDirectories {
  const below = (name: string): string => path.join(directory, name)
  return { conf: below('conf'), log: below('log'), run: below('run'), db: below('db'), recordings: below('recordings') }
}

/** Blocks of ports for sound lie below those that the system gives out by itself. Source: Linux `ip_local_port_range` begins at 32768 */
const FIRST_RTP_PORT = 16_000
const RTP_BLOCKS = 16

async function choosePorts(): Promise<FreeSwitchPorts> {
  const { tcp: [eventSocket], udp: [sip] } = await freePorts({ tcp: 1, udp: 1 })
  if (eventSocket === undefined || sip === undefined) throw new HoldfastError('LAB_FAILED', 'the system gave out fewer ports than were asked for')
  return { eventSocket, sip, rtp: FIRST_RTP_PORT + RTP_PORTS * (randomBytes(1).readUInt8() % RTP_BLOCKS) }
}
