import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { AmiConnection } from '../../../adapters/asterisk/ami-connection.ts'
import type { AmiMessage } from '../../../adapters/asterisk/ami-message.ts'
import { readMonoWav } from '../../support/audio/read-wav.ts'
import type { LabBench } from '../../support/lab-bench.ts'

const USER = 'lanes'
const UP = '6'
/** Of one run: only Asterisk on this machine hears it. */
const SECRET = randomBytes(12).toString('hex')

/** The second manager that records lanes: Holdfast's own rights stay what they are. */
export const LANE_MANAGER = `[${USER}]\nsecret = ${SECRET}\nread = call\nwrite = system,call\n`

/** What a recorder on the newcomer's own leg has: received (her voice) and transmitted (what she was sent). */
export interface OwnLane {
  readonly received: Int16Array
  readonly transmitted: Int16Array
  /** When the PBX said that she had answered: where her file begins, as far as events tell. */
  readonly answeredAt: Date
}

/** Records each newcomer on her own fresh leg from the moment in which it is dialled: what the lane would give that is tried here. */
export class OwnLanes implements Disposable {
  readonly #ami: AmiConnection
  readonly #directory: string
  readonly #answers = new Map<string, Date>()
  readonly #recorded: string[] = []

  private constructor(ami: AmiConnection, directory: string) {
    this.#ami = ami
    this.#directory = directory
  }

  /** @param newcomer - the endpoint whose legs are recorded */
  static async open({ lab }: LabBench, newcomer: string): Promise<OwnLanes> {
    const held: AmiMessage[] = []
    let hear = (message: AmiMessage): void => void held.push(message)
    const ami = await AmiConnection.open({ host: '127.0.0.1', port: lab.asterisk.amiPort, username: USER, secret: SECRET, tls: null }, {
      event: (message) => hear(message), fault: () => undefined,
    })
    const lanes = new OwnLanes(ami, join(lab.recordingDirectory, 'lanes'))
    hear = (message) => lanes.#hear(message, newcomer)
    return lanes
  }

  /** The lane of the newcomer's last leg; its call must be over. */
  async last(): Promise<OwnLane> {
    const channelId = this.#recorded.at(-1)
    const answeredAt = channelId === undefined ? undefined : this.#answers.get(channelId)
    if (channelId === undefined || answeredAt === undefined) throw new Error('no newcomer has answered')
    return { received: await readMonoWav(this.#fileOf(channelId, 'rx')), transmitted: await readMonoWav(this.#fileOf(channelId, 'tx')), answeredAt }
  }

  [Symbol.dispose](): void {
    this.#ami.close('the bench is over')
  }

  #hear(message: AmiMessage, newcomer: string): void {
    const channelId = message.get('DestUniqueid')
    if (message.get('Event') === 'DialBegin' && channelId !== null && (message.get('DestChannel') ?? '').startsWith(`PJSIP/${newcomer}-`)) {
      this.#recorded.push(channelId)
      const options = `r(${this.#fileOf(channelId, 'rx')})t(${this.#fileOf(channelId, 'tx')})i(LANE_MMID)`
      void this.#ami.request({ name: 'MixMonitor', fields: { Channel: channelId, Options: options } })
    }
    const own = message.get('Uniqueid')
    if (message.get('Event') === 'Newstate' && message.get('ChannelState') === UP && own !== null && this.#recorded.includes(own)) {
      this.#answers.set(own, new Date(Number(message.get('Timestamp')) * 1000))
    }
  }

  #fileOf(channelId: string, lane: 'rx' | 'tx'): string {
    return join(this.#directory, `${channelId}.${lane}.wav`)
  }
}
