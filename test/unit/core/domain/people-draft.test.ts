import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseRoleName } from '../../../../core/domain/actor.ts'
import { parseUnitId, parseUserId } from '../../../../core/domain/ids.ts'
import { NO_ORGANISATION } from '../../../../core/domain/organisation.ts'
import { PeopleDraft } from '../../../../core/domain/people-draft.ts'
import { peopleDifferences } from '../../../../core/domain/people-difference.ts'
import { type EditMoment, edited, type PeopleEdit } from '../../../../core/domain/people-edit.ts'
import type { People } from '../../../../core/domain/person.ts'
import { seconds } from '../../../support/recording-facts.ts'

const NOBODY: People = { users: [], roles: [], organisation: NO_ORGANISATION }
const LEAD = parseRoleName('lead')
const NORTH = parseUnitId('north')
const ALWAYS = { fromAt: seconds(0), toAt: null }
const USER = { type: 'user', must: 'be' } as const
const EDITS: readonly PeopleEdit[] = [
  { type: 'role', name: LEAD, must: 'be-new', wish: { permissions: ['search'] } },
  { ...USER, name: 'carla', wish: { role: LEAD } },
  { ...USER, name: 'Berta', wish: { role: LEAD, agent: 'berta' } },
  { ...USER, name: ' CARLA ', wish: { agent: 'carla' } },
  { ...USER, name: 'berta', wish: { name: 'CARLA' } },
  { ...USER, name: 'berta', wish: { name: ' dora ' } },
  { ...USER, name: 'Dora', must: 'be-new', wish: { role: LEAD } },
  { type: 'role-removed', name: LEAD },
  { ...USER, name: 'berta', must: 'be-there', wish: { role: LEAD } },
  { type: 'user-removed', name: 'DORA' },
  { type: 'joined', unitId: NORTH, agent: 'anna', span: ALWAYS },
  { type: 'unit-placed', unitId: NORTH, must: 'be-new', fromAt: seconds(0) },
  { type: 'joined', unitId: NORTH, agent: 'anna', span: ALWAYS },
  { type: 'left', unitId: NORTH, agent: 'anna', span: { fromAt: seconds(50), toAt: null } },
  { type: 'unit-closed', unitId: NORTH, at: seconds(100) },
  { type: 'user-removed', name: 'nobody' },
  { type: 'user-removed', name: 'carla' },
  { type: 'role-removed', name: LEAD },
  { type: 'unit-removed', unitId: NORTH },
]

function moments(): EditMoment {
  let count = 0
  return { now: seconds(1), newId: () => parseUserId(String(count += 1).padStart(16, '0')) }
}

function after(step: () => void): string {
  try {
    step()
    return 'done'
  } catch (error) {
    return String(error)
  }
}

describe('a draft of people', () => {
  it('comes after each edit to what the edit alone comes to, and stays as it was where it is refused', () => {
    const [one, other] = [moments(), moments()]
    const draft = new PeopleDraft(NOBODY)
    let people = NOBODY
    const told = EDITS.map((edit) => {
      const alone = after(() => { people = edited(people, edit, one) })
      expect(after(() => draft.apply(edit, other)), JSON.stringify(edit)).to.equal(alone)
      expect(peopleDifferences(people, draft.people()), JSON.stringify(edit)).to.deep.equal([])
      return alone === 'done'
    })
    expect(told.filter((isDone) => !isDone), 'refused').to.have.length(7)
    expect(draft.people()).to.deep.equal(NOBODY)
  })
})
