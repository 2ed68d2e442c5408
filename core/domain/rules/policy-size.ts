import { type Condition, conditionsWithin } from './condition.ts'
import type { NeverRule, Rule } from './rule.ts'

/**
 * What one look at a call may cost at the worst: a decision has no rest, and the dialplan waits 250 ms for its answer. Counted as
 * rules hold them: a list that the file names once and refers to a hundred times is compared a hundred times.
 */
export const MAX_CONDITIONS = 10_000
/** Texts of all lists together, labels and partitions among them: 100 000 are compared in a millisecond or two (measured). */
export const MAX_WORDS = 100_000
/** Their characters: they are copied from the thread that read them. Half of the largest policy file. */
export const MAX_WORD_CHARACTERS = 2_000_000
/** Weight of all globs: 2000 short ones take 50 ms with a value of 1 KB, and 1000 of 40 characters are prepared in 0.1 s (measured). */
export const MAX_GLOB_WEIGHT = 20_000
/** What a glob weighs besides its characters. */
const WEIGHT_OF_A_GLOB = 10

interface Size {
  readonly conditions: number
  readonly words: number
  readonly characters: number
  readonly globs: number
}

const LIMITS: readonly { readonly of: keyof Size; readonly most: number; readonly what: string }[] = [
  { of: 'conditions', most: MAX_CONDITIONS, what: 'conditions' },
  { of: 'words', most: MAX_WORDS, what: 'texts to compare with' },
  { of: 'characters', most: MAX_WORD_CHARACTERS, what: 'characters in these texts' },
  { of: 'globs', most: MAX_GLOB_WEIGHT, what: `characters in globs, where each glob counts ${WEIGHT_OF_A_GLOB} more` },
]
const NOTHING: Size = { conditions: 0, words: 0, characters: 0, globs: 0 }

/** The first rule with which all of them become too many, and what of; `null` when they do not. */
export function tooMuch(rules: readonly (NeverRule | Rule)[]): { readonly rule: string; readonly message: string } | null {
  let total = NOTHING
  for (const rule of rules) {
    const given = 'labels' in rule ? ofWords([...rule.labels, ...rule.partitions]) : NOTHING
    total = [given, ...sizesOf(rule.when)].reduce(sum, total)
    const beyond = LIMITS.find(({ of, most }) => total[of] > most)
    if (beyond !== undefined) return { rule: rule.name, message: `with it the rules have more than ${beyond.most} ${beyond.what}: what is referred to again counts again` }
  }
  return null
}

/** Of a condition and all within it, without recursion: how deep they lie is not known yet. */
function sizesOf(condition: Condition): readonly Size[] {
  const open: Condition[] = [condition]
  const sizes: Size[] = []
  for (let next = open.pop(); next !== undefined && sizes.length <= MAX_CONDITIONS; next = open.pop()) {
    sizes.push({ ...sizeOf(next), conditions: 1 })
    for (const inner of conditionsWithin(next)) open.push(inner)
  }
  return sizes
}

function sizeOf(condition: Condition): Size {
  if (condition.type === 'equals') return ofWords([condition.value])
  if (condition.type === 'in') return ofWords(condition.values)
  if (condition.type === 'prefix') return ofWords(condition.prefixes)
  if (condition.type !== 'glob') return NOTHING
  const words = ofWords(condition.patterns)
  return { ...words, globs: words.characters + words.words * WEIGHT_OF_A_GLOB }
}

function ofWords(words: readonly string[]): Size {
  return { ...NOTHING, words: words.length, characters: words.reduce((total, { length }) => total + length, 0) }
}

function sum(a: Size, b: Size): Size {
  return { conditions: a.conditions + b.conditions, words: a.words + b.words, characters: a.characters + b.characters, globs: a.globs + b.globs }
}
