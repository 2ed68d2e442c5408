import { randomBytes } from 'node:crypto'
import { AmiConnection } from '../../adapters/asterisk/ami-connection.ts'
import type { AmiMessage } from '../../adapters/asterisk/ami-message.ts'
import { FlowBench } from './flow-bench.ts'
import { FLOW_AMI_USER, flowLab, type FlowPlanOptions } from './flow-plan.ts'
import { LabBench } from './lab-bench.ts'

/** Flows on a private Asterisk. */
export class AsteriskFlowBench extends FlowBench implements AsyncDisposable {
  readonly pbx = 'Asterisk'
  readonly lab: LabBench
  /** The tests' own manager: transfers, parks, originates as an operator's program would. */
  readonly ami: AmiConnection
  /** What the manager heard of calls and queues, oldest first. */
  readonly heard: readonly AmiMessage[]

  private constructor(lab: LabBench, ami: AmiConnection, heard: readonly AmiMessage[]) {
    super()
    this.lab = lab
    this.ami = ami
    this.heard = heard
  }

  static async open(options: FlowPlanOptions = {}): Promise<AsteriskFlowBench> {
    const secret = randomBytes(12).toString('hex')
    const lab = await LabBench.open(flowLab(options, secret))
    try {
      const heard: AmiMessage[] = []
      const endpoint = { host: '127.0.0.1', port: lab.lab.asterisk.amiPort, username: FLOW_AMI_USER, secret, tls: null }
      const ami = await AmiConnection.open(endpoint, { event: (message) => void heard.push(message), fault: () => undefined })
      return new AsteriskFlowBench(lab, ami, heard)
    } catch (error) {
      await lab[Symbol.asyncDispose]()
      throw error
    }
  }

  get sipAddress(): string {
    return this.lab.lab.asterisk.sipAddress
  }

  async channelOf(telephone: string): Promise<string> {
    const prefix = `PJSIP/${telephone}-`
    const channels = (await this.ami.list({ name: 'CoreShowChannels', fields: {} })).map((message) => message.get('Channel') ?? '')
    const name = channels.filter((channel) => channel.startsWith(prefix)).sort().at(-1)
    if (name === undefined) throw new Error(`no channel of ${prefix} among ${channels.join(' ')}`)
    return name
  }

  /** An action of the manager on a leg. */
  async manage(channel: string, action: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.ami.request({ name: action, fields: { Channel: channel, ...fields } })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ami.close('the suite is over')
    await this.lab[Symbol.asyncDispose]()
  }
}
