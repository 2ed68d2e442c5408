import { HoldfastError } from '../../domain/errors.ts'
import type { Recording } from '../../domain/recording.ts'
import { type Explanation, explain } from '../../domain/rules/explain.ts'
import { type Policy, restorePolicy } from '../../domain/rules/policy.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'

/**
 * Why a call was, or was not, recorded: its decision made again by the rules of then, from what was stored with it.
 * @throws HoldfastError `POLICY_INVALID` when the rules of then are not kept, or drew lots with a key that is not the one of now
 */
export async function explainRecording(repository: Pick<RecordingRepository, 'policyText'>, { decision }: Recording, { samplingKey }: Pick<Policy, 'samplingKey'>): Promise<Explanation> {
  const kept = await repository.policyText(decision.policyVersion)
  if (kept === null) throw new HoldfastError('POLICY_INVALID', 'the policy of this decision is not kept', { version: decision.policyVersion })
  const counts = new Map(decision.quotas.flatMap(({ key, counted }) => (counted === null ? [] : [[key, counted] as const])))
  return explain(restorePolicy(kept, samplingKey), decision.input, counts)
}
