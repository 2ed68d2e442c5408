/**
 * How much of a window is one frequency: 1 for a pure tone, near 0 for anything else. The Goertzel algorithm is one term
 * of a Fourier transform; dividing by the window's energy makes the result independent of loudness.
 * Source: Goertzel, "An Algorithm for the Evaluation of Finite Trigonometric Series", 1958
 */
export function tonePower(window: Int16Array, frequencyHz: number, sampleRateHz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz)
  let energy = 0
  let previous = 0
  let beforePrevious = 0
  for (const sample of window) {
    const next = sample + coefficient * previous - beforePrevious
    beforePrevious = previous
    previous = next
    energy += sample * sample
  }
  if (energy === 0) return 0
  const power = previous * previous + beforePrevious * beforePrevious - coefficient * previous * beforePrevious
  return (2 * power) / (energy * window.length)
}

/** Root mean square of a window, in units of a 16-bit sample. */
export function loudness(window: Int16Array): number {
  let energy = 0
  for (const sample of window) energy += sample * sample
  return window.length === 0 ? 0 : Math.sqrt(energy / window.length)
}
