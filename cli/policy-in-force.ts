import { checkPolicyFile, type PolicyCheck } from '../config/policy/read-policy.ts'
import type { Rulebook } from '../core/capture/rulebook.ts'
import type { AuditDraft } from '../core/domain/audit-entry.ts'
import { canonicalJson } from '../core/domain/rules/canonical-json.ts'
import { keysFrom } from '../core/domain/rules/attached-schema.ts'
import type { AuditLog } from '../core/ports/audit-log.ts'
import type { Runtime } from '../core/ports/runtime.ts'

interface Parts {
  /** `null`: the dialplan alone decides, and there is nothing to read again. */
  readonly file: string | null
  readonly rules: Rulebook
  /** Called when other rules are in force: calls that run are looked at again. */
  readonly changed: () => void
  readonly audit: AuditLog
  readonly runtime: Runtime
}

/** Reads the policy file again while the service runs. A file with faults changes nothing but an alarm. */
export class PolicyInForce {
  readonly #parts: Parts
  /** Those that the PBX is asked for; others come with the next start. */
  readonly #keysAsked: readonly string[]
  #last: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#keysAsked = keysFrom(parts.rules.attached, 'dialplan')
  }

  /** The rules that the settings named at start are in force. */
  begin(): Promise<void> {
    this.#last = this.#last.then(() => this.#inForce())
    return this.#last
  }

  /** Resolves when everything that was begun before has been told. */
  settled(): Promise<void> {
    return this.#last
  }

  /** Resolves when the file has been read and is in force, or refused. One after the other. */
  reload(): Promise<void> {
    this.#last = this.#last.then(() => this.#reload())
    return this.#last
  }

  async #reload(): Promise<void> {
    const { file, rules, changed, runtime } = this.#parts
    if (file === null) {
      runtime.log.warn({}, 'there is no policy file to read again: the settings name none')
      return
    }
    const check = checkPolicyFile(file)
    if (check.outcome === 'invalid') {
      await this.#refuse(check, file)
      return
    }
    const isSame = check.policy.version === rules.policy.version && canonicalJson([...check.attached.keys.values()]) === canonicalJson([...rules.attached.keys.values()])
    rules.replace(check)
    const unasked = keysFrom(check.attached, 'dialplan').filter((key) => !this.#keysAsked.includes(key))
    if (unasked.length > 0) runtime.log.warn({ keys: unasked.length }, 'the policy lets in keys that the PBX is not asked for: print `holdfast pbx-config` again, and restart')
    if (isSame) {
      runtime.metrics.gauge('holdfast_policy_broken', 0)
      runtime.log.info({ version: check.policy.version }, 'policy read again: nothing has changed')
      return
    }
    await this.#inForce()
    changed()
  }

  async #inForce(): Promise<void> {
    const { rules: { policy }, runtime } = this.#parts
    runtime.metrics.gauge('holdfast_policy_broken', 0)
    runtime.log.info({ version: policy.version, never: policy.never.length, rules: policy.rules.length }, 'policy in force')
    await this.#tell({ action: 'policy.loaded', outcome: 'ok', reason: null, details: { never: policy.never.length, rules: policy.rules.length, samplingKeyId: policy.samplingKeyId } })
  }

  /** Without the values that the problems show: a policy holds numbers of people. */
  async #refuse({ problems }: Extract<PolicyCheck, { outcome: 'invalid' }>, file: string): Promise<void> {
    const { runtime } = this.#parts
    const [first] = problems
    const place = { line: first?.position?.line ?? null, column: first?.position?.column ?? null, path: first?.path ?? '' }
    runtime.metrics.gauge('holdfast_policy_broken', 1)
    runtime.log.error({ file, problems: problems.length, first: place }, 'policy refused, the one of before stays in force: `holdfast policy check` tells what is wrong')
    await this.#tell({ action: 'policy.refused', outcome: 'refused', reason: 'POLICY_INVALID', details: { problems: problems.length, ...place } })
  }

  /** Rules hold, or do not, whether or not the audit can be written. */
  async #tell(note: Pick<AuditDraft, 'action' | 'outcome' | 'reason' | 'details'>): Promise<void> {
    const { audit, rules, runtime } = this.#parts
    try {
      await audit.append({ ...note, at: runtime.clock.now(), actor: { type: 'system', id: 'policy' }, object: { type: 'policy', id: rules.policy.version }, personal: {} })
    } catch (error) {
      runtime.metrics.count('holdfast_audit_failures_total', { action: note.action })
      runtime.log.error({ action: note.action, error }, 'audit entry lost')
    }
  }
}
