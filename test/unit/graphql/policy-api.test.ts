import { expect } from 'chai'
import { describe, it } from 'mocha'
import { type Role, ROLES } from '../../../core/domain/actor.ts'
import { canonicalPolicy, type Policy } from '../../../core/domain/rules/policy.ts'
import { decide } from '../../../core/domain/rules/decide.ts'
import type { LibraryBench } from '../core/library/library-bench.ts'
import { inputWith, keyIs, policyWith } from '../core/domain/rules/rule-samples.ts'
import { ANY_RECORDING } from '../../../core/ports/recording-repository.ts'
import { type GraphqlReply, ServerBench } from './server-bench.ts'

const EXPLAIN = `query ($id: ID!) { recordingExplain(id: $id) {
  summary text policyVersion isReproduced recording { plainId } rules { rule kind part verdict words conditions { depth field wanted saw holds } }
} }`
const RULES = policyWith({
  never: [{ name: 'doctor', when: { type: 'equals', field: { type: 'queue' }, value: 'doctor' } }],
  rules: [
    { name: 'cases', when: { type: 'any', of: [keyIs('CASE_NOTE', 'fraud'), keyIs('customerId', '99')] }, record: 'source' },
    { name: 'sales', when: keyIs('customerId', '77'), record: 'source' },
  ],
})

/** A stored call that these rules decided. */
async function decided(bench: LibraryBench, policy: Policy, attached: Readonly<Record<string, string>>): Promise<string> {
  bench.rules = { ...bench.rules, policy }
  const id = await bench.recording({ attached })
  const recording = await bench.repository.find(id, { type: 'all' })
  if (recording === null) throw new Error('no recording')
  const decision = decide(policy, { ...inputWith({ attached, queue: 'gold' }), interactionId: recording.interactionId })
  await bench.tell({ type: 'policy-used', version: policy.version, canonical: canonicalPolicy(policy, policy.samplingKeyId), at: bench.now })
  const [known] = await bench.repository.search({ filter: ANY_RECORDING, scope: { type: 'all' }, first: 1, before: null }).then(({ recordings }) => recordings)
  if (known === undefined) throw new Error('no recording')
  Object.assign(known.decision, decision, { partitions: known.decision.partitions })
  return id
}

async function asked({ server, role }: { readonly server: ServerBench; readonly role: Role }, query: string, variables: Record<string, unknown> = {}): Promise<GraphqlReply> {
  return server.query(await server.bench.token(role), query, variables)
}

describe('an explanation over GraphQL', () => {
  it('tells rule by rule, as the rules of then say it again, and stands in the audit', async () => {
    await using server = await ServerBench.open()
    const id = await decided(server.bench, RULES, { customerId: '77', CASE_NOTE: 'fraud' })
    const { data, errors } = await asked({ server, role: 'compliance-officer' }, EXPLAIN, { id })
    expect(errors).to.deep.equal([])
    expect(data?.['recordingExplain']).to.deep.include({ summary: 'recorded, source: rule cases', policyVersion: RULES.version, isReproduced: true, recording: { plainId: id } })
    expect(data?.['recordingExplain']).to.have.nested.property('rules[1]').that.deep.equals({
      rule: 'cases', kind: 'RULE', part: 'DECIDED', verdict: 'TAKES', words: 'decides',
      conditions: [
        { depth: 0, field: null, wanted: 'one of these holds', saw: [], holds: true },
        { depth: 1, field: 'attached.CASE_NOTE', wanted: 'is "fraud"', saw: ['fraud'], holds: true },
        { depth: 1, field: 'attached.customerId', wanted: 'is "99"', saw: ['77'], holds: false },
      ],
    })
    expect(data).to.have.nested.property('recordingExplain.rules[2].part', 'NOT_ASKED')
    expect(server.bench.audit.entries.at(-1)).to.deep.include({ action: 'recording.explained', outcome: 'ok', object: { type: 'recording', id } })
  })

  for (const role of ROLES.filter((one) => one !== 'compliance-officer' && one !== 'agent')) {
    it(`hides from ${role} what is confidential, what is wanted of it, and whether the two fit`, async () => {
      await using server = await ServerBench.open()
      const id = await decided(server.bench, RULES, { customerId: '77', CASE_NOTE: 'fraud' })
      const { data, errors } = await asked({ server, role }, EXPLAIN, { id })
      expect(errors).to.deep.equal([])
      expect(JSON.stringify(data)).not.to.include('fraud')
      expect(data).to.have.nested.property('recordingExplain.rules[1].verdict', 'TAKES')
      expect(data).to.have.nested.property('recordingExplain.rules[1].conditions').that.deep.equals([
        { depth: 0, field: null, wanted: 'one of these holds', saw: [], holds: null },
        { depth: 1, field: 'attached.CASE_NOTE', wanted: null, saw: [], holds: null },
        { depth: 1, field: 'attached.customerId', wanted: 'is "99"', saw: ['77'], holds: false },
      ])
      expect(data).to.have.nested.property('recordingExplain.text').that.includes('? one of these holds').and.includes('? attached.CASE_NOTE (hidden)')
    })
  }

  it('is given of what one may find, and of nothing else', async () => {
    await using server = await ServerBench.open()
    const foreign = await server.bench.recording({ partitions: ['/support'] })
    const answers = await Promise.all([foreign, '796749004804096'].map((id) => asked({ server, role: 'supervisor' }, EXPLAIN, { id })))
    expect(answers.map(({ data, errors }) => [data, errors])).to.deep.equal([[{ recordingExplain: null }, []], [{ recordingExplain: null }, []]])
    const unkept = await asked({ server, role: 'supervisor' }, EXPLAIN, { id: await server.bench.recording() })
    expect(unkept.errors.map(({ extensions }) => extensions?.code)).to.deep.equal(['POLICY_INVALID'])
  })
})

describe('the policy over GraphQL', () => {
  it('is told to those who manage it and those who audit, with every version that decided', async () => {
    await using server = await ServerBench.open()
    await decided(server.bench, RULES, { customerId: '77' })
    await server.bench.tell({ type: 'policy-used', version: 'ab', canonical: '{"format":1}', at: new Date(server.bench.now.getTime() + 1) })
    const query = '{ policy { version text origin inForceSince timeZone never rules readAt attachedKeys { key visibility store sources maxBytes } problems { message } } policyVersions(first: 1) { nodes { version content firstUsedAt } pageInfo { hasNextPage endCursor } } }'
    for (const role of ['administrator', 'compliance-officer'] as const) {
      const { data, errors } = await asked({ server, role }, query)
      expect(errors).to.deep.equal([])
      expect(data?.['policy']).to.deep.include({ version: RULES.version, text: 'rules: []', origin: 'FILE', never: ['doctor'], rules: ['cases', 'sales'], problems: [] })
      expect(data?.['policy']).to.have.property('attachedKeys').that.deep.includes({ key: 'CASE_NOTE', visibility: 'CONFIDENTIAL', store: 'ALWAYS', sources: ['DIALPLAN', 'PBX', 'API'], maxBytes: 1024 })
      expect(data).to.have.nested.property('policyVersions.nodes').that.deep.equals([{ version: 'ab', content: '{"format":1}', firstUsedAt: new Date(server.bench.now.getTime() + 1).toISOString() }])
    }
    const { data } = await asked({ server, role: 'administrator' }, '{ policyVersions(first: 1) { pageInfo { endCursor } } }')
    const { endCursor } = (data as unknown as { policyVersions: { pageInfo: { endCursor: string } } }).policyVersions.pageInfo
    const second = await asked({ server, role: 'administrator' }, 'query ($after: String) { policyVersions(first: 1, after: $after) { nodes { version } pageInfo { hasNextPage } } }', { after: endCursor })
    expect(second.data).to.deep.equal({ policyVersions: { nodes: [{ version: RULES.version }], pageInfo: { hasNextPage: false } } })
    for (const role of ['supervisor', 'integrator'] as const) expect((await asked({ server, role }, query)).errors.map(({ extensions }) => extensions?.code), role).to.include('FORBIDDEN')
  })

  it('checks a text, every fault with line and column', async () => {
    await using server = await ServerBench.open()
    const query = 'query ($text: String!) { policyCheck(text: $text) { version problems { path message line column } } }'
    const good = await asked({ server, role: 'administrator' }, query, { text: 'rules: [{ name: all, record: both }]' })
    expect(good.data).to.have.nested.property('policyCheck.version').that.matches(/^[0-9a-f]{64}$/)
    expect(good.data).to.have.nested.property('policyCheck.problems').that.deep.equals([])
    const bad = await asked({ server, role: 'administrator' }, query, { text: 'rules:\n  - { name: all, record: sometimes }\n  - { name: all, recrod: both }\n' })
    expect(bad.data).to.have.nested.property('policyCheck.version', null)
    expect(bad.data).to.have.nested.property('policyCheck.problems[0]').that.includes({ path: 'rules[0].record', line: 2, column: 26 })
    expect((await asked({ server, role: 'supervisor' }, query, { text: '' })).errors.map(({ extensions }) => extensions?.code)).to.deep.equal(['FORBIDDEN'])
  })

  it('tries a draft', async () => {
    await using server = await ServerBench.open()
    await server.bench.stored({ attached: { customerId: '77' } })
    const query = `query ($text: String!) { policyBacktest(text: $text) { problems { line } report {
      policyVersion calls recordings fromAt toAt cutBy before { calls durationMs sizeBytes } after { calls durationMs sizeBytes } changes { change calls } rules { rule before after } examples { interactionId change before after }
    } } }`
    const { data, errors } = await asked({ server, role: 'administrator' }, query, { text: 'rules: [{ name: none, record: no, mandatory: true }]' })
    expect(errors).to.deep.equal([])
    expect(data).to.have.nested.property('policyBacktest.report').that.deep.include({ calls: 1, recordings: 1, cutBy: null, after: { calls: 0, durationMs: 0, sizeBytes: 0 } })
    expect(data).to.have.nested.property('policyBacktest.report.changes').that.deep.includes({ change: 'NOT_RECORDED_NOW', calls: 1 })
    const bad = await asked({ server, role: 'administrator' }, query, { text: 'rules: [{}]' })
    expect(bad.data).to.have.nested.property('policyBacktest.report', null)
  })

  it('is read again when asked, and its faults are told with their places', async () => {
    await using server = await ServerBench.open()
    const mutation = 'mutation { policyReload { policy { version } changed advice problems { path line column message } userErrors { code message field } } }'
    server.bench.reloaded = { outcome: 'in-force', advice: ['do this'] }
    expect((await asked({ server, role: 'administrator' }, mutation)).data).to.deep.equal({ policyReload: { policy: { version: server.bench.rules.policy.version }, changed: true, advice: ['do this'], problems: null, userErrors: [] } })
    expect(server.bench.reloads.map((by) => by?.role.name)).to.deep.equal(['administrator'])
    server.bench.reloaded = { outcome: 'refused', problems: [{ path: 'rules[0].record', message: 'is odd', position: { line: 3, column: 7 } }] }
    expect((await asked({ server, role: 'administrator' }, mutation)).data).to.deep.equal({ policyReload: {
      policy: null, changed: null, advice: null, problems: [{ path: 'rules[0].record', line: 3, column: 7, message: 'is odd' }],
      userErrors: [{ code: 'POLICY_INVALID', message: 'line 3, column 7: rules[0].record: is odd', field: null }],
    } })
    const refused = await asked({ server, role: 'supervisor' }, mutation)
    expect(refused.data).to.have.nested.property('policyReload.userErrors[0].code', 'FORBIDDEN')
    expect(server.bench.reloads).to.have.length(2)
    expect(server.bench.audited()).to.include('policy.loaded refused')
  })
})
