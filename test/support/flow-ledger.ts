import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import type { FlowRecording } from './flow-evidence.ts'
import type { HoldfastBench } from './holdfast-bench.ts'
import { until } from './hooks.ts'

/** A leg is compared with what was sealed some time after that is there; a busy machine lets it wait. */
const COMPARED_WITHIN_MS = 30_000
const POLL_MS = 500

/** A leg that lacks something, or is excused from it. */
interface Leg {
  readonly interactionId: string
  readonly side: string
  readonly evidence: string
  readonly missingMs: number
  readonly gaps: readonly { readonly beganAt: string; readonly endedAt: string; readonly cause: string | null }[]
}

/** What of a suite is missing with good reason. */
interface Excused {
  readonly excuse: string
  readonly legs: number
  readonly milliseconds: number
}

interface Answer {
  readonly coverage: { readonly legs: number; readonly settledLegs: number; readonly excused: readonly Excused[]; readonly worst: readonly Leg[] }
}

/** The most legs that the API lists. */
const LISTED = 100
const QUERY = `query Ledger($since: DateTime!) { coverage(since: $since, worst: ${LISTED}) { legs settledLegs excused { excuse legs milliseconds } worst { interactionId side evidence missingMs gaps { beganAt endedAt cause } } } }`

/** What the coverage ledger tells of the legs of a suite, once every one of them was compared with what was sealed. */
export class FlowLedger {
  readonly #legs: readonly Leg[]
  readonly #excused: readonly Excused[]

  private constructor(legs: readonly Leg[], excused: readonly Excused[]) {
    this.#legs = legs
    this.#excused = excused
  }

  /** @param least - so many legs of it are known to be wanted */
  static async read(lab: Pick<HoldfastBench, 'url' | 'token'>, { since, least }: { readonly since: Date; readonly least: number }): Promise<FlowLedger> {
    const client = new GraphqlClient(`${lab.url}/graphql`, await lab.token('administrator'))
    return await until(async () => {
      const { coverage: { legs, settledLegs, excused, worst } } = await client.request<Answer>(QUERY, { since: since.toISOString() })
      if (settledLegs < Math.max(legs, least)) throw new Error(`${settledLegs} of ${legs} legs are compared, at least ${least} are expected`)
      if (legs > LISTED) throw new Error(`more than ${LISTED} legs: not all of them are listed`)
      return new FlowLedger(worst, excused)
    }, { withinMs: COMPARED_WITHIN_MS, everyMs: POLL_MS })
  }

  /** The legs of a recording's side. */
  legsOf({ interactionId, side }: Pick<FlowRecording, 'interactionId' | 'side'>): readonly Leg[] {
    return this.#legs.filter((leg) => leg.interactionId === interactionId && leg.side === side)
  }

  /** Of all legs of the suite. */
  excusedMs(excuse: string): number {
    return this.#excused.find((each) => each.excuse === excuse)?.milliseconds ?? 0
  }

  /** What that side lacks. A machine that gives Holdfast no turn lets it arm a leg late: what is told of that is no silent loss. */
  missingMs(recording: Pick<FlowRecording, 'interactionId' | 'side'>): number {
    return this.legsOf(recording).reduce((sum, { missingMs }) => sum + missingMs, 0)
  }

  toString(): string {
    return JSON.stringify([this.#legs, this.#excused])
  }
}
