import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { HoldfastError } from '../../core/domain/errors.ts'
import { freePorts } from './free-ports.ts'
import { type FreeSwitchDirectories, type FreeSwitchPlan, type FreeSwitchPorts, freeSwitchXml, RTP_PORTS } from './freeswitch-files.ts'
import type { FreeSwitchInstallation } from './freeswitch-launch.ts'
import { FreeSwitchProcess } from './freeswitch-process.ts'
import { PrivatePbx } from './private-pbx.ts'

export type PrivateFreeSwitchOptions = Pick<FreeSwitchPlan, 'contexts'> & Partial<Pick<FreeSwitchPlan, 'includeFiles' | 'phones' | 'globals' | 'password' | 'eventSocket' | 'profile'>> & {
  readonly installation: FreeSwitchInstallation
  /** Holds configuration, recordings and logs; made when missing, kept after the end. */
  readonly directory: string
  readonly signal?: AbortSignal
}

/** A FreeSWITCH of our own on the loopback interface. */
export class PrivateFreeSwitch extends PrivatePbx {
  readonly recordingsDirectory: string
  readonly eventSocketPort: number
  readonly password: string

  private constructor(plan: FreeSwitchPlan, directory: string, process: FreeSwitchProcess) {
    super({ directory, sipPort: plan.ports.sip, process })
    this.recordingsDirectory = plan.directories.recordings
    this.eventSocketPort = plan.ports.eventSocket
    this.password = plan.password
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
    await freeSwitch.startAndWait(options.signal)
    return freeSwitch
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
