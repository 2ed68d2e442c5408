import { maskCardNumbers } from '../../domain/rules/card-number.ts'
import type { RecordingFilter } from '../../ports/recording-repository.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'

/** Up to 15 digits may be somebody's number, and a tenth of those with a card's beginning have its check digit. Source: ITU-T E.164 §6.1 */
const TELEPHONE_NUMBER = /^\+?[0-9]{1,15}$/

/** The words as records in which each name stands once, in as few as they need: a key of the attached data may be asked for twice. */
export function wordLots(words: readonly (readonly [string, string])[], first: Readonly<Record<string, string>> = {}): readonly Readonly<Record<string, string>>[] {
  const lots = [new Map(Object.entries(first))]
  for (const [name, word] of words) {
    const free = lots.find((lot) => !lot.has(name) || lot.get(name) === word)
    if (free === undefined) lots.push(new Map([[name, word]]))
    else free.set(name, word)
  }
  return lots.map((lot) => Object.fromEntries(lot))
}

/** Words that somebody wrote: they may tell of a person, whatever they were meant for. */
const FILTER_WORDS = ['caller', 'callee', 'agent', 'queue', 'label', 'site', 'rule', 'interactionId'] as const satisfies readonly (keyof RecordingFilter)[]
type FilterWord = (typeof FILTER_WORDS)[number]

type ShortName<Name> = Name extends 'startedFrom' ? 'from' : Name extends 'startedTo' ? 'to' : Name
/** A condition that is new has to be a word above, or stand here. */
type FilterDetails = { readonly [Name in Exclude<keyof RecordingFilter, FilterWord | 'attached'> as ShortName<Name>]: string | number | boolean | null }

/**
 * The words of a search as the audit keeps them in its personal part: what was looked for tells of people as much as what was found, is shown and
 * erased like it, and what must not be stored must not come in by a search.
 */
export function filterWords(filter: RecordingFilter, visibility: Pick<AttachedVisibility, 'asked'>): readonly (readonly [string, string])[] {
  const named = FILTER_WORDS.map((name) => [name, filter[name]] as const).filter((pair): pair is readonly [FilterWord, string] => pair[1] !== null)
  return [
    ...named.map(([name, word]) => [name, TELEPHONE_NUMBER.test(word) ? word : maskCardNumbers(word)] as const),
    ...filter.attached.map(({ key, value }) => [`attached.${key}`, visibility.asked(key, value)] as const),
  ]
}

/** The conditions of a search that tell of nobody, as the audit keeps them in its details. */
export function filterDetails({ startedFrom, startedTo, partitionUnder, states, minDurationMs, maxDurationMs, transferred, paused }: RecordingFilter): FilterDetails {
  return { states: states?.join(',') ?? null, partitionUnder, from: startedFrom?.toISOString() ?? null, to: startedTo?.toISOString() ?? null, minDurationMs, maxDurationMs, transferred, paused }
}
