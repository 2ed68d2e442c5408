import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { AGENT_VIEWS, DEFAULT_ROLES, may, parseRoleName, type Permission, PERMISSIONS, permissionsOf, type Requester, ROLE_REACHES, type RoleDefinition, ROLES, type TokenBinding } from '../../../../core/domain/actor.ts'
import { parseTokenId } from '../../../../core/domain/ids.ts'
import { checkedTokenPermissions, narrowedRights } from '../../../../core/domain/token-permissions.ts'
import { scopeFor } from '../../../../core/library/access/access.ts'
import { requesterOfToken } from '../../../../core/library/access/requester.ts'
import { personOf } from '../../../../core/library/live/live-control.ts'
import { seconds } from '../../../support/recording-facts.ts'

const ANNA: TokenBinding = { agent: 'anna', desks: [], sees: 'own' }
const SOME = fc.subarray([...PERMISSIONS])

function roles(): fc.Arbitrary<RoleDefinition> {
  const own = fc.record({ permissions: SOME, reach: fc.constantFrom(...ROLE_REACHES), reasonRequired: fc.boolean() }).map(({ permissions, reach, reasonRequired }) => ({ name: parseRoleName('clerk'), sees: ['open'], hears: 'whole', permissions, reach, reasonRequired } as const))
  return fc.oneof(fc.constantFrom(...ROLES.map((name) => DEFAULT_ROLES[name])), own)
}

function bindings(): fc.Arbitrary<TokenBinding | null> {
  return fc.option(fc.record({ agent: fc.constantFrom(null, 'anna'), desks: fc.constant([]), sees: fc.constantFrom(...AGENT_VIEWS) }))
}

function requester(role: RoleDefinition, { permissions, partitions, binding }: { readonly permissions: readonly Permission[] | null; readonly partitions: readonly string[]; readonly binding: TokenBinding | null }): Requester {
  return requesterOfToken({ id: parseTokenId('0123456789abcdef'), label: 'desk', role: role.name, permissions, partitions, binding, secretSha256: '', createdAt: seconds(0), expiresAt: null, revokedAt: null }, role, '192.0.2.7')
}

/** The scope, or the code of the refusal. */
function answer(asked: Requester, permission: Permission): unknown {
  try {
    return scopeFor(asked, permission)
  } catch (error) {
    return (error as { readonly code: unknown }).code
  }
}

describe('the permissions of a token', () => {
  it('are never more than its role has, and never more than it names', () => {
    const tokens = fc.record({ role: roles(), permissions: fc.option(SOME), partitions: fc.subarray(['/sales', '/support']), binding: bindings() })
    fc.assert(fc.property(tokens, ({ role, permissions, partitions, binding }) => {
      const whole = requester(role, { permissions: null, partitions, binding })
      const narrowed = requester(role, { permissions, partitions, binding })
      for (const permission of PERMISSIONS) {
        if (!may(narrowed, permission)) expect(answer(narrowed, permission)).to.equal('FORBIDDEN')
        else expect(may(whole, permission) && (permissions ?? PERMISSIONS).includes(permission), permission).to.equal(true)
        // What it may it does where its role does, as nobody else, and with no fewer reasons; without `search` and `play` there is nothing of one's own to look for.
        if (may(narrowed, permission)) expect(answer(narrowed, permission)).to.be.deep.oneOf([answer(whole, permission), ...role.reach === 'own' ? [{ type: 'none' }] : []])
      }
      if (may(narrowed, 'control-own')) expect(personOf(narrowed)).to.equal(personOf(whole))
      expect({ ...narrowed, role: { ...narrowed.role, permissions: [] }, binding: null }).to.deep.equal({ ...whole, role: { ...whole.role, permissions: [] }, binding: null })
    }), { numRuns: 500 })
  })

  it('are those of the role that it names, or all where it names none', () => {
    const supervisor = { role: DEFAULT_ROLES.supervisor, binding: null }
    expect(permissionsOf(narrowedRights(supervisor, ['play', 'search', 'delete']))).to.deep.equal(['search', 'play'])
    expect(narrowedRights(supervisor, null)).to.deep.equal(supervisor)
    const agent = { role: DEFAULT_ROLES.agent, binding: ANNA }
    expect(permissionsOf(narrowedRights(agent, ['control-own']))).to.deep.equal(['control-own'])
    expect(permissionsOf(narrowedRights(agent, ['search']))).to.deep.equal(['search'])
  })

  it('may be taken from those that the role has, one by one, and a part of its control is none', () => {
    const refused = (permissions: readonly Permission[]): string => {
      try {
        return `made: ${checkedTokenPermissions({ role: DEFAULT_ROLES.supervisor, binding: null }, permissions)?.join(' ')}`
      } catch (error) {
        return String(error)
      }
    }
    expect(refused(['play', 'search', 'play'])).to.equal('made: search play')
    expect(refused(['control-team'])).to.equal('made: control-team')
    expect(refused([])).to.include('name one')
    expect(refused(['play', 'export', 'manage-keys'])).to.include('supervisor lacks export, manage-keys')
    expect(refused(['control-own', 'play'])).to.include('name control-team beside control-own')
    expect(checkedTokenPermissions({ role: DEFAULT_ROLES.agent, binding: ANNA }, ['search', 'control-own'])).to.deep.equal(['control-own', 'search'])
  })
})
