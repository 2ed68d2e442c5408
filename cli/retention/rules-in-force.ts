import { checkRetentionFile, checkRetentionText } from '../../config/retention/read-retention.ts'
import type { RetentionSettings } from '../../config/retention-settings.ts'
import { problemLines } from '../../config/problem.ts'
import type { Actor } from '../../core/domain/audit-entry.ts'
import type { Recording } from '../../core/domain/recording.ts'
import { minimumUntil } from '../../core/domain/retention/judge-retention.ts'
import { canonicalRetention, KEEP_EVERYTHING, makeRetentionRules, restoreRetention, type RetentionRules } from '../../core/domain/retention/retention-rules.ts'
import { subjectOf } from '../../core/domain/retention/retention-subject.ts'
import type { RetentionReading } from '../../core/ports/retention-control.ts'
import type { RetentionStore } from '../../core/ports/retention-store.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { rulesChanged } from '../../core/retention/retention-audit.ts'

/** Some 500 rules. The worst text of this size, however deep, takes a fifth of a second (measured: 176 ms). */
const MAX_DRAFT_BYTES = 32 * 1024
const TOO_LONG = `is larger than ${MAX_DRAFT_BYTES} bytes: a draft over the network is short`

/** The rules of retention of this process. */
export interface RulesInForce {
  readonly rules: RetentionRules
  /** Until when they let nobody destroy a recording, whether or not it is stamped yet. */
  keptUntil(recording: Recording): Date | null
}

/**
 * The rules that the settings name. Where their file is wrong, those that were in force last stay so, with an alarm: a fault of the file must
 * neither keep a recorder from starting nor take a minimum away.
 * @throws HoldfastError `STORE_FAILED`
 */
export async function rulesInForce({ rulesFile }: Pick<RetentionSettings, 'rulesFile'>, { store, runtime: { clock, log, metrics }, by }: { readonly store: Pick<RetentionStore, 'useRules' | 'lastRules'>; readonly runtime: Runtime; readonly by: Actor }): Promise<RulesInForce> {
  const check = rulesFile === null ? { outcome: 'valid' as const, rules: makeRetentionRules(KEEP_EVERYTHING) } : checkRetentionFile(rulesFile)
  metrics.gauge('holdfast_retention_rules_faulty', check.outcome === 'valid' ? 0 : 1)
  if (check.outcome === 'invalid') {
    log.error({ file: rulesFile, problems: problemLines(check.problems) }, 'the rules of retention are wrong: those that were in force last stay so')
    const last = await store.lastRules()
    return inForce(last === null ? makeRetentionRules(KEEP_EVERYTHING) : restoreRetention(last))
  }
  const { rules } = check
  const at = clock.now()
  // Who never named rules has nothing to remember.
  if (rulesFile !== null || await store.lastRules() !== null) await store.useRules({ version: rules.version, canonical: canonicalRetention(rules), at }, rulesChanged(rules, { at, by }))
  return inForce(rules)
}

/** A draft that came as text: read by the thread that everything else runs in, and therefore short. */
export function readDraft(text: string): RetentionReading {
  if (Buffer.byteLength(text) > MAX_DRAFT_BYTES) return { outcome: 'invalid', problems: [{ path: '', message: TOO_LONG, position: null }] }
  return checkRetentionText(text)
}

function inForce(rules: RetentionRules): RulesInForce {
  return { rules, keptUntil: (recording) => minimumUntil(rules, subjectOf(recording)) }
}
