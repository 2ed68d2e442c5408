import { expect } from 'chai'
import { describe, it } from 'mocha'
import { judgeRetention, type RetentionCircumstances, type RetentionVerdict } from '../../../../../core/domain/retention/judge-retention.ts'
import { makeRetentionRules, restoreRetention, canonicalRetention } from '../../../../../core/domain/retention/retention-rules.ts'
import type { RetentionSubject } from '../../../../../core/domain/retention/retention-subject.ts'
import type { Condition } from '../../../../../core/domain/rules/condition.ts'
import { daysAfter, retentionWith, subjectWith } from '../../../../support/retention-facts.ts'

describe('the rules of retention', () => {
  it('speak in their order, and the default where none holds', () => {
    const rules = retentionWith({}, [{ name: 'first', when: equal('queue', 'orders'), purgeAfterDays: 5 }, { name: 'second', when: equal('queue', 'orders'), purgeAfterDays: 9 }])
    expect(judged({ queue: 'orders' }, { rules }).rule).to.equal('first')
    expect(judged({ queue: 'claims' }, { rules }).rule).to.equal('default')
  })

  const LOOKED_AT: readonly (readonly [string, Condition, Partial<RetentionSubject>])[] = [
    ['the class of the decision', equal('retentionClass', 'mifid'), { retentionClass: 'mifid' }],
    ['the rule that decided', equal('rule', 'advice'), { rule: 'advice' }],
    ['a partition above', equal('partition', '/support'), { partitions: () => ['/support/gold'] }],
    ['a label', equal('label', 'complaint'), { labels: () => ['vip', 'complaint'] }],
    ['the side', equal('side', 'destination'), { side: 'destination' }],
    ['the origin', equal('origin', 'native'), { origin: 'native' }],
    ['how long it lasts', { type: 'number', field: { type: 'durationSeconds' }, atLeast: 90, atMost: null }, { durationMs: 90_000 }],
    ['attached data', { type: 'equals', field: { type: 'attached', key: 'CAMPAIGN' }, value: 'spring' }, { attached: () => ({ CAMPAIGN: 'spring' }) }],
    ['who called', { type: 'prefix', field: { type: 'caller' }, prefixes: ['+44'] }, { caller: '+4420' }],
    ['the hour of its start', { type: 'time', zone: 'UTC', days: ['mon'], fromMinute: 600, untilMinute: 660 }, { startedAt: new Date('2026-03-02T10:30:00Z') }],
  ]
  for (const [what, when, change] of LOOKED_AT) {
    it(`look at ${what}`, () => {
      const rules = retentionWith({}, [{ name: 'wanted', when }])
      expect(judged(change, { rules }).rule).to.equal('wanted')
      expect(judged({}, { rules }).rule).to.equal('default')
    })
  }

  it('count from the end of the recording, and want nothing before', () => {
    expect(judged({}, { now: new Date(daysAfter(1).getTime() - 1) })).to.deep.include({ due: null, does: null, purgeAt: daysAfter(1) })
    expect(judged({}, { now: daysAfter(1) })).to.deep.include({ due: { action: 'purge', since: daysAfter(1) }, does: 'purge', obstacles: [] })
  })

  it('name what stands in the way of a purge, and do nothing then', () => {
    const now = daysAfter(3)
    expect(judged({}, { now, cases: ['Miller v. us'] })).to.deep.include({ does: null, obstacles: [{ type: 'hold', cases: ['Miller v. us'] }] })
    expect(judged({}, { now, stampedUntil: daysAfter(9) })).to.deep.include({ does: null, keptUntil: daysAfter(9), obstacles: [{ type: 'minimum', until: daysAfter(9) }] })
    expect(judged({}, { now, stampedUntil: now }), 'a minimum ends with its last instant').to.deep.include({ does: 'purge', obstacles: [] })
    expect(judged({ state: 'ingesting' }, { now })).to.deep.include({ does: null, obstacles: [{ type: 'state', state: 'ingesting' }] })
  })

  it('keep what was stamped longer than the rules of now say, and what they say longer than what was stamped', () => {
    const rules = retentionWith({ minimumDays: 5, purgeAfterDays: 5 })
    expect(judged({}, { rules, stampedUntil: daysAfter(8) }).keptUntil).to.deep.equal(daysAfter(8))
    expect(judged({}, { rules, stampedUntil: daysAfter(2) }).keptUntil).to.deep.equal(daysAfter(5))
  })

  it('archive before they purge, and purge nothing that should lie in an archive and does not', () => {
    const rules = retentionWith({ archiveAfterDays: 1, purgeAfterDays: 4 })
    expect(judged({}, { rules, now: daysAfter(2) })).to.deep.include({ due: { action: 'archive', since: daysAfter(1) }, does: 'archive' })
    expect(judged({}, { rules, now: daysAfter(2), archive: 'none' })).to.deep.include({ does: null, obstacles: [{ type: 'no-archive' }] })
    expect(judged({}, { rules, now: daysAfter(5) })).to.deep.include({ due: { action: 'purge', since: daysAfter(4) }, does: 'archive', obstacles: [{ type: 'not-archived' }] })
    expect(judged({ state: 'archived' }, { rules, now: daysAfter(5) })).to.deep.include({ does: 'purge', obstacles: [] })
  })

  it('want nothing of what is destroyed', () => {
    expect(judged({ state: 'purged' }, { now: daysAfter(99) })).to.deep.include({ due: null, does: null })
  })

  it('have one version for one meaning, and are what was kept', () => {
    const rules = retentionWith({}, [{ name: 'a', when: equal('label', 'x') }])
    expect(restoreRetention({ version: rules.version, canonical: canonicalRetention(rules) })).to.deep.equal(rules)
    expect(retentionWith({ minimumDays: 1 }).version).to.not.equal(retentionWith().version)
    expect(() => restoreRetention({ version: rules.version, canonical: canonicalRetention(retentionWith()) })).to.throw('the kept text is not that of this version')
  })

  it('are refused where they contradict themselves', () => {
    expect(() => retentionWith({ minimumDays: 2 })).to.throw('purges before its own minimum is over')
    expect(() => makeRetentionRules({ rules: [], otherwise: { name: 'x', minimumDays: 0.5, archiveAfterDays: null, purgeAfterDays: null } })).to.throw('days are whole numbers')
    expect(() => retentionWith({}, [{ name: 'default', when: equal('label', 'x') }])).to.throw('taken already')
  })
})

function judged(change: Partial<RetentionSubject>, around: Partial<RetentionCircumstances>): RetentionVerdict {
  return judgeRetention(subjectWith(change), { rules: retentionWith(), now: daysAfter(0), stampedUntil: null, cases: [], archive: 'there', ...around })
}

function equal(type: 'queue' | 'retentionClass' | 'rule' | 'partition' | 'label' | 'side' | 'origin', value: string): Condition {
  return { type: 'equals', field: { type }, value }
}
