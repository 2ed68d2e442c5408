import { makeRetentionRules, type RetentionContent, type RetentionRule, type RetentionRules } from '../../core/domain/retention/retention-rules.ts'
import type { RetentionSubject } from '../../core/domain/retention/retention-subject.ts'
import { parsePbxId } from '../../core/domain/ids.ts'
import { idAt, seconds } from './recording-facts.ts'

/** Purges everything after a day, but for what is given. */
export function retentionWith(otherwise: Partial<RetentionContent['otherwise']> = {}, rules: readonly (Partial<RetentionRule> & Pick<RetentionRule, 'name' | 'when'>)[] = []): RetentionRules {
  const terms = { minimumDays: 0, archiveAfterDays: null, purgeAfterDays: null }
  return makeRetentionRules({ otherwise: { ...terms, name: 'default', purgeAfterDays: 1, ...otherwise }, rules: rules.map((rule) => ({ ...terms, ...rule })) })
}

/** A stored recording of the morning that lasted a minute. */
export function subjectWith(change: Partial<RetentionSubject> = {}): RetentionSubject {
  return {
    id: idAt(0), state: 'stored', startedAt: seconds(0), endedAt: seconds(60), durationMs: 60_000, caller: '+4915550100', callee: '500', direction: 'inbound', queue: 'orders', agent: 'meier',
    pbx: parsePbxId('pbx-1'), site: null, side: 'source', origin: 'controlled', rule: 'everything', retentionClass: null, attached: () => ({}), partitions: () => [], labels: () => [], ...change,
  }
}

/** A moment so many days after that recording's end. */
export function daysAfter(days: number): Date {
  return new Date(seconds(60).getTime() + days * 86_400_000)
}
