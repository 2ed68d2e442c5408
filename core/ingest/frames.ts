/** A stretch of sound, in frames (one sample of every channel) from the beginning; `to` is beyond it. */
export interface FrameSpan {
  readonly from: number
  readonly to: number
}

export function framesOf(ms: number, sampleRateHz: number): number {
  return Math.round((ms * sampleRateHz) / 1000)
}

export function msOf(frames: number, sampleRateHz: number): number {
  return Math.round((frames * 1000) / sampleRateHz)
}

/** What two spans have in common, or `null`. */
export function overlap(one: FrameSpan, other: FrameSpan): FrameSpan | null {
  const span = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }
  return span.from < span.to ? span : null
}
