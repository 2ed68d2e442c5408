import type { PolicyCheck } from '../../config/policy/read-policy.ts'
import type { Rules } from '../../core/capture/rules/rulebook.ts'
import type { Requester } from '../../core/domain/actor.ts'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import type { AttachedSchema } from '../../core/domain/rules/attached-schema.ts'
import { canonicalJson } from '../../core/domain/rules/canonical-json.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { PolicyControl, PolicyOrigin, PolicyProblem, PolicyReading, PolicyReload, PolicyStanding } from '../../core/ports/policy-control.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import type { PolicyReader } from './policy-reader.ts'

/** The rules that decide, which another reading may replace. */
interface ReplaceableRules extends Rules {
  replace(rules: Rules): void
}

interface Parts {
  /** `null`: the dialplan alone decides, and there is nothing to read again. */
  readonly file: string | null
  readonly rules: ReplaceableRules
  /** The text of these rules, where they come from a file; and what is wrong with the file, when they are those of before. */
  readonly text: string | null
  readonly problems: readonly PolicyProblem[]
  /** Keeps the text for a start at which the file is wrong. */
  readonly keep: (kept: { readonly file: string; readonly text: string }) => Promise<void>
  readonly reader: PolicyReader
  /** Tells the PBXs which data is wanted of their calls; gives what has to be done by hand, in sentences. */
  readonly tellPbxs: (attached: AttachedSchema) => Promise<readonly string[]>
  /** Called when other rules are in force: calls that run are looked at again. */
  readonly changed: () => void
  readonly audit: AuditLog
  readonly runtime: Runtime
}

/** What is told of a reading, besides the policy in force. */
type Note = Pick<AuditDraft, 'action' | 'outcome' | 'reason' | 'details'>

/** The policy of this node: reads its file again while the service runs. A file with faults changes nothing but an alarm. */
export class PolicyInForce implements PolicyControl {
  readonly #parts: Parts
  #text: string | null
  #origin: PolicyOrigin
  #sinceAt: Date
  #readAt: Date
  #problems: readonly PolicyProblem[]
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#text = parts.text
    this.#problems = parts.problems
    this.#origin = parts.file === null ? 'none' : parts.problems.length === 0 ? 'file' : 'kept'
    this.#sinceAt = parts.runtime.clock.now()
    this.#readAt = this.#sinceAt
  }

  standing(): PolicyStanding {
    const { rules: { policy, attached } } = this.#parts
    return { policy, attached, text: this.#text, origin: this.#origin, sinceAt: this.#sinceAt, readAt: this.#readAt, problems: this.#problems }
  }

  async read(draft: string): Promise<PolicyReading> {
    return await this.#parts.reader.read({ type: 'draft', text: draft, key: this.#parts.rules.policy.samplingKey })
  }

  /** The rules that the settings named at start are in force; or, where their file is wrong, those that were kept, with an alarm. */
  begin(): Promise<void> {
    return this.#inTurn(async () => {
      const { file } = this.#parts
      await this.#tellInForce(null, null)
      if (file !== null && this.#problems.length > 0) await this.#refuse({ outcome: 'invalid', problems: this.#problems }, file, null)
    })
  }

  /** Resolves when everything that was begun before has been told. */
  async settled(): Promise<void> {
    await this.#last
  }

  /** One after the other. */
  reload(by: Requester | null = null): Promise<PolicyReload> {
    return this.#inTurn(() => this.#reload(by))
  }

  /** The same for a signal, which nobody waits for. Never rejects. */
  async reloadBySignal(): Promise<void> {
    try {
      await this.reload()
    } catch (error) {
      this.#parts.runtime.log.error({ error }, 'the policy could not be read again')
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }

  async #reload(by: Requester | null): Promise<PolicyReload> {
    const { file, rules, tellPbxs, changed, runtime } = this.#parts
    if (file === null) {
      runtime.log.warn({}, 'there is no policy file to read again: the settings name none')
      return { outcome: 'no-file', advice: ['The settings name no policy file: set `policyFile`, and restart.'] }
    }
    const check = await this.#readFile(file)
    this.#readAt = runtime.clock.now()
    if (check.outcome === 'invalid') return await this.#refuse(check, file, by)
    const isSame = check.policy.version === rules.policy.version && sameSchema(check.attached, rules.attached)
    rules.replace(check)
    this.#text = check.text
    this.#origin = 'file'
    this.#problems = []
    const advice = await tellPbxs(check.attached)
    if (isSame) {
      await this.#tellInForce(by, 'unchanged')
      return { outcome: 'unchanged', advice }
    }
    this.#sinceAt = this.#readAt
    await this.#tellInForce(by, null)
    changed()
    return { outcome: 'in-force', advice }
  }

  /** A text that ends its reader, or keeps it for ever, is as wrong as any other. */
  async #readFile(file: string): Promise<PolicyCheck> {
    const { reader, runtime } = this.#parts
    try {
      return await reader.read({ type: 'file', file })
    } catch (error) {
      runtime.log.error({ file, error }, 'policy file could not be read')
      return { outcome: 'invalid', problems: [{ path: '', message: 'could not be read to its end', position: null }] }
    }
  }

  async #tellInForce(by: Requester | null, reason: 'unchanged' | null): Promise<void> {
    if (this.#origin === 'file') await this.#keep()
    const { rules: { policy: { version, never, rules, samplingKeyId } }, runtime } = this.#parts
    runtime.metrics.gauge('holdfast_policy_broken', 0)
    runtime.log.info({ version, never: never.length, rules: rules.length }, reason === null ? this.#origin === 'kept' ? 'policy in force, as it was kept: its file is wrong' : 'policy in force' : 'policy read again: nothing has changed')
    // A signal that changed nothing is nobody's deed.
    if (reason === null || by !== null) await this.#tell(by, { action: 'policy.loaded', outcome: 'ok', reason, details: { never: never.length, rules: rules.length, samplingKeyId } })
  }

  /** The rules hold, kept or not: what is at stake is the next start. */
  async #keep(): Promise<void> {
    const { file, keep, runtime } = this.#parts
    if (file === null || this.#text === null) return
    try {
      await keep({ file, text: this.#text })
    } catch (error) {
      runtime.log.error({ error }, 'the policy could not be kept for a start at which its file is wrong')
    }
  }

  /** Without the values that the problems show: a policy holds numbers of people. */
  async #refuse({ problems }: Extract<PolicyCheck, { outcome: 'invalid' }>, file: string, by: Requester | null): Promise<PolicyReload> {
    const { runtime } = this.#parts
    const [first] = problems
    const place = { line: first?.position?.line ?? null, column: first?.position?.column ?? null, path: first?.path ?? '' }
    this.#problems = problems
    runtime.metrics.gauge('holdfast_policy_broken', 1)
    runtime.log.error({ file, problems: problems.length, first: place }, 'policy refused, the one of before stays in force: `holdfast policy check` tells what is wrong')
    await this.#tell(by, { action: 'policy.refused', outcome: 'refused', reason: 'POLICY_INVALID', details: { problems: problems.length, ...place } })
    return { outcome: 'refused', problems }
  }

  /** Rules hold, or do not, whether or not the audit can be written. */
  async #tell(by: Requester | null, note: Note): Promise<void> {
    const { audit, rules, runtime } = this.#parts
    const actor = by?.actor ?? { type: 'system', id: 'policy' }
    const personal = by === null ? {} : { address: by.address, ...(by.label === '' ? {} : { actorLabel: by.label }) }
    try {
      await audit.append({ ...note, at: runtime.clock.now(), actor, object: { type: 'policy', id: rules.policy.version }, personal })
    } catch (error) {
      runtime.metrics.count('holdfast_audit_failures_total', { action: note.action })
      runtime.log.error({ action: note.action, error }, 'audit entry lost')
    }
  }
}

function sameSchema(one: AttachedSchema, other: AttachedSchema): boolean {
  const plain = ({ keys, headers }: AttachedSchema): string => canonicalJson({ keys: [...keys.values()], headers: [...headers] })
  return plain(one) === plain(other)
}
