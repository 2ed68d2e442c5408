import type { UnitId } from './ids.ts'

/** From a unit to the top. Deeper than any organisation that people could name. */
export const MAX_UNIT_DEPTH = 16
export const MAX_UNIT_NAME_LENGTH = 100

/** Where a unit stood in the tree, and under which name, from when to when (`toAt` not included; `null`: still). */
export interface UnitPlace {
  readonly unitId: UnitId
  readonly name: string
  /** `null`: at the top. */
  readonly parentId: UnitId | null
  readonly fromAt: Date
  readonly toAt: Date | null
}

/** Whose agent somebody was, from when to when. Somebody may be in several units at once. */
export interface Membership {
  readonly unitId: UnitId
  readonly agent: string
  readonly fromAt: Date
  readonly toAt: Date | null
}

/** The tree of business units and who was in them, at every time. */
export interface Organisation {
  readonly places: readonly UnitPlace[]
  readonly members: readonly Membership[]
}

export const NO_ORGANISATION: Organisation = { places: [], members: [] }

/** A span that holds at an instant. */
export function holdsAt({ fromAt, toAt }: Pick<UnitPlace, 'fromAt' | 'toAt'>, at: Date): boolean {
  return fromAt <= at && (toAt === null || toAt > at)
}

/** The unit and all above it, as the tree was then; none where it did not stand. */
export function unitsAbove(places: readonly UnitPlace[], unitId: UnitId, at: Date): readonly UnitId[] {
  const parents = new Map(places.filter((place) => holdsAt(place, at)).map((place) => [place.unitId, place.parentId]))
  const units: UnitId[] = []
  for (let unit: UnitId | null = unitId; unit !== null && units.length < MAX_UNIT_DEPTH && !units.includes(unit);) {
    const parent: UnitId | null | undefined = parents.get(unit)
    if (parent === undefined) break
    units.push(unit)
    unit = parent
  }
  return units
}

/** The units of these agents and all above those, as it was then: whoever leads one of them reaches what they said. */
export function unitsOfAgents({ places, members }: Organisation, agents: readonly string[], at: Date): readonly UnitId[] {
  const wanted = new Set(agents.map((agent) => agent.normalize('NFC')))
  const own = members.filter((member) => wanted.has(member.agent) && holdsAt(member, at))
  return [...new Set(own.flatMap(({ unitId }) => unitsAbove(places, unitId, at)))]
}
