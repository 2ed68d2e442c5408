import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { RECORDING_STATES } from '../../../../core/domain/lifecycle.ts'
import type { RetentionCandidate } from '../../../../core/ports/retention-store.ts'
import { planRetention, PlanTally } from '../../../../core/retention/plan-retention.ts'
import { DifferenceTally } from '../../../../core/retention/retention-differences.ts'
import { runs } from '../../../support/property-runs.ts'
import { idAt } from '../../../support/recording-facts.ts'
import { daysAfter, retentionWith, subjectWith } from '../../../support/retention-facts.ts'

const DAYS = fc.integer({ min: 0, max: 20 })
const TERMS = fc.record({ minimumDays: DAYS, purge: fc.option(DAYS), archive: fc.option(DAYS) }).map(({ minimumDays, purge, archive }) => {
  const purgeAfterDays = purge === null ? null : minimumDays + purge
  return { minimumDays, purgeAfterDays, archiveAfterDays: archive !== null && (purgeAfterDays === null || archive < purgeAfterDays) ? archive : null }
})
const RULES = fc.record({ otherwise: TERMS, labelled: TERMS }).map(({ otherwise, labelled }) => retentionWith(otherwise, [{ name: 'labelled', when: { type: 'equals', field: { type: 'label' }, value: 'x' }, ...labelled }]))
const CANDIDATES = fc.array(fc.record({ state: fc.constantFrom(...RECORDING_STATES), stamped: fc.option(DAYS), labelled: fc.boolean(), held: fc.boolean() }), { maxLength: 30 })
  .map((all) => all.map(({ state, stamped, labelled, held }, index) => ({
    held, candidate: { subject: subjectWith({ id: idAt(index), state, labels: () => (labelled ? ['x'] : []) }), sizeBytes: 10, stampedUntil: stamped === null ? null : daysAfter(stamped), stampedBy: null } satisfies RetentionCandidate,
  })))
const AROUND = fc.record({ rules: RULES, days: DAYS, archive: fc.constantFrom('there' as const, 'none' as const) })

describe('a plan of retention', () => {
  it('never destroys what is held, what is below a minimum, what is not brought in, or what should be archived and is not', () => {
    fc.assert(fc.property(CANDIDATES, AROUND, (all, { rules, days, archive }) => {
      const now = daysAfter(days)
      const planned = planRetention(all.map(({ candidate }) => candidate), { rules, now, archive, casesOf: (candidate) => all.find((each) => each.candidate === candidate)?.held === true ? ['case'] : [] })
      for (const { verdict } of planned.filter((each) => each.verdict.does === 'purge')) {
        const found = all.find(({ candidate }) => candidate.subject.id === verdict.recordingId)
        const terms = found?.candidate.subject.labels().includes('x') === true ? rules.rules[0] : rules.otherwise
        expect(found?.held).to.equal(false)
        expect(found?.candidate.stampedUntil === null || (found !== undefined && (found.candidate.stampedUntil ?? now) <= now)).to.equal(true)
        expect(daysAfter(terms?.minimumDays ?? Infinity) <= now).to.equal(true)
        expect(found?.candidate.subject.state).to.be.oneOf(terms?.archiveAfterDays === null ? ['stored', 'archived', 'failed', 'not-recorded'] : ['archived', 'failed', 'not-recorded'])
      }
      for (const { verdict } of planned.filter((each) => each.verdict.does === null)) expect(verdict.obstacles).to.not.deep.equal([])
    }), runs(2000))
  })

  it('differs in nothing from a plan by equal rules', () => {
    fc.assert(fc.property(CANDIDATES, AROUND, (all, { rules, days, archive }) => {
      const tally = new DifferenceTally(5)
      const copy = retentionWith(rules.otherwise, rules.rules)
      tally.add(all.map(({ candidate }) => candidate), { before: rules, after: copy, now: daysAfter(days), archive, casesOf: () => [] })
      expect(tally.differences).to.deep.equal([])
    }), runs(1000))
  })

  it('tells what another set of rules would do instead, by count and bytes, with samples', () => {
    const candidates = [0, 1, 2].map((index) => ({ subject: subjectWith({ id: idAt(index), labels: () => (index === 2 ? ['x'] : []) }), sizeBytes: 10, stampedUntil: null, stampedBy: null }))
    const tally = new DifferenceTally(1)
    const after = retentionWith({ purgeAfterDays: null }, [{ name: 'labelled', when: { type: 'equals', field: { type: 'label' }, value: 'x' }, purgeAfterDays: 9 }])
    tally.add(candidates, { before: retentionWith(), after, now: daysAfter(2), archive: 'none', casesOf: () => [] })
    expect(tally.differences.map(({ kind, volume, samples }) => [kind, volume.recordings, volume.sizeBytes, samples.length])).to.deep.equal([['spared', 3, 30, 1]])
    const later = new DifferenceTally(1)
    later.add(candidates, { before: retentionWith(), after, now: daysAfter(0), archive: 'none', casesOf: () => [] })
    expect(later.differences.map(({ kind, volume }) => [kind, volume.recordings])).to.deep.equal([['purged-later', 3]])
  })

  it('has one digest for one plan, and adds up by rule and by what stands in the way', () => {
    const tallied = (held: boolean): PlanTally => {
      const tally = new PlanTally()
      const candidates = [0, 1].map((index) => ({ subject: subjectWith({ id: idAt(index) }), sizeBytes: 7, stampedUntil: null, stampedBy: null }))
      tally.add(planRetention(candidates, { rules: retentionWith(), now: daysAfter(2), archive: 'none', casesOf: ({ subject }) => held && subject.id === idAt(0) ? ['case'] : [] }), 2)
      return tally
    }
    expect(tallied(false).digest()).to.equal(tallied(false).digest())
    expect(tallied(false).digest()).to.not.equal(tallied(true).digest())
    const { does, prevented, rules, looked } = tallied(true).totals
    expect([does.purge, prevented.hold, rules[0]?.purge.recordings, looked]).to.deep.equal([{ recordings: 1, durationMs: 60_000, sizeBytes: 7 }, { recordings: 1, durationMs: 60_000, sizeBytes: 7 }, 1, 2])
  })
})
