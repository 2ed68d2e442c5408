import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseUnitId } from '../../../../core/domain/ids.ts'
import { organisationFaults } from '../../../../core/domain/organisation-faults.ts'
import { MAX_UNIT_DEPTH, type Membership, type UnitPlace, unitsAbove, unitsOfAgents } from '../../../../core/domain/organisation.ts'
import { seconds } from '../../../support/recording-facts.ts'

const NORTH = parseUnitId('north')

function place(unit: string, parent: string | null, span: readonly [number, number | null] = [0, null]): UnitPlace {
  return { unitId: parseUnitId(unit), name: unit, parentId: parent === null ? null : parseUnitId(parent), fromAt: seconds(span[0]), toAt: span[1] === null ? null : seconds(span[1]) }
}

function member(agent: string, unit: string, span: readonly [number, number | null] = [0, null]): Membership {
  return { agent, unitId: parseUnitId(unit), fromAt: seconds(span[0]), toAt: span[1] === null ? null : seconds(span[1]) }
}

describe('an organisation', () => {
  const places = [place('top', null), place('north', 'top', [0, 100]), place('north', 'other', [100, null]), place('other', null)]

  it('has above a unit what stood above it then', () => {
    expect(unitsAbove(places, NORTH, seconds(99))).to.deep.equal(['north', 'top'])
    expect(unitsAbove(places, NORTH, seconds(100)), 'the end is not included').to.deep.equal(['north', 'other'])
    expect(unitsAbove(places, NORTH, seconds(-1)), 'before it stood').to.deep.equal([])
  })

  it('knows the units of agents, each once, by their names in any spelling', () => {
    const members = [member('Zo\u00eb', 'north'), member('anna', 'top', [50, 60]), member('anna', 'other')]
    expect(unitsOfAgents({ places, members }, ['Zoe\u0308', 'anna'], seconds(55))).to.deep.equal(['north', 'top', 'other'])
    expect(unitsOfAgents({ places, members }, ['anna'], seconds(60))).to.deep.equal(['other'])
    expect(unitsOfAgents({ places, members }, ['nobody'], seconds(60))).to.deep.equal([])
  })

  const chain = (length: number): readonly UnitPlace[] => Array.from({ length }, (_, index) => place(`u${index}`, index === 0 ? null : `u${index - 1}`))
  const faults: Readonly<Record<string, { readonly places: readonly UnitPlace[]; readonly members?: readonly Membership[]; readonly fault: RegExp | null }>> = {
    'a tree that changes': { places, fault: null },
    'a unit below itself': { places: [place('a', 'a')], fault: /below itself/ },
    'a circle that begins later': { places: [place('a', null, [0, 50]), place('a', 'b', [50, null]), place('b', 'a')], fault: /below itself/ },
    'two that change places at one instant': { places: [place('a', null, [0, 50]), place('a', 'b', [50, null]), place('b', 'a', [0, 50]), place('b', null, [50, null])], fault: null },
    'a unit below one that there is not': { places: [place('a', 'b')], fault: /does not stand/ },
    'a unit below one that comes later': { places: [place('a', 'b'), place('b', null, [10, null])], fault: /does not stand/ },
    'a unit below one that ends before it': { places: [place('a', 'b'), place('b', null, [0, 10])], fault: /which ends/ },
    'a unit in two places at once': { places: [place('a', null, [0, 10]), place('a', null, [9, null])], fault: /two places/ },
    'a place that ends as it begins': { places: [place('a', null, [5, 5])], fault: /ends before it begins/ },
    'a member of no unit': { places: [], members: [member('anna', 'a')], fault: /no unit a/ },
    'somebody in two units at once': { places, members: [member('anna', 'north'), member('anna', 'top')], fault: null },
    'somebody in one unit twice at once': { places, members: [member('anna', 'north', [0, 50]), member('anna', 'north', [40, 60])], fault: /twice/ },
    'the deepest tree': { places: chain(MAX_UNIT_DEPTH), fault: null },
    'a deeper one': { places: chain(MAX_UNIT_DEPTH + 1), fault: /more than 15 units above/ },
  }
  it('has all its faults told, each once, and not what only follows from another', () => {
    const ring = Array.from({ length: 20_000 }, (_, index) => place(`r${index}`, `r${(index + 1) % 20_000}`))
    const found = organisationFaults({
      places: [
        ...ring, place('hangs', 'r7'), ...chain(MAX_UNIT_DEPTH + 3), place('stray', 'nowhere'), place('late', 'gone'), place('gone', null, [0, 10]), place('gone', null, [20, null]),
        place('two', null), place('two', 'other', [5, null]), place('other', null), place('short', null, [5, 5]),
      ],
      members: [member('anna', 'nowhere'), member('berta', 'nowhere'), member('anna', 'two'), member('anna', 'two', [1, 2])],
    })
    expect(found.map(({ unitId, text, missing }) => [unitId, text.replaceAll(/\d{4}-[\dT:.-]*Z/g, 'T'), missing])).to.have.deep.members([
      ['r0', 'the unit r0 would be below itself at T, by way of r1, r2, r3, r4, r5 and 19994 more', null],
      ['u16', 'the unit u16 would have more than 15 units above it', null],
      ['stray', 'the unit stray is below nowhere, which does not stand at T', 'nowhere'],
      ['late', 'the unit late is below gone, which ends at T', 'gone'],
      ['two', 'the unit two stands in two places at one time', null],
      ['short', 'a span of the unit short ends before it begins', null],
      ['nowhere', 'there is no unit nowhere', 'nowhere'],
      ['two', 'the unit two has anna twice at one time', null],
    ])
  })

  it('is looked at anew where something above moves: what becomes too deep, and a circle that closes, at that time', () => {
    const deep = chain(MAX_UNIT_DEPTH)
    const found = organisationFaults({
      places: [place('top', null), ...deep.slice(1), place('u0', null, [0, 50]), place('u0', 'top', [50, null]), place('a', null, [0, 70]), place('a', 'b', [70, null]), place('b', 'a')],
      members: [],
    })
    expect(found.map(({ text }) => text)).to.deep.equal([`the unit u15 would have more than 15 units above it`, `the unit a would be below itself at ${seconds(70).toISOString()}, by way of b`])
  })

  for (const [name, { places: of, members = [], fault }] of Object.entries(faults)) {
    it(`${fault === null ? 'may be' : 'is not'} ${name}`, () => {
      const found = organisationFaults({ places: of, members })
      if (fault === null) expect(found).to.deep.equal([])
      else expect(found.map(({ text }) => text)).to.have.length(1).and.to.have.nested.property('[0]').that.matches(fault)
    })
  }
})
