import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEFAULT_ROLES, type Requester, type Role } from '../../../../../core/domain/actor.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parseCustomRoleName } from '../../../../../core/domain/ids.ts'
import { REPORT_TEMPLATES, type ReportTemplate, TEMPLATES } from '../../../../../core/domain/reports/report-templates.ts'
import { AuditWriter } from '../../../../../core/library/audit/audit-writer.ts'
import { MOST_ROWS, type ReportAsked, type ReportForm, Reports } from '../../../../../core/library/search/reports.ts'
import type { ReportQuestion, ReportSource } from '../../../../../core/ports/report-source.ts'
import { MemoryAuditLog } from '../../../../support/fakes/memory-audit-log.ts'
import { NO_REPORTS } from '../../../../support/fakes/no-reports.ts'
import { quietRuntime } from '../../../../support/quiet-runtime.ts'
import { rejection } from '../../../../support/rejection.ts'

const MARCH: Omit<ReportAsked, 'template'> = { from: new Date('2026-03-01T00:00Z'), to: new Date('2026-04-01T00:00Z'), zone: 'Europe/Berlin' }

function requester(role: Role, change: Partial<Requester> = {}): Requester {
  return { actor: { type: 'user', id: 'anna' }, role: DEFAULT_ROLES[role], label: 'Anna', reach: 'all', units: [], binding: null, address: '192.0.2.1', ...change }
}

class Desk {
  readonly audit = new MemoryAuditLog()
  readonly questions: ReportQuestion[] = []
  readonly reports: Reports

  constructor(figures: ReportSource['figures'] = NO_REPORTS.figures, deadlineMs = 10_000) {
    const runtime = quietRuntime()
    const source: ReportSource = { figures: (question) => {
      this.questions.push(question)
      return figures(question)
    } }
    this.reports = new Reports({ source, audit: new AuditWriter({ audit: this.audit, runtime }), clock: runtime.clock, deadlineMs })
  }

  async refusal(who: Requester, asked: Partial<ReportAsked>, form: ReportForm = null): Promise<unknown> {
    const error = await rejection(this.reports.read(who, { template: 'pauses', ...MARCH, ...asked }, form))
    return error instanceof HoldfastError ? error.code : error
  }
}

/** Who may read, and who may take away. */
const READERS: Readonly<Record<'recordings' | 'audit', { readonly read: readonly Role[]; readonly exported: readonly Role[] }>> = {
  recordings: { read: ['administrator', 'supervisor', 'compliance-officer', 'integrator'], exported: ['administrator', 'supervisor', 'compliance-officer', 'integrator'] },
  audit: { read: ['administrator', 'compliance-officer'], exported: ['administrator', 'compliance-officer'] },
}

describe('Reports', () => {
  it('answers each role what it may read, and nobody else', async () => {
    for (const template of REPORT_TEMPLATES) {
      const { subject } = TEMPLATES[template]
      for (const role of ['administrator', 'supervisor', 'compliance-officer', 'integrator', 'agent'] as const) {
        const desk = new Desk()
        for (const [form, allowed] of [[null, READERS[subject].read], ['csv', READERS[subject].exported]] as const) {
          const answer = desk.reports.read(requester(role), { template, ...MARCH }, form)
          if (allowed.includes(role)) expect(await answer, `${role} ${template}`).to.include({ template, zone: 'Europe/Berlin', truncated: false })
          else expect(await rejection(answer), `${role} ${template}`).to.have.property('code', 'FORBIDDEN')
        }
        expect(desk.reports.templates(requester(role)).some((known) => known.template === template), `${role} ${template}`).to.equal(READERS[subject].read.includes(role))
      }
    }
  })

  it('asks with the scope of a search, and never for what tells of every partition with less than all', async () => {
    const desk = new Desk()
    await desk.reports.read(requester('supervisor', { reach: ['/sales'] }), { template: 'findings', ...MARCH }, null)
    expect(desk.questions).to.have.length(1)
    expect(desk.questions[0]).to.deep.include({ template: 'findings', scope: { type: 'named', partitions: ['/sales'], units: [] }, most: MOST_ROWS })
    expect(desk.questions[0]?.offsets.map(({ offsetMs }) => offsetMs / 3_600_000)).to.deep.equal([1, 2])
    for (const template of ['access', 'retention', 'retention-runs', 'coverage'] as const satisfies readonly ReportTemplate[]) {
      expect(await desk.refusal(requester('compliance-officer', { reach: ['/sales'] }), { template })).to.equal('FORBIDDEN')
    }
    expect(desk.questions).to.have.length(1)
  })

  it('lets nobody take away what tells of the audit who may only read that', async () => {
    const desk = new Desk()
    const auditor = requester('compliance-officer', { role: { ...DEFAULT_ROLES['compliance-officer'], name: parseCustomRoleName('auditor'), permissions: ['read-audit'] } })
    expect(await desk.reports.read(auditor, { template: 'access', ...MARCH }, null)).to.include({ template: 'access' })
    expect(await desk.refusal(auditor, { template: 'access' }, 'csv')).to.equal('FORBIDDEN')
  })

  it('shows whoever has to say why what she may read once she does', async () => {
    const desk = new Desk()
    const asked = requester('compliance-officer', { role: { ...DEFAULT_ROLES['compliance-officer'], name: parseCustomRoleName('asked'), reasonRequired: true } })
    expect(desk.reports.templates(asked).map(({ template }) => template)).to.have.members([...REPORT_TEMPLATES])
    expect(await desk.refusal(asked, { template: 'pauses' })).to.equal('REASON_REQUIRED')
    expect(await desk.reports.read({ ...asked, reason: 'claim 4711' }, { template: 'pauses', ...MARCH }, null)).to.include({ template: 'pauses' })
  })

  it('refuses what cannot be asked before anything is counted', async () => {
    const desk = new Desk()
    const year = (number: number): Date => new Date(Date.UTC(number, 0))
    for (const asked of [{ from: MARCH.to, to: MARCH.from }, { to: MARCH.from }, { from: new Date(NaN) }, { zone: '+02:00' }, { zone: '' }, { from: year(2020), to: year(2026) }, { from: new Date(-1) }]) {
      expect(await desk.refusal(requester('administrator'), asked), JSON.stringify(asked)).to.equal('FILTER_INVALID')
      expect(desk.audit.entries.at(-1)).to.deep.include({ action: 'report.read', outcome: 'refused', reason: 'FILTER_INVALID', details: {} })
    }
    expect(desk.questions).to.deep.equal([])
    expect(await desk.reports.read(requester('administrator'), { ...MARCH, template: 'pauses', from: year(2021), to: year(2026) }, null), 'five years').to.have.property('from')
  })

  it('gives up what takes too long', async () => {
    const desk = new Desk(() => new Promise(() => undefined), 1)
    expect(await desk.refusal(requester('administrator'), {})).to.equal('QUERY_TIMEOUT')
  })

  it('stands in the audit with its range where it was given up, or the catalogue failed', async () => {
    for (const [desk, code] of [
      [new Desk(() => new Promise(() => undefined), 1), 'QUERY_TIMEOUT'], [new Desk(async () => await Promise.reject(new HoldfastError('STORE_FAILED', 'the disk'))), 'STORE_FAILED'],
    ] as const) {
      for (const [form, action] of [[null, 'report.read'], ['csv', 'report.exported']] as const) {
        expect(await desk.refusal(requester('administrator'), {}, form)).to.equal(code)
        expect(desk.audit.entries.at(-1)).to.deep.include({ action, object: { type: 'report', id: 'pauses' }, outcome: 'failed', reason: code, details: { from: MARCH.from.toISOString(), to: MARCH.to.toISOString(), zone: MARCH.zone } })
      }
      expect(desk.audit.entries).to.have.length(2)
    }
  })
})
