import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import type { CaptureFact } from '../../core/domain/capture-fact.ts'
import { parseNodeName, parsePbxId, parseUnitId, parseUserId, type RecordingId } from '../../core/domain/ids.ts'
import type { QualityFinding } from '../../core/domain/media.ts'
import type { ReportTemplate } from '../../core/domain/reports/report-templates.ts'
import { zoneOffsets } from '../../core/domain/reports/zone-offsets.ts'
import { type AccessScope, ANY_RECORDING } from '../../core/ports/recording-repository.ts'
import type { ReportFigures, ReportQuestion } from '../../core/ports/report-source.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { runs } from '../support/property-runs.ts'
import { CUSTOMER_CHANNEL, idAt, journalled, mediaOf, requested, seconds, wholeLife } from '../support/recording-facts.ts'

const NODE = parseNodeName('node-1')
const ALL: AccessScope = { type: 'all' }
const DAY_S = 86_400
const WEEK = { from: seconds(-DAY_S), to: seconds(7 * DAY_S) }
const NOBODY = { at: seconds(1), actor: { type: 'system', id: 'ingest' }, outcome: 'ok', reason: null, details: {}, personal: {} } as const

/** What every source of reports counts. `open` gives an empty catalogue. */
export function reportSourceContract(name: string, open: () => Promise<Catalogue>): void {
  describe(`${name} is a ReportSource`, () => {
    it('counts recordings by the days of a zone, whatever became of them', async () => {
      const catalogue = await open()
      await filled(catalogue)
      // The fourth begins at 23:30 in UTC: in Berlin that is the next day.
      expect(await figures(catalogue, 'recordings-by-day')).to.deep.equal({
        rows: [['2026-03-02', 2, 0, 2, 0, 0, 0, 17_400, 10_475], ['2026-03-03', 1, 0, 0, 0, 1, 0, 8700, 0], ['2026-03-04', 1, 1, 0, 0, 0, 0, 0, 0]],
        totals: [null, 4, 1, 2, 0, 1, 0, 26_100, 10_475],
        hasMore: false,
      })
      expect((await figures(catalogue, 'recordings-by-day', { offsets: zoneOffsets('Europe/Berlin', WEEK.from, WEEK.to) })).rows.map(([day, count]) => [day, count]))
        .to.deep.equal([['2026-03-02', 2], ['2026-03-03', 1], ['2026-03-05', 1]])
    })

    it('tells the days of before and behind a change of the clocks apart', async () => {
      const catalogue = await open()
      // In Berlin the clocks went forward on 29 March at 01:00 UTC: 22:30 UTC is the next day since, and was the same one before, as it is again from 25 October on.
      const evenings = ['2026-03-28T22:30Z', '2026-03-29T22:30Z', '2026-10-26T22:30Z'].map((text) => (Date.parse(text) - seconds(0).getTime()) / 1000)
      await tell(catalogue, ...evenings.map((second) => requested({ id: idAt(second) })))
      const range = { from: new Date('2026-03-01T00:00Z'), to: new Date('2026-12-01T00:00Z') }
      expect((await figures(catalogue, 'recordings-by-day', { ...range, offsets: zoneOffsets('Europe/Berlin', range.from, range.to) })).rows.map(([day]) => day)).to.deep.equal(['2026-03-28', '2026-03-30', '2026-10-26'])
    })

    it('counts by agent and by rule', async () => {
      const catalogue = await open()
      await filled(catalogue)
      expect((await figures(catalogue, 'recordings-by-agent')).rows).to.deep.equal([[null, 1, 1, 0, 0, 0, 0, 0, 0], ['agent A', 3, 0, 2, 0, 1, 0, 26_100, 10_475]])
      const byRule = await figures(catalogue, 'recordings-by-rule')
      expect(byRule.rows.map(([, ...rest]) => rest)).to.deep.equal([[4, 1, 2, 0, 1, 0, 26_100, 10_475]])
    })

    it('counts a recording in each of its units, and once in the totals', async () => {
      const catalogue = await open()
      const [top, north] = ['top', 'north'].map(parseUnitId)
      if (top === undefined || north === undefined) throw new Error('there are units')
      const always = { fromAt: new Date(0), toAt: null }
      await catalogue.people.change(() => ({
        changes: [
          { type: 'unit', id: top, places: [{ unitId: top, name: 'Top', parentId: null, ...always }] },
          { type: 'unit', id: north, places: [{ unitId: north, name: 'North', parentId: top, ...always }] },
          { type: 'members', agent: 'agent A', memberships: [{ unitId: north, agent: 'agent A', ...always }] },
        ],
        audit: [], restamp: null,
      }))
      await filled(catalogue)
      const { rows, totals } = await figures(catalogue, 'recordings-by-unit')
      expect(rows.map((row) => row.slice(0, 3))).to.deep.equal([[null, null, 1], ['north', 'North', 3], ['top', 'Top', 3]])
      expect(totals.slice(0, 3)).to.deep.equal([null, null, 4])
      expect((await figures(catalogue, 'recordings-by-unit', { scope: { type: 'named', partitions: [], units: [north] } })).totals[2]).to.equal(3)
    })

    it('counts pauses, their length, and those that were forgotten', async () => {
      const catalogue = await open()
      await filled(catalogue)
      expect(await figures(catalogue, 'pauses')).to.deep.equal({
        rows: [['agent A', 3, 3, 6000, 2000, 1, 1, 2]], totals: [null, 3, 3, 6000, 2000, 1, 1, 2], hasMore: false,
      })
    })

    it('counts what stored sound takes, and findings', async () => {
      const catalogue = await open()
      await filled(catalogue)
      expect(await figures(catalogue, 'storage')).to.deep.equal({
        rows: [[null, null, 1, 1000, 32_100], [null, 'site-a', 1, 9475, 303_300]], totals: [null, null, 2, 10_475, 335_400], hasMore: false,
      })
      expect(await figures(catalogue, 'findings')).to.deep.equal({
        rows: [['drift', 1, 2], ['pause-overrun', 1, 1]], totals: [null, 1, 3], hasMore: false,
      })
    })

    it('counts what was wanted against what was sealed', async () => {
      const catalogue = await open()
      const key = { pbxId: parsePbxId('pbx-1'), channelId: CUSTOMER_CHANNEL, side: 'source' } as const
      for (const second of [0, 100, 200]) {
        const { interactionId, callId } = requested({ id: idAt(second) })
        await tell(catalogue, { type: 'expectation-opened', ...key, fromAt: seconds(second), callId, interactionId, rule: 'everything', policyVersion: 'ab', evidence: 'events', answeredAt: seconds(second), at: seconds(second) })
        if (second < 200) await tell(catalogue, { type: 'expectation-closed', ...key, fromAt: seconds(second), toAt: seconds(second + 10), end: 'hangup', at: seconds(second + 10) })
      }
      await catalogue.coverage.settle({ ...key, fromAt: seconds(0) }, { assessment: { wantedMs: 9000, coveredMs: 7000, missingMs: 2000, gaps: [{ beganAt: seconds(1), endedAt: seconds(3), why: 'restart' }] }, at: seconds(20), audit: null })
      expect(await figures(catalogue, 'coverage')).to.deep.equal({
        rows: [['2026-03-02', 3, 1, 1, 1, 1, 9000, 7000, 2000]], totals: [null, 3, 1, 1, 1, 1, 9000, 7000, 2000], hasMore: false,
      })
    })

    it('counts what each user did, and what was destroyed, from the audit', async () => {
      const catalogue = await open()
      const annaId = parseUserId('00000000000000aa')
      const anna = { type: 'user', id: annaId } as const
      await catalogue.people.change(() => ({
        changes: [{ type: 'user', user: { id: annaId, name: 'anna@example.com', role: 'supervisor', agent: null, partitions: [], units: [], createdAt: seconds(0), disabledAt: null } }], audit: [], restamp: null,
      }))
      const by = (action: AuditDraft['action'], change: Partial<AuditDraft> = {}): AuditDraft => ({ ...NOBODY, actor: anna, action, object: { type: 'recording', id: 'r' }, ...change })
      const told: readonly AuditDraft[] = [
        by('recordings.searched'), by('recordings.searched', { object: { type: 'query', id: 'count' } }), by('recordings.searched', { outcome: 'refused', reason: 'FORBIDDEN' }), by('playback.begun'),
        by('playback.ended', { details: { seconds: 12.345 } }), by('playback.ended', { details: { seconds: 0.1 } }),
        by('audit.exported', { details: { part: 'begun' } }), by('audit.exported', { details: { part: 'ended' } }), by('report.exported'),
        by('playback.begun', { at: seconds(8 * DAY_S) }), by('recordings.searched', { actor: { type: 'token', id: 'wallboard' } }),
        by('recording.deleted', { outcome: 'refused' }), ...['decided', 'destroyed'].map((step) => by('recording.purged', { actor: NOBODY.actor, details: { step } })),
        by('recording.purged', { actor: NOBODY.actor, at: seconds(DAY_S), details: { step: 'decided' } }),
        ...[{ step: 'decided' }, { chain: 'node-1', count: 4 }, { step: 'erased' }].map((details) => by('subject.erased', { actor: NOBODY.actor, details })),
      ]
      for (const draft of told) await catalogue.audit.append(draft)
      expect(await figures(catalogue, 'access')).to.deep.equal({
        rows: [['token', 'wallboard', null, 1, 0, 0, 0, 0], ['user', annaId, 'anna@example.com', 1, 1, 12_445, 2, 2]], totals: [null, null, null, 2, 1, 12_445, 2, 2], hasMore: false,
      })
      expect(await figures(catalogue, 'retention')).to.deep.equal({
        rows: [['2026-03-02', 'recording.deleted', 0, 1, 0], ['2026-03-02', 'recording.purged', 1, 0, 0], ['2026-03-02', 'subject.erased', 1, 0, 0], ['2026-03-03', 'recording.purged', 0, 0, 0]], totals: [null, null, 2, 1, 0], hasMore: false,
      })
      for (const template of ['access', 'retention', 'coverage'] as const) expect((await figures(catalogue, template, { scope: { type: 'named', partitions: ['/'], units: [] } })).rows, template).to.deep.equal([])
    })

    it('tells what each run of the retention rules was to do, and what it did', async () => {
      const catalogue = await open()
      const about = (action: AuditDraft['action'], id: string, change: Partial<AuditDraft>): AuditDraft => ({ ...NOBODY, action, object: { type: 'retention', id }, ...change })
      const begun = { purge: 3, purgeBytes: 5_000_000_000, archive: 2, archiveBytes: 70 }
      const told: readonly AuditDraft[] = [
        about('retention.begun', 'run-1', { details: begun }), about('retention.ended', 'run-1', { at: seconds(DAY_S), details: { purged: 2, archived: 2, held: 1 } }),
        about('retention.begun', 'run-2', { at: seconds(DAY_S), details: { ...begun, purge: 1 } }), about('retention.begun', 'run-3', { at: seconds(9 * DAY_S), details: begun }),
      ]
      for (const draft of told) await catalogue.audit.append(draft)
      expect(await figures(catalogue, 'retention-runs')).to.deep.equal({
        rows: [['2026-03-02', 'run-1', 1, 3, 5_000_000_000, 2, 70, 2, 2], ['2026-03-03', 'run-2', 0, 1, 5_000_000_000, 2, 70, 0, 0]],
        totals: [null, null, 1, 4, 10_000_000_000, 4, 140, 2, 2],
        hasMore: false,
      })
    })

    it('gives at most as many rows as are asked for, and the totals of all', async () => {
      const catalogue = await open()
      await filled(catalogue)
      const { rows, totals, hasMore } = await figures(catalogue, 'recordings-by-day', { most: 2 })
      expect([rows.length, totals[1], hasMore]).to.deep.equal([2, 4, true])
      expect((await figures(catalogue, 'recordings-by-day', { most: 3 })).hasMore).to.equal(false)
    })

    it('counts of an empty range nothing', async () => {
      expect(await figures(await open(), 'storage')).to.deep.equal({ rows: [], totals: [null, null, 0, 0, 0], hasMore: false })
    })

    it('counts for everybody what a search finds for her', async () => {
      const paths = ['/sales', '/sales/gold', '/support', '/'] as const
      const scope: fc.Arbitrary<AccessScope> = fc.oneof(
        fc.constant(ALL), fc.constant<AccessScope>({ type: 'none' }), fc.constant<AccessScope>({ type: 'agent', agent: 'agent A' }),
        fc.subarray([...paths]).map((partitions): AccessScope => ({ type: 'named', partitions, units: [] })),
      )
      const recording = fc.record({ second: fc.integer({ min: 0, max: 4 * DAY_S }), partitions: fc.subarray([...paths]), heard: fc.boolean() })
      await fc.assert(fc.asyncProperty(fc.uniqueArray(recording, { maxLength: 6, selector: ({ second }) => second }), scope, fc.integer({ min: 1, max: 5 }), async (recordings, asked, days) => {
        const catalogue = await open()
        for (const { second, partitions, heard } of recordings) await tell(catalogue, ...(heard ? wholeLife({ id: idAt(second), partitions }) : [requested({ id: idAt(second), partitions })]))
        const range = { from: seconds(0), to: seconds(days * DAY_S) }
        const { recordings: found } = await catalogue.repository.search({ filter: { ...ANY_RECORDING, startedFrom: range.from, startedTo: range.to }, scope: asked, first: 100, before: null })
        for (const template of ['recordings-by-day', 'recordings-by-agent', 'recordings-by-rule'] as const) {
          const { rows, totals } = await figures(catalogue, template, { ...range, scope: asked, offsets: zoneOffsets('America/New_York', range.from, range.to) })
          expect(rows.reduce((sum, row) => sum + Number(row[1]), 0), template).to.equal(found.length)
          expect(totals[1], template).to.equal(found.length)
        }
        expect((await figures(catalogue, 'recordings-by-unit', { ...range, scope: asked })).totals[2]).to.equal(found.length)
      }), runs(12))
    })
  })
}

/** Two that are stored, one that failed on the next day, and one that goes on. */
async function filled(catalogue: Catalogue): Promise<void> {
  const ids = [idAt(0), idAt(3600)] as const
  const byLimit = wholeLife({ id: ids[1] }).map((fact): CaptureFact => fact.type === 'resume-asked' ? Object.assign({}, fact, { by: 'pause-limit', how: 'limit' } as const) : fact)
  await tell(catalogue, ...wholeLife({ id: ids[0] }), ...byLimit, ...wholeLife({ id: idAt(DAY_S) }), requested({ id: idAt(2 * DAY_S + 55_800) }))
  const finding = (code: QualityFinding['code'], details: QualityFinding['details'] = {}): QualityFinding => ({ code, segmentIndex: null, details, at: seconds(60) })
  await stored(catalogue, ids[0], { durationMs: 9475, payloadName: `site-a.${ids[0]}.1.payload`, findings: [finding('drift'), finding('drift'), finding('pause-overrun', { pause: 0, milliseconds: 500, limitMilliseconds: 1500 })] })
  await stored(catalogue, ids[1], { durationMs: 1000, payloadName: `${ids[1]}.1.payload` })
  await catalogue.repository.beginIngest(idAt(DAY_S))
  await catalogue.repository.closeWithoutMedia(idAt(DAY_S), { state: 'failed', reason: 'ingest-failed', findings: [] }, { ...NOBODY, action: 'recording.failed', object: { type: 'recording', id: idAt(DAY_S) } })
}

async function stored({ repository }: Catalogue, id: RecordingId, { durationMs, payloadName, findings = [] }: { readonly durationMs: number; readonly payloadName: string; readonly findings?: readonly QualityFinding[] }): Promise<void> {
  await repository.beginIngest(id)
  await repository.recordMedia(id, { media: { ...mediaOf(id, durationMs), payloadName }, header: new Uint8Array(1), recipients: [], findings, sounds: [] }, { ...NOBODY, action: 'recording.stored', object: { type: 'recording', id } })
}

async function tell({ repository }: Catalogue, ...facts: readonly CaptureFact[]): Promise<void> {
  journals += 1
  await repository.apply({ node: NODE, journal: `journal-${journals}` }, journalled(facts))
}

let journals = 0

function figures({ reports }: Catalogue, template: ReportTemplate, change: Partial<ReportQuestion> = {}): Promise<ReportFigures> {
  return reports.figures({ template, ...WEEK, offsets: [{ from: WEEK.from, offsetMs: 0 }], scope: ALL, most: 100, ...change })
}
