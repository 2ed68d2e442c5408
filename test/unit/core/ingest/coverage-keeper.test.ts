import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { CaptureFact, ExpectationClosed, ExpectationOpened } from '../../../../core/domain/capture-fact.ts'
import { parseChannelId, parseInteractionId, parseNodeName, parsePbxId } from '../../../../core/domain/ids.ts'
import { CoverageKeeper } from '../../../../core/ingest/coverage-keeper.ts'
import type { AuditEntry } from '../../../../core/domain/audit-entry.ts'
import { MemoryAuditLog } from '../../../support/fakes/memory-audit-log.ts'
import { MemoryCoverageLedger } from '../../../support/fakes/memory-coverage-ledger.ts'
import { MemoryRecordingRepository } from '../../../support/fakes/memory-recording-repository.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'
import { CUSTOMER_CHANNEL, idAt, journalled, mediaOf, recordingFrom, seconds, wholeLife } from '../../../support/recording-facts.ts'

const SOURCE = { node: parseNodeName('node-1'), journal: 'journal-1' }
const PBX = parsePbxId('pbx-1')
const ID = idAt(0)
const INTERACTION = parseInteractionId(`i-${ID}`)
const NO_FILTER = { objectId: null, actorId: null, action: null, from: null, to: null }
const DAY = { from: seconds(-3600), to: seconds(86_400), pbxId: null }
const KEY = { pbxId: PBX, channelId: CUSTOMER_CHANNEL, side: 'source', fromAt: seconds(0.8) } as const
const OPENED: ExpectationOpened = { type: 'expectation-opened', ...KEY, callId: recordingFrom(wholeLife({ id: ID })).callId, interactionId: INTERACTION, rule: 'everything', policyVersion: 'ab', evidence: 'events', answeredAt: seconds(0.8), at: seconds(0.8) }
const CLOSED: ExpectationClosed = { type: 'expectation-closed', ...KEY, toAt: seconds(9.5), end: 'hangup', at: seconds(9.5) }

describe('the keeper of the coverage ledger', () => {
  let now = seconds(20)
  let audit = new MemoryAuditLog()
  let repository = new MemoryRecordingRepository({ audit })
  let ledger = new MemoryCoverageLedger(repository, audit)
  const gauges = new Map<string, number>()
  let runtime = quietRuntime()
  let keeper = new CoverageKeeper({ ledger, runtime, pbxIds: [PBX], toleratedMs: 500, overdueAfterMs: 60_000 })

  beforeEach(() => {
    now = seconds(20)
    audit = new MemoryAuditLog()
    repository = new MemoryRecordingRepository({ audit })
    ledger = new MemoryCoverageLedger(repository, audit)
    gauges.clear()
    runtime = quietRuntime(() => now)
    const gauge = (name: string, value: number, labels: Readonly<Record<string, string>> = {}): void => void gauges.set(`${name} ${labels['state'] ?? ''}`.trim(), value)
    keeper = new CoverageKeeper({ ledger, runtime: { ...runtime, metrics: { ...runtime.metrics, gauge } }, pbxIds: [PBX], toleratedMs: 500, overdueAfterMs: 60_000 })
  })
  afterEach(() => keeper.stop())

  async function tell(...facts: readonly CaptureFact[]): Promise<void> {
    await repository.apply(SOURCE, journalled(facts, told))
    told += facts.length
  }
  let told = 0
  beforeEach(() => {
    told = 0
  })

  async function store(durationMs: number): Promise<void> {
    await repository.beginIngest(ID)
    await repository.recordMedia(ID, { media: { ...mediaOf(ID), storedAt: now }, header: new Uint8Array(1), recipients: [], findings: [], sounds: [
      { segmentIndex: 0, beganAt: seconds(0.8), durationMs: 4200, lanes: 'both' }, { segmentIndex: 1, beganAt: seconds(5.025), durationMs, lanes: 'both' },
    ] }, { at: now, actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id: ID }, outcome: 'ok', reason: null, details: {}, personal: {} })
  }

  async function entries(action: AuditEntry['action']): Promise<readonly AuditEntry[]> {
    return (await audit.read({ ...NO_FILTER, action }, { first: 10, before: null })).entries.map(({ entry }) => entry)
  }

  it('waits for the sound of a leg that is over, and settles it when it is sealed', async () => {
    await tell(...wholeLife({ id: ID }), OPENED, CLOSED)
    await keeper.turn()
    expect(await ledger.totals(DAY, 500)).to.include({ waitingLegs: 1, settledLegs: 0 })
    expect(Object.fromEntries(gauges)).to.deep.include({ 'holdfast_coverage_open_expectations waiting': 1, 'holdfast_coverage_oldest_waiting_seconds': 10.5 })
    await store(4475)
    await keeper.turn()
    expect(await ledger.totals(DAY, 500)).to.include({ waitingLegs: 0, settledLegs: 1, missingMs: 25, gapLegs: 0 })
    expect(runtime.counted.get('holdfast_coverage_missing_seconds_total')).to.be.closeTo(0.025, 1e-9)
    expect(await entries('coverage.gap'), 'some 30 ms are tolerated').to.deep.equal([])
    expect(gauges.get('holdfast_coverage_open_expectations waiting')).to.equal(0)
  })

  it('raises the alarm once for a leg that lacks more than is tolerated, with its causes', async () => {
    await tell(...wholeLife({ id: ID }), OPENED, CLOSED)
    await store(3000)
    await keeper.turn()
    await keeper.turn()
    const [entry, ...more] = await entries('coverage.gap')
    expect(more).to.deep.equal([])
    expect(entry).to.deep.include({ object: { type: 'interaction', id: INTERACTION }, outcome: 'failed', reason: 'drift' })
    expect(entry?.details).to.include({ missingMs: 1500, causes: 'recorder-stopped=25,drift=1475', channelId: CUSTOMER_CHANNEL, side: 'source', rule: 'everything' })
    expect(runtime.counted.get('holdfast_coverage_gaps_total')).to.equal(1)
  })

  it('names a leg of which nothing is known at all', async () => {
    await tell(OPENED, CLOSED)
    await keeper.turn()
    expect((await entries('coverage.gap')).map(({ reason }) => reason)).to.deep.equal(['never-started'])
  })

  it('raises the alarm once for a leg whose sound is not sealed long after its end', async () => {
    await tell(...wholeLife({ id: ID }), OPENED, CLOSED)
    now = seconds(69)
    await keeper.turn()
    expect(await entries('coverage.overdue')).to.deep.equal([])
    now = seconds(70)
    await keeper.turn()
    await keeper.turn()
    expect((await entries('coverage.overdue')).map(({ object, reason }) => [object.id, reason])).to.deep.equal([[INTERACTION, 'not-sealed']])
    expect(runtime.counted.get('holdfast_coverage_overdue_total')).to.equal(1)
  })

  it('looks again when sound turns up after all, and counts nothing twice', async () => {
    await tell(...wholeLife({ id: ID }), OPENED, CLOSED)
    await repository.beginIngest(ID)
    await repository.closeWithoutMedia(ID, { state: 'failed', reason: 'ingest-failed', findings: [] }, { at: now, actor: { type: 'system', id: 'ingest' }, action: 'recording.failed', object: { type: 'recording', id: ID }, outcome: 'failed', reason: 'ingest-failed', details: {}, personal: {} })
    await keeper.turn()
    expect(await ledger.totals(DAY, 500)).to.include({ gapLegs: 1 })
    const before = runtime.counted.get('holdfast_coverage_missing_seconds_total')
    now = seconds(30)
    await store(4475)
    await keeper.turn()
    expect(await ledger.totals(DAY, 500)).to.include({ gapLegs: 0, missingMs: 25 })
    expect(runtime.counted.get('holdfast_coverage_missing_seconds_total')).to.equal(before)
  })

  it('settles a leg behind many that wait', async () => {
    const many = Array.from({ length: 250 }, (_, index) => ({ ...KEY, channelId: parseChannelId(`9.${index}`) }))
    await tell(...wholeLife({ id: ID }))
    for (const key of many) await tell({ ...OPENED, ...key, interactionId: INTERACTION }, { ...CLOSED, ...key })
    await tell({ ...OPENED, channelId: parseChannelId('10.1'), interactionId: parseInteractionId('i-other') }, { ...CLOSED, channelId: parseChannelId('10.1'), toAt: seconds(10) })
    for (let turn = 0; turn < 3; turn += 1) await keeper.turn()
    expect(await ledger.totals(DAY, 500)).to.include({ settledLegs: 1, waitingLegs: 250 })
    await keeper.turn()
    expect((await entries('coverage.gap')), 'and begins again from the first').to.have.length(1)
  })
})
