import { expect } from 'chai'
import { parse } from 'graphql'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { parseTokenId } from '../../../core/domain/ids.ts'
import { parseToken } from '../../../core/library/sign-in/token-text.ts'
import { CONTROL_FIELDS, isOfControl } from '../../../graphql/control-alone.ts'
import { createHoldfastSchema } from '../../../graphql/schema.ts'
import { until } from '../../support/hooks.ts'
import { LibraryBench, OPERATOR } from '../core/library/library-bench.ts'
import { ServerBench } from './server-bench.ts'

const KNOWN_MS = 900_000
const PAUSE = 'mutation ($id: ID!) { recordingPause(input: { recordingId: $id }) { results { outcome } userErrors { code } } }'

/** The real server, over a catalogue that the test takes away. */
class AwayBench implements AsyncDisposable {
  readonly server: ServerBench
  readonly bench: LibraryBench

  private constructor(server: ServerBench) {
    this.server = server
    this.bench = server.bench
  }

  static async open(tokensKnownMs = KNOWN_MS): Promise<AwayBench> {
    return new AwayBench(await ServerBench.open({}, await LibraryBench.open({ tokensKnownMs })))
  }

  /** Whoever came a moment ago. */
  async known(role: 'supervisor' | 'administrator' = 'administrator'): Promise<string> {
    const text = await this.bench.token(role)
    expect((await this.server.query(text, '{ viewer { label } }')).errors).to.deep.equal([])
    return text
  }

  /** Nothing is answered, and nothing audited. */
  goAway(): void {
    const away = (): Promise<never> => Promise.reject(new HoldfastError('STORE_FAILED', 'away'))
    this.bench.audit.unavailable = true
    Object.assign(this.bench.tokens, { find: away })
    Object.assign(this.bench.people, { findRole: away, findUser: away, read: away, organisationVersion: away })
    Object.assign(this.bench.repository, { find: away, findInteraction: away, search: away, findLive: away, count: away })
  }

  /** Nothing is found of a token before this has come to its end. */
  before(work: () => Promise<void>): void {
    const { tokens } = this.bench
    const find = tokens.find.bind(tokens)
    tokens.find = async (id) => {
      await work()
      return await find(id)
    }
  }

  async revoke(text: string): Promise<void> {
    await this.bench.mint.revoke(parseTokenId(parseToken(text)?.id ?? ''), OPERATOR)
  }

  async paused(token: string, id: string): Promise<{ readonly status: number; readonly outcomes: unknown; readonly codes: readonly (string | undefined)[] }> {
    const { status, data, errors } = await this.server.query(token, PAUSE, { id })
    const done = (data as unknown as { readonly recordingPause: { readonly results: readonly { readonly outcome: string }[] | null } } | null)?.recordingPause
    return { status, outcomes: done?.results?.map(({ outcome }) => outcome) ?? null, codes: errors.map(({ extensions }) => extensions?.code) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
  }
}

describe('whoever is let in by what the catalogue said before', () => {
  it('pauses, and the command says when it was known who that is', async () => {
    await using away = await AwayBench.open()
    const token = await away.known()
    const knownAt = away.bench.now.toISOString()
    const id = await away.bench.recording()
    away.goAway()
    away.bench.pass(KNOWN_MS - 1)
    expect(await away.paused(token, id)).to.deep.equal({ status: 200, outcomes: ['DONE'], codes: [] })
    expect(away.bench.commands.map(({ action, client }) => [action, client?.knownAt])).to.deep.equal([['pause', knownAt]])
    expect(away.bench.runtime.counted.get('holdfast_sign_in_remembered_total')).to.equal(1)
    away.bench.pass(1)
    expect(await away.paused(token, id)).to.deep.equal({ status: 503, outcomes: null, codes: ['UNAVAILABLE'] })
  })

  it('may nothing where that is turned off, and came by the catalogue where it answers', async () => {
    await using off = await AwayBench.open(0)
    const token = await off.known()
    const id = await off.bench.recording()
    expect((await off.paused(token, id)).outcomes).to.deep.equal(['DONE'])
    expect(off.bench.commands[0]?.client).to.not.have.property('knownAt')
    off.goAway()
    expect(await off.paused(token, id)).to.deep.equal({ status: 503, outcomes: null, codes: ['UNAVAILABLE'] })
  })

  it('is refused by the clock when the token has expired meanwhile', async () => {
    await using away = await AwayBench.open()
    const { text } = await away.bench.mint.create({ label: 'short', role: 'administrator', permissions: null, partitions: [], binding: null, expiresAt: new Date(away.bench.now.getTime() + 1000) }, OPERATOR)
    await away.server.query(text, '{ viewer { label } }')
    const id = await away.bench.recording()
    away.goAway()
    away.bench.pass(999)
    expect((await away.paused(text, id)).outcomes).to.deep.equal(['DONE'])
    away.bench.pass(1)
    expect(await away.paused(text, id)).to.deep.equal({ status: 401, outcomes: null, codes: ['UNAUTHENTICATED'] })
  })

  const questions: Readonly<Record<string, string>> = {
    'a search': '{ recordings { nodes { id } } }',
    'what is recorded now': '{ activeRecordings { id } }',
    'a recording': '{ recording(id: "ID") { id } }',
    'a playback': 'mutation { recordingRequestPlayback(input: { recordingId: "ID" }) { playback { path } } }',
    'the audit': '{ auditEntries(first: 1) { nodes { id } } }',
    'the rules': '{ policy { version } }',
    'who one is': '{ viewer { permissions } }',
    'a seat': 'mutation { agentSignIn(input: { agent: "anna", desk: "main PJSIP/desk-1" }) { userErrors { code } } }',
    'attached data': 'mutation { attachedDataSet(input: { call: { recordingId: "ID" }, key: "mood", value: "x" }) { userErrors { code } } }',
    'a search beside a control': 'query { myCurrentRecording { state } ...more } fragment more on Query { ... on Query { found: recordings { nodes { id } } } }',
  }
  for (const [what, question] of Object.entries(questions)) {
    it(`does not get ${what}: 503`, async () => {
      await using away = await AwayBench.open()
      const token = await away.known()
      const id = await away.bench.recording()
      away.goAway()
      const { status, data, errors } = await away.server.query(token, question.replace('ID', id))
      expect({ status, data, codes: errors.map(({ extensions }) => extensions?.code) }, errors[0]?.message ?? '').to.deep.equal({ status: 503, data: null, codes: ['UNAVAILABLE'] })
    })
  }

  for (const path of ['/audit/export', '/reports?template=PAUSES', '/media/ticket', '/export/ticket', '/download/ticket']) {
    it(`does not get ${path}: 503`, async () => {
      await using away = await AwayBench.open()
      const token = await away.known()
      away.goAway()
      expect((await away.server.request(path, { headers: { Authorization: `Bearer ${token}` } })).status).to.equal(503)
    })
  }

  it('does not hear on by a ticket of before, and looks at nothing beside a pause', async () => {
    await using away = await AwayBench.open()
    const token = await away.known('supervisor')
    const { id: stored } = await away.bench.stored()
    const ticket = await away.server.ticketPath(token, stored)
    const id = await away.bench.recording()
    away.goAway()
    expect((await away.server.request(ticket)).status).to.equal(503)
    const { data, errors } = await away.server.query(token, PAUSE.replace('{ outcome }', '{ outcome recording { interaction { id } } }'), { id })
    expect(data).to.deep.equal({ recordingPause: { results: [{ outcome: 'DONE', recording: { interaction: null } }], userErrors: [] } })
    expect(errors.map(({ extensions }) => extensions?.code)).to.deep.equal(['UNAVAILABLE'])
  })

  it('follows her own call, and no recordings', async () => {
    await using away = await AwayBench.open()
    const token = await away.known()
    away.goAway()
    const { told, end } = await away.server.subscribe(token, 'subscription { myCurrentRecording { state } }')
    await until(() => expect(told.map(({ data }) => data)).to.deep.equal([{ myCurrentRecording: { state: 'NO_CALL' } }]))
    end()
    expect((await away.server.query(token, 'subscription { recordingChanged { id } }')).status).to.equal(503)
  })

  it('is refused from the late answer on that says that the token is revoked', async () => {
    await using away = await AwayBench.open()
    const token = await away.known()
    const id = await away.bench.recording()
    await away.revoke(token)
    const slow = Promise.withResolvers<void>()
    away.before(async () => await slow.promise)
    expect((await away.paused(token, id)).outcomes, 'the catalogue alone knows that it is revoked, and hangs').to.deep.equal(['DONE'])
    slow.resolve()
    await new Promise(setImmediate)
    away.goAway()
    expect((await away.paused(token, id)).status).to.equal(401)
  })

  for (const [what, status] of [['stands', 200], ['is revoked', 401]] as const) {
    it(`waits with a search until a catalogue that is slow has said that the token ${what}: ${status}`, async () => {
      await using away = await AwayBench.open()
      const token = await away.known()
      if (what === 'is revoked') await away.revoke(token)
      let questions = 0
      away.before(async () => {
        questions += 1
        await Promise.resolve()
        if (questions === 1) throw new HoldfastError('STORE_FAILED', 'too late')
      })
      const { status: told, errors } = await away.server.query(token, '{ recordings { nodes { id } } }')
      expect({ told, errors: errors.length, questions, remembered: away.bench.runtime.counted.get('holdfast_sign_in_remembered_total') }).to.deep.equal({ told: status, errors: status === 200 ? 0 : 1, questions: 2, remembered: 1 })
    })
  }

  it('is told of fields of control alone: each is one of the schema', () => {
    const schema = createHoldfastSchema()
    const known = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) => Object.keys(type?.getFields() ?? {}))
    expect(known).to.include.members([...CONTROL_FIELDS])
    expect(isOfControl(parse('subscription { myCurrentRecording { state } }'))).to.equal(true)
    expect(isOfControl(parse('query a { myCurrentRecording { state } } query b { viewer { label } }'), 'a')).to.equal(true)
    expect(isOfControl(parse('query a { myCurrentRecording { state } } query b { viewer { label } }'), 'b')).to.equal(false)
    expect(isOfControl(parse('{ ...a } fragment a on Query { ...b ...b } fragment b on Query { ...a recordings { nodes { id } } }'))).to.equal(false)
  })
})
