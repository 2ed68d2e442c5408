import type { MediaObject, WavFormat } from './media.ts'
import type { Recording } from './recording.ts'
import { type Span, subtract, union } from './spans.ts'

/**
 * What the PBX tells of a party's coming and going comes some ten milliseconds beside her voice: so much is cut off where another agent is next
 * to her. A guess, on the side of silence.
 */
export const EDGE_MS = 200

/**
 * What of a recording's sound is silence for somebody who hears the parts of these agents alone, in milliseconds from its first sample. Nothing
 * where nobody else's agent speaks in it: then it is theirs as a whole. An agent whose name is not known is somebody else's.
 */
export function silentForOthers({ parties }: Pick<Recording, 'parties'>, { beganAt }: Pick<MediaObject, 'beganAt'>, isOwn: (agent: string) => boolean): readonly Span[] {
  const agents = parties.filter(({ side, agent }) => side === 'agent' || agent !== null)
  const own = agents.filter(({ agent }) => agent !== null && isOwn(agent))
  const others = agents.filter((party) => !own.includes(party))
  if (others.length === 0) return []
  const spanOf = ({ fromAt, toAt }: (typeof agents)[number]): Span => ({ from: fromAt.getTime() - beganAt.getTime(), to: toAt === null ? Infinity : toAt.getTime() - beganAt.getTime() })
  const heard = subtract(union(own.map(spanOf)), others.map(spanOf).flatMap(({ from, to }) => [{ from: from - EDGE_MS, to: from + EDGE_MS }, { from: to - EDGE_MS, to: to + EDGE_MS }]))
  return subtract([{ from: 0, to: Infinity }], heard)
}

/** How the samples of a format lie in a file, where silence can be written over them byte by byte. */
export interface SampleLayout {
  /** Bytes before the first sample. */
  readonly headBytes: number
  /** Of one sample of one channel. */
  readonly sampleBytes: number
  /** A byte of silence. */
  readonly silence: number
}

/** Source: WAV as core/ingest/wav.ts and core/domain/wav-header.ts write it */
export const SAMPLE_LAYOUTS: Readonly<Record<WavFormat, SampleLayout>> = {
  'wav-pcm16': { headBytes: 44, sampleBytes: 2, silence: 0 },
  'wav-mulaw': { headBytes: 58, sampleBytes: 1, silence: 0xff },
  // A-law has no zero: this is its smallest value, what its telephones send in silence.
  'wav-alaw': { headBytes: 58, sampleBytes: 1, silence: 0xd5 },
}

/** The bytes of the file that lie in these spans, whole samples of all channels, rounded to the side of silence. */
export function silentBytes(spans: readonly Span[], { channels, sampleRateHz, sizeBytes }: Pick<MediaObject, 'channels' | 'sampleRateHz' | 'sizeBytes'>, { headBytes, sampleBytes }: SampleLayout): readonly Span[] {
  const frameBytes = channels * sampleBytes
  const byteAt = (ms: number, round: (frames: number) => number): number => Math.min(sizeBytes, headBytes + round(Math.max(0, ms) * sampleRateHz / 1000) * frameBytes)
  return union(spans.map(({ from, to }) => ({ from: byteAt(from, Math.floor), to: to === Infinity ? sizeBytes : byteAt(to, Math.ceil) })))
}

/** Peaks as flat as the silence under them: the form of what was said tells of it, too. */
export function silentPeaks({ peaks, peakStretchMs }: Pick<MediaObject, 'peaks' | 'peakStretchMs'>, spans: readonly Span[]): MediaObject['peaks'] {
  const isSilent = (index: number): boolean => spans.some(({ from, to }) => from < (index + 1) * peakStretchMs && to > index * peakStretchMs)
  return peaks.map((channel) => channel.map((peak, index) => isSilent(index) ? 0 : peak))
}
