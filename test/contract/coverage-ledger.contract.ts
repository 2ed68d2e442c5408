import { expect } from 'chai'
import { afterEach, describe, it } from 'mocha'
import { assessCoverage } from '../../core/domain/assess-coverage.ts'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import type { CaptureFact, ExpectationOpened } from '../../core/domain/capture-fact.ts'
import type { Assessment, Expectation } from '../../core/domain/coverage.ts'
import { parseCallId, parseChannelId, parseInteractionId, parseNodeName, parsePbxId } from '../../core/domain/ids.ts'
import type { EndedExpectation } from '../../core/ports/coverage-ledger.ts'
import type { TriedCatalogue as Catalogue } from '../support/tried-catalogue.ts'
import { CUSTOMER_CHANNEL, idAt, journalled, mediaOf, MORNING, seconds, wholeLife } from '../support/recording-facts.ts'

const SOURCE = { node: parseNodeName('node-1'), journal: 'journal-1' }
const PBX = parsePbxId('pbx-1')
const ID = idAt(0)
const DAY = { from: seconds(-3600), to: seconds(86_400), pbxId: null }
const EXPECTATION: Expectation = {
  pbxId: PBX, channelId: CUSTOMER_CHANNEL, side: 'source', fromAt: new Date(MORNING.getTime() + 800), callId: parseCallId('1772438400.1'), interactionId: parseInteractionId(`i-${ID}`),
  rule: 'everything', policyVersion: 'ab', evidence: 'events', answeredAt: new Date(MORNING.getTime() + 800),
}
/** What an hour lacks, made up. */
const LOSS: Assessment = {
  wantedMs: 9000, coveredMs: 7000, missingMs: 2000,
  gaps: [{ beganAt: seconds(1), endedAt: seconds(3), why: 'restart' }, { beganAt: seconds(4), endedAt: seconds(5), why: 'paused' }],
}

/** What every coverage ledger does. `open` gives an empty catalogue. */
export function coverageLedgerContract(name: string, open: () => Promise<Catalogue>): void {
  describe(`${name} is a CoverageLedger`, () => {
    const opened: Catalogue[] = []
    const catalogue = async (...facts: readonly CaptureFact[]): Promise<Catalogue> => {
      const one = await open()
      opened.push(one)
      await one.repository.apply(SOURCE, journalled(facts))
      return one
    }
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()))
    })

    it('has nothing to settle while a leg lives, and counts it', async () => {
      const { coverage } = await catalogue(openedBy(EXPECTATION))
      expect(await coverage.unsettled(10, null)).to.deep.equal([])
      expect(await coverage.open()).to.deep.equal([{ pbxId: PBX, live: 1, waiting: 0, oldestEndedAt: null }])
      expect(await coverage.totals(DAY, 0)).to.include({ legs: 1, liveLegs: 1, waitingLegs: 0, settledLegs: 0 })
    })

    it('gives an expectation whose leg is over, whatever was told twice', async () => {
      const { coverage, repository } = await catalogue(openedBy(EXPECTATION), closed(10), openedBy(EXPECTATION), closed(20))
      expect(await coverage.unsettled(10, null)).to.deep.equal([ended(10)])
      await repository.apply(SOURCE, journalled([openedBy(EXPECTATION), closed(10)]))
      expect(await coverage.unsettled(10, null)).to.deep.equal([ended(10)])
      expect(await coverage.open()).to.deep.equal([{ pbxId: PBX, live: 0, waiting: 1, oldestEndedAt: seconds(10) }])
    })

    it('gives them by their ends, page by page, each once', async () => {
      const many = Array.from({ length: 7 }, (_, index) => ({ ...EXPECTATION, channelId: parseChannelId(`1772438400.${index}`) }))
      const { coverage } = await catalogue(...many.flatMap((one, index) => [openedBy(one), { ...closed(10 + Math.floor(index / 3)), channelId: one.channelId }]))
      const found: EndedExpectation[] = []
      for (let page = await coverage.unsettled(2, null); page.length > 0; page = await coverage.unsettled(2, page.at(-1) ?? null)) found.push(...page)
      expect(found.map(({ expectation }) => expectation.channelId)).to.have.members(many.map(({ channelId }) => channelId)).and.to.have.length(7)
      expect(found.map(({ toAt }) => toAt.getTime())).to.deep.equal(found.map(({ toAt }) => toAt.getTime()).toSorted((a, b) => a - b))
    })

    it('is excused by no pause where the rule of the leg forbids pauses', async () => {
      const life = wholeLife({ id: ID }).map((fact) => {
        if (fact.type !== 'recording-requested') return fact
        const { decision } = fact
        const terms = Object.assign({}, decision.terms, { pause: { type: 'forbidden' } })
        return Object.assign({}, fact, { decision: Object.assign({}, decision, { rule: EXPECTATION.rule, terms }) })
      })
      const { coverage } = await catalogue(...life, openedBy(EXPECTATION), closed(9.5))
      expect((await coverage.evidence(ended(9.5))).pauses).to.deep.equal([])
    })

    it('knows what was sealed of a leg, when it was to be silent, and when nobody looked', async () => {
      const { coverage, repository } = await catalogue(...wholeLife({ id: ID }), openedBy(EXPECTATION), closed(9.5),
        { type: 'observation-lost', pbxId: PBX, because: 'link-down', at: seconds(6) },
        { type: 'observation-lost', pbxId: PBX, because: 'process-down', at: seconds(7) },
        { type: 'observation-regained', pbxId: PBX, because: null, callsFound: 2, at: seconds(8) })
      await repository.beginIngest(ID)
      await repository.recordMedia(ID, { media: mediaOf(ID), header: new Uint8Array(1), recipients: [], findings: [{ code: 'lanes-differ', segmentIndex: 1, details: {}, at: seconds(60) }], sounds: [
        { segmentIndex: 0, beganAt: seconds(0.8), durationMs: 4200, lanes: 'both' }, { segmentIndex: 1, beganAt: seconds(5.025), durationMs: 4475, lanes: 'one' },
      ] }, told(seconds(60)))
      const { recordings, pauses, unobserved, ...rest } = await coverage.evidence(ended(9.5))
      expect(rest).to.deep.equal(ended(9.5))
      expect(pauses).to.deep.equal([{ fromAt: seconds(2.04), toAt: seconds(4.04) }])
      expect(unobserved).to.deep.equal([{ pbxId: PBX, fromAt: seconds(6), toAt: seconds(8), because: 'link-down', callsFound: 2 }])
      const [recording] = recordings
      expect(recording).to.deep.include({ id: ID, state: 'stored', reason: 'hangup', findings: new Set(['lanes-differ']), peersCame: [seconds(0.9)], peersWent: [seconds(9)] })
      expect(recording?.segments.map(({ startedAt, endedAt, sound }) => ({ startedAt, endedAt, sound }))).to.deep.equal([
        { startedAt: seconds(0.025), endedAt: seconds(5), sound: { beganAt: seconds(0.8), durationMs: 4200, lanes: 'both' } },
        { startedAt: seconds(5.025), endedAt: seconds(9.5), sound: { beganAt: seconds(5.025), durationMs: 4475, lanes: 'one' } },
      ])
    })

    it('finds a recording that was refused and never had a recorder on the leg', async () => {
      const { coverage } = await catalogue(wholeLife({ id: ID })[1] as CaptureFact, { type: 'recording-failed', recordingId: ID, reason: 'start-refused', at: seconds(0.1) }, openedBy(EXPECTATION), closed(9.5))
      expect((await coverage.evidence(ended(9.5))).recordings.map(({ state, reason, segments }) => ({ state, reason, segments }))).to.deep.equal([{ state: 'failed', reason: 'start-refused', segments: [] }])
    })

    it('keeps what became of it, once, and tells what was missing before', async () => {
      const { coverage, audit } = await catalogue(openedBy(EXPECTATION), closed(10))
      expect(await coverage.settle(EXPECTATION, { assessment: LOSS, at: seconds(20), audit: told(seconds(20)) })).to.deep.equal([])
      expect(await coverage.unsettled(10, null)).to.deep.equal([])
      const less = { ...LOSS, coveredMs: 8000, missingMs: 1000, gaps: LOSS.gaps.slice(0, 1) }
      expect(await coverage.settle(EXPECTATION, { assessment: less, at: seconds(21), audit: null })).to.deep.equal(LOSS.gaps)
      expect(await coverage.worst(DAY, 10)).to.deep.equal([{ ...ended(10), assessment: less }])
      expect(await coverage.open()).to.deep.equal([])
      expect((await audit.read(ANY_ENTRY, { first: 10, before: null })).entries).to.have.length(1)
    })

    it('looks again at a leg that lacked something, when more of it is sealed', async () => {
      const { coverage, repository } = await catalogue(...wholeLife({ id: ID }), openedBy(EXPECTATION), closed(9.5))
      await coverage.settle(EXPECTATION, { assessment: LOSS, at: seconds(20), audit: null })
      await repository.beginIngest(ID)
      await repository.recordMedia(ID, { media: mediaOf(ID), header: new Uint8Array(1), recipients: [], findings: [], sounds: [] }, told(seconds(60)))
      expect(await coverage.unsettled(10, null)).to.deep.equal([ended(9.5)])
      await coverage.settle(EXPECTATION, { assessment: assessCoverage(await coverage.evidence(ended(9.5))), at: seconds(61), audit: null })
      expect(await coverage.unsettled(10, null)).to.deep.equal([])
    })

    it('says once that a leg waits too long', async () => {
      const { coverage, audit } = await catalogue(openedBy(EXPECTATION), closed(10))
      expect(await coverage.markOverdue(EXPECTATION, told(seconds(20)))).to.equal(true)
      expect(await coverage.markOverdue(EXPECTATION, told(seconds(21)))).to.equal(false)
      expect((await audit.read(ANY_ENTRY, { first: 10, before: null })).entries).to.have.length(1)
      expect(await coverage.unsettled(10, null), 'it still waits').to.have.length(1)
    })

    it('sums what was wanted and what is missing, by cause, of one PBX or of all, in a range', async () => {
      const other = { ...EXPECTATION, pbxId: parsePbxId('pbx-2'), fromAt: seconds(100) }
      const { coverage } = await catalogue(openedBy(EXPECTATION), closed(10), openedBy(other), { ...closed(110), pbxId: other.pbxId, fromAt: other.fromAt })
      await coverage.settle(EXPECTATION, { assessment: LOSS, at: seconds(20), audit: null })
      await coverage.settle(other, { assessment: { ...LOSS, missingMs: 100, coveredMs: 8900, gaps: [{ beganAt: seconds(101), endedAt: seconds(101.06), why: 'peer-change' }, { beganAt: seconds(102), endedAt: seconds(102.04), why: 'peer-change' }] }, at: seconds(200), audit: null })
      const totals = await coverage.totals(DAY, 500)
      expect(totals).to.deep.equal({
        legs: 2, settledLegs: 2, waitingLegs: 0, liveLegs: 0, gapLegs: 1, wantedMs: 18_000, coveredMs: 15_900, missingMs: 2100,
        missing: [{ cause: 'peer-change', legs: 1, milliseconds: 100 }, { cause: 'restart', legs: 1, milliseconds: 2000 }],
        excused: [{ excuse: 'paused', legs: 1, milliseconds: 1000 }],
      })
      expect(await coverage.totals({ ...DAY, pbxId: other.pbxId }, 500)).to.include({ legs: 1, missingMs: 100, gapLegs: 0 })
      expect(await coverage.totals({ ...DAY, to: seconds(100) }, 500)).to.include({ legs: 1, missingMs: 2000 })
      expect((await coverage.worst(DAY, 1)).map(({ expectation }) => expectation.pbxId)).to.deep.equal([PBX])
      expect(await coverage.totals({ ...DAY, to: DAY.from }, 500)).to.include({ legs: 0, wantedMs: 0, missingMs: 0 })
    })

    it('knows when nobody looked, also while it lasts, and why it was in truth', async () => {
      const { coverage } = await catalogue(
        { type: 'observation-lost', pbxId: PBX, because: 'link-down', at: seconds(1) }, { type: 'observation-regained', pbxId: PBX, because: 'pbx-restarted', callsFound: 0, at: seconds(2) },
        { type: 'observation-regained', pbxId: PBX, because: null, callsFound: 9, at: seconds(3) },
        { type: 'observation-lost', pbxId: PBX, because: 'stopped', at: seconds(5) })
      const windows = [
        { pbxId: PBX, fromAt: seconds(1), toAt: seconds(2), because: 'pbx-restarted', callsFound: 0 },
        { pbxId: PBX, fromAt: seconds(5), toAt: null, because: 'stopped', callsFound: 0 },
      ]
      expect(await coverage.windows(DAY, 10)).to.deep.equal(windows)
      expect(await coverage.windows({ ...DAY, from: seconds(2) }, 10)).to.deep.equal(windows.slice(1))
      expect(await coverage.windows({ ...DAY, to: seconds(5) }, 10)).to.deep.equal(windows.slice(0, 1))
      expect(await coverage.windows({ ...DAY, pbxId: parsePbxId('pbx-2') }, 10)).to.deep.equal([])
    })
  })
}

const ANY_ENTRY = { objectId: 'i-1', actorId: null, action: null, from: null, to: null }

function openedBy(expectation: Expectation): ExpectationOpened {
  return { type: 'expectation-opened', ...expectation, at: expectation.fromAt }
}

function closed(second: number): Extract<CaptureFact, { type: 'expectation-closed' }> {
  const { pbxId, channelId, side, fromAt } = EXPECTATION
  return { type: 'expectation-closed', pbxId, channelId, side, fromAt, toAt: seconds(second), end: 'hangup', at: seconds(second) }
}

function ended(second: number): EndedExpectation {
  return { expectation: EXPECTATION, toAt: seconds(second), end: 'hangup' }
}

function told(at: Date): AuditDraft {
  return { at, actor: { type: 'system', id: 'coverage' }, action: 'coverage.gap', object: { type: 'interaction', id: 'i-1' }, outcome: 'failed', reason: 'restart', details: {}, personal: {} }
}
