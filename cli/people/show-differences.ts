import type { PeopleDifference } from '../../core/domain/people-difference.ts'
import { shownTime } from './console-people.ts'

/** What changes, one a line: `+` is made, `-` is taken away, `~` is otherwise. */
export function differenceLines(differences: readonly PeopleDifference[]): readonly string[] {
  return differences.map((difference) => {
    if (difference.type === 'unit') {
      const sign = difference.before.length === 0 ? '+' : difference.after.length === 0 ? '-' : '~'
      return `${sign} unit ${difference.unitId}, from ${shownTime(difference.from, 'the beginning')} on: below ${difference.after.at(-1)?.parentId ?? 'nothing'}`
    }
    if (difference.type === 'members') return `~ agent ${difference.agent}, from ${shownTime(difference.from, 'the beginning')} on: ${difference.after.map(({ unitId }) => unitId).join(', ') || 'in no unit'}`
    const { before, after } = difference
    const name = (after ?? before)?.name ?? ''
    const fields = before === null || after === null ? [] : changedFields(before, after)
    return `${before === null ? '+' : after === null ? '-' : '~'} ${difference.type} ${name}${fields.length === 0 ? '' : `: ${fields.join(', ')}`}`
  })
}

function changedFields(before: object, after: object): readonly string[] {
  const had = new Map(Object.entries(before))
  return Object.entries(after).filter(([key, value]) => JSON.stringify(had.get(key)) !== JSON.stringify(value)).map(([key]) => key)
}
