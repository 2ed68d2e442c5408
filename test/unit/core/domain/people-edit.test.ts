import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { parseUnitId, parseUserId } from '../../../../core/domain/ids.ts'
import { holdsAt, NO_ORGANISATION } from '../../../../core/domain/organisation.ts'
import { organisationFaults } from '../../../../core/domain/organisation-faults.ts'
import { edited, type PeopleEdit } from '../../../../core/domain/people-edit.ts'
import { peopleDifferences, reorganisedFrom } from '../../../../core/domain/people-difference.ts'
import type { People } from '../../../../core/domain/person.ts'
import { runs } from '../../../support/property-runs.ts'
import { seconds } from '../../../support/recording-facts.ts'

const [NORTH, SOUTH] = [parseUnitId('north'), parseUnitId('south')]
const MOMENT = { now: seconds(0), newId: () => parseUserId('0123456789abcdef') }
const NOBODY: People = { users: [], roles: [], organisation: NO_ORGANISATION }
const UNITS: readonly PeopleEdit[] = [NORTH, SOUTH].map((unitId) => ({ type: 'unit-placed', unitId, must: 'be-new', fromAt: new Date(0) }))
/** Instants before, at, between and after every span of these tests. */
const INSTANTS = Array.from({ length: 25 }, (_, index) => seconds(index - 2))

function after(edits: readonly PeopleEdit[], from: People = NOBODY): People {
  return edits.reduce((people, edit) => edited(people, edit, MOMENT), from)
}

describe('edits of people', () => {
  it('leave an agent in a unit exactly when the last word about that time says so, and never twice', () => {
    const move = fc.record({ type: fc.constantFrom('joined' as const, 'left' as const), unitId: fc.constantFrom(NORTH, SOUTH), from: fc.integer({ min: 0, max: 20 }), length: fc.constantFrom(1, 3, 10, null) })
      .map(({ type, unitId, from, length }) => ({ type, unitId, agent: 'anna', span: { fromAt: seconds(from), toAt: length === null ? null : seconds(from + length) } }))
    fc.assert(fc.property(fc.array(move, { maxLength: 8 }), (moves) => {
      const { organisation } = after([...UNITS, ...moves])
      expect(organisationFaults(organisation)).to.deep.equal([])
      for (const unitId of [NORTH, SOUTH]) {
        for (const at of INSTANTS) {
          const last = moves.findLast((each) => each.unitId === unitId && holdsAt(each.span, at))
          expect(organisation.members.some((member) => member.unitId === unitId && holdsAt(member, at)), at.toISOString()).to.equal(last?.type === 'joined')
        }
      }
    }), runs(200))
  })

  it('are one stay where two touch', () => {
    const stay = (from: number, to: number): PeopleEdit => ({ type: 'joined', unitId: NORTH, agent: 'anna', span: { fromAt: seconds(from), toAt: seconds(to) } })
    expect(after([...UNITS, stay(0, 5), stay(10, 15), stay(5, 10)]).organisation.members).to.deep.equal([{ unitId: NORTH, agent: 'anna', fromAt: seconds(0), toAt: seconds(15) }])
  })

  it('place a unit from a time on, and make void what was to come after', () => {
    const place = (from: number, parentId: typeof SOUTH | null): PeopleEdit => ({ type: 'unit-placed', unitId: NORTH, must: 'be-there', parentId, fromAt: seconds(from) })
    const { places } = after([...UNITS, place(20, SOUTH), place(10, SOUTH)]).organisation
    expect(places.filter(({ unitId }) => unitId === NORTH)).to.deep.equal([
      { unitId: NORTH, name: 'north', parentId: null, fromAt: new Date(0), toAt: seconds(10) }, { unitId: NORTH, name: 'north', parentId: SOUTH, fromAt: seconds(10), toAt: null },
    ])
    expect(after([...UNITS, place(20, SOUTH), place(10, null)]).organisation.places.filter(({ unitId }) => unitId === NORTH), 'as it stood').to.deep.equal([
      { unitId: NORTH, name: 'north', parentId: null, fromAt: new Date(0), toAt: null },
    ])
  })

  it('ask to look again from the first time that differs, and not at all when nothing does', () => {
    const before = after([...UNITS, { type: 'joined', unitId: NORTH, agent: 'anna', span: { fromAt: seconds(0), toAt: null } }])
    const changed = after([{ type: 'left', unitId: NORTH, agent: 'anna', span: { fromAt: seconds(30), toAt: null } }, { type: 'joined', unitId: SOUTH, agent: 'anna', span: { fromAt: seconds(30), toAt: null } }], before)
    expect(reorganisedFrom(peopleDifferences(before, changed))).to.deep.equal(seconds(30))
    const back = after([{ type: 'left', unitId: SOUTH, agent: 'anna', span: { fromAt: seconds(0), toAt: null } }, { type: 'joined', unitId: NORTH, agent: 'anna', span: { fromAt: seconds(30), toAt: null } }], changed)
    expect(peopleDifferences(before, back)).to.deep.equal([])
  })
})
