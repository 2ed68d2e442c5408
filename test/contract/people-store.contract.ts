import { describe, it } from 'mocha'
import { expect } from 'chai'
import { DEFAULT_ROLES, type RoleDefinition } from '../../core/domain/actor.ts'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import { parseCustomRoleName, parseUnitId, parseUserId } from '../../core/domain/ids.ts'
import type { User } from '../../core/domain/person.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { PeopleChange, PeopleStore } from '../../core/ports/people-store.ts'
import { seconds } from '../support/recording-facts.ts'
import { rejection } from '../support/rejection.ts'

const USER: User = {
  id: parseUserId('0123456789abcdef'), name: `Änne O'Neill 🤝`, role: 'supervisor', agent: 'Änne', partitions: ['/sales/gold', '/süd'], units: [parseUnitId('north')],
  createdAt: seconds(0), disabledAt: null,
}
const ROLE: RoleDefinition = { name: parseCustomRoleName('team-lead'), permissions: ['search', 'play'], reach: 'named', sees: ['open', 'restricted'], hears: 'own-parts', reasonRequired: true }
const NORTH = { unitId: parseUnitId('north'), name: 'North "1"', parentId: null, fromAt: new Date(0), toAt: null }
const ANNA = { unitId: parseUnitId('north'), agent: 'Änne 🤝', fromAt: seconds(5), toAt: seconds(9) }

/** What every store of people does. `open` gives an empty one, and the audit log that it writes to. */
export function peopleStoreContract(name: string, open: () => Promise<{ readonly people: PeopleStore; readonly audit: AuditLog }>): void {
  describe(`${name} is a PeopleStore`, () => {
    it('gives back what it was given', async () => {
      const { people } = await open()
      await change(people, { type: 'role', role: ROLE }, { type: 'user', user: USER }, { type: 'unit', id: NORTH.unitId, places: [NORTH] }, { type: 'members', agent: ANNA.agent, memberships: [ANNA] })
      expect(await people.read()).to.deep.equal({ users: [USER], roles: [ROLE], organisation: { places: [NORTH], members: [ANNA] } })
      expect(await people.findUser(USER.id)).to.deep.equal(USER)
      expect(await people.findUser(parseUserId('ffffffffffffffff'))).to.equal(null)
      expect(await people.findRole(ROLE.name)).to.deep.equal(ROLE)
      expect(await people.findRole(parseCustomRoleName('nobody'))).to.equal(null)
      expect(await people.findRole('agent')).to.deep.equal(DEFAULT_ROLES.agent)
    })

    it('finds a user by her name, however it is written', async () => {
      const { people } = await open()
      await change(people, { type: 'user', user: USER })
      for (const spelling of [USER.name, USER.name.toUpperCase(), USER.name.normalize('NFD')]) expect(await people.findUserByName(spelling), spelling).to.deep.equal(USER)
      expect(await people.findUserByName('somebody')).to.equal(null)
    })

    it('replaces what was there, and takes out what is no more', async () => {
      const { people } = await open()
      await change(people, { type: 'role', role: ROLE }, { type: 'user', user: USER }, { type: 'unit', id: NORTH.unitId, places: [NORTH] }, { type: 'members', agent: ANNA.agent, memberships: [ANNA] })
      const moved = { ...NORTH, toAt: seconds(10) }
      const changedUser = { ...USER, name: 'Anne', agent: null, disabledAt: seconds(7), partitions: [], units: [] }
      await change(people, { type: 'role', role: { ...ROLE, permissions: [] } }, { type: 'user', user: changedUser }, { type: 'unit', id: NORTH.unitId, places: [moved, { ...NORTH, name: 'N', fromAt: seconds(10) }] }, { type: 'members', agent: ANNA.agent, memberships: [] })
      expect(await people.read()).to.deep.equal({ users: [changedUser], roles: [{ ...ROLE, permissions: [] }], organisation: { places: [moved, { ...NORTH, name: 'N', fromAt: seconds(10) }], members: [] } })
      await change(people, { type: 'role-removed', name: parseCustomRoleName('team-lead') }, { type: 'user-removed', id: USER.id }, { type: 'unit', id: NORTH.unitId, places: [] })
      expect(await people.read()).to.deep.equal({ users: [], roles: [], organisation: { places: [], members: [] } })
    })

    it('counts changes of the organisation, and of nothing else', async () => {
      const { people } = await open()
      const before = await people.organisationVersion()
      await change(people, { type: 'user', user: USER })
      expect(await people.organisationVersion()).to.equal(before)
      await change(people, { type: 'unit', id: NORTH.unitId, places: [NORTH] })
      expect(await people.organisationVersion()).to.equal(before + 1)
    })

    it('changes nothing when the plan throws, and writes no audit', async () => {
      const { people, audit } = await open()
      await rejection(people.change(() => {
        throw new Error('no')
      }))
      await change(people, { type: 'user', user: USER })
      expect(await actions(audit)).to.deep.equal(['user.changed'])
    })

    it('gives each of many plans at once what the one before left', async () => {
      const { people } = await open()
      await Promise.all(Array.from({ length: 8 }, (_, index) => people.change(({ users }) => ({
        changes: [{ type: 'user', user: { ...USER, id: parseUserId(`000000000000000${index}`), name: `user ${users.length}` } }], audit: [], restamp: null,
      }))))
      const { users } = await people.read()
      expect(users.map((user) => user.name).toSorted()).to.deep.equal(Array.from({ length: 8 }, (_, index) => `user ${index}`))
    })
  })
}

async function change(people: PeopleStore, ...changes: readonly PeopleChange[]): Promise<void> {
  await people.change(() => ({ changes, audit: [TOLD], restamp: null }))
}

async function actions(audit: AuditLog): Promise<readonly string[]> {
  const { entries } = await audit.read({ objectId: null, actorId: null, action: null, from: null, to: null }, { first: 10, before: null })
  return entries.map(({ entry }) => entry.action)
}

const TOLD: AuditDraft = { at: seconds(0), actor: { type: 'cli', id: 'root' }, action: 'user.changed', object: { type: 'user', id: USER.id }, outcome: 'ok', reason: null, details: {}, personal: { name: USER.name } }
