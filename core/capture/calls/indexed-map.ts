/** Under which words an entry is found in one index; none is allowed. */
export type IndexOf<V> = (value: V) => readonly string[]

interface Place<V> {
  readonly value: V
  /** Entries are told in the order in which they were first set. */
  readonly order: number
}

/**
 * A map whose entries are found by what is in them, too, without a look at all of them: with thousands of calls every event would
 * otherwise walk through every leg. Source: test/bench/capacity.bench.ts
 */
export class IndexedMap<K, V, I extends string> {
  readonly #entries = new Map<K, Place<V>>()
  readonly #indexes: ReadonlyMap<I, { readonly of: IndexOf<V>; readonly keys: Map<string, Set<K>> }>
  #count = 0

  constructor(indexes: Readonly<Record<I, IndexOf<V>>>) {
    this.#indexes = new Map((Object.entries(indexes) as [I, IndexOf<V>][]).map(([name, of]) => [name, { of, keys: new Map<string, Set<K>>() }]))
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)?.value
  }

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  set(key: K, value: V): void {
    const known = this.#entries.get(key)
    if (known === undefined) this.#count += 1
    this.#entries.set(key, { value, order: known?.order ?? this.#count })
    for (const { of, keys } of this.#indexes.values()) {
      const before = known === undefined ? [] : of(known.value)
      const after = of(value)
      for (const word of before) if (!after.includes(word)) leave(keys, word, key)
      for (const word of after) if (!before.includes(word)) enter(keys, word, key)
    }
  }

  delete(key: K): void {
    const known = this.#entries.get(key)
    if (known === undefined) return
    this.#entries.delete(key)
    for (const { of, keys } of this.#indexes.values()) for (const word of of(known.value)) leave(keys, word, key)
  }

  clear(): void {
    this.#entries.clear()
    for (const { keys } of this.#indexes.values()) keys.clear()
  }

  /** All entries. */
  all(): (readonly [K, V])[] {
    return [...this.#entries].map(([key, { value }]) => [key, value] as const)
  }

  values(): V[] {
    return [...this.#entries.values()].map(({ value }) => value)
  }

  keys(): K[] {
    return [...this.#entries.keys()]
  }

  /** Keys under any of the words, each once, in their order. */
  keysBy(...wanted: readonly (readonly [I, string])[]): readonly K[] {
    const found = new Set<K>()
    for (const [index, word] of wanted) for (const key of this.#indexes.get(index)?.keys.get(word) ?? []) found.add(key)
    return [...found].toSorted((one, other) => (this.#entries.get(one)?.order ?? 0) - (this.#entries.get(other)?.order ?? 0))
  }

  /** Entries under this word. */
  by(index: I, word: string): V[] {
    return this.keysBy([index, word]).flatMap((key) => this.get(key) ?? [])
  }
}

function enter<K>(keys: Map<string, Set<K>>, word: string, key: K): void {
  const known = keys.get(word)
  if (known === undefined) keys.set(word, new Set([key]))
  else known.add(key)
}

function leave<K>(keys: Map<string, Set<K>>, word: string, key: K): void {
  const known = keys.get(word)
  known?.delete(key)
  if (known?.size === 0) keys.delete(word)
}
