import { FlowCall, type FlowCallOptions } from './flow-call.ts'
import { FLOW_LINES, type FlowPbx } from './flow-plan.ts'
import type { HoldfastBench } from './holdfast-bench.ts'

/** One lab with Holdfast beside its PBX, for many flows at once. Opened in `before`, closed in `after`. */
export abstract class FlowBench {
  abstract readonly pbx: FlowPbx
  abstract readonly lab: HoldfastBench
  /** Where telephones find the PBX. */
  abstract readonly sipAddress: string
  readonly #lines = [...FLOW_LINES]

  /** The PBX's name of the newest leg of a telephone; throws when it has none. */
  abstract channelOf(telephone: string): Promise<string>

  /** The telephones of a line that no other flow has. */
  async flow(options: FlowCallOptions = {}): Promise<FlowCall<this>> {
    const line = this.#lines.shift()
    if (line === undefined) throw new Error('more flows than lines')
    return await FlowCall.open(this, line, options)
  }
}

/** What became of each flow of a suite: they run many at once, and each row's test looks at its own. */
export class FlowOutcomes<Result> {
  readonly #outcomes = new Map<string, PromiseSettledResult<Result>>()

  /** Runs all, so many at once, the first one alone: a service that has just begun answers its first call slowly. One that fails fails its own row only. */
  static async run<Result>(flows: ReadonlyMap<string, () => Promise<Result>>, { atOnce }: { readonly atOnce: number }): Promise<FlowOutcomes<Result>> {
    const outcomes = new FlowOutcomes<Result>()
    const worker = async (waiting: [string, () => Promise<Result>][]): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [name, flow] = next
        const [outcome] = await Promise.allSettled([flow()])
        outcomes.#outcomes.set(name, outcome)
      }
    }
    const [first, ...rest] = flows
    for (const [flows, workers] of [[first === undefined ? [] : [first], 1], [rest, atOnce]] as const) {
      const waiting = [...flows]
      await Promise.all(Array.from({ length: workers }, () => worker(waiting)))
    }
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
