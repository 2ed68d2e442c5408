/** Symbols of one pattern: eight machine words of states. */
export const MAX_GLOB_SYMBOLS = 255

const BITS = 32
const ANY_RUN = '*'
const ANY_ONE = '?'
const ESCAPE = '\\'

/** A pattern that is ready to be compared. */
export interface Glob {
  /** Whether the whole text is as the pattern says. */
  readonly matches: (text: string) => boolean
  /** Characters that the pattern has besides its `*`. */
  readonly symbols: number
}

/**
 * Prepares a pattern: `*` is any run, also an empty one; `?` one character; `\` takes the next as it is; all else is itself.
 *
 * All ways through the pattern are followed at once, a bit for each, and every character of the text is looked at once: the time is
 * proportional to the text, and nothing that a stranger puts into a variable can make it longer. No regular expression is built.
 * Source: Baeza-Yates and Gonnet, "A new approach to text searching" (Shift-And), with loops for `*`.
 */
export function compileGlob(pattern: string): Glob {
  const { symbols, loops } = parse(pattern)
  const words = Math.floor(symbols.length / BITS) + 1
  const wild = bits(words, symbols.flatMap((symbol, index) => (symbol === null ? [index] : [])))
  const looping = bits(words, loops)
  const masks = new Map<number, Uint32Array>()
  for (const [index, symbol] of symbols.entries()) {
    if (symbol !== null) setBit(maskOf(masks, symbol, wild), index)
  }
  return { symbols: symbols.length, matches: (text) => run(text, { masks, wild, looping, last: symbols.length }) }
}

interface Automaton {
  /** Per character: the states that it leads onwards from. */
  readonly masks: ReadonlyMap<number, Uint32Array>
  /** The same for characters that the pattern does not name. */
  readonly wild: Uint32Array
  /** States that stay, whatever comes. */
  readonly looping: Uint32Array
  readonly last: number
}

/** State n is: the first n symbols have been seen. */
function run(text: string, { masks, wild, looping, last }: Automaton): boolean {
  const states = bits(wild.length, [0])
  if (hasBit(looping, last) && hasBit(states, last)) return true
  for (let index = 0; index < text.length;) {
    const character = text.codePointAt(index) ?? 0
    index += character > 0xffff ? 2 : 1
    const alive = step(states, masks.get(character) ?? wild, looping)
    if (!alive) return false
    // A pattern that ends with `*` has nothing left to ask.
    if (hasBit(looping, last) && hasBit(states, last)) return true
  }
  return hasBit(states, last)
}

/** One character on; tells whether any way is left. */
function step(states: Uint32Array, mask: Uint32Array, looping: Uint32Array): boolean {
  let carry = 0
  let alive = 0
  for (let word = 0; word < states.length; word += 1) {
    const before = states[word] ?? 0
    const onwards = before & (mask[word] ?? 0)
    const after = (onwards << 1) | carry | (before & (looping[word] ?? 0))
    carry = onwards >>> (BITS - 1)
    states[word] = after
    alive |= after
  }
  return alive !== 0
}

/** `null` is any one character; `loops` tells after how many symbols a `*` stands. */
function parse(pattern: string): { readonly symbols: readonly (number | null)[]; readonly loops: readonly number[] } {
  const symbols: (number | null)[] = []
  const loops: number[] = []
  const characters = Array.from(pattern)
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? ''
    const escaped = character === ESCAPE && index + 1 < characters.length
    if (escaped) index += 1
    if (character === ANY_RUN) loops.push(symbols.length)
    else if (character === ANY_ONE) symbols.push(null)
    else symbols.push((characters[index] ?? '').codePointAt(0) ?? 0)
  }
  return { symbols, loops }
}

function maskOf(masks: Map<number, Uint32Array>, character: number, wild: Uint32Array): Uint32Array {
  const known = masks.get(character)
  if (known !== undefined) return known
  const made = wild.slice()
  masks.set(character, made)
  return made
}

function bits(words: number, set: readonly number[]): Uint32Array {
  const made = new Uint32Array(words)
  for (const index of set) setBit(made, index)
  return made
}

function setBit(words: Uint32Array, index: number): void {
  const word = Math.floor(index / BITS)
  words[word] = (words[word] ?? 0) | (1 << (index % BITS))
}

function hasBit(words: Uint32Array, index: number): boolean {
  return ((words[Math.floor(index / BITS)] ?? 0) & (1 << (index % BITS))) !== 0
}
