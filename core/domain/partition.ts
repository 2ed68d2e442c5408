import { HoldfastError } from './errors.ts'

/** Longest partition path, in characters; a GRECORD_PARTITIONS value may name several. */
export const MAX_PARTITION_LENGTH = 200
export const MAX_PARTITIONS = 32

const PARTITION = /^(?:\/[\p{L}\p{N}][\p{L}\p{N} ._-]*)+$/u

/**
 * One partition path, normalised to NFC: `/support/gold`.
 * @throws HoldfastError `FILTER_INVALID` when it does not begin with `/`, has empty parts or odd characters
 */
export function parsePartition(text: string): string {
  const path = text.trim().normalize('NFC')
  if (path.length > MAX_PARTITION_LENGTH || !PARTITION.test(path)) {
    throw new HoldfastError('FILTER_INVALID', 'a partition is a path such as /support/gold', { length: text.length })
  }
  return path
}

/** What a `GRECORD_PARTITIONS` value names: the good paths, once each, and the number of parts that were refused. */
export function parsePartitionList(value: string): { readonly partitions: readonly string[]; readonly refused: number } {
  const parts = value.split(',').map((part) => part.trim()).filter((part) => part !== '')
  const good = new Set<string>()
  for (const part of parts.slice(0, MAX_PARTITIONS)) {
    const path = part.normalize('NFC')
    if (path.length <= MAX_PARTITION_LENGTH && PARTITION.test(path)) good.add(path)
  }
  const named = new Set(parts.map((part) => part.normalize('NFC')))
  return { partitions: [...good], refused: named.size - good.size }
}

/** The partition and all that contain it: `/support/gold` → `/support/gold`, `/support`. */
export function partitionAncestors(path: string): readonly string[] {
  const parts = path.split('/').slice(1)
  return parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`)
}
