import { expect } from 'chai'
import { describe, it } from 'mocha'
import { ROLES } from '../../../core/domain/actor.ts'
import { ServerBench } from './server-bench.ts'

const ABOUT = {
  user: 'user { userId name role agent partitions units disabledAt }',
  role: 'role { name builtIn permissions reach sees hears reasonRequired }',
  unit: 'unit { unitId places { name parentId fromAt toAt } }',
}
const QUERIES: Readonly<Record<string, string>> = {
  users: '{ users { nodes { name } } }',
  roles: '{ roles { name } }',
  units: '{ units { nodes { unitId } } }',
  unitMembers: '{ unitMembers { nodes { agent } } }',
  organisationRestamp: '{ organisationRestamp { share } }',
}
/** In an order in which an administrator can do them. */
const MUTATIONS: Readonly<Record<string, string>> = {
  roleAdd: '{ name: "lead", permissions: [SEARCH, PLAY] }',
  roleChange: '{ name: "lead", hears: OWN_PARTS }',
  unitAdd: '{ unitId: "sales", name: "Sales" }',
  unitChange: '{ unitId: "sales", name: "Sale" }',
  unitMemberJoin: '{ unitId: "sales", agent: "anna", fromAt: "2026-01-01T00:00:00Z" }',
  unitMemberLeave: '{ unitId: "sales", agent: "anna", at: "2026-02-01T00:00:00Z" }',
  userAdd: '{ name: "carla", role: "lead", units: ["sales"] }',
  userChange: '{ name: "carla", partitions: ["/a"], units: [], disabled: true }',
  userRemove: '{ name: "carla" }',
  roleRemove: '{ name: "lead" }',
  unitEnd: '{ unitId: "sales", at: "2027-01-01T00:00:00Z" }',
  unitErase: '{ unitId: "sales" }',
}

function mutation(name: string, input = MUTATIONS[name] ?? ''): string {
  const about = name.startsWith('user') ? 'user' : name.startsWith('role') ? 'role' : 'unit'
  return `mutation { ${name}(input: ${input}) { changed ${ABOUT[about]} userErrors { code message } } }`
}

describe('the API of people', () => {
  for (const role of ROLES.filter((each) => each !== 'administrator')) {
    it(`is none of ${role}: no field tells anything, and nothing is changed`, async () => {
      await using server = await ServerBench.open()
      const token = await server.bench.token(role)
      const before = await server.bench.people.read()
      for (const [field, query] of Object.entries(QUERIES)) {
        const { data, errors } = await server.query(token, query)
        expect(errors.map(({ extensions }) => extensions?.code), field).to.deep.equal(['FORBIDDEN'])
        expect(data?.[field] ?? null, field).to.equal(null)
      }
      for (const name of Object.keys(MUTATIONS)) {
        const { data } = await server.query(token, mutation(name))
        expect(data, name).to.have.nested.property(`${name}.userErrors[0].code`, 'FORBIDDEN')
        expect(data, name).to.have.nested.property(`${name}.changed`, null)
      }
      expect(await server.bench.people.read()).to.deep.equal(before)
    })
  }

  it('does each change once, gives what it was about, and tells the audit who did it', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('administrator')
    const answers: Record<string, unknown> = {}
    for (const name of Object.keys(MUTATIONS)) {
      const { data, errors } = await server.query(token, mutation(name))
      expect(errors, name).to.deep.equal([])
      answers[name] = data?.[name]
      // With the unit goes the stay of anna in it.
      expect(answers[name], name).to.deep.include({ changed: name === 'unitErase' ? 2 : 1, userErrors: [] })
    }
    expect(answers['roleChange']).to.have.deep.property('role', { name: 'lead', builtIn: false, permissions: ['SEARCH', 'PLAY'], reach: 'NAMED', sees: ['OPEN'], hears: 'OWN_PARTS', reasonRequired: false })
    expect(answers['unitChange']).to.have.nested.property('unit.places[1].name', 'Sale')
    expect(answers['userChange']).to.have.property('user').that.includes({ name: 'carla', role: 'lead', agent: null }).and.deep.includes({ partitions: ['/a'], units: [] })
    expect(answers['userChange']).to.have.nested.property('user.disabledAt').that.is.a('string')
    expect(answers['userRemove']).to.have.property('user', null)
    const told = server.bench.audit.entries.filter(({ action }) => action.endsWith('.changed'))
    expect(told.map(({ action }) => action)).to.deep.equal(['role.changed', 'role.changed', 'org.changed', 'org.changed', 'org.changed', 'org.changed', 'user.changed', 'user.changed', 'user.changed', 'role.changed', 'org.changed', 'org.changed', 'org.changed'])
    expect(new Set(told.map(({ actor }) => actor.type))).to.deep.equal(new Set(['token']))
  })

  it('pages through users and members', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('administrator')
    for (const name of ['a', 'b', 'c']) await server.query(token, mutation('userAdd', `{ name: "${name}", role: "agent" }`))
    const seen: string[] = []
    let after: string | null = null
    for (let more = true; more;) {
      const { data } = await server.query(token, 'query ($after: String) { users(first: 2, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }', { after })
      const page = data?.['users'] as { readonly nodes: readonly { readonly name: string }[]; readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string } } | undefined
      if (page === undefined) throw new Error('no page')
      seen.push(...page.nodes.map(({ name }) => name))
      more = page.pageInfo.hasNextPage
      after = page.pageInfo.endCursor
    }
    expect(seen.toSorted()).to.deep.equal(['a', 'b', 'c'])
    expect((await server.query(token, '{ users(first: 201) { nodes { name } } }')).errors[0]?.extensions?.code).to.equal('FILTER_INVALID')
  })

  const refused: Readonly<Record<string, readonly [string, string, string]>> = {
    'a default role that changes': ['roleChange', '{ name: "agent", permissions: [PLAY] }', 'PEOPLE_INVALID'],
    'a user of no role': ['userAdd', '{ name: "x", role: "nobody" }', 'PEOPLE_INVALID'],
    'a user who is not there': ['userChange', '{ name: "x" }', 'PEOPLE_NOT_FOUND'],
    'a partition that is none': ['userAdd', '{ name: "x", role: "agent", partitions: ["sales"] }', 'FILTER_INVALID'],
    'a unit whose id is none': ['unitAdd', '{ unitId: "Sales One" }', 'MALFORMED_ID'],
    'a unit below one that there is not': ['unitAdd', '{ unitId: "sales", parentId: "top" }', 'PEOPLE_INVALID'],
    'a name of line breaks': ['userAdd', '{ name: "a\\nb", role: "agent" }', 'PEOPLE_INVALID'],
  }
  for (const [what, [name, input, code]] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      await using server = await ServerBench.open()
      const { data, errors } = await server.query(await server.bench.token('administrator'), mutation(name, input))
      expect(errors).to.deep.equal([])
      expect(data).to.have.nested.property(`${name}.userErrors[0].code`, code)
    })
  }
})
