import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { join } from 'node:path'
import { DEFAULT_ROLES, may, type Permission, PERMISSIONS, type Requester, type Role, ROLES } from '../../../../../core/domain/actor.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { reaches, scopeFor, scopeOf } from '../../../../../core/library/access/access.ts'
import { parseChannelId, parseNodeName, parseUnitId } from '../../../../../core/domain/ids.ts'
import { openSqliteDatabase } from '../../../../../core/store/sql/sqlite-database.ts'
import { catalogueIn } from '../../../../../core/store/catalogue.ts'
import { ANY_RECORDING } from '../../../../../core/ports/recording-repository.ts'
import { temporaryDirectory } from '../../../../support/hooks.ts'
import { quietRuntime } from '../../../../support/quiet-runtime.ts'
import { idAt, journalled, requested, seconds } from '../../../../support/recording-facts.ts'
import { LibraryBench } from '../library-bench.ts'
import { runs } from '../../../../support/property-runs.ts'

function somebody(role: Role, reach: Requester['reach']): Requester {
  return { actor: { type: 'token', id: 'a' }, role: DEFAULT_ROLES[role], label: '', reach, units: [], binding: null, address: '' }
}

/** Written out here too, so that a right which is given by mistake is noticed. */
const RIGHTS: Readonly<Record<Role, Readonly<Record<Permission, boolean>>>> = {
  administrator: { search: true, play: false, export: false, delete: false, hold: false, release: false, label: false, 'control-own': true, 'control-team': true, 'read-audit': true, 'export-audit': true, 'manage-policy': true, 'manage-retention': true, 'manage-keys': true, 'manage-users': true },
  supervisor: { search: true, play: true, export: false, delete: false, hold: false, release: false, label: true, 'control-own': true, 'control-team': true, 'read-audit': false, 'export-audit': false, 'manage-policy': false, 'manage-retention': false, 'manage-keys': false, 'manage-users': false },
  'compliance-officer': { search: true, play: true, export: true, delete: true, hold: true, release: true, label: true, 'control-own': false, 'control-team': false, 'read-audit': true, 'export-audit': true, 'manage-policy': false, 'manage-retention': true, 'manage-keys': false, 'manage-users': false },
  integrator: { search: true, play: true, export: true, delete: false, hold: false, release: false, label: true, 'control-own': true, 'control-team': true, 'read-audit': false, 'export-audit': false, 'manage-policy': false, 'manage-retention': false, 'manage-keys': false, 'manage-users': false },
  agent: { search: false, play: false, export: false, delete: false, hold: false, release: false, label: false, 'control-own': true, 'control-team': false, 'read-audit': false, 'export-audit': false, 'manage-policy': false, 'manage-retention': false, 'manage-keys': false, 'manage-users': false },
}

describe('access', () => {
  for (const role of ROLES) {
    for (const permission of PERMISSIONS) {
      it(`${RIGHTS[role][permission] ? 'gives' : 'refuses'} ${role} the permission ${permission}`, () => {
        const act = (): unknown => scopeFor(somebody(role, 'all'), permission)
        // An agent reaches her own calls alone, whatever else a token may say.
        if (RIGHTS[role][permission]) expect(act()).to.deep.equal({ type: role === 'agent' ? 'none' : 'all' })
        else expect(act).to.throw(HoldfastError).with.property('code', 'FORBIDDEN')
      })
    }
  }

  it('gives whoever was known a while ago control of calls, and nothing else for now', () => {
    for (const role of ROLES) {
      const known = { ...somebody(role, 'all'), knownAt: new Date(0), binding: { agent: 'anna', desks: [], sees: 'own' } } as const
      const control = PERMISSIONS.filter((permission) => permission.startsWith('control-'))
      expect(PERMISSIONS.filter((permission) => may(known, permission))).to.deep.equal(control.filter((permission) => RIGHTS[role][permission]))
      for (const permission of PERMISSIONS.filter((each) => !control.includes(each))) expect(() => scopeFor(known, permission)).to.throw(HoldfastError).with.property('code', 'STORE_FAILED')
      for (const permission of control.filter((each) => RIGHTS[role][each])) expect(scopeFor(known, permission)).to.deep.equal({ type: role === 'agent' ? 'none' : 'all' })
    }
  })

  it('reaches nothing without a partition', () => {
    expect(scopeOf(somebody('supervisor', []))).to.deep.equal({ type: 'none' })
    expect(scopeOf(somebody('supervisor', ['/a']))).to.deep.equal({ type: 'named', partitions: ['/a'], units: [] })
  })

  it('reaches a live recording exactly where the catalogue would', async () => {
    const database = await openSqliteDatabase({ file: join(await temporaryDirectory(), 'catalogue.db'), schema: 'catalogue', readers: 'own' })
    const { repository } = catalogueIn(database, { node: parseNodeName('node'), runtime: quietRuntime() })
    try {
      // Two spellings of one letter, a name that begins as another does, another case, and paths longer than a key of the catalogue.
      const part = fc.constantFrom('a', 'A', 'ab', 'Zo\u00eb', 'Zoe\u0308', 'x'.repeat(120), 'y'.repeat(120))
      const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`)
      const asked = fc.oneof(path, path.map((text) => `${text}/`), fc.constantFrom('/', '', 'a'))
      let second = 0
      await fc.assert(fc.asyncProperty(fc.array(path, { maxLength: 3 }), fc.oneof(fc.constant('all' as const), fc.array(asked, { maxLength: 3 })), async (partitions, reach) => {
        second += 1
        const id = idAt(second)
        const scope = scopeOf(somebody('supervisor', reach))
        await repository.apply({ node: parseNodeName('node'), journal: 'one' }, journalled([requested({ id, partitions })], second - 1))
        expect(reaches(scope, { partitions })).to.equal(await repository.find(id, scope) !== null)
      }), runs(150))
    } finally {
      await database.close()
    }
  })

  it('reaches a path in any spelling of its letters', () => {
    expect(reaches({ type: 'named', partitions: ['/Zoe\u0308'], units: [] }, { partitions: ['/Zo\u00eb/x'] })).to.equal(true)
  })

  it('reaches what an agent said while she was in the unit, by the time line and not by the clock of a PBX', () => {
    const unitId = parseUnitId('north')
    const organisation = { places: [{ unitId, name: 'North', parentId: null, fromAt: seconds(0), toAt: null }], members: [{ unitId, agent: 'anna', fromAt: seconds(0), toAt: seconds(100) }] }
    const parties = [{ channelId: parseChannelId('1.1'), side: 'agent', identity: { number: null, name: null }, endpoint: null, agent: 'anna', fromAt: seconds(101), toAt: null }] as const
    const isReached = (clockOffsetMs: number | null): boolean => reaches({ type: 'named', partitions: [], units: [unitId] }, { partitions: [], parties, startedAt: seconds(101), clockOffsetMs }, organisation)
    expect([isReached(null), isReached(2000)]).to.deep.equal([false, true])
  })

  it('wants to know why before anything that shows a recording, where the role says so', () => {
    const role = { ...DEFAULT_ROLES.integrator, reasonRequired: true }
    const requester = { ...somebody('integrator', 'all'), role }
    for (const permission of ['search', 'play', 'export', 'label'] as const) {
      expect(() => scopeFor(requester, permission), permission).to.throw(HoldfastError).with.property('code', 'REASON_REQUIRED')
      expect(scopeFor({ ...requester, reason: 'claim 4711' }, permission)).to.deep.equal({ type: 'all' })
    }
  })

  it('never shows in a list what it hides by id, nor the reverse', async () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`)
    await fc.assert(fc.asyncProperty(fc.array(fc.array(path, { maxLength: 3 }), { maxLength: 6 }), fc.array(path, { maxLength: 2 }), async (recorded, reach) => {
      const bench = await LibraryBench.open()
      const requester = somebody('supervisor', reach)
      const ids = []
      for (const partitions of recorded) ids.push(await bench.recording({ partitions, interaction: 'one' }))
      const { recordings } = await bench.library.search.search(requester, ANY_RECORDING, { first: 50, before: null })
      const listed = new Set(recordings.map(({ id }) => id))
      for (const id of ids) {
        const found = await bench.library.search.recording(requester, id)
        expect(found !== null).to.equal(listed.has(id))
        const expected = (await bench.repository.find(id, { type: 'all' }))?.partitions.some((partition) => reach.some((allowed) => partition === allowed || partition.startsWith(`${allowed}/`)))
        expect(found !== null).to.equal(expected)
      }
      expect((await bench.library.search.count(requester, ANY_RECORDING)).count).to.equal(listed.size)
    }), runs(40))
  })
})
