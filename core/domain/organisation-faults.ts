import type { UnitId } from './ids.ts'
import { holdsAt, MAX_UNIT_DEPTH, type Organisation, type UnitPlace } from './organisation.ts'

/** Of a long circle so many units are named: enough to find it by. */
const MAX_CIRCLE_TOLD = 5

/** What is wrong with an organisation, and with which unit. */
export interface OrganisationFault {
  readonly unitId: UnitId
  readonly text: string
  /** The unit that it would need, and that is not there; `null`: another fault. */
  readonly missing: UnitId | null
}

/** Everything that is wrong, at whatever time, each once. What follows from another fault, as below a circle, is not told. */
export function organisationFaults({ places, members }: Organisation): readonly OrganisationFault[] {
  const known = new Set(places.map(({ unitId }) => unitId))
  const strays = new Set(members.flatMap(({ unitId }) => known.has(unitId) ? [] : [unitId]))
  const faults = [
    ...spanFaults(places, { keyOf: ({ unitId }) => unitId, twice: () => 'stands in two places at one time' }),
    ...spanFaults(members, { keyOf: ({ unitId, agent }) => `${unitId} ${agent}`, twice: ({ agent }) => `has ${agent} twice at one time` }),
    ...new TreeWalk(places).faults(),
    ...[...strays].map((unitId): OrganisationFault => ({ unitId, text: `there is no unit ${unitId}`, missing: unitId })),
  ]
  return [...new Map(faults.map((fault) => [fault.text, fault])).values()]
}

type Span = Pick<UnitPlace, 'unitId' | 'fromAt' | 'toAt'>

function spanFaults<T extends Span>(spans: readonly T[], { keyOf, twice }: { readonly keyOf: (span: T) => string; readonly twice: (span: T) => string }): readonly OrganisationFault[] {
  const last = new Map<string, Date | null>()
  return byBeginning(spans).flatMap((span): readonly OrganisationFault[] => {
    const { unitId, fromAt, toAt } = span
    if (toAt !== null && toAt <= fromAt) return [{ unitId, text: `a span of the unit ${unitId} ends before it begins`, missing: null }]
    const before = last.get(keyOf(span))
    const isTwice = before === null || (before !== undefined && before > fromAt)
    if (!isTwice || (before !== null && (toAt === null || toAt > before))) last.set(keyOf(span), toAt)
    return isTwice ? [{ unitId, text: `the unit ${unitId} ${twice(span)}`, missing: null }] : []
  })
}

function byBeginning<T extends Span>(spans: readonly T[]): readonly T[] {
  return spans.toSorted((one, other) => one.fromAt.getTime() - other.fromAt.getTime())
}

/**
 * The tree, from the first beginning of a place to the last. It changes only where a place begins or ends: what is whole at each beginning,
 * with its parents there as long as it is, is whole always. At each beginning only what begins is looked at, and what is below it.
 */
class TreeWalk {
  readonly #places: readonly UnitPlace[]
  /** When a unit ends for good after this place: it may go on under another parent without a break. */
  readonly #standsUntil: ReadonlyMap<UnitPlace, Date | null>
  /** The newest place of each unit so far; it may have ended. */
  readonly #newest = new Map<UnitId, UnitPlace>()
  /** Every unit that was ever below it, and perhaps is not now. */
  readonly #everBelow = new Map<UnitId, Set<UnitId>>()
  readonly #inCircle = new Set<UnitId>()
  readonly #faults: OrganisationFault[] = []

  constructor(places: readonly UnitPlace[]) {
    this.#places = byBeginning(places.filter(({ fromAt, toAt }) => toAt === null || toAt > fromAt))
    this.#standsUntil = endsForGood(this.#places)
  }

  faults(): readonly OrganisationFault[] {
    for (const begun of Map.groupBy(this.#places, ({ fromAt }) => fromAt.getTime()).values()) {
      const [first] = begun
      if (first === undefined) continue
      for (const place of begun) this.#begin(place)
      for (const place of begun) this.#lookAbove(place)
      this.#lookBelow(begun.map(({ unitId }) => unitId), first.fromAt)
    }
    return this.#faults
  }

  #begin(place: UnitPlace): void {
    const { unitId, parentId } = place
    this.#newest.set(unitId, place)
    if (parentId === null) return
    const below = this.#everBelow.get(parentId)
    if (below === undefined) this.#everBelow.set(parentId, new Set([unitId]))
    else below.add(unitId)
  }

  #lookAbove({ unitId, parentId, fromAt, toAt }: UnitPlace): void {
    if (parentId === null) return
    const parent = this.#standing(parentId, fromAt)
    if (parent === null) {
      this.#faults.push({ unitId, text: `the unit ${unitId} is below ${parentId}, which does not stand at ${fromAt.toISOString()}`, missing: parentId })
      return
    }
    const orphanedAt = this.#standsUntil.get(parent) ?? null
    if (orphanedAt === null || (toAt !== null && toAt <= orphanedAt)) return
    this.#faults.push({ unitId, text: `the unit ${unitId} is below ${parentId}, which ends at ${orphanedAt.toISOString()}`, missing: parentId })
  }

  /** How deep lies what begins, and with it all that is below. */
  #lookBelow(begun: readonly UnitId[], at: Date): void {
    const levels = new Map<UnitId, number>()
    const open = [...begun]
    const seen = new Set(open)
    // It grows while it is walked.
    for (const unit of open) {
      if (this.#standing(unit, at) === null) continue
      // Of a path that is too deep, the first unit that is: those below it follow.
      if (this.#level(unit, at, levels) === MAX_UNIT_DEPTH + 1) this.#faults.push({ unitId: unit, text: `the unit ${unit} would have more than ${MAX_UNIT_DEPTH - 1} units above it`, missing: null })
      for (const below of this.#everBelow.get(unit) ?? []) {
        if (seen.has(below) || this.#standing(below, at)?.parentId !== unit) continue
        seen.add(below)
        open.push(below)
      }
    }
  }

  /** 1: at the top; 0: in a circle, or below one. */
  #level(from: UnitId, at: Date, levels: Map<UnitId, number>): number {
    const path = new Set<UnitId>()
    let above: UnitId | null = from
    while (above !== null && !levels.has(above) && !path.has(above)) {
      path.add(above)
      above = this.#standing(above, at)?.parentId ?? null
    }
    const isCircle = above !== null && path.has(above)
    if (above !== null && isCircle) this.#tellCircle([...path].slice([...path].indexOf(above)), at)
    const level = above === null ? 0 : (levels.get(above) ?? 0)
    const isBelowCircle = isCircle || (above !== null && level === 0)
    for (const [index, unit] of [...path].toReversed().entries()) levels.set(unit, isBelowCircle ? 0 : level + index + 1)
    return levels.get(from) ?? 0
  }

  #tellCircle(circle: readonly UnitId[], at: Date): void {
    const [unitId, ...others] = circle
    if (unitId === undefined || circle.some((unit) => this.#inCircle.has(unit))) return
    for (const unit of circle) this.#inCircle.add(unit)
    const told = others.slice(0, MAX_CIRCLE_TOLD)
    const more = others.length > told.length ? ` and ${others.length - told.length} more` : ''
    const way = told.length === 0 ? '' : `, by way of ${told.join(', ')}${more}`
    this.#faults.push({ unitId, text: `the unit ${unitId} would be below itself at ${at.toISOString()}${way}`, missing: null })
  }

  #standing(unitId: UnitId, at: Date): UnitPlace | null {
    const place = this.#newest.get(unitId)
    return place === undefined || !holdsAt(place, at) ? null : place
  }
}

function endsForGood(places: readonly UnitPlace[]): ReadonlyMap<UnitPlace, Date | null> {
  const ends = new Map<UnitPlace, Date | null>()
  for (const own of Map.groupBy(places, ({ unitId }) => unitId).values()) {
    let next: UnitPlace | null = null
    for (const place of own.toReversed()) {
      const goesOn = next !== null && place.toAt !== null && next.fromAt.getTime() === place.toAt.getTime()
      ends.set(place, next !== null && goesOn ? (ends.get(next) ?? null) : place.toAt)
      next = place
    }
  }
  return ends
}
