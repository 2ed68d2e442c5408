import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import type { CaptureFact } from '../../core/domain/capture-fact.ts'
import { parseNodeName, parseUnitId, type RecordingId } from '../../core/domain/ids.ts'
import { firstRecordingIdAt } from '../../core/domain/recording-id.ts'
import type { ReportTemplate } from '../../core/domain/reports/report-templates.ts'
import { zoneOffsets } from '../../core/domain/reports/zone-offsets.ts'
import { NO_RULE } from '../../core/domain/rules/rule.ts'
import type { ReportFigures } from '../../core/ports/report-source.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { decisionWith } from '../support/decisions.ts'
import { AGENT_CHANNEL, journalled, mediaOf, requested } from '../support/recording-facts.ts'
import { seededRandom } from '../support/seeded-random.ts'

const CALLS = 2000
const STORED = 300
const ZONE = 'Europe/Berlin'
/** Two weeks about the change of the clocks on 25 October 2026 at 01:00 UTC. */
const FIRST_MS = Date.parse('2026-10-18T00:00Z')
const STEP_MS = 600_000
const ALL = range('2026-10-17T22:00Z', '2026-11-02T00:00Z')
/** Half an hour into the hour that comes twice, the first time; to the same time on the clock, the second time. */
const TWICE = range('2026-10-25T00:30Z', '2026-10-25T01:30Z')
/** Told apart although they differ in case, in a blank at the end or in an accent. */
const AGENTS = [null, 'anna', 'Anna', 'anna ', 'ànna', '=1+1', '+1', '-1', '@x'] as const
const CLASSES = [null, 'short', 'Short', '7-years'] as const
const RULES = ['sales', 'Sales', 'orders'] as const

interface Range { readonly from: Date; readonly to: Date }
interface Call {
  readonly id: RecordingId
  readonly atMs: number
  readonly agent: string | null
  readonly rule: string
  readonly talkMs: number | null
  readonly pauseMs: number | null
  readonly soundMs: number | null
  readonly store: string | null
  readonly retention: string | null
}
type Row = readonly (string | number | null)[]

function range(from: string, to: string): Range {
  return { from: new Date(from), to: new Date(to) }
}

/** Two thousand calls, counted by a report and counted here once more. `open` gives an empty catalogue. */
export function reportFiguresContract(name: string, open: () => Promise<Catalogue>): void {
  describe(`${name} over two thousand recordings`, () => {
    const calls = manyCalls()
    let catalogue: Catalogue

    before(async function () {
      this.timeout(120_000)
      catalogue = await open()
      await filled(catalogue, calls)
    })

    const ask = (template: ReportTemplate, { from, to }: Range = ALL, most = 2000): Promise<ReportFigures> =>
      catalogue.reports.figures({ template, from, to, offsets: zoneOffsets(ZONE, from, to), scope: { type: 'all' }, most })

    for (const [title, { from, to }] of [['all of them', ALL], ['a period that begins in the hour that comes twice', TWICE], ['a period in which nothing began', range('2027-01-01T00:00Z', '2027-02-01T00:00Z')]] as const) {
      it(`counts ${title} by day, agent, rule and unit, and their pauses and what they take`, async () => {
        const inside = calls.filter(({ atMs }) => atMs >= from.getTime() && atMs < to.getTime())
        const told = { from, to }
        expect((await ask('recordings-by-day', told)).rows).to.deep.equal(grouped(inside, ({ atMs }) => [dayIn(atMs)], figuresOf))
        expect((await ask('recordings-by-agent', told)).rows).to.have.deep.members(grouped(inside, ({ agent }) => [agent], figuresOf))
        expect((await ask('recordings-by-rule', told)).rows).to.have.deep.members(grouped(inside, ({ rule }) => [rule], figuresOf))
        expect((await ask('recordings-by-day', told)).totals).to.deep.equal([null, ...figuresOf(inside)])
        // One is in the unit, and so in the one above it.
        const expected = [...grouped(inside, ({ agent }) => [agent === 'anna' ? 'north' : null], figuresOf), ...grouped(inside.filter(({ agent }) => agent === 'anna'), () => ['top'], figuresOf)]
        expect((await ask('recordings-by-unit', told)).rows.map((row) => row.filter((_cell, column) => column !== 1))).to.have.deep.members(expected)
        const paused = inside.filter(({ pauseMs }) => pauseMs !== null)
        expect((await ask('pauses', told)).rows).to.have.deep.members(grouped(paused, ({ agent }) => [agent], pausesOf))
        const stored = inside.filter(({ soundMs }) => soundMs !== null)
        expect((await ask('storage', told)).rows).to.have.deep.members(grouped(stored, ({ retention, store }) => [retention, store], storageOf))
      })
    }

    it('gives as many rows as may be, and the totals of all', async () => {
      const whole = await ask('recordings-by-day')
      const { rows, totals, hasMore } = await ask('recordings-by-day', ALL, 3)
      expect([rows, totals, hasMore]).to.deep.equal([whole.rows.slice(0, 3), whole.totals, true])
      expect((await ask('recordings-by-day', ALL, whole.rows.length)).hasMore).to.equal(false)
    })
  })
}

function manyCalls(): readonly Call[] {
  const random = seededRandom(11)
  const below = (count: number): number => Math.floor(random() * count)
  return Array.from({ length: CALLS }, (_, index): Call => {
    const atMs = FIRST_MS + index * STEP_MS + below(STEP_MS)
    return {
      id: firstRecordingIdAt(new Date(atMs), 1), atMs, agent: AGENTS[below(AGENTS.length)] ?? null, rule: RULES[below(RULES.length)] ?? '',
      talkMs: below(5) === 0 ? null : below(400_000), pauseMs: below(3) === 0 ? below(20_000) : null,
      // Of those about the change, so that the hour that comes twice has some.
      soundMs: index >= 850 && index < 850 + STORED ? 1000 + below(300_000) : null, store: below(2) === 0 ? 'site-a' : null, retention: CLASSES[below(CLASSES.length)] ?? null,
    }
  })
}

async function filled({ repository, people }: Catalogue, calls: readonly Call[]): Promise<void> {
  const [top, north] = [parseUnitId('top'), parseUnitId('north')]
  const always = { fromAt: new Date(0), toAt: null }
  await people.change(() => ({
    changes: [
      { type: 'unit', id: top, places: [{ unitId: top, name: 'Top', parentId: null, ...always }] },
      { type: 'unit', id: north, places: [{ unitId: north, name: 'North', parentId: top, ...always }] },
      { type: 'members', agent: 'anna', memberships: [{ unitId: north, agent: 'anna', ...always }] },
    ],
    audit: [], restamp: null,
  }))
  await repository.apply({ node: parseNodeName('node-1'), journal: 'two-thousand' }, journalled(calls.flatMap(factsOf)))
  for (const { id, soundMs, store } of calls) {
    if (soundMs === null) continue
    await repository.beginIngest(id)
    const payloadName = `${store === null ? '' : `${store}.`}${id}.1.payload`
    await repository.recordMedia(id, { media: { ...mediaOf(id, soundMs), payloadName }, header: new Uint8Array(1), recipients: [], findings: [], sounds: [] },
      { at: new Date(FIRST_MS), actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id }, outcome: 'ok', reason: null, details: {}, personal: {} })
  }
}

function factsOf({ id, atMs, agent, rule, talkMs, pauseMs, retention }: Call): readonly CaptureFact[] {
  const of = (ms: number): { readonly recordingId: RecordingId; readonly at: Date } => ({ recordingId: id, at: new Date(atMs + ms) })
  const end = 30_000 + (talkMs ?? 0)
  return [
    requested({ id, change: { agent, decision: decisionWith({ rule, terms: { ...NO_RULE.terms, retention } }) } }),
    // By her being there the call is her unit's.
    ...(agent === null ? [] : [{ type: 'party-joined', ...of(10), party: { channelId: AGENT_CHANNEL, side: 'agent', identity: { number: '201', name: agent }, endpoint: 'PJSIP/201', agent, fromAt: new Date(atMs + 10), toAt: null } } as const]),
    { type: 'segment-opened', ...of(20), index: 0, channelId: requested({ id }).channelId, files: { received: `${id}.rx.wav`, transmitted: `${id}.tx.wav` } },
    { type: 'segment-started', ...of(25), index: 0, recorderId: 'mm-1' },
    ...(pauseMs === null ? [] : [
      { type: 'pause-asked', ...of(2000), by: 'anna', how: 'api', limitMs: null }, { type: 'pause-effective', ...of(2040) },
      { type: 'resume-asked', ...of(2040 + pauseMs), by: 'anna', how: 'api' }, { type: 'resume-effective', ...of(2040 + pauseMs) },
    ] as const),
    ...(talkMs === null ? [] : [{ type: 'answered', ...of(30_000) } as const]),
    { type: 'recording-stopped', ...of(end), reason: 'hangup' },
  ]
}

function grouped(calls: readonly Call[], keyOf: (call: Call) => Row, figures: (calls: readonly Call[]) => Row): Row[] {
  const groups = Map.groupBy(calls, (call) => JSON.stringify(keyOf(call)))
  return [...groups.values()].map((members) => members.slice(0, 1).flatMap(keyOf).concat(figures(members)))
}

function figuresOf(calls: readonly Call[]): Row {
  const stored = calls.filter(({ soundMs }) => soundMs !== null).length
  return [calls.length, calls.length - stored, stored, 0, 0, 0, sum(calls.map(({ talkMs }) => talkMs)), sum(calls.map(({ soundMs }) => soundMs))]
}

function pausesOf(calls: readonly Call[]): Row {
  const lengths = calls.map(({ pauseMs }) => pauseMs ?? 0)
  return [calls.length, calls.length, sum(lengths), Math.max(...lengths), 0, 0, 0]
}

function storageOf(calls: readonly Call[]): Row {
  return [calls.length, sum(calls.map(({ soundMs }) => soundMs)), sum(calls.map(({ soundMs }) => (soundMs ?? 0) * 32 + 100))]
}

function sum(numbers: readonly (number | null)[]): number {
  return numbers.reduce<number>((whole, number) => whole + (number ?? 0), 0)
}

/** By another way than the product's: Swedes write `2026-10-25`. */
function dayIn(atMs: number): string {
  return new Date(atMs).toLocaleDateString('sv-SE', { timeZone: ZONE })
}
