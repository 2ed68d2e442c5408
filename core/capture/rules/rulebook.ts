import type { AttachedSchema } from '../../domain/rules/attached-schema.ts'
import { countsNeeded, decide } from '../../domain/rules/decide.ts'
import type { Decision } from '../../domain/rules/decision.ts'
import type { DecisionInput } from '../../domain/rules/decision-input.ts'
import { canonicalPolicy, type Policy } from '../../domain/rules/policy.ts'
import { countsShifted, type QuotaCounts } from '../../domain/rules/quota.ts'
import { type Reevaluation, reevaluate } from '../../domain/rules/reevaluate.ts'
import type { CaptureJournal } from '../../ports/capture-journal.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { SerialByKey } from '../calls/serial.ts'

/** The dialplan waits 250 ms for its answer: what is not counted by then counts as none, and the call is recorded rather than not. */
const COUNT_DEADLINE_MS = 100
/** Two calls that ask for the last place of a quota do it one after the other. */
const QUOTA_KEY = 'quota'
const NOTHING_COUNTED: QuotaCounts = new Map()

/** Rules, and what may be attached to a call: they come from one file and change together. */
export interface Rules {
  readonly policy: Policy
  readonly attached: AttachedSchema
}

interface Parts {
  readonly journal: CaptureJournal
  readonly serial: SerialByKey
  readonly runtime: Runtime
  /** A fact was journalled: somebody carries it to the catalogue. */
  readonly appended: () => void
}

/** The rules in force on this node, and decisions by them: quotas are counted, and every version that decides is kept. */
export class Rulebook {
  readonly #parts: Parts
  readonly #kept = new Set<string>()
  #rules: Rules

  constructor(rules: Rules, parts: Parts) {
    this.#rules = rules
    this.#parts = parts
  }

  get policy(): Policy {
    return this.#rules.policy
  }

  get attached(): AttachedSchema {
    return this.#rules.attached
  }

  /** From the next decision on, these hold. Decisions that were made stay as they are. */
  replace(rules: Rules): void {
    this.#rules = rules
  }

  /** @throws HoldfastError `STORE_FAILED` when the journal cannot keep the version */
  async decide(input: DecisionInput): Promise<Decision> {
    const { policy } = this
    await this.#keep(policy, input.at)
    const accounts = countsNeeded(policy, input)
    if (accounts.length === 0) return decide(policy, input)
    return await this.#parts.serial.run(QUOTA_KEY, async () => {
      const decision = decide(policy, input, await this.#counts(accounts, input))
      await this.#count(decision)
      return decision
    })
  }

  /** Decides a call again about which something has changed. @throws HoldfastError `STORE_FAILED` as {@link decide} */
  async reconsider(previous: Decision, input: DecisionInput): Promise<Reevaluation> {
    const { policy } = this
    await this.#keep(policy, input.at)
    const accounts = countsNeeded(policy, input)
    if (accounts.length === 0) return reevaluate(previous, policy, { input, counts: NOTHING_COUNTED })
    return await this.#parts.serial.run(QUOTA_KEY, async () => {
      const { interactionId } = previous.input
      // Counted without this call; reevaluate expects it on the accounts on which it stands already.
      const counts = countsShifted(await this.#counts(accounts, { interactionId }), previous.accounts, 1)
      const renewed = reevaluate(previous, policy, { input, counts })
      await this.#count({ ...renewed.decision, input: { ...input, interactionId } })
      return renewed
    })
  }

  /** Journalled before the first decision that names it. */
  async #keep(policy: Policy, at: Date): Promise<void> {
    const { version, samplingKeyId } = policy
    if (this.#kept.has(version)) return
    await this.#parts.journal.append([{ type: 'policy-used', version, canonical: canonicalPolicy(policy, samplingKeyId), at }])
    this.#kept.add(version)
    this.#parts.appended()
  }

  async #counts(accounts: readonly string[], { interactionId }: Pick<DecisionInput, 'interactionId'>): Promise<QuotaCounts> {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(() => late.reject(new Error('the journal did not count in time')), COUNT_DEADLINE_MS)
    try {
      return await Promise.race([this.#parts.journal.quotaCounts(accounts, interactionId), late.promise])
    } catch (error) {
      this.#failed(error)
      return NOTHING_COUNTED
    } finally {
      clearTimeout(timer)
    }
  }

  /** A call that could not be counted is decided all the same: a quota off by one is better than a lost call. */
  async #count({ accounts, input }: Pick<Decision, 'accounts' | 'input'>): Promise<void> {
    if (accounts.length === 0) return
    await this.#parts.journal.countOnQuotas(input.interactionId, accounts).catch((error: unknown) => this.#failed(error))
  }

  #failed(error: unknown): void {
    this.#parts.runtime.metrics.count('holdfast_quotas_uncounted_total')
    this.#parts.runtime.log.error({ error }, 'quotas could not be counted')
  }
}
