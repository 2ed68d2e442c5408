import { partitionAncestors } from '../../domain/partition.ts'
import type { AccessScope } from '../../ports/recording-repository.ts'

/** Whether whoever has the first scope reaches all that the second one does, by the scopes alone. */
export function covers(outer: AccessScope, inner: AccessScope): boolean {
  if (outer.type === 'all' || inner.type === 'none') return true
  if (outer.type === 'agent' && inner.type === 'agent') return outer.agent.normalize('NFC') === inner.agent.normalize('NFC')
  if (outer.type !== 'named' || inner.type !== 'named') return false
  const paths = new Set(outer.partitions.map((path) => path.normalize('NFC')))
  const units: ReadonlySet<string> = new Set(outer.units)
  return inner.partitions.every((path) => partitionAncestors(path).some((ancestor) => paths.has(ancestor.normalize('NFC'))))
    // What is below a unit the scope does not tell: only the same one is surely covered.
    && inner.units.every((unit) => units.has(unit))
}
