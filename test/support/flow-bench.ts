import { randomBytes } from 'node:crypto'
import { AmiConnection } from '../../adapters/asterisk/ami-connection.ts'
import type { AmiMessage } from '../../adapters/asterisk/ami-message.ts'
import { FlowCall, type FlowCallOptions } from './flow-call.ts'
import { FLOW_AMI_USER, FLOW_LINES, flowLab, type FlowPlanOptions } from './flow-plan.ts'
import { LabBench } from './lab-bench.ts'

/** One lab with Holdfast beside it, for many flows at once. Opened in `before`, closed in `after`. */
export class FlowBench implements AsyncDisposable {
  readonly lab: LabBench
  /** The tests' own manager: transfers, parks, originates as an operator's program would. */
  readonly ami: AmiConnection
  /** What the manager heard of calls and queues, oldest first. */
  readonly heard: readonly AmiMessage[]
  readonly #lines = [...FLOW_LINES]

  private constructor(lab: LabBench, ami: AmiConnection, heard: readonly AmiMessage[]) {
    this.lab = lab
    this.ami = ami
    this.heard = heard
  }

  static async open(options: FlowPlanOptions = {}): Promise<FlowBench> {
    const secret = randomBytes(12).toString('hex')
    const lab = await LabBench.open(flowLab(options, secret))
    try {
      const heard: AmiMessage[] = []
      const endpoint = { host: '127.0.0.1', port: lab.lab.asterisk.amiPort, username: FLOW_AMI_USER, secret, tls: null }
      const ami = await AmiConnection.open(endpoint, { event: (message) => void heard.push(message), fault: () => undefined })
      return new FlowBench(lab, ami, heard)
    } catch (error) {
      await lab[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The telephones of a line that no other flow has. */
  async flow(options: FlowCallOptions = {}): Promise<FlowCall> {
    const line = this.#lines.shift()
    if (line === undefined) throw new Error('more flows than lines')
    return await FlowCall.open(this, line, options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ami.close('the suite is over')
    await this.lab[Symbol.asyncDispose]()
  }
}

/** What became of each flow of a suite: they run many at once, and each row's test looks at its own. */
export class FlowOutcomes<Result> {
  readonly #outcomes = new Map<string, PromiseSettledResult<Result>>()

  /** Runs all, so many at once. One that fails fails its own row only. */
  static async run<Result>(flows: ReadonlyMap<string, () => Promise<Result>>, { atOnce }: { readonly atOnce: number }): Promise<FlowOutcomes<Result>> {
    const outcomes = new FlowOutcomes<Result>()
    const waiting = [...flows]
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [name, flow] = next
        const [outcome] = await Promise.allSettled([flow()])
        outcomes.#outcomes.set(name, outcome)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    return outcomes
  }

  /** The result of a flow, or what it failed with. */
  of(name: string): Result {
    const outcome = this.#outcomes.get(name)
    if (outcome === undefined) throw new Error(`no flow ${name} was run`)
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  }
}
