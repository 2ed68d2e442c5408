import { compileGlob, type Glob } from '../../domain/rules/glob.ts'
import { isNamed } from '../../domain/rules/telephone-rules.ts'
import type { TrackedChannel } from '../calls/call-tracker.ts'
import { numbersOf } from './decision-inputs.ts'
import type { Rulebook } from './rulebook.ts'

export type Whose = 'ours' | 'outside' | 'unknown'

/**
 * Which legs are telephones of ours. Where the trunks are told: all that come over none of them. Else those that the rules name as an
 * `extension`: the caller's number, which a stranger may choose, counts for what is recorded, and not for what is never.
 */
export class OwnTelephones {
  readonly #rules: Pick<Rulebook, 'policy'>
  readonly #trunks: readonly Glob[] | null

  /** @param trunks - globs of endpoints, such as `PJSIP/carrier-*`; `null`: not told */
  constructor(rules: Pick<Rulebook, 'policy'>, trunks: readonly string[] | null) {
    this.#rules = rules
    this.#trunks = trunks?.map(compileGlob) ?? null
  }

  /** Where the trunks are told, whose telephone it is. */
  whose({ channel: { endpoint } }: TrackedChannel): Whose {
    if (endpoint === null || this.#trunks === null) return 'unknown'
    return this.isTrunk(endpoint) ? 'outside' : 'ours'
  }

  isTrunk(endpoint: string): boolean {
    return this.#trunks?.some((trunk) => trunk.matches(endpoint)) ?? false
  }

  has(leg: TrackedChannel): boolean {
    const { endpoint } = leg.channel
    if (endpoint === null) return false
    if (this.#trunks !== null) return this.whose(leg) === 'ours'
    const { policy } = this.#rules
    const [name, numbers] = [endpoint.slice(endpoint.indexOf('/') + 1), numbersOf(leg)]
    return isNamed(policy, numbers, 'rules') || isNamed(policy, leg.dialledBy === null ? [name] : numbers, 'rules-and-never')
  }
}
