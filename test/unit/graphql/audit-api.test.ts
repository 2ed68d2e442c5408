import { expect } from 'chai'
import { describe, it } from 'mocha'
import { ServerBench } from './server-bench.ts'

const ENTRIES = `query ($filter: AuditFilter) { auditEntries(filter: $filter) { nodes { id action recordingId interactionId partitions customerId address reason outcome } } }`

describe('the audit over the API', () => {
  it('is searched by what its entries tell of', async () => {
    await using server = await ServerBench.open()
    const { bench } = server
    const recordingId = await bench.recording({ interaction: 'i-17', partitions: ['/sales'], caller: '+4915550188' })
    await bench.recording()
    const token = await bench.token('compliance-officer')
    const nodesOf = async (filter: Record<string, unknown>): Promise<readonly Readonly<Record<string, unknown>>[]> => {
      const { data, errors } = await server.query(token, ENTRIES, { filter })
      expect(errors).to.deep.equal([])
      return (data as unknown as { readonly auditEntries: { readonly nodes: readonly Readonly<Record<string, unknown>>[] } }).auditEntries.nodes
    }
    for (const filter of [{ recordingId }, { interactionId: 'i-17' }, { number: '+4915550188' }, { number: '+4915550188', actions: ['RECORDING_REQUESTED', 'RECORDING_STOPPED'], objectType: 'recording', outcome: 'OK' }]) {
      const nodes = await nodesOf(filter)
      expect(nodes, JSON.stringify(filter)).to.have.length(1)
      expect(nodes[0]).to.deep.include({ action: 'RECORDING_REQUESTED', recordingId, interactionId: 'i-17', partitions: ['/sales'] })
    }
    expect(await nodesOf({ actorType: 'CLI', actions: ['RECORDING_REQUESTED'] })).to.deep.equal([])
    const [about] = await nodesOf({ action: 'AUDIT_READ' })
    expect(about).to.deep.include({ address: '127.0.0.1' })
    for (const filter of [{ actions: [] }, { objectType: 'nothing' }, { chain: 'No Node' }, { action: 'AUDIT_READ', actions: ['AUDIT_READ'] }]) {
      expect((await server.query(token, ENTRIES, { filter })).errors[0]?.extensions?.code, JSON.stringify(filter)).to.be.oneOf(['FILTER_INVALID', 'MALFORMED_ID'])
    }
  })

  it('gives no proof of what nobody signed', async () => {
    await using server = await ServerBench.open()
    const token = await server.bench.token('compliance-officer')
    expect((await server.query(token, '{ auditProof(id: "1") auditCheckpoint(chain: "node-1") { note } }')).data).to.deep.equal({ auditProof: null, auditCheckpoint: null })
    const supervisor = await server.bench.token('supervisor')
    expect((await server.query(supervisor, '{ auditProof(id: "1") }')).errors[0]?.extensions?.code).to.equal('FORBIDDEN')
  })

  it('is exported to whoever may, and to nobody else', async () => {
    await using server = await ServerBench.open()
    const { bench } = server
    await bench.recording({ caller: '+4915550188', attached: { CASE_NOTE: 'private', mood: 'open' } })
    const exported = async (role: 'administrator' | 'compliance-officer' | 'supervisor', query = '', method = 'GET'): ReturnType<ServerBench['request']> =>
      server.request(`/audit/export${query}`, { method, headers: { Authorization: `Bearer ${await bench.token(role)}` } })
    const csv = await exported('compliance-officer', '?format=csv&action=recording.requested')
    expect(csv.status).to.equal(200)
    expect(csv.headers).to.include({ 'content-type': 'text/csv; charset=utf-8; header=present', 'content-disposition': 'attachment; filename="audit.csv"', 'cache-control': 'no-store' })
    expect(csv.body.toString().split('\r\n')).to.have.length(3)
    expect(csv.body.toString()).to.include('private').and.to.include('chain,sequence,at,')
    const restricted = JSON.parse((await exported('administrator', '?action=recording.requested')).body.toString())
    expect([restricted.personal['attached.CASE_NOTE'], restricted.personal['attached.mood'], restricted.personalHidden]).to.deep.equal([undefined, 'open', 1])
    expect((await exported('supervisor')).status).to.equal(403)
    expect(bench.audited().at(-1)).to.equal('audit.exported refused')
    expect((await server.request('/audit/export')).status).to.equal(401)
    expect((await exported('compliance-officer', '?customer=C-1')).status).to.equal(400)
    expect((await exported('compliance-officer', '', 'POST')).status).to.equal(405)
    const token = await bench.token('compliance-officer')
    bench.audit.unavailable = true
    expect((await server.request('/audit/export', { headers: { Authorization: `Bearer ${token}` } })).status).to.equal(503)
  })
})
