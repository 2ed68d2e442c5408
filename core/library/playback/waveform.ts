import { HoldfastError } from '../../domain/errors.ts'
import type { MediaObject } from '../../domain/media.ts'

/** Wider than any screen. */
export const MAX_WAVEFORM_POINTS = 4000

/** Loudness over time: for each channel the loudest sample of each stretch, 0 to 255. */
export interface Waveform {
  readonly stretchMs: number
  readonly channels: readonly (readonly number[])[]
}

/** The stored peaks, drawn together to at most so many points. @throws HoldfastError `FILTER_INVALID` */
export function waveform({ peaks, peakStretchMs }: MediaObject, maxPoints: number): Waveform {
  if (!Number.isSafeInteger(maxPoints) || maxPoints < 1 || maxPoints > MAX_WAVEFORM_POINTS) {
    throw new HoldfastError('FILTER_INVALID', `maxPoints: a waveform has 1 to ${MAX_WAVEFORM_POINTS} points`, { field: 'maxPoints' })
  }
  const longest = Math.max(0, ...peaks.map((channel) => channel.length))
  const together = Math.max(1, Math.ceil(longest / maxPoints))
  return { stretchMs: peakStretchMs * together, channels: peaks.map((channel) => loudest(channel, together)) }
}

function loudest(channel: readonly number[], together: number): readonly number[] {
  return Array.from({ length: Math.ceil(channel.length / together) }, (_, index) => channel.slice(index * together, (index + 1) * together).reduce((most, peak) => Math.max(most, peak), 0))
}
