/** Taps on either side of a sample: aliases stay 50 dB below, which a telephone line does not reach. */
const HALF_WIDTH = 16

/** Changes the sampling rate with a windowed sinc filter, so that nothing above the new band folds into it. */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples
  const step = fromHz / toHz
  const cutoff = Math.min(1, toHz / fromHz)
  const reach = HALF_WIDTH / cutoff
  return Int16Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    const center = index * step
    let sum = 0
    for (let at = Math.max(0, Math.ceil(center - reach)); at <= Math.min(samples.length - 1, center + reach); at++) {
      sum += (samples[at] ?? 0) * cutoff * sinc((at - center) * cutoff) * hann((at - center) / reach)
    }
    return Math.max(-32_768, Math.min(32_767, Math.round(sum)))
  })
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

function hann(x: number): number {
  return 0.5 + 0.5 * Math.cos(Math.PI * x)
}
