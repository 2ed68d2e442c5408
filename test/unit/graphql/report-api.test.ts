import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { parseNodeName } from '../../../core/domain/ids.ts'
import { REPORT_TEMPLATES } from '../../../core/domain/reports/report-templates.ts'
import { AuditWriter } from '../../../core/library/audit/audit-writer.ts'
import { Reports } from '../../../core/library/search/reports.ts'
import { openSqliteDatabase } from '../../../core/store/sql/sqlite-database.ts'
import { catalogueIn } from '../../../core/store/catalogue.ts'
import { reportQuery } from '../../../graphql/report-route.ts'
import { temporaryDirectory } from '../../support/hooks.ts'
import { idAt, journalled, requested } from '../../support/recording-facts.ts'
import { LibraryBench } from '../core/library/library-bench.ts'
import { ServerBench } from './server-bench.ts'

const RANGE = 'from=2026-03-01&to=2026-04-01'
const QUERY = `query Q($template: ReportTemplate!, $zone: String) {
  reportTemplates { template title columns { name unit } }
  report(template: $template, from: "2026-03-01T00:00:00Z", to: "2026-04-01T00:00:00Z", zone: $zone) { template title zone columns { name unit } rows { cells } totals { cells } generatedAt truncated }
}`

/** Over a database with two recordings, of which sales reaches one. */
async function withReports(test: (server: ServerBench, told: () => Promise<readonly (readonly string[])[]>) => Promise<void>): Promise<void> {
  const bench = await LibraryBench.open()
  const database = await openSqliteDatabase({ file: join(await temporaryDirectory(), 'catalogue.db'), schema: 'catalogue', readers: 'shared' })
  try {
    const { repository, reports: source } = catalogueIn(database, { node: parseNodeName('node-1'), runtime: bench.runtime })
    await repository.apply({ node: parseNodeName('node-1'), journal: 'journal-1' }, journalled([
      requested({ id: idAt(0), partitions: ['/sales'], change: { agent: '<b>Anna</b>' } }), requested({ id: idAt(1), partitions: ['/support'], change: { agent: '=berta' } }),
    ]))
    await using server = await ServerBench.open({}, bench, { reports: new Reports({ source, audit: new AuditWriter({ audit: bench.audit, runtime: bench.runtime }), clock: bench.runtime.clock }) })
    await test(server, async () => {
      const { entries } = await bench.audit.read({ objectId: null, objectType: 'report', actorId: null, action: null, from: null, to: null }, { first: 10, before: null })
      return entries.toReversed().map(({ entry: { action, outcome, object: { id }, details } }) => [action, outcome, id, String(details['form'] ?? '')])
    })
  } finally {
    await database.close()
  }
}

describe('reports over GraphQL and HTTP', () => {
  it('count what their reader may find', async () => {
    await withReports(async (server, told) => {
      const officer = await server.query(await server.bench.token('compliance-officer'), QUERY, { template: 'RECORDINGS_BY_AGENT', zone: 'Europe/Berlin' })
      expect(officer.errors).to.deep.equal([])
      expect(officer.data).to.have.nested.property('report.totals.cells').that.deep.equals([null, '2', '2', '0', '0', '0', '0', '0', '0'])
      expect(officer.data?.['reportTemplates']).to.have.length(REPORT_TEMPLATES.length)
      const supervisor = await server.query(await server.bench.token('supervisor'), QUERY, { template: 'RECORDINGS_BY_AGENT' })
      expect(supervisor.data).to.have.nested.property('report.rows').that.deep.equals([{ cells: ['<b>Anna</b>', '1', '1', '0', '0', '0', '0', '0', '0'] }])
      expect(supervisor.data).to.have.nested.property('report.zone', 'UTC')
      expect(supervisor.data?.['reportTemplates']).to.have.length(REPORT_TEMPLATES.length - 4)
      expect(await told()).to.deep.equal([['report.read', 'ok', 'recordings-by-agent', ''], ['report.read', 'ok', 'recordings-by-agent', '']])
    })
  })

  it('are refused to who may not read the audit of everything, and that stands in it', async () => {
    await withReports(async (server, told) => {
      for (const template of ['ACCESS', 'RETENTION', 'COVERAGE']) {
        const { errors } = await server.query(await server.bench.token('supervisor'), QUERY, { template })
        expect(errors[0]?.extensions?.code, template).to.equal('FORBIDDEN')
      }
      const narrowed = await server.bench.token('compliance-officer', ['/sales'])
      expect((await server.query(narrowed, QUERY, { template: 'ACCESS' })).errors[0]?.extensions?.code, 'only some partitions').to.equal('FORBIDDEN')
      expect((await server.request(`/reports?template=access&${RANGE}`)).status, 'nobody').to.equal(401)
      expect(await told()).to.deep.equal(['access', 'retention', 'coverage', 'access'].map((template) => ['report.read', 'refused', template, '']))
    })
  })

  it('are taken away as CSV and as a page that nothing runs in', async () => {
    await withReports(async (server, told) => {
      const headers = { Authorization: `Bearer ${await server.bench.token('compliance-officer')}` }
      const csv = await server.request(`/reports?template=recordings-by-agent&${RANGE}&format=csv`, { headers })
      expect(csv.headers).to.include({ 'content-type': 'text/csv; charset=utf-8; header=present', 'content-disposition': 'attachment; filename="recordings-by-agent.csv"', 'cache-control': 'no-store' })
      expect(csv.body.toString().split('\r\n').slice(1)).to.deep.equal(['<b>Anna</b>,1,1,0,0,0,0,0,0', "'=berta,1,1,0,0,0,0,0,0", 'total,2,2,0,0,0,0,0,0', ''])
      const page = await server.request(`/reports?template=recordings-by-agent&${RANGE}`, { headers })
      expect(page.body.toString()).to.contain('<td>&lt;b&gt;Anna&lt;/b&gt;</td>')
      expect(page.headers['content-security-policy']).to.match(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; frame-ancestors 'none'/)
      expect((await server.request(`/reports?template=recordings-by-agent&${RANGE}`, { headers, method: 'POST' })).status).to.equal(405)
      expect((await server.request(`/reports?template=recordings-by-agent&${RANGE}&zone=Mars/Base`, { headers })).status).to.equal(400)
      expect((await server.request(`/reports?template=recordings-by-agent&from=2016-03-01&to=2026-03-01`, { headers })).status, 'too long').to.equal(400)
      expect(await told()).to.deep.equal([['report.exported', 'ok', 'recordings-by-agent', 'csv'], ['report.exported', 'ok', 'recordings-by-agent', 'html'], ['report.exported', 'refused', 'recordings-by-agent', '']])
    })
  })

  it('show nothing that the audit cannot be told of', async () => {
    await withReports(async (server) => {
      const token = await server.bench.token('compliance-officer')
      server.bench.audit.append = async () => await Promise.reject(new Error('disk full'))
      expect((await server.query(token, QUERY, { template: 'PAUSES' })).errors[0]?.extensions?.code).to.equal('AUDIT_UNAVAILABLE')
    })
  })
})

describe('the query of a report over HTTP', () => {
  it('has the names of GraphQL', () => {
    expect(reportQuery(new URLSearchParams('template=pauses&from=2026-03-01T00:00Z&to=2026-04-01&zone=Europe/Berlin&format=csv'))).to.deep.equal({
      format: 'csv', asked: { template: 'pauses', from: new Date('2026-03-01T00:00Z'), to: new Date('2026-03-31T22:00Z'), zone: 'Europe/Berlin' },
    })
    expect(reportQuery(new URLSearchParams('template=pauses&from=2026-03-01&to=2026-04-01'))).to.deep.include({ format: 'html' }).and.have.nested.property('asked.zone', 'UTC')
  })

  it('is refused when a part of it is not understood', () => {
    const whole = 'template=pauses&from=2026-03-01&to=2026-04-01'
    for (const query of ['', 'template=pauses', `${whole}&from=2026-03-02`, `${whole}&format=xml`, `${whole}&agent=x`, whole.replace('pauses', 'calls'), whole.replace('2026-04-01', 'soon')]) {
      expect(() => reportQuery(new URLSearchParams(query)), query).to.throw(HoldfastError).with.property('code', 'FILTER_INVALID')
    }
  })
})
