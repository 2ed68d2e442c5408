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
  return climb(parents, unitId).units
}

/** The units of these agents and all above those, as it was then: whoever leads one of them reaches what they said. */
export function unitsOfAgents({ places, members }: Organisation, agents: readonly string[], at: Date): readonly UnitId[] {
  const wanted = new Set(agents.map((agent) => agent.normalize('NFC')))
  const own = members.filter((member) => wanted.has(member.agent) && holdsAt(member, at))
  return [...new Set(own.flatMap(({ unitId }) => unitsAbove(places, unitId, at)))]
}

/** What is wrong with an organisation, and with which unit. */
export interface OrganisationFault {
  readonly unitId: UnitId
  readonly text: string
}

/** What is wrong, at whatever time, or `null`. */
export function organisationFault({ places, members }: Organisation): OrganisationFault | null {
  return spanFault(places, { keyOf: ({ unitId }) => unitId, twice: 'stands in two places at one time' })
    ?? spanFault(members, { keyOf: ({ unitId, agent }) => `${unitId} ${agent}`, twice: 'has somebody twice at one time' })
    ?? [...new Set(places.map(({ fromAt }) => fromAt.getTime()))].map((at) => treeFault(places, new Date(at))).find((fault) => fault !== null)
    ?? memberFault(places, members)
}

function spanFault<T extends Pick<UnitPlace, 'unitId' | 'fromAt' | 'toAt'>>(spans: readonly T[], { keyOf, twice }: { readonly keyOf: (span: T) => string; readonly twice: string }): OrganisationFault | null {
  const ordered = spans.toSorted((one, other) => one.fromAt.getTime() - other.fromAt.getTime())
  const last = new Map<string, T>()
  for (const span of ordered) {
    const { unitId, fromAt, toAt } = span
    if (toAt !== null && toAt <= fromAt) return { unitId, text: `a span of the unit ${unitId} ends before it begins` }
    const before = last.get(keyOf(span))
    if (before !== undefined && (before.toAt === null || before.toAt > fromAt)) return { unitId, text: `the unit ${unitId} ${twice}` }
    last.set(keyOf(span), span)
  }
  return null
}

/** A tree changes only where a place begins or ends: what is whole at each beginning, with its parents there as long as it is, is whole always. */
function treeFault(places: readonly UnitPlace[], at: Date): OrganisationFault | null {
  const standing = new Map(places.filter((place) => holdsAt(place, at)).map((place) => [place.unitId, place]))
  const parents = new Map([...standing].map(([unitId, { parentId }]) => [unitId, parentId]))
  for (const { unitId, parentId, toAt } of standing.values()) {
    const parent = parentId === null ? null : standing.get(parentId)
    if (parent === undefined) return { unitId, text: `the unit ${unitId} is below ${parentId ?? ''}, which does not stand at ${at.toISOString()}` }
    const { end } = climb(parents, unitId)
    if (end === 'circle') return { unitId, text: `the unit ${unitId} would be below itself at ${at.toISOString()}` }
    if (end === 'too-deep') return { unitId, text: `the unit ${unitId} would have more than ${MAX_UNIT_DEPTH - 1} units above it` }
    const orphanedAt = parent === null ? null : standsUntil(places, parent)
    if (orphanedAt !== null && (toAt === null || toAt > orphanedAt)) return { unitId, text: `the unit ${unitId} is below ${parentId ?? ''}, which ends at ${orphanedAt.toISOString()}` }
  }
  return null
}

/** When a unit ends for good after this place: it may go on under another parent without a break. */
function standsUntil(places: readonly UnitPlace[], place: UnitPlace): Date | null {
  const { toAt } = place
  if (toAt === null) return null
  const next = places.find(({ unitId, fromAt }) => unitId === place.unitId && fromAt.getTime() === toAt.getTime())
  return next === undefined ? toAt : standsUntil(places, next)
}

function memberFault(places: readonly UnitPlace[], members: readonly Membership[]): OrganisationFault | null {
  const known = new Set(places.map(({ unitId }) => unitId))
  const stray = members.find(({ unitId }) => !known.has(unitId))
  return stray === undefined ? null : { unitId: stray.unitId, text: `there is no unit ${stray.unitId}` }
}

function climb(parents: ReadonlyMap<UnitId, UnitId | null>, from: UnitId): { readonly units: readonly UnitId[]; readonly end: 'top' | 'circle' | 'too-deep' } {
  const units: UnitId[] = []
  for (let unit: UnitId | null = from; unit !== null;) {
    const parent: UnitId | null | undefined = parents.get(unit)
    if (parent === undefined) break
    if (units.includes(unit)) return { units, end: 'circle' }
    if (units.length === MAX_UNIT_DEPTH) return { units, end: 'too-deep' }
    units.push(unit)
    unit = parent
  }
  return { units, end: 'top' }
}
