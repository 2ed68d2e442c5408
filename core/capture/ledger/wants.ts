import type { Expectation } from '../../domain/coverage.ts'
import type { ChannelId } from '../../domain/ids.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import type { Recording } from '../../domain/recording.ts'

/** A side that a decision wants, from an instant on. */
export interface Want {
  readonly side: RecordedSide
  readonly at: Date
  readonly from: 'route' | 'bridge'
  /** `telephone`: a rule names it, whenever it talks; `route`: somebody asked at that time. */
  readonly occasion: 'telephone' | 'route'
  readonly expectation: Pick<Expectation, 'interactionId' | 'rule' | 'policyVersion'>
}

/** What decisions want of legs: kept apart from what capture makes of it, so that the ledger does not share its mistakes. */
export class Wants {
  readonly #byLeg = new Map<ChannelId, readonly Want[]>()

  /** Once per side: the first word counts. */
  remember(leg: ChannelId, { side, requestedAt, interactionId, decision }: Pick<Recording, 'side' | 'requestedAt' | 'interactionId' | 'decision'>): void {
    const known = this.of(leg)
    if (known.some((want) => want.side === side)) return
    const { rule, policyVersion, terms: { from }, input: { occasion } } = decision
    this.#byLeg.set(leg, [...known, { side, at: requestedAt, from, occasion, expectation: { interactionId, rule, policyVersion } }])
  }

  of(leg: ChannelId): readonly Want[] {
    return this.#byLeg.get(leg) ?? []
  }

  legs(): readonly ChannelId[] {
    return [...this.#byLeg.keys()]
  }

  forget(leg: ChannelId): void {
    this.#byLeg.delete(leg)
  }

  /** What was wanted before then is wanted no more. */
  forgetUntil(leg: ChannelId, until: Date): void {
    const wants = this.of(leg).filter(({ at }) => at > until)
    if (wants.length === 0) this.forget(leg)
    else this.#byLeg.set(leg, wants)
  }
}
