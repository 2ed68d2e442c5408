/** What a bench found. Every figure that is to be compared with another was measured in the same run. */
export interface BenchResult {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
  /** What was measured, and what to mind when reading it. */
  readonly notes: readonly string[]
}

/** `quick`: the same work, as little of it as shows that the bench still runs. Its figures say nothing. */
export type BenchForm = 'full' | 'quick'

/** Each `<name>.bench.ts` exports one as `bench`. It leaves nothing behind but what it was asked to keep; `folder` is removed after it. */
export type Bench = (folder: string, form: BenchForm, asked?: BenchSize) => Promise<BenchResult>

/** How large a bench was asked to be, where it has rows. */
export interface BenchSize {
  readonly rows?: number
  /** Where to leave what was loaded, and to find it the next time. */
  readonly keptIn?: string
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Milliseconds that a piece of work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

export function ratio(value: number, to: number): string {
  return `${(value / to).toFixed(2)}×`
}
