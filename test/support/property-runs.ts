/** How much is tried: `short` in the unit suite, which runs before every commit; `deep` in the integration suite (`processor/deep-properties.test.ts`). */
let depth: 'short' | 'deep' = 'short'

/** What is imported after it tries everything. */
export function goDeep(): void {
  depth = 'deep'
}

export function isDeep(): boolean {
  return depth === 'deep'
}

/** A tenth of the runs finds the faults that are made every day; the others are found in the deep form. */
const SHORT_SHARE = 10
const LEAST_RUNS = 3

/** For a property whose runs are dear: so many in the deep form. */
export function runs(deep: number): { readonly numRuns: number } {
  return { numRuns: isDeep() ? deep : Math.max(LEAST_RUNS, Math.ceil(deep / SHORT_SHARE)) }
}
