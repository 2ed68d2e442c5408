import { expect } from 'chai'
import { describe, it } from 'mocha'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseInstant } from '../../../../config/people/instant.ts'
import { readPeople, readPeopleFile } from '../../../../config/people/read-people.ts'
import { parseRoleName } from '../../../../core/domain/actor.ts'
import { parseUnitId } from '../../../../core/domain/ids.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

const GOOD = `
roles:
  team-lead: { permissions: [search, play], hears: own-parts }
units:
  sales: { name: Sales }
  north:
    places:
      - { below: sales, until: 2026-03-01 }
      - { name: North II, from: 2026-03-01 }
    members:
      - anna
      - { agent: berta, from: 2026-01-01, until: 2026-02-01T12:00+01:00 }
users:
  carla@example.com: { role: team-lead, units: [sales], partitions: [/sales/gold] }
`

describe('a file of people', () => {
  it('says roles, then the tree, then who is in it, then users', () => {
    const reading = readPeople(GOOD)
    if (reading.problems.length > 0) throw new Error(JSON.stringify(reading.problems))
    expect(reading.edits.map(({ path, edit: { type } }) => `${path.join('.')} ${type}`)).to.deep.equal(['roles.team-lead role', 'units.sales unit', 'units.north unit', 'units.north.members members', 'users.carla@example.com user'])
    const [role, , north, members, carla] = reading.edits.map(({ edit }) => edit)
    expect(role).to.deep.include({ must: 'be', wish: { permissions: ['search', 'play'], reach: 'named', sees: ['open'], hears: 'own-parts', reasonRequired: false } })
    const march = new Date('2026-03-01T00:00:00.000Z')
    expect(north).to.deep.include({ places: [{ unitId: 'north', name: 'north', parentId: 'sales', fromAt: new Date(0), toAt: march }, { unitId: 'north', name: 'North II', parentId: null, fromAt: march, toAt: null }] })
    expect(members).to.deep.include({ members: [{ unitId: 'north', agent: 'anna', fromAt: new Date(0), toAt: null }, { unitId: 'north', agent: 'berta', fromAt: new Date('2026-01-01T00:00:00.000Z'), toAt: new Date('2026-02-01T11:00:00.000Z') }] })
    // Who locked a user by hand meant it: a file that says nothing of it leaves it.
    expect(carla).to.deep.include({ wish: { role: 'team-lead', agent: null, partitions: ['/sales/gold'], units: ['sales'] } })
  })

  const faults: Readonly<Record<string, readonly [string, string]>> = {
    'a permission that there is not': ['roles:\n  lead:\n    permissions: [search, listen]\n', 'line 3 column 27 roles.lead.permissions[1]'],
    'a role without permissions': ['roles:\n  lead: { hears: whole }\n', 'line 2 column 9 roles.lead.permissions'],
    'a key that there is not': ['users:\n  carla:\n    role: agent\n    partition: [/a]\n', 'line 4 column 5 users.carla.partition'],
    'a unit whose name is none': ['units:\n  North One: {}\n', 'line 2 column 14 units.North One'],
    'a time that is none': ['units:\n  north: { from: 2026-02-30 }\n', 'line 2 column 18 units.north.from'],
    'a time of a member that is none': ['units:\n  north:\n    members:\n      - { agent: anna, from: 2026-31-01 }\n', 'line 4 column 30 units.north.members[0].from'],
    'a key of a member that there is not': ['units:\n  north:\n    members: [{ agent: anna, til: 2026-03-01 }]\n', 'line 3 column 30 units.north.members[0].til'],
    'two ways at once': ['units:\n  north: { below: null, places: [{}] }\n', 'line 2 column 10 units.north'],
    'a partition that is none': ['users:\n  carla: { role: supervisor, partitions: [sales] }\n', 'line 2 column 43 users.carla.partitions[0]'],
    'a user twice': ['users:\n  carla: { role: agent }\n  CARLA: { role: agent }\n', 'line 3 column 3 users.CARLA'],
    'a name that would be passed over in silence': ['users:\n  carla: { role: agent }\n  __proto__: { role: agent }\n', 'line 3 column 3 users.__proto__'],
    'what lies too deep': [`users: ${'['.repeat(70)}${']'.repeat(70)}`, `line 1 column 72 users${'[0]'.repeat(64)}`],
    'a broken notation': ['users: [', 'line 1 column 9 '],
    'nothing': ['', 'line 1 column 1 '],
  }
  for (const [what, [text, place]] of Object.entries(faults)) {
    it(`is refused for ${what}, with its place`, () => {
      const reading = readPeople(text)
      expect(reading.problems.map(({ path, position }) => `line ${position?.line} column ${position?.column} ${path}`)).to.include(place)
    })
  }

  const problemsOf = (text: string): readonly string[] => readPeople(text).problems.map(({ path, message, position }) => `${position?.line}:${position?.column} ${path}: ${message}`)

  it('keeps the entries without a fault, and knows whose fault is told', () => {
    const { problems, edits, isTold } = readPeople('roles: { lead: { permissions: [search] } }\nunits: 5\nusers:\n  carla: { role: agent }\n  berta: {}\n')
    expect(problems.map(({ path }) => path)).to.deep.equal(['units', 'users.berta.role'])
    expect(edits.map(({ path }) => path.join('.'))).to.deep.equal(['roles.lead', 'users.carla'])
    expect(isTold({ type: 'unit', unitId: parseUnitId('any') }), 'no unit could be read').to.equal(true)
    expect(isTold({ type: 'role', role: parseRoleName('lead') })).to.equal(false)
  })

  it('takes a name with spaces around it for the same name, and finds its place', () => {
    expect(problemsOf('users:\n  carla: { role: agent }\n  "carla ": { role: supervisor }\n')).to.deep.equal(['3:3 users.carla : the same user stands here twice: case does not count'])
    expect(readPeople('users:\n  " Zoe\u0308 ": { role: agent }\n').edits).to.have.deep.nested.property('[0].path', ['users', ' Zoe\u0308 '])
  })

  it('reads CR LF and a byte order mark, and counts lines and columns as an editor does', () => {
    expect(problemsOf('\ufeffusers:\r\n  carla:\r\n    role: agent\r\n    unit: [a]\r\n')).to.deep.equal(['4:5 users.carla.unit: there is no such setting; did you mean `units`?'])
    expect(problemsOf('\ufeffuser: {}')).to.deep.equal(['1:1 user: there is no such setting; did you mean `users`?'])
  })

  const BOMB = ['a: &a [x, x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 9 }, (_, index) => `b${index}: &b${index} [${Array(10).fill(index === 0 ? '*a' : `*b${index - 1}`).join(', ')}]`)].join('\n')
  const hostile: Readonly<Record<string, readonly [string, string]>> = {
    'references that grow into gigabytes': [BOMB, '1:1 : Excessive alias count indicates a resource exhaustion attack'],
    'a reference to itself': ['users: &a\n  carla: *a\n', '2:3 users.carla.carla'],
    'what lies deeper than the stack': ['users: ' + '['.repeat(200_000), '1:263 : lies more than 256 deep'],
  }
  for (const [what, [text, told]] of Object.entries(hostile)) {
    it(`is refused for ${what}`, () => {
      expect(problemsOf(text)[0]).to.include(told)
    })
  }

  it('tells each line that is no UTF-8, and what else is wrong', async () => {
    const file = join(await temporaryDirectory(), 'people.yaml')
    await writeFile(file, Buffer.from('users:\n  b\xe9rta: { role: agent }\n  carla: { rule: agent }\n  zo\xeb: { role: agent }\n', 'latin1'))
    expect(readPeopleFile(file).problems.map(({ message, position }) => `${position?.line}:${position?.column} ${message}`)).to.deep.equal([
      '2:4 is not UTF-8 here', '3:10 is missing; allowed: 1 to 40 of 0-9 a-z -, beginning with a letter', '3:12 there is no such setting; did you mean `role`?', '4:5 is not UTF-8 here',
    ])
    await writeFile(file, Buffer.from('\ufeffusers: {}', 'utf16le'))
    expect(readPeopleFile(file).problems[0]).to.have.property('message', 'is UTF-16: save it as UTF-8')
  })

  it('tells the place of what only the whole shows', () => {
    const reading = readPeople(GOOD)
    expect(reading.problemAt(['units', 'north', 'members'], 'odd')).to.deep.equal({ path: 'units.north.members', message: 'odd', position: { line: 10, column: 5 } })
  })

  it('takes times as UTC unless they say otherwise', () => {
    const times = ['2026-03-01', '2026-03-01T09:30', '2026-03-01T09:30:15.250Z', '2026-03-01T09:30+02:00', '2026-02-30', '2026-3-1', 'now', '2026-13-01']
    expect(times.map((text) => parseInstant(text)?.toISOString() ?? null)).to.deep.equal(['2026-03-01T00:00:00.000Z', '2026-03-01T09:30:00.000Z', '2026-03-01T09:30:15.250Z', '2026-03-01T07:30:00.000Z', null, null, null, null])
  })
})
