import type { Requester } from '../../domain/actor.ts'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import { PeopleDraft } from '../../domain/people-draft.ts'
import type { EditMoment, PeopleEdit } from '../../domain/people-edit.ts'
import { type PeopleDifference, peopleDifferences, type PeopleFault, peopleFaults, reorganisedFrom, type RoleOrUnit } from '../../domain/people-difference.ts'
import type { People } from '../../domain/person.ts'
import type { PeopleChange, PeoplePlan } from '../../ports/people-store.ts'

/** What edits come to. */
export interface PlannedPeople extends PeoplePlan {
  readonly people: People
  readonly differences: readonly PeopleDifference[]
}

/** What is wrong with an edit (its place in the list), or with all of them together. */
export type EditFault = { readonly edit: number; readonly error: HoldfastError } | { readonly together: PeopleFault }

/** Whether a role or a unit is not there for another reason that is told already: what needs it is at no fault. */
export type IsTold = (thing: RoleOrUnit) => boolean

/** Every fault of the edits, and the people after those that have none. */
export function applyEdits(now: People, edits: readonly PeopleEdit[], { moment, isTold = () => false }: { readonly moment: EditMoment; readonly isTold?: IsTold }): { readonly people: People; readonly faults: readonly EditFault[] } {
  const faults: EditFault[] = []
  const failed = new Set<string>()
  const isFailed = (thing: RoleOrUnit): boolean => failed.has(keyOf(thing)) || isTold(thing)
  const draft = new PeopleDraft(now)
  for (const [index, edit] of edits.entries()) {
    try {
      draft.apply(edit, moment)
    } catch (error) {
      if (!isHoldfastError(error)) throw error
      const about = aboutOf(edit)
      if (about !== null && isFailed(about)) continue
      faults.push({ edit: index, error })
      if (about !== null) failed.add(keyOf(about))
    }
  }
  const people = draft.people()
  const together = peopleFaults(people).filter(({ about, missing }) => !(about.type === 'unit' && isFailed(about)) && !(missing !== null && isFailed(missing)))
  return { people, faults: [...faults, ...together.map((fault) => ({ together: fault }))] }
}

function aboutOf(edit: PeopleEdit): RoleOrUnit | null {
  if (edit.type === 'role' || edit.type === 'role-removed') return { type: 'role', role: edit.name }
  return 'unitId' in edit ? { type: 'unit', unitId: edit.unitId } : null
}

function keyOf(thing: RoleOrUnit): string {
  return thing.type === 'role' ? `role ${thing.role}` : `unit ${thing.unitId}`
}

/** @throws HoldfastError `PEOPLE_INVALID`; `PEOPLE_NOT_FOUND`; `FORBIDDEN` for a change of one's own rights */
export function planPeople(now: People, edits: readonly PeopleEdit[], { requester, moment }: { readonly requester: Requester; readonly moment: EditMoment }): PlannedPeople {
  const { people, faults: [fault] } = applyEdits(now, edits, { moment })
  if (fault !== undefined) throw 'error' in fault ? fault.error : new HoldfastError('PEOPLE_INVALID', fault.together.text)
  const differences = peopleDifferences(now, people)
  refuseOwnRights(requester, differences)
  const from = reorganisedFrom(differences)
  return { people, differences, changes: differences.map(changeOf), audit: differences.map((difference) => auditOf(difference, requester, moment.now)), restamp: from === null || from > moment.now ? null : { from, at: moment.now } }
}

/** Separation of duties: whoever gives rights gives none to herself, by whatever way. */
function refuseOwnRights({ actor, role, units }: Requester, differences: readonly PeopleDifference[]): void {
  const isOwn = (difference: PeopleDifference): boolean => {
    if (difference.type === 'user') return actor.type === 'user' && (difference.before ?? difference.after)?.id === actor.id
    if (difference.type === 'role') return (difference.before ?? difference.after)?.name === role.name
    return units.length > 0
  }
  if (differences.some(isOwn)) throw new HoldfastError('FORBIDDEN', 'nobody changes her own rights: not her user, not her role, and who leads a unit not the units')
}

function changeOf(difference: PeopleDifference): PeopleChange {
  switch (difference.type) {
    case 'user':
      return difference.after === null ? { type: 'user-removed', id: known(difference.before).id } : { type: 'user', user: difference.after }
    case 'role':
      return difference.after === null ? { type: 'role-removed', name: known(difference.before).name } : { type: 'role', role: difference.after }
    case 'unit':
      return { type: 'unit', id: difference.unitId, places: difference.after }
    case 'members':
      return { type: 'members', agent: difference.agent, memberships: difference.after }
  }
}

function auditOf(difference: PeopleDifference, { actor, address, label }: Requester, at: Date): AuditDraft {
  const { personal = {}, ...told } = toldOf(difference)
  return { at, actor, outcome: 'ok', reason: null, ...told, personal: { ...personal, address, ...(label === '' ? {} : { actorLabel: label }) } }
}

function toldOf(difference: PeopleDifference): Pick<AuditDraft, 'action' | 'object' | 'details'> & { readonly personal?: AuditDraft['personal'] } {
  switch (difference.type) {
    case 'user': {
      const { before, after } = difference
      const { id, name, agent } = known(after ?? before)
      return {
        action: 'user.changed', object: { type: 'user', id },
        details: { change: wordOf(difference), role: after?.role ?? null, roleBefore: before?.role ?? null, partitions: after?.partitions.join(',') ?? null, units: after?.units.join(',') ?? null, disabled: after === null ? null : after.disabledAt !== null },
        personal: { name, ...(agent === null ? {} : { agent }) },
      }
    }
    case 'role': {
      const { before, after } = difference
      const shown = known(after ?? before)
      return {
        action: 'role.changed', object: { type: 'role', id: shown.name },
        details: { change: wordOf(difference), permissions: after?.permissions.join(',') ?? null, permissionsBefore: before?.permissions.join(',') ?? null, reach: shown.reach, sees: shown.sees.join(','), hears: shown.hears, reasonRequired: shown.reasonRequired },
      }
    }
    case 'unit': {
      const { unitId, after, from } = difference
      return { action: 'org.changed', object: { type: 'unit', id: unitId }, details: { change: 'tree', from: from.toISOString(), below: after.at(-1)?.parentId ?? null, places: after.length } }
    }
    case 'members': {
      const { units, agent, after, from } = difference
      return { action: 'org.changed', object: { type: 'unit', id: units.join(',') }, details: { change: 'members', from: from.toISOString(), stays: after.length }, personal: { agent } }
    }
  }
}

function wordOf({ before, after }: { readonly before: unknown; readonly after: unknown }): 'made' | 'removed' | 'changed' {
  if (before === null) return 'made'
  return after === null ? 'removed' : 'changed'
}

function known<T>(thing: T | null): T {
  if (thing === null) throw new TypeError('a difference has two sides, and one of them is something')
  return thing
}
