import type { Context } from 'mocha'
import { EslConnection } from '../../adapters/freeswitch/esl-connection.ts'
import { freeSwitchPlaces } from '../../config/environment.ts'
import { FlowBench } from './flow-bench.ts'
import { freeSwitchFlowLab, type FreeSwitchFlowPlanOptions } from './freeswitch-flow-plan.ts'
import { FreeSwitchLabBench } from './freeswitch-lab-bench.ts'
import { requireFreeSwitch } from './real-freeswitch.ts'

interface ListedChannel {
  readonly uuid: string
  readonly name: string
}

/** Flows on a private FreeSWITCH. */
export class FreeSwitchFlowBench extends FlowBench implements AsyncDisposable {
  readonly pbx = 'FreeSWITCH'
  readonly lab: FreeSwitchLabBench
  /** The tests' own connection: transfers, parks, originates as an operator's program would. */
  readonly #esl: EslConnection

  private constructor(lab: FreeSwitchLabBench, esl: EslConnection) {
    super()
    this.lab = lab
    this.#esl = esl
  }

  /** Passes the suite over, loudly, where there is no FreeSWITCH. */
  static async open(context: Context, options: FreeSwitchFlowPlanOptions = {}): Promise<FreeSwitchFlowBench> {
    await requireFreeSwitch(context)
    const lab = await FreeSwitchLabBench.open({ ...freeSwitchFlowLab(options), places: freeSwitchPlaces() })
    try {
      const { eventSocketPort: port, password } = lab.lab.freeSwitch
      const esl = await EslConnection.open({ host: '127.0.0.1', port, password }, { event: () => undefined, fault: () => undefined })
      return new FreeSwitchFlowBench(lab, esl)
    } catch (error) {
      await lab[Symbol.asyncDispose]()
      throw error
    }
  }

  get sipAddress(): string {
    return this.lab.lab.freeSwitch.sipAddress
  }

  /** What an API command printed. Throws when it was refused. */
  async api(line: string): Promise<string> {
    const printed = await this.#esl.api(line)
    if (printed.startsWith('-')) throw new Error(`${line}: ${printed.trim()}`)
    return printed
  }

  async channelOf(telephone: string): Promise<string> {
    const { rows = [] } = JSON.parse(await this.api('show channels as json')) as { readonly rows?: readonly ListedChannel[] }
    const uuid = rows.findLast(({ name }) => name.startsWith(`sofia/internal/${telephone}@`))?.uuid
    if (uuid === undefined) throw new Error(`no channel of ${telephone} among ${rows.map(({ name }) => name).join(' ')}`)
    return uuid
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#esl.close('the suite is over')
    await this.lab[Symbol.asyncDispose]()
  }
}
