import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DeskBench } from '../../support/desk-bench.ts'
import { until } from '../../support/hooks.ts'
import { OPERATOR } from '../core/library/library-bench.ts'
import { type GraphqlReply, ServerBench } from './server-bench.ts'

const STATE = 'state since interactionId callBeganAt desks recordings { plainId side state reason startedAt endedAt } pauses { by how effectiveAt resumedAt } pauseEndsAt pauseWarnedAt mayPause mayResume mayStart mayStop'

interface Desk extends AsyncDisposable {
  readonly bench: DeskBench
  readonly token: string
  readonly ask: (query: string) => Promise<GraphqlReply>
  readonly server: ServerBench
}

async function desk(given: Parameters<typeof DeskBench.open>[0] = {}): Promise<Desk> {
  const bench = await DeskBench.open(given)
  const { text: token } = await bench.library.mint.create({ label: 'desktop of anna', role: 'agent', permissions: null, partitions: [], binding: { agent: 'anna', desks: [bench.desk('200')], sees: 'live' }, expiresAt: null }, OPERATOR)
  const server = await ServerBench.open({}, bench.library)
  return { bench, token, server, ask: async (query) => server.query(token, query), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

describe('the desk API', () => {
  it('tells my current recording with every field, and who I am', async () => {
    await using at = await desk()
    expect((await at.ask(`{ myCurrentRecording { ${STATE} } viewer { role agent desks permissions partitions } }`))).to.deep.include({
      errors: [],
      data: {
        myCurrentRecording: { state: 'NO_CALL', since: null, interactionId: null, callBeganAt: null, desks: ['fake:PJSIP/200'], recordings: [], pauses: [], pauseEndsAt: null, pauseWarnedAt: null, mayPause: false, mayResume: false, mayStart: false, mayStop: false },
        viewer: { role: 'AGENT', agent: 'anna', desks: ['fake:PJSIP/200'], permissions: ['CONTROL_OWN'], partitions: [] },
      },
    })
    await at.bench.talk('customer', '200')
    const { data } = await at.ask(`{ myCurrentRecording { ${STATE} } }`)
    expect(data?.['myCurrentRecording']).to.deep.include({ state: 'RECORDING', mayPause: true, mayResume: false, mayStart: false, mayStop: true }).and.to.have.nested.property('recordings[0].state', 'RECORDING')
  })

  it('pauses, resumes, stops and starts "current", and says what became of it', async () => {
    await using at = await desk({ record: 'source' })
    await at.bench.talk('customer', '200')
    const control = async (mutation: string): Promise<unknown> => (await at.ask(`mutation { ${mutation}(input: { current: true }) { results { outcome effectiveAt recording { state reason } error { code } } userErrors { code retry } } }`)).data?.[mutation]
    expect(await control('recordingPause')).to.have.nested.property('results[0].recording.state', 'PAUSED')
    expect(await control('recordingPause')).to.have.nested.property('results[0].outcome', 'ALREADY')
    expect(await control('recordingStart')).to.have.nested.property('results[0].outcome', 'ALREADY')
    expect(await control('recordingResume')).to.have.nested.property('results[0].recording.state', 'RECORDING')
    expect(await control('recordingStop')).to.deep.include({ userErrors: [] }).and.to.have.nested.property('results[0].outcome', 'DONE')
    expect(await control('recordingStop')).to.deep.equal({ results: null, userErrors: [{ code: 'RECORDING_NOT_ACTIVE', retry: false }] })
    expect(await control('recordingPause')).to.deep.equal({ results: null, userErrors: [{ code: 'RECORDING_NOT_ACTIVE', retry: false }] })
    expect(await control('recordingStart')).to.have.nested.property('results[0].outcome', 'DONE')
  })

  it('refuses what names no call, with a code and its field', async () => {
    await using at = await desk()
    const asked = async (input: string): Promise<unknown> => (await at.ask(`mutation { recordingPause(input: ${input}) { results { outcome } userErrors { code field } } }`)).data?.['recordingPause']
    expect(await asked('{ current: true }')).to.deep.equal({ results: null, userErrors: [{ code: 'NO_LIVE_CALL', field: null }] })
    expect(await asked('{ current: false }')).to.deep.equal({ results: null, userErrors: [{ code: 'FILTER_INVALID', field: ['input', 'current'] }] })
    expect(await asked('{ recordingId: "x y" }')).to.deep.equal({ results: null, userErrors: [{ code: 'MALFORMED_ID', field: null }] })
  })

  it('signs in and out, and tells who sat where', async () => {
    await using at = await desk()
    const signIn = async (input: string): Promise<unknown> => (await at.ask(`mutation { agentSignIn(input: ${input}) { seat { agent desk source toAt } userErrors { code } } }`)).data?.['agentSignIn']
    expect(await signIn('{ desk: "fake:PJSIP/201" }')).to.deep.equal({ seat: { agent: 'anna', desk: 'fake:PJSIP/201', source: 'SIGN_IN', toAt: null }, userErrors: [] })
    for (const [input, code] of [['{ desk: "201" }', 'MALFORMED_ID'], ['{ desk: "other:PJSIP/201" }', 'PBX_UNKNOWN'], ['{ agent: "bert", desk: "fake:PJSIP/201" }', 'FORBIDDEN']] as const) {
      expect(await signIn(input)).to.deep.equal({ seat: null, userErrors: [{ code }] })
    }
    const out = await at.ask('mutation { agentSignOut(input: {}) { seats { agent desk } userErrors { code } } }')
    expect(out.data?.['agentSignOut']).to.deep.equal({ seats: [{ agent: 'anna', desk: 'fake:PJSIP/201' }], userErrors: [] })
    await at.bench.library.tell(...at.bench.capture.journal.facts.map(({ fact }) => fact))
    const { data } = await at.ask('{ deskSeats(filter: { agent: "anna", desk: "fake:PJSIP/201" }, first: 5) { agent desk source fromAt toAt } }')
    expect(data?.['deskSeats']).to.have.length(1)
  })

  it('tells over server-sent events, each state as it comes', async () => {
    await using at = await desk({ record: 'source' })
    const { told, end } = await at.server.subscribe(at.token, 'subscription { myCurrentRecording { state mayPause } }')
    const last = (): unknown => told.at(-1)?.data?.['myCurrentRecording']
    await until(() => expect(last()).to.deep.equal({ state: 'NO_CALL', mayPause: false }))
    const { agent } = await at.bench.talk('customer', '200')
    await until(() => expect(last()).to.deep.equal({ state: 'RECORDING', mayPause: true }))
    await at.ask('mutation { recordingPause(input: { current: true }) { userErrors { code } } }')
    await until(() => expect(last()).to.deep.equal({ state: 'PAUSED', mayPause: false }))
    at.bench.capture.pbx.hangsUp(agent)
    await until(() => expect(last()).to.deep.equal({ state: 'NO_CALL', mayPause: false }))
    end()
  })

  it('shows on the time line of an interaction what was stopped by hand', async () => {
    await using at = await desk({ record: 'source' })
    const { customer } = await at.bench.talk('customer', '200')
    await at.ask('mutation { recordingStop(input: { current: true }) { userErrors { code } } }')
    at.bench.capture.pbx.after(5000)
    await at.ask('mutation { recordingStart(input: { current: true }) { userErrors { code } } }')
    at.bench.capture.pbx.hangsUp(customer)
    await at.bench.capture.settled()
    await at.bench.library.tell(...at.bench.capture.journal.facts.map(({ fact }) => fact))
    const [first] = at.bench.capture.recordings()
    const integrator = await at.bench.library.token('integrator')
    const { data, errors } = await at.server.query(integrator, '{ interaction(id: "fake-customer") { stoppedParts { side fromAt toAt by how } recordings { state reason demands { action by how failedAt } } } }')
    expect(errors).to.deep.equal([])
    const interaction = data?.['interaction'] as unknown as { readonly stoppedParts: readonly { readonly fromAt: string; readonly toAt: string }[]; readonly recordings: readonly unknown[] }
    expect(interaction.stoppedParts).to.have.length(1)
    expect(interaction.stoppedParts[0]).to.include({ side: 'SOURCE', how: 'API', fromAt: first?.endedAt?.toISOString() })
    expect(Date.parse(interaction.stoppedParts[0]?.toAt ?? '') - Date.parse(interaction.stoppedParts[0]?.fromAt ?? '')).to.equal(5000)
    expect(interaction.recordings.at(-1)).to.deep.include({ state: 'STOPPED', reason: 'STOPPED_ON_DEMAND' }).and.to.have.nested.property('demands[0].action', 'STOP')
  })
})
