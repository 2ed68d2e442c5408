import { checkRetentionFile } from '../../config/retention/read-retention.ts'
import type { Settings } from '../../config/settings.ts'
import { type Check, checksOf } from './check.ts'

/** Whether the rules of retention can be read. Without the values that are wrong: they may hold numbers of people. */
export function checkRetention({ retention: { rulesFile } }: { readonly retention: Pick<Settings['retention'], 'rulesFile'> }): readonly Check[] {
  if (rulesFile === null) return []
  const { ok, fail } = checksOf('retention')
  const check = checkRetentionFile(rulesFile)
  if (check.outcome === 'valid') return [ok(`${rulesFile} can be read`)]
  const [first] = check.problems
  const place = first?.position == null ? '' : `, the first in line ${first.position.line}`
  return [fail(`${rulesFile} is wrong (${check.problems.length === 1 ? 'one problem' : `${check.problems.length} problems`}${place}): the rules that were in force last stay so`, `holdfast retention check ${rulesFile}`)]
}
