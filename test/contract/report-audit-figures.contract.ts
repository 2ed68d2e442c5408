import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { type Actor, AUDIT_OUTCOMES, type AuditDraft, type AuditOutcome } from '../../core/domain/audit-entry.ts'
import { parseNodeName, parsePbxId, parseUserId } from '../../core/domain/ids.ts'
import { type FindingCode, FINDING_CODES } from '../../core/domain/media.ts'
import { firstRecordingIdAt } from '../../core/domain/recording-id.ts'
import type { ReportTemplate } from '../../core/domain/reports/report-templates.ts'
import { zoneOffsets } from '../../core/domain/reports/zone-offsets.ts'
import type { ReportFigures } from '../../core/ports/report-source.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { CUSTOMER_CHANNEL, journalled, mediaOf, requested } from '../support/recording-facts.ts'
import { seededRandom } from '../support/seeded-random.ts'

const ENTRIES = 800
const RUNS = 60
const LEGS = 150
const RECORDINGS = 120
const ZONE = 'Europe/Berlin'
/** Two weeks about the change of the clocks on 25 October 2026 at 01:00 UTC. */
const FIRST_MS = Date.parse('2026-10-18T00:00Z')
const LONG_MS = 14 * 86_400_000
const ALL = range('2026-10-17T22:00Z', '2026-11-02T00:00Z')
/** From within the hour that comes twice to the middle of a night. */
const PART = range('2026-10-25T00:30Z', '2026-10-29T22:45Z')
const ANNA = { type: 'user', id: parseUserId('00000000000000aa') } as const
/** Told apart although they differ in case, in a blank at the end or in an accent; what the system did counts for nobody. */
const ACTORS: readonly Actor[] = [ANNA, { type: 'user', id: 'berta' }, { type: 'token', id: 'wallboard' }, { type: 'token', id: 'Wallboard' }, { type: 'token', id: 'wallboard ' }, { type: 'token', id: 'wällboard' }, { type: 'cli', id: 'root' }, { type: 'user', id: 'root' }, { type: 'system', id: 'ingest' }, { type: 'pbx', id: 'main' }]
const EXPORTS = ['recording.exported', 'export.fetched', 'audit.exported', 'report.exported'] as const
const ENDS_OF_LIFE = ['retention.planned', 'retention.begun', 'retention.ended', 'retention.changed', 'recording.archived', 'recording.purged', 'recording.deleted', 'subject.erased'] as const
const ACTIONS = ['recordings.searched', 'playback.begun', 'playback.ended', ...EXPORTS, ...ENDS_OF_LIFE, 'hold.placed', 'audit.read'] as const
const FINDINGS = FINDING_CODES.slice(0, 6)

type Row = readonly (string | number | null)[]
interface Range { readonly from: Date; readonly to: Date }
interface Run { readonly id: string; readonly atMs: number; readonly toDo: Readonly<Record<'purge' | 'purgeBytes' | 'archive' | 'archiveBytes', number>>; readonly did: Readonly<Record<'purged' | 'archived', number>> | null }
interface Leg { readonly atMs: number; readonly endMs: number | null; readonly assessed: { readonly wantedMs: number; readonly coveredMs: number; readonly missingMs: number } | null }
interface Found { readonly atMs: number; readonly codes: readonly FindingCode[] }

function range(from: string, to: string): Range {
  return { from: new Date(from), to: new Date(to) }
}

const random = seededRandom(29)
function below(count: number): number {
  return Math.floor(random() * count)
}

function oneOf<Value>(values: readonly [Value, ...Value[]] | readonly Value[]): Value {
  const value = values[below(values.length)]
  if (value === undefined) throw new Error('there is one')
  return value
}

/** Hundreds of entries of the audit, and what the other templates tell of, counted by a report and counted here once more. `open` gives an empty catalogue. */
export function reportAuditFiguresContract(name: string, open: () => Promise<Catalogue>): void {
  describe(`${name} over hundreds of entries of the audit`, () => {
    const entries = Array.from({ length: ENTRIES }, anyEntry)
    const retentionRuns = Array.from({ length: RUNS }, (_, index) => anyRun(index))
    const legs = Array.from({ length: LEGS }, anyLeg)
    const found = Array.from({ length: RECORDINGS }, anyFound)
    const told = [...entries, ...retentionRuns.flatMap(entriesOf)]
    let catalogue: Catalogue

    before(async function () {
      this.timeout(240_000)
      catalogue = await open()
      await catalogue.people.change(() => ({
        changes: [{ type: 'user', user: { id: ANNA.id, name: 'anna@example.com', role: 'supervisor', agent: null, partitions: [], units: [], createdAt: new Date(0), disabledAt: null } }], audit: [], restamp: null,
      }))
      for (const draft of told) await catalogue.audit.append(draft)
      for (const [index, leg] of legs.entries()) await expected(catalogue, leg, index)
      for (const [index, one] of found.entries()) await recorded(catalogue, one, index)
    })

    const ask = (template: ReportTemplate, { from, to }: Range): Promise<ReportFigures> =>
      catalogue.reports.figures({ template, from, to, offsets: zoneOffsets(ZONE, from, to), scope: { type: 'all' }, most: 2000 })

    for (const [title, { from, to }] of [['all of them', ALL], ['a part of them from the hour that comes twice on', PART], ['a period in which nothing was', range('2027-01-01T00:00Z', '2027-02-01T00:00Z')]] as const) {
      const isIn = (atMs: number): boolean => atMs >= from.getTime() && atMs < to.getTime()
      const inside = told.filter(({ at }) => isIn(at.getTime()))

      it(`counts ${title} by actor, and by what ended lives`, async () => {
        const byActors = inside.filter(({ actor: { type } }) => ['user', 'token', 'cli'].includes(type))
        const access = await ask('access', { from, to })
        expect(access.rows).to.have.deep.members(grouped(byActors, ({ actor: { type, id } }) => [type, id, id === ANNA.id ? 'anna@example.com' : null], accessOf))
        expect(access.totals).to.deep.equal([null, null, null, ...accessOf(byActors)])
        const ends = inside.filter(({ action }) => ENDS_OF_LIFE.some((end) => end === action))
        const retention = await ask('retention', { from, to })
        expect(retention.rows).to.have.deep.members(grouped(ends, ({ at, action }) => [dayIn(at.getTime()), action], endsOf))
        expect(retention.totals).to.deep.equal([null, null, ...endsOf(ends)])
      })

      it(`counts ${title} by run, by day of the ledger, and by finding`, async () => {
        // Of the other entries some tell of a beginning too, and have rows of their own.
        const ofRuns = await ask('retention-runs', { from, to })
        const begun = retentionRuns.filter(({ atMs }) => isIn(atMs))
        expect(ofRuns.rows.filter(([, id]) => String(id).startsWith('run-'))).to.have.deep.members(grouped(begun, ({ id, atMs }) => [dayIn(atMs), id], runsOf))
        const coverage = await ask('coverage', { from, to })
        const wanted = legs.filter(({ atMs }) => isIn(atMs))
        expect(coverage.rows).to.have.deep.members(grouped(wanted, ({ atMs }) => [dayIn(atMs)], legsOf))
        expect(coverage.totals).to.deep.equal([null, ...legsOf(wanted)])
        const findings = await ask('findings', { from, to })
        const bad = found.filter(({ atMs, codes }) => isIn(atMs) && codes.length > 0)
        const times = (code: FindingCode): number => bad.flatMap(({ codes }) => codes).filter((one) => one === code).length
        expect(findings.rows).to.have.deep.members(FINDINGS.filter((code) => times(code) > 0).map((code) => [code, bad.filter(({ codes }) => codes.includes(code)).length, times(code)]))
        expect(findings.totals).to.deep.equal([null, bad.length, bad.flatMap(({ codes }) => codes).length])
      })
    }
  })
}

function anyEntry(): AuditDraft {
  const action = oneOf(ACTIONS)
  // Most are well.
  const outcome: AuditOutcome = below(3) === 0 ? oneOf(AUDIT_OUTCOMES) : 'ok'
  return {
    at: new Date(FIRST_MS + below(LONG_MS)), actor: oneOf(ACTORS), action, outcome, reason: null, personal: {}, details: anyDetails(action),
    object: action === 'recordings.searched' ? { type: 'query', id: oneOf(['count', 'page', 'Count']) } : { type: 'recording', id: `r${below(9)}` },
  }
}

function anyDetails(action: string): AuditDraft['details'] {
  if (action === 'playback.ended') return { seconds: below(3_600_000) / 1000 }
  if (action === 'audit.exported') return oneOf([{ part: 'begun' }, { part: 'ended' }])
  if (action === 'recording.purged') return { step: oneOf(['decided', 'destroyed']) }
  if (action === 'subject.erased') return oneOf<AuditDraft['details']>([{ step: 'decided' }, { chain: 'node-1', count: 4 }, { step: 'erased' }])
  return {}
}

function anyRun(index: number): Run {
  const [purge, archive] = [below(1000), below(1000)]
  return {
    id: `run-${index}`, atMs: FIRST_MS + below(LONG_MS), toDo: { purge, purgeBytes: purge * 7_000_000_000, archive, archiveBytes: archive * 1001 },
    did: below(4) === 0 ? null : { purged: below(purge + 1), archived: below(archive + 1) },
  }
}

function entriesOf({ id, atMs, toDo, did }: Run): readonly AuditDraft[] {
  const about = { actor: { type: 'system', id: 'retention' }, object: { type: 'retention', id }, outcome: 'ok', reason: null, personal: {} } as const
  const begun: AuditDraft = { ...about, action: 'retention.begun', at: new Date(atMs), details: toDo }
  // Some end in another period than they began in.
  return did === null ? [begun] : [begun, { ...about, action: 'retention.ended', at: new Date(atMs + below(86_400_000)), details: did }]
}

function anyLeg(): Leg {
  const atMs = FIRST_MS + below(LONG_MS)
  if (below(5) === 0) return { atMs, endMs: null, assessed: null }
  const [wantedMs, missingMs] = [10_000 + below(100_000), below(2) === 0 ? 0 : below(9000)]
  return { atMs, endMs: atMs + wantedMs, assessed: below(4) === 0 ? null : { wantedMs, coveredMs: wantedMs - missingMs, missingMs } }
}

function anyFound(): Found {
  return { atMs: FIRST_MS + below(LONG_MS), codes: Array.from({ length: below(5) }, () => oneOf(FINDINGS)) }
}

async function expected({ repository, coverage }: Catalogue, { atMs, endMs, assessed }: Leg, index: number): Promise<void> {
  const [at, fromAt] = [new Date(atMs), new Date(atMs)]
  const key = { pbxId: parsePbxId('pbx-1'), channelId: CUSTOMER_CHANNEL, side: 'source', fromAt } as const
  const { interactionId, callId } = requested({ id: firstRecordingIdAt(at, 1) })
  await repository.apply({ node: parseNodeName('node-1'), journal: `leg-${index}` }, journalled([
    { type: 'expectation-opened', ...key, callId, interactionId, rule: 'everything', policyVersion: 'ab', evidence: 'events', answeredAt: at, at },
    ...(endMs === null ? [] : [{ type: 'expectation-closed', ...key, toAt: new Date(endMs), end: 'hangup', at: new Date(endMs) } as const]),
  ]))
  if (assessed !== null) await coverage.settle(key, { assessment: { ...assessed, gaps: [] }, at: new Date(atMs + LONG_MS), audit: null })
}

async function recorded({ repository }: Catalogue, { atMs, codes }: Found, index: number): Promise<void> {
  const at = new Date(atMs)
  const id = firstRecordingIdAt(at, 1)
  await repository.apply({ node: parseNodeName('node-1'), journal: `found-${index}` }, journalled([requested({ id }), { type: 'recording-stopped', recordingId: id, at: new Date(atMs + 1000), reason: 'hangup' }]))
  await repository.beginIngest(id)
  const findings = codes.map((code) => ({ code, segmentIndex: null, details: {}, at }))
  await repository.recordMedia(id, { media: mediaOf(id, 1000), header: new Uint8Array(1), recipients: [], findings, sounds: [] },
    // Of no template here.
    { at: new Date(0), actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id }, outcome: 'ok', reason: null, details: {}, personal: {} })
}

function accessOf(entries: readonly AuditDraft[]): Row {
  const done = entries.filter(({ outcome }) => outcome === 'ok')
  const heard = entries.filter(({ action }) => action === 'playback.ended').map(({ details }) => Math.round(Number(details['seconds']) * 1000))
  return [
    done.filter(({ action, object: { id } }) => action === 'recordings.searched' && id !== 'count').length, done.filter(({ action }) => action === 'playback.begun').length, sum(heard),
    done.filter(({ action, details }) => EXPORTS.some((one) => one === action) && details['part'] !== 'ended').length, entries.filter(({ outcome }) => outcome === 'refused').length,
  ]
}

function endsOf(entries: readonly AuditDraft[]): Row {
  const isDone = ({ action, outcome, details }: AuditDraft): boolean => outcome === 'ok' && details['step'] !== 'decided' && (action !== 'subject.erased' || details['step'] !== undefined)
  return [entries.filter(isDone).length, ...(['refused', 'failed'] as const).map((outcome) => entries.filter((entry) => entry.outcome === outcome).length)]
}

function runsOf(some: readonly Pick<Run, 'toDo' | 'did'>[]): Row {
  const toDo = (name: keyof Run['toDo']): number => sum(some.map((run) => run.toDo[name]))
  const did = (name: 'purged' | 'archived'): number => sum(some.map((run) => run.did?.[name] ?? 0))
  return [some.filter((run) => run.did !== null).length, toDo('purge'), toDo('purgeBytes'), toDo('archive'), toDo('archiveBytes'), did('purged'), did('archived')]
}

function legsOf(some: readonly Leg[]): Row {
  const settled = some.flatMap(({ assessed }) => assessed ?? [])
  const live = some.filter(({ endMs }) => endMs === null).length
  return [
    some.length, settled.length, some.length - settled.length - live, live, settled.filter(({ missingMs }) => missingMs > 0).length,
    sum(settled.map(({ wantedMs }) => wantedMs)), sum(settled.map(({ coveredMs }) => coveredMs)), sum(settled.map(({ missingMs }) => missingMs)),
  ]
}

function grouped<One>(some: readonly One[], keyOf: (one: One) => Row, figures: (some: readonly One[]) => Row): Row[] {
  return [...Map.groupBy(some, (one) => JSON.stringify(keyOf(one))).values()].map((members) => members.slice(0, 1).flatMap(keyOf).concat(figures(members)))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((whole, number) => whole + number, 0)
}

/** By another way than the product's: Swedes write `2026-10-25`. */
function dayIn(atMs: number): string {
  return new Date(atMs).toLocaleDateString('sv-SE', { timeZone: ZONE })
}
