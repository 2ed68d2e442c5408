import { keepPolicy } from '../../config/policy/kept-policy.ts'
import type { Settings } from '../../config/settings.ts'
import type { Rulebook } from '../../core/capture/rules/rulebook.ts'
import type { AttachedSchema } from '../../core/domain/rules/attached-schema.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { type Pbx, wantedOf } from '../open-pbx.ts'
import { PolicyInForce } from './policy-in-force.ts'
import { ThreadedPolicyReader } from './policy-reader.ts'

interface Around {
  readonly pbxs: readonly Pbx[]
  readonly capture: { readonly rules: Rulebook; rulesChanged(): void }
  readonly audit: AuditLog
  readonly runtime: Runtime
}

/** The policy of a service: what its settings name, and everybody who has to know when that changes. */
export function openPolicy({ policyFile, policyText, policyProblems, dataDirectory }: Settings, { pbxs, capture, audit, runtime }: Around): PolicyInForce {
  return new PolicyInForce({
    file: policyFile, text: policyText, problems: policyProblems, rules: capture.rules, reader: new ThreadedPolicyReader(),
    keep: (kept) => keepPolicy(dataDirectory, kept),
    tellPbxs: (attached) => tellPbxs(pbxs, attached),
    changed: () => capture.rulesChanged(),
    audit, runtime,
  })
}

/** What the rules need to be told of calls; gives what has to be done by hand. */
async function tellPbxs(pbxs: readonly Pbx[], attached: AttachedSchema): Promise<readonly string[]> {
  const answers = await Promise.all(pbxs.map(async ({ adapter }) => ({ pbxId: adapter.pbxId, answer: await adapter.wantData(wantedOf(attached)) })))
  return answers.flatMap(({ pbxId, answer }) => answer === 'by-hand' ? [`PBX ${pbxId} cannot be told which attached data is wanted: put what \`holdfast pbx-config asterisk --pbx ${pbxId}\` prints into its files, then \`manager reload\`, \`dialplan reload\`, and restart Holdfast.`] : [])
}
