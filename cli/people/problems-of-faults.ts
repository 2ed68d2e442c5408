import type { PeopleReading } from '../../config/people/read-people.ts'
import type { Problem } from '../../config/problem.ts'
import type { SettingPath } from '../../config/schema-walk.ts'
import type { PeopleFault } from '../../core/domain/people-difference.ts'
import { userNameKey } from '../../core/domain/person.ts'
import type { PeopleEdit } from '../../core/domain/people-edit.ts'
import type { EditFault } from '../../core/library/people/people-plan.ts'

/** What is wrong with edits, at the places of the file that want them. */
export function problemsOfFaults(faults: readonly EditFault[], { edits, problemAt }: Pick<PeopleReading, 'edits' | 'problemAt'>): readonly Problem[] {
  // Of a unit the first edit is that of its places; its members come behind.
  const byThing = new Map(edits.toReversed().map((placed) => [keyOf(placed.edit), placed]))
  return faults.map((fault) => {
    if ('edit' in fault) return problemAt(edits[fault.edit]?.path ?? [], fault.error.message)
    const { about, text, missing } = fault.together
    const placed = byThing.get(about.type === 'unit' ? `unit ${about.unitId}` : `user ${userNameKey(about.name)}`)
    return problemAt(placed === undefined ? [] : [...placed.path, ...placeWithin(placed.edit, missing)], text)
  })
}

/** The word in the entry that names what is not there. */
function placeWithin(edit: PeopleEdit, missing: PeopleFault['missing']): SettingPath {
  if (missing === null) return []
  if (missing.type === 'role') return ['role']
  if (edit.type === 'user') return ['units', edit.wish.units?.indexOf(missing.unitId) ?? 0]
  const isPlaceOfMany = edit.type === 'unit' && edit.places.length > 1
  return isPlaceOfMany ? ['places', edit.places.findIndex(({ parentId }) => parentId === missing.unitId), 'below'] : ['below']
}

function keyOf(edit: PeopleEdit): string {
  if ('unitId' in edit) return `unit ${edit.unitId}`
  return edit.type === 'user' ? `user ${userNameKey(edit.name)}` : edit.type
}
