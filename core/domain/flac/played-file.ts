import type { MediaObject, WavFormat } from '../media.ts'
import { SAMPLE_BYTES, WAV_HEADER_BYTES } from '../wav-header.ts'

/** A file that somebody is sent. */
export type PlayedFile = Pick<MediaObject, 'format' | 'sizeBytes'>

/**
 * The WAV of a recording: of FLAC the one of its samples. Of those the catalogue knows the length to half a millisecond: up to a millisecond of
 * silence stands at its end.
 */
export function wavOf({ format, sizeBytes, channels, sampleRateHz, durationMs }: Pick<MediaObject, 'format' | 'sizeBytes' | 'channels' | 'sampleRateHz' | 'durationMs'>): PlayedFile & { readonly format: WavFormat } {
  if (format !== 'flac') return { format, sizeBytes }
  return { format: 'wav-pcm16', sizeBytes: WAV_HEADER_BYTES + Math.ceil(((durationMs + 0.5) * sampleRateHz) / 1000) * channels * SAMPLE_BYTES }
}
