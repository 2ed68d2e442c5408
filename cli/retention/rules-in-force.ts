import { checkRetentionFile, checkRetentionText, type RetentionCheck } from '../../config/retention/read-retention.ts'
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
import { stampMinimums } from '../../core/retention/stamp-minimums.ts'
import { readRetentionFile } from './retention-reader.ts'

/** Some 500 rules. The worst text of this size, however deep, takes a fifth of a second (measured: 176 ms). */
const MAX_DRAFT_BYTES = 32 * 1024
/** A day's recordings are stamped in seconds; what is left over keeps the minimum of the rules in force. */
const STAMP_WITHIN_MS = 60_000
const TOO_LONG = `is larger than ${MAX_DRAFT_BYTES} bytes: a draft over the network is short`

interface Around {
  readonly store: Pick<RetentionStore, 'useRules' | 'lastRules' | 'candidates' | 'stamp'>
  readonly runtime: Runtime
  readonly by: Actor
}

/** The rules of retention of this process; another reading of their file may replace them. */
export class RulesInForce {
  readonly #around: Around
  readonly #file: string | null
  #rules: RetentionRules
  #last: Promise<void> = Promise.resolve()

  private constructor(file: string | null, { rules, around }: { readonly rules: RetentionRules; readonly around: Around }) {
    this.#file = file
    this.#rules = rules
    this.#around = around
  }

  /**
   * The rules that the settings name. Where their file is wrong, those that were in force last stay so, with an alarm: a fault of the file must
   * neither keep a recorder from starting nor take a minimum away.
   * @throws HoldfastError `STORE_FAILED`
   */
  static async begin({ rulesFile }: Pick<RetentionSettings, 'rulesFile'>, around: Around): Promise<RulesInForce> {
    const check = rulesFile === null ? { outcome: 'valid' as const, rules: makeRetentionRules(KEEP_EVERYTHING) } : checkRetentionFile(rulesFile)
    tellCheck(rulesFile, check, around)
    const last = await around.store.lastRules()
    if (check.outcome === 'invalid') return new RulesInForce(rulesFile, { rules: last === null ? makeRetentionRules(KEEP_EVERYTHING) : restoreRetention(last), around })
    // Who never named rules has nothing to remember.
    if (rulesFile !== null || last !== null) await use(check.rules, around)
    return new RulesInForce(rulesFile, { rules: check.rules, around })
  }

  get rules(): RetentionRules {
    return this.#rules
  }

  /** Until when they let nobody destroy a recording, whether or not it is stamped yet. */
  keptUntil(recording: Recording): Date | null {
    return minimumUntil(this.#rules, subjectOf(recording))
  }

  /** Reads the file again, one reading after the other. One with faults, or a store that does not answer, changes nothing but an alarm. Never rejects. */
  reload(): Promise<void> {
    this.#last = this.#last.then(() => this.#reload()).catch((error: unknown) => this.#around.runtime.log.error({ error }, 'the rules of retention could not be read again: those of before stay in force'))
    return this.#last
  }

  async #reload(): Promise<void> {
    const { store, runtime: { clock, log } } = this.#around
    if (this.#file === null) return
    const check = await readRetentionFile(this.#file)
    tellCheck(this.#file, check, this.#around)
    if (check.outcome === 'invalid' || check.rules.version === this.#rules.version) return
    // What has settled since the last look keeps the minimum under which it was recorded.
    await stampMinimums(store, { rules: this.#rules, reach: 'recent', now: clock.now(), signal: AbortSignal.timeout(STAMP_WITHIN_MS) })
    await use(check.rules, this.#around)
    this.#rules = check.rules
    log.info({ file: this.#file, version: check.rules.version }, 'other rules of retention are in force')
  }
}

function tellCheck(file: string | null, check: RetentionCheck, { runtime: { log, metrics } }: Around): void {
  metrics.gauge('holdfast_retention_rules_faulty', check.outcome === 'valid' ? 0 : 1)
  if (check.outcome === 'invalid') log.error({ file, problems: problemLines(check.problems) }, 'the rules of retention are wrong: those that were in force last stay so')
}

async function use(rules: RetentionRules, { store, by, runtime: { clock } }: Around): Promise<void> {
  const at = clock.now()
  await store.useRules({ version: rules.version, canonical: canonicalRetention(rules), at }, rulesChanged(rules, { at, by }))
}

/** A draft that came as text: read by the thread that everything else runs in, and therefore short. */
export function readDraft(text: string): RetentionReading {
  if (Buffer.byteLength(text) > MAX_DRAFT_BYTES) return { outcome: 'invalid', problems: [{ path: '', message: TOO_LONG, position: null }] }
  return checkRetentionText(text)
}
