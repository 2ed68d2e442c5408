import type { Settings } from '../../config/settings.ts'
import { type Check, checksOf } from './check.ts'

/** Whether the rules can be read. Without the values that are wrong: a policy holds numbers of people. */
export function checkPolicy({ policyFile, policyProblems }: Pick<Settings, 'policyFile' | 'policyProblems'>): readonly Check[] {
  if (policyFile === null) return []
  const { ok, fail } = checksOf('policy')
  const [first] = policyProblems
  if (first === undefined) return [ok(`${policyFile} can be read`)]
  const place = first.position === null ? first.message : `the first in line ${first.position.line}`
  return [fail(`${policyFile} is wrong (${policyProblems.length === 1 ? 'one problem' : `${policyProblems.length} problems`}, ${place}): a running service keeps the rules of before, a new start needs those that were kept`, `holdfast policy check ${policyFile}`)]
}
