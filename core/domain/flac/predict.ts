/** Orders of the fixed predictors. Source: RFC 9639 §9.2.5 */
export const MOST_ORDER = 4
/** What the samples before count for, the nearest first. */
const FACTORS = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]] as const

/** What is left of samples when each is foretold by those before it: the n-th difference, from the n-th sample on. */
export function residualOf(samples: Int32Array, order: number): Int32Array {
  let left = samples.slice()
  for (let step = 0; step < order; step += 1) {
    const next = new Int32Array(left.length - 1)
    for (let index = 0; index < next.length; index += 1) next[index] = (left[index + 1] ?? 0) - (left[index] ?? 0)
    left = next
  }
  return left
}

/** The order whose residual is smallest; all five are taken in one pass. */
export function bestOrder(samples: Int32Array): number {
  let [d0, d1, d2, d3] = [0, 0, 0, 0]
  let [s0, s1, s2, s3, s4] = [0, 0, 0, 0, 0]
  for (let index = 0; index < samples.length; index += 1) {
    const e0 = samples[index] ?? 0
    const e1 = e0 - d0
    const e2 = e1 - d1
    const e3 = e2 - d2
    const e4 = e3 - d3
    if (index >= MOST_ORDER) {
      s0 += Math.abs(e0)
      s1 += Math.abs(e1)
      s2 += Math.abs(e2)
      s3 += Math.abs(e3)
      s4 += Math.abs(e4)
    }
    // One by one: a list of them would be made anew for each sample.
    d0 = e0
    d1 = e1
    d2 = e2
    d3 = e3
  }
  const sums = [s0, s1, s2, s3, s4]
  const most = Math.min(MOST_ORDER, samples.length - 1)
  return sums.reduce((best, sum, order) => (order <= most && sum < (sums[best] ?? 0) ? order : best), 0)
}

/** Puts back in place what was foretold. @param samples - the first `order` are there; behind them stands the residual */
export function restore(samples: Int32Array, order: number): void {
  const [fa = 0, fb = 0, fc = 0, fd = 0] = FACTORS[order] ?? []
  let [a, b, c, d] = [samples[order - 1] ?? 0, samples[order - 2] ?? 0, samples[order - 3] ?? 0, samples[order - 4] ?? 0]
  for (let index = order; index < samples.length; index += 1) {
    const sample = (samples[index] ?? 0) + fa * a + fb * b + fc * c + fd * d
    samples[index] = sample
    d = c
    c = b
    b = a
    a = sample
  }
}
