import type { Runtime } from '../../core/ports/runtime.ts'

/** Says nothing; counts what was counted; its clock stands where the test puts it. */
export function quietRuntime(now: () => Date = () => new Date()): Runtime & { readonly counted: ReadonlyMap<string, number> } {
  const counted = new Map<string, number>()
  const quiet = (): void => undefined
  return {
    counted,
    clock: { now },
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    metrics: {
      count: (name, _labels, by = 1) => void counted.set(name, (counted.get(name) ?? 0) + by),
      gauge: quiet,
      observe: quiet,
    },
  }
}
