import { expect } from 'chai'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { INSTANT } from '../../../../config/people/instant.ts'
import { PERMISSIONS } from '../../../../core/domain/actor.ts'
import { NO_ORGANISATION } from '../../../../core/domain/organisation.ts'
import { parseChannelId, parseUnitId } from '../../../../core/domain/ids.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { idAt, requested, seconds } from '../../../support/recording-facts.ts'
import { bench, NO_FILTER } from './console-bench.ts'

const FILE = `
roles:
  team-lead: { permissions: [search, play], hears: own-parts }
units:
  sales: { name: Sales }
  north: { below: sales, members: [anna] }
users:
  carla: { role: team-lead, units: [sales] }
`

async function fileOf(text: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'people.yaml')
  await writeFile(file, text)
  return file
}

describe('holdfast user, role and org', () => {
  it('make, change, list and remove users, and each change stands in the audit', async () => {
    await bench(async ({ holdfast, store }) => {
      expect(await holdfast('user', 'add', 'carla', '--role', 'supervisor', '--partition', '/sales', '--agent', 'Carla')).to.deep.include({ code: 0, out: '+ user carla' })
      expect(await holdfast('user', 'set', 'CARLA', '--no-agent', '--disabled')).to.deep.include({ code: 0, out: '~ user carla: agent, disabledAt' })
      expect(await holdfast('user', 'set', 'carla', '--disabled')).to.deep.include({ code: 0, out: '', err: 'Nothing has changed: it was so already.' })
      expect((await holdfast('user', 'list')).out.split('\n').at(-1)).to.match(/^carla +supervisor +\/sales +.* disabled$/)
      const listed: unknown = JSON.parse((await holdfast('user', 'list', '--json')).out)
      expect(listed).to.have.nested.property('[0].partitions[0]', '/sales')
      expect((await holdfast('user', 'remove', 'carla')).code).to.equal(0)
      expect((await holdfast('user', 'remove', 'carla')).code).to.equal(1)
      const { entries } = await store.audit.read(NO_FILTER, { first: 20, before: null })
      expect(entries.map(({ entry }) => `${entry.action} ${entry.outcome}`)).to.deep.equal(['user.changed refused', 'user.changed ok', 'user.changed ok', 'user.changed ok'])
      expect(entries.at(-1)?.entry.personal).to.include({ name: 'carla', agent: 'Carla' })
    })
  })

  it('make roles beside the default ones, which never change; a token may have one', async () => {
    await bench(async ({ holdfast }) => {
      expect((await holdfast('role', 'add', 'listener', '--permissions', 'search', 'play', '--reason-required')).out).to.equal('+ role listener')
      expect((await holdfast('role', 'list')).out).to.match(/^listener +named +open +whole +required +search play$/m).and.to.match(/^administrator +everything /m)
      const builtIn = await holdfast('role', 'set', 'agent', '--permissions', 'play')
      expect(builtIn.code).to.equal(1)
      expect(builtIn.err).to.include('built in')
      expect((await holdfast('token', 'create', '--role', 'listener', '--label', 'desk', '--partition', '/sales')).out).to.match(/^hf_/)
      expect((await holdfast('token', 'create', '--role', 'nobody', '--label', 'desk')).code).to.equal(2)
      expect((await holdfast('role', 'remove', 'listener')).code).to.equal(0)
    })
  })

  it('build the tree, and look again at recordings of before a correction', async () => {
    await bench(async ({ holdfast, store, tell }) => {
      const id = idAt(100)
      const party = { channelId: parseChannelId('1.2'), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent: 'anna', fromAt: seconds(100), toAt: null } as const
      await tell(requested({ id }), { type: 'party-joined', recordingId: id, at: seconds(100), party })
      await holdfast('org', 'add', 'sales', '--name', 'Sales')
      await holdfast('org', 'add', 'north', '--below', 'sales')
      expect((await holdfast('org', 'join', 'north', 'anna', '--from', seconds(0).toISOString())).out).to.equal('~ agent anna, from 2026-03-02 08:00 on: north')
      const scope = { type: 'named', partitions: [], units: [parseUnitId('sales')] } as const
      expect(await store.repository.find(id, scope)).to.equal(null)
      expect((await holdfast('org', 'restamp')).err).to.equal('1 recordings were looked at, 1 have other units now.')
      expect((await store.repository.find(id, scope))?.id).to.equal(id)
      expect((await holdfast('org', 'restamp')).err).to.equal('There was nothing to look at again.')
      expect((await holdfast('org', 'list')).out).to.match(/^north +north +sales +always$/m).and.to.match(/^anna +north +2026-03-02 08:00$/m)
      await holdfast('org', 'leave', 'north', 'anna', '--at', seconds(50).toISOString())
      await holdfast('org', 'restamp')
      expect(await store.repository.find(id, scope)).to.equal(null)
      const circle = await holdfast('org', 'set', 'sales', '--below', 'north')
      expect(circle).to.have.property('code', 1)
      expect(circle.err).to.include('below itself')
    })
  })

  it('import a file whole or not at all, twice like once, and show before what would change', async () => {
    await bench(async ({ holdfast, store }) => {
      const file = await fileOf(FILE)
      const before = await store.people.read()
      const dry = await holdfast('org', 'import', file, '--dry-run')
      expect(dry).to.deep.include({ code: 0, err: '5 changes; nothing was changed.' })
      expect(dry.out.split('\n')).to.deep.equal(['+ role team-lead', '+ unit sales, from the beginning on: below nothing', '+ unit north, from the beginning on: below sales', '~ agent anna, from the beginning on: north', '+ user carla'])
      expect(await store.people.read()).to.deep.equal(before)
      expect((await holdfast('user', 'import', file)).out).to.equal(dry.out)
      expect(await holdfast('role', 'import', file)).to.deep.include({ code: 0, out: '', err: 'Everything is as the file says.' })
      expect((await store.people.read()).users.map(({ name, units }) => [name, units])).to.deep.equal([['carla', ['sales']]])
    })
  })

  const MANY = `
roles:
  agent: { permissions: [search] }
  odd: { permissions: [listen] }
units:
  a: { below: b }
  b: { below: a, members: [anna, anna] }
  c: { below: nowhere }
  d: { from: soon }
  e: { below: d }
users:
  carla: { role: nobody, units: [c, nowhere] }
  CARLA: { role: agent }
  berta: { role: odd, units: [d] }
  dora: { role: agent }
  dora: { role: agent, partition: /a }
`

  it('tell all faults of a file in one round, in its order, and none that only follows from another', async () => {
    await bench(async ({ holdfast, store }) => {
      const file = await fileOf(MANY)
      const { code, err, out } = await holdfast('org', 'import', file)
      expect([code, out]).to.deep.equal([1, ''])
      expect(err.split('\n').slice(1).map((line) => line.trim())).to.deep.equal([
        'line 3, column 3: roles.agent: the role agent is built in and does not change: make one of your own',
        'line 4, column 24: roles.odd.permissions[0]: "listen" is not allowed; allowed: ' + PERMISSIONS.join(', '),
        'line 6, column 3: units.a: the unit a would be below itself at 1970-01-01T00:00:00.000Z, by way of b',
        'line 7, column 3: units.b: the unit b has anna twice at one time',
        'line 8, column 8: units.c.below: the unit c is below nowhere, which does not stand at 1970-01-01T00:00:00.000Z',
        `line 9, column 14: units.d.from: "soon" is not allowed; allowed: ${INSTANT}`,
        'line 12, column 12: users.carla.role: carla has the role nobody, which there is not',
        'line 12, column 37: users.carla.units[1]: carla leads the unit nowhere, which there is not',
        'line 13, column 3: users.CARLA: the same user stands here twice: case does not count',
        'line 16, column 3: Map keys must be unique',
        'line 16, column 24: users.dora.partition: there is no such setting; did you mean `partitions`? [PEOPLE_INVALID]',
      ])
      const asJson = await holdfast('org', 'import', file, '--json', '--dry-run')
      expect(asJson.code).to.equal(1)
      const told: unknown = JSON.parse(asJson.out)
      expect(told).to.have.nested.property('problems.length', 11)
      expect(told).to.deep.include({ changed: false, differences: [] }).and.to.have.deep.nested.property('problems[4].position', { line: 8, column: 8 })
      expect(await store.people.read()).to.deep.equal({ users: [], roles: [], organisation: NO_ORGANISATION })
    })
  })

  const faults: Readonly<Record<string, readonly [string, string]>> = {
    'what is no role': [FILE.replace('role: team-lead', 'role: teamlead'), 'line 8, column 12: users.carla.role: carla has the role teamlead, which there is not'],
    'a circle': [FILE.replace('name: Sales', 'below: north'), 'below itself'],
    'a default role': [FILE.replace('team-lead: {', 'agent: {'), 'line 3, column 3: roles.agent: the role agent is built in'],
    'a unit that there is not': [FILE.replace('units: [sales]', 'units: [south]'), 'line 8, column 37: users.carla.units[0]: carla leads the unit south, which there is not'],
    'a word too many': [FILE.replace('hears:', 'hear:'), 'line 3, column 45: roles.team-lead.hear: there is no such setting; did you mean `hears`?'],
  }
  for (const [what, [text, message]] of Object.entries(faults)) {
    it(`refuse a file for ${what}, say where, and change nothing`, async () => {
      await bench(async ({ holdfast, store }) => {
        const { code, err } = await holdfast('org', 'import', await fileOf(text))
        expect(code).to.equal(1)
        expect(err).to.include(message).and.to.include('nothing was changed')
        expect((await store.people.read()).organisation.places).to.deep.equal([])
      })
    })
  }
})
