import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { tonePower } from '../support/audio/tone-power.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { talkFor } from '../support/talk-for.ts'

const CUSTOMER_HZ = 440
const AGENT_HZ = 1000
const RATE_HZ = 8000
const TALK_MS = 1200
const POLICY = `
attachedData:
  keys: { CASE: { visibility: confidential }, VALUE: { type: number, visibility: restricted }, NOTE: {}, CALL_CLASS: {} }
  sipHeaders: { X-Call-Class: CALL_CLASS }
rules:
  - name: complaints
    when: { attached: { NOTE: complaint } }
    record: source
    labels: [complaint]
  - name: cases
    when: { attached: { CASE: { prefix: conf } } }
    record: source
  - name: classed
    when: { attached: { CALL_CLASS: gold } }
    record: source
`
const RELOADED = POLICY.replace('NOTE: {}', 'NOTE: {}, FRESH: {}').replace('rules:', 'rules:\n  - { name: fresh, when: { attached: { FRESH: first } }, record: source }')
const route = (number: string, ...before: readonly string[]): string => `
exten => ${number},1,Set(GRECORD_PARTITIONS=/sales)
${before.map((step) => ` same => n,${step}`).join('\n')}
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Set(FRESH=second)
 same => n,Dial(PJSIP/agent,20)
 same => n,Hangup()`
const EXTENSIONS = `
[from-customer]${route('100', 'Set(CASE=confidential-4711)', 'Set(VALUE=120034)')}${route('101', 'Set(VALUE=120034)')}${route('102')}${route('103', 'Set(FRESH=first)')}
[from-agent]
`
interface Found {
  readonly plainId: string
  readonly state: string
  readonly labels: readonly string[]
  readonly attachedDataChanges: readonly { readonly key: string; readonly value: string; readonly source: string; readonly at: string }[]
}

describe('the rules over GraphQL, on a real Asterisk', () => {
  let bench: LabBench
  let directory: string
  let policyFile: string
  const clients = new Map<string, GraphqlClient>()

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-policy-'))
    policyFile = join(directory, 'policy.yaml')
    await writeFile(policyFile, POLICY)
    bench = await LabBench.open({
      extensions: EXTENSIONS, phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent', context: 'from-agent' }],
      attachedKeys: ['CASE', 'VALUE', 'NOTE'], settings: { policyFile, attachedData: {} },
    })
    for (const [role, partitions] of [['administrator', []], ['supervisor', ['/sales']], ['compliance-officer', []], ['integrator', []]] as const) clients.set(role, new GraphqlClient(`${bench.url}/graphql`, await bench.token(role, partitions)))
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const as = (role: string): GraphqlClient => {
    const client = clients.get(role)
    if (client === undefined) throw new Error(`no client for ${role}`)
    return client
  }

  /** A call, and what is done in its middle; gives what the catalogue has of it in the end, by its number of recordings. */
  async function call(number: string, { recordings = 1, headers = {}, during = async () => { await Promise.resolve() } }: { readonly recordings?: number; readonly headers?: Readonly<Record<string, string>>; readonly during?: (since: Date) => Promise<void> } = {}): Promise<readonly DemoRecording[]> {
    const since = new Date()
    await using customerPhone = await bench.phone('customer', tone(CUSTOMER_HZ))
    await using agentPhone = await bench.phone('agent', tone(AGENT_HZ))
    await agentPhone.register()
    const customer = await customerPhone.call(number, { headers })
    const agent = await agentPhone.incoming()
    await agent.answer()
    await customer.answered()
    await during(since)
    await talkFor(agent, TALK_MS)
    await customer.hangUp()
    await agent.ended()
    return await bench.settled(recordings, { since })
  }

  /** What the catalogue has of the call that goes on. */
  async function newest(since: Date): Promise<Found> {
    return await until(async () => {
      const { recordings } = await bench.client.request<{ readonly recordings: { readonly nodes: readonly Found[] } }>('query ($since: DateTime!) { recordings(first: 1, filter: { startedFrom: $since }) { nodes { plainId state labels attachedDataChanges { key value source at } } } }', { since: since.toISOString() })
      const [found] = recordings.nodes
      if (found === undefined) throw new Error('the call is not there yet')
      return found
    }, { withinMs: 10_000 })
  }

  async function attach(recordingId: string, key: string, value: string): Promise<{ readonly recordings: readonly Found[] | null; readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] | null }[] }> {
    const { attachedDataSet } = await bench.client.request<{ readonly attachedDataSet: Awaited<ReturnType<typeof attach>> }>(
      'mutation ($input: AttachedDataSetInput!) { attachedDataSet(input: $input) { recordings { plainId state labels attachedDataChanges { key value source at } } userErrors { code field } } }', { input: { call: { recordingId }, key, value } })
    return attachedDataSet
  }

  async function explained(role: string, id: string): Promise<string> {
    const { recordingExplain } = await as(role).request<{ readonly recordingExplain: { readonly text: string; readonly isReproduced: boolean } }>('query ($id: ID!) { recordingExplain(id: $id) { text isReproduced rules { conditions { wanted saw holds } } } }', { id })
    expect(recordingExplain.isReproduced).to.equal(true)
    return recordingExplain.text
  }

  it('explain a call that was recorded and one that was not, to each as much as they may see', async () => {
    const [recorded] = await call('100')
    const [unrecorded] = await call('101')
    expect([recorded?.state, unrecorded?.state]).to.deep.equal(['STORED', 'NOT_RECORDED'])
    const officer = await explained('compliance-officer', recorded?.id ?? '')
    expect(officer).to.match(/^recorded, source: rule cases$/m).and.to.include('+ attached.CASE begins with "conf"; it is "confidential-4711"')
    const supervisor = await explained('supervisor', recorded?.id ?? '')
    expect(supervisor).to.match(/^recorded, source: rule cases$/m).and.to.include('? attached.CASE (hidden)').and.not.to.include('conf"')
    expect(await explained('supervisor', unrecorded?.id ?? '')).to.match(/^not recorded: no rule takes the call, and the dialplan asks for nothing$/m)
  })

  it('start a recording when a value comes over the API in the middle of a call, which says when and whence', async () => {
    let at = 0
    const all = await call('102', {
      recordings: 2,
      during: async (since) => {
        const { plainId, state } = await newest(since)
        expect(state).to.equal('NOT_RECORDED')
        at = Date.now()
        const { recordings, userErrors } = await attach(plainId, 'NOTE', 'complaint')
        expect(userErrors).to.deep.equal([])
        expect(recordings?.map((recording) => [recording.state, recording.labels])).to.deep.equal([['RECORDING', ['complaint']]])
        const change = recordings?.[0]?.attachedDataChanges.find(({ key }) => key === 'NOTE')
        expect(change).to.include({ value: 'complaint', source: 'API' })
        expect(Date.parse(change?.at ?? '')).to.be.closeTo(at, 5000)
      },
    })
    const late = all.find(({ state }) => state === 'STORED')
    const { recorded, other } = await bench.channels(late?.id ?? '')
    expect(recorded.length / SAMPLES_PER_MS).to.be.above(TALK_MS / 2)
    const middle = (samples: Int16Array): Int16Array => samples.subarray(samples.length / 4, samples.length / 2)
    expect(tonePower(middle(recorded), CUSTOMER_HZ, RATE_HZ)).to.be.above(0.9)
    expect(tonePower(middle(other), AGENT_HZ, RATE_HZ)).to.be.above(0.9)
  })

  it('add a label to a recording that runs, and refuse what the list does not let in', async () => {
    const [recording] = await call('100', {
      during: async (since) => {
        const { plainId } = await newest(since)
        expect((await attach(plainId, 'NOTE', 'complaint')).recordings?.map(({ labels }) => labels)).to.deep.equal([['complaint']])
        expect((await attach(plainId, 'VALUE', 'much')).userErrors).to.deep.equal([{ code: 'ATTACHED_REFUSED', field: ['input', 'value'] }])
        expect((await attach(plainId, 'OTHER', 'x')).userErrors).to.deep.equal([{ code: 'ATTACHED_REFUSED', field: ['input', 'key'] }])
      },
    })
    expect(recording).to.include({ state: 'STORED', rule: 'cases' })
  })

  it('hear a SIP header where the policy names it, as that', async () => {
    const [recording] = await call('102', { headers: { 'X-Call-Class': 'gold' } })
    expect(recording).to.include({ state: 'STORED', rule: 'classed' })
    const { recording: known } = await bench.client.request<{ readonly recording: Found }>('query ($id: ID!) { recording(id: $id) { attachedDataChanges { key value source at } } }', { id: recording?.id ?? '' })
    expect(known.attachedDataChanges.map(({ key, value, source }) => [key, value, source])).to.deep.include(['CALL_CLASS', 'gold', 'SIP_HEADER']).and.to.deep.include(['GRECORD_PARTITIONS', '/sales', 'DIALPLAN'])
  })

  it('show a hidden key to nobody by any way: not in lists, not in the audit, not in searches, not in the log', async () => {
    const everything = '{ recordings(first: 50) { nodes { labels attachedData { key value } attachedDataChanges { key value } decision { rule input { attachedData { key value } } } } } }'
    expect(JSON.stringify(await as('compliance-officer').request(everything))).to.include('confidential-4711').and.to.include('120034')
    expect(JSON.stringify(await as('supervisor').request(everything))).to.include('120034').and.not.to.include('confidential')
    expect(JSON.stringify(await as('integrator').request(everything))).not.to.match(/120034|confidential/)
    const audit = '{ auditEntries(first: 200) { nodes { action personalHidden personal { key value } } } }'
    expect(JSON.stringify(await as('administrator').request(audit))).to.include('ATTACHED_SET').and.not.to.match(/120034|confidential/)
    expect(JSON.stringify(await as('compliance-officer').request(audit))).to.include('confidential-4711')
    const search = 'query ($value: String!) { recordings(filter: { attached: [{ key: "CASE", value: $value }] }) { nodes { plainId } } }'
    const answers = await Promise.all(['confidential-4711', 'no such'].map((value) => as('supervisor').request(search, { value }).catch((error: unknown) => String(error))))
    expect(new Set(answers).size, String(answers[0])).to.equal(1)
    expect(await readFile(bench.holdfast.logFile, 'utf8')).not.to.match(/120034|confidential/)
  })

  const reload = 'mutation { policyReload { changed advice policy { version } problems { path line column } userErrors { code message } } }'

  it('are reloaded over the API: refused with line and column, else in force for the next call, new keys and all', async () => {
    await writeFile(policyFile, 'rules:\n  - { name: broken, record: sometimes }\n')
    const broken = await as('administrator').request<{ readonly policyReload: { readonly policy: null; readonly userErrors: readonly { readonly message: string }[]; readonly problems: readonly unknown[] } }>(reload)
    expect(broken.policyReload.problems).to.deep.equal([{ path: 'rules[0].record', line: 2, column: 29 }])
    expect(broken.policyReload.userErrors[0]?.message).to.match(/^line 2, column 29: rules\[0\]\.record: /)
    expect((await call('100'))[0]?.rule).to.equal('cases')
    await writeFile(policyFile, RELOADED)
    const { policyReload } = await as('administrator').request<{ readonly policyReload: { readonly changed: boolean; readonly advice: readonly string[]; readonly userErrors: readonly unknown[] } }>(reload)
    expect(policyReload).to.deep.include({ changed: true, advice: [], userErrors: [] })
    const [fresh] = await call('103')
    expect(fresh).to.include({ state: 'STORED', rule: 'fresh' })
    const { recording } = await bench.client.request<{ readonly recording: Found }>('query ($id: ID!) { recording(id: $id) { attachedDataChanges { key value source at } } }', { id: fresh?.id ?? '' })
    expect(recording.attachedDataChanges.filter(({ key }) => key === 'FRESH').map(({ value, source }) => [value, source])).to.deep.equal([['first', 'DIALPLAN'], ['second', 'DIALPLAN']])
  })

  it('try a draft on the calls of before, as far as its author may see them', async () => {
    const query = 'query ($text: String!) { policyBacktest(text: $text) { problems { line } report { calls cutBy changes { change calls } } } }'
    const { policyBacktest } = await as('administrator').request<{ readonly policyBacktest: { readonly report: { readonly calls: number; readonly changes: readonly { readonly change: string; readonly calls: number }[] } } }>(query, { text: 'rules: [{ name: none, record: no, mandatory: true }]' })
    expect(policyBacktest.report.calls).to.be.at.least(5)
    expect(policyBacktest.report.changes.find(({ change }) => change === 'NOT_RECORDED_NOW')?.calls).to.be.at.least(4)
    const refused = await as('administrator').request(query, { text: POLICY }).catch((error: unknown) => String(error))
    expect(refused).to.match(/looks at attached\.CASE, which your role may not see/)
  })

  it('are those of before when their file is wrong at a start, and that is told', async () => {
    await writeFile(policyFile, 'rules: [{ name: broken, record: sometimes }]')
    await bench.holdfast.stop()
    await bench.start()
    const { policy } = await as('administrator').request<{ readonly policy: { readonly origin: string; readonly rules: readonly string[]; readonly problems: readonly { readonly line: number }[] } }>('{ policy { origin rules problems { line } } }')
    expect(policy).to.deep.equal({ origin: 'KEPT', rules: ['fresh', 'complaints', 'cases', 'classed'], problems: [{ line: 1 }] })
    expect((await call('103'))[0]).to.include({ state: 'STORED', rule: 'fresh' })
  })
})
