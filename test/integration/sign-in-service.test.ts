import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { compose, type Holdfast } from '../../cli/compose.ts'
import { serviceRuntime } from '../../cli/runtime/service-runtime.ts'
import { loadSettings } from '../../config/load-settings.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { digestOf } from '../../graphql/allowed-operations.ts'
import { collect } from '../support/bytes.ts'
import { temporaryDirectory } from '../support/hooks.ts'
import { OidcIssuer } from '../support/oidc-issuer.ts'

const PROGRAM = join(import.meta.dirname, '../../cli/main.ts')
const HEADER = { kid: 'key-1', alg: 'RS256' }
const VIEWER = '{ viewer { label roleName partitions } }'

describe('people of an identity provider, and users with passwords, at the service', () => {
  let issuer: OidcIssuer
  let file: string
  let holdfast: Holdfast
  let logged: string[]

  beforeEach(async () => {
    const directory = await temporaryDirectory()
    issuer = await OidcIssuer.open(() => new Date())
    file = join(directory, 'holdfast.yaml')
    // Nothing listens on port 1: nobody signs in at a PBX.
    await writeFile(file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { port: 1, username: holdfast, secret: s3cret }, spool: { type: directory, path: ${directory} } }]
keys: { recipients: [${(await newIdentity(new Date())).recipient}] }
http: { port: 0, publicMetrics: true }
signIn:
  oidc:
    issuer: ${issuer.url}
    audience: holdfast
    refetchAfterMs: 1000
    claims: { roles: realm_access.roles, partitions: areas, units: teams, agent: agent }
    roles: [{ claim: recording-officers, role: compliance-officer }, { claim: team-leads, role: supervisor }, { claim: desks, role: agent }]
`)
    logged = []
    await begin()
  })

  afterEach(async () => {
    await holdfast.stop()
    await issuer.close()
  })

  async function begin(): Promise<void> {
    const settings = loadSettings(file, {})
    holdfast = await compose(settings, serviceRuntime(settings, { write: (line) => void logged.push(line) }))
    await holdfast.start()
  }

  /** The command as a script runs it: without a terminal. */
  async function command(words: readonly string[], input = ''): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    const child = spawn(process.execPath, [PROGRAM, ...words, '--config', file], { stdio: 'pipe' })
    const ended = once(child, 'close')
    child.stdin.end(input)
    const [out, err] = await Promise.all([collect(child.stdout), collect(child.stderr)])
    const [code] = await ended
    return { code, out: out.toString(), err: err.toString() }
  }

  async function ask(token: string, query = VIEWER): Promise<{ readonly status: number; readonly data: unknown }> {
    const reply = await fetch(`${holdfast.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify({ query }) })
    const { data = null } = JSON.parse(await reply.text())
    return { status: reply.status, data }
  }

  async function session(method: 'GET' | 'POST', { cookie = '', body = null }: { readonly cookie?: string; readonly body?: object | null }): Promise<Response> {
    return await fetch(`${holdfast.url}/session`, { method, headers: { 'Content-Type': 'application/json', Origin: holdfast.url, ...(cookie === '' ? {} : { Cookie: cookie }) }, ...(body === null ? {} : { body: JSON.stringify(body) }) })
  }

  it('have the role, the partitions, the units and the calls that their claims make', async () => {
    const keys = await issuer.publish('key-1', 'RS256')
    const lead = await issuer.sign(keys, HEADER, { realm_access: { roles: ['offline_access', 'team-leads'] }, areas: ['/sales', '/support/gold'] })
    expect(await ask(lead)).to.deep.equal({ status: 200, data: { viewer: { label: 'Änne', roleName: 'supervisor', partitions: ['/sales', '/support/gold'] } } })
    const both = await issuer.sign(keys, HEADER, { sub: 'subject-2', realm_access: { roles: ['team-leads', 'recording-officers'] }, areas: [] })
    expect(await ask(both), 'the first of the mapping that fits').to.have.nested.property('data.viewer.roleName', 'compliance-officer')
    const ofUnit = await issuer.sign(keys, HEADER, { sub: 'subject-3', realm_access: { roles: ['team-leads'] }, areas: [], teams: ['north'] })
    expect(await ask(ofUnit, '{ viewer { units partitions } recordings(first: 1) { nodes { plainId } } }')).to.deep.equal({ status: 200, data: { viewer: { units: ['north'], partitions: [] }, recordings: { nodes: [] } } })
    const agent = await issuer.sign(keys, HEADER, { sub: 'subject-4', realm_access: { roles: ['desks'] }, areas: [], agent: 'anna' })
    expect(await ask(agent, '{ viewer { roleName agent permissions } }')).to.deep.equal({ status: 200, data: { viewer: { roleName: 'agent', agent: 'anna', permissions: ['CONTROL_OWN'] } } })
  })

  it('are answered the listed operations alone, where the settings list them', async () => {
    const token = await issuer.sign(await issuer.publish('key-1', 'RS256'), HEADER, { realm_access: { roles: ['team-leads'] } })
    await holdfast.stop()
    await writeFile(join(dirname(file), 'operations.json'), JSON.stringify({ [digestOf(VIEWER)]: VIEWER }))
    await writeFile(file, (await readFile(file, 'utf8')).replace('publicMetrics: true', 'publicMetrics: true, operationsFile: operations.json'))
    await begin()
    expect([(await ask(token)).status, (await ask(token, '{ viewer { label } }')).status]).to.deep.equal([200, 400])
  })

  it('do not come in with anything else, and it is counted when nobody can know', async () => {
    const keys = await issuer.publish('key-1', 'RS256')
    const roles = { realm_access: { roles: ['team-leads'] } }
    const wrong = {
      'another audience': { ...roles, aud: 'other' },
      'no role': { realm_access: { roles: ['guests'] } },
      'a unit that is none': { ...roles, teams: ['No Unit'] },
      'partitions that are no text': { realm_access: { roles: ['recording-officers'] }, areas: [7] },
      'partitions in a map': { realm_access: { roles: ['recording-officers'] }, areas: { of: '/sales' } },
      over: { ...roles, exp: 1 },
    }
    issuer.answerKeys = 'endlessly'
    expect((await ask(await issuer.sign(keys, HEADER, roles))).status).to.equal(401)
    expect(await (await fetch(`${holdfast.url}/metrics`)).text()).to.match(/^holdfast_sign_in_refused_total\{reason="provider-unreachable"\} 1$/m)
    issuer.answerKeys = 'promptly'
    const good = await issuer.sign(keys, HEADER, roles)
    expect((await ask(good)).status, 'it is left alone for a second').to.equal(401)
    await delay(1100)
    expect((await ask(good)).status).to.equal(200)
    for (const [name, claims] of Object.entries(wrong)) expect(await ask(await issuer.sign(keys, HEADER, claims)), name).to.deep.equal({ status: 401, data: null })
  })

  it('get a password from a pipe, sign in with it, and are signed out at the console', async () => {
    expect((await command(['user', 'add', 'carla', '--role', 'supervisor', '--partition', '/sales'])).code).to.equal(0)
    const short = await command(['user', 'password', 'carla'], 'short\n')
    expect(short.code).to.equal(1)
    expect((await command(['user', 'password', 'carla'])).err).to.include('pipe one line in')
    expect((await command(['user', 'password', 'nobody'], 'correct horse battery\n')).code).to.equal(1)
    const set = await command(['user', 'password', 'carla'], 'correct horse battery\nnot of it\n')
    expect(set).to.deep.include({ code: 0, out: '' })
    expect(set.err).to.include('carla signs in with the new password')
    expect((await session('POST', { body: { name: 'carla', password: 'correct horse battery\nnot of it' } })).status).to.equal(401)
    const reply = await session('POST', { body: { name: 'carla', password: 'correct horse battery' } })
    expect(reply.status).to.equal(200)
    const cookie = (reply.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    expect((await session('GET', { cookie })).status).to.equal(200)
    expect((await command(['user', 'sign-out', 'carla'])).err.trim()).to.equal('1 session of carla ended.')
    expect((await session('GET', { cookie })).status).to.equal(401)
    expect((await command(['user', 'sign-out', 'carla'])).err.trim()).to.equal('0 sessions of carla ended.')
    expect([await readFile(file, 'utf8'), logged.join('')].join('')).to.not.include('correct horse')
  })
})
