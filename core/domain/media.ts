export const WAV_FORMATS = ['wav-pcm16', 'wav-mulaw', 'wav-alaw'] as const
/** Where every sample has the same number of bytes. */
export type WavFormat = (typeof WAV_FORMATS)[number]

export const MEDIA_FORMATS = [...WAV_FORMATS, 'flac'] as const
/** How the sound lies in the sealed object. */
export type MediaFormat = (typeof MEDIA_FORMATS)[number]

/** How the name of a file of it ends. */
export function fileEnding(format: MediaFormat): 'wav' | 'flac' {
  return format === 'flac' ? 'flac' : 'wav'
}

export const WANTED_FORMATS = ['wav', 'g711', 'flac'] as const
/** What recordings are stored as. `g711`: in half the space where that loses nothing, which the sound alone tells; PCM otherwise. `flac`: losslessly compressed, whatever they are. */
export type WantedFormat = (typeof WANTED_FORMATS)[number]

/** The sealed object of one recording, and what is known of its plaintext. */
export interface MediaObject {
  readonly format: MediaFormat
  readonly channels: number
  readonly sampleRateHz: number
  /** The PBX's time of the first sample: the recording's start, the answer, or between; pauses and parties are placed by it. */
  readonly beganAt: Date
  readonly durationMs: number
  /** Size of the plaintext file, container header included. */
  readonly sizeBytes: number
  /** SHA-256 of that file, hexadecimal. */
  readonly sha256: string
  /** Name of the payload in the blob store: age's nonce and chunks, immutable. */
  readonly payloadName: string
  readonly payloadSizeBytes: number
  readonly payloadSha256: string
  /** Version of the header in force; rotation adds one. */
  readonly headerVersion: number
  /** Loudest absolute sample of each stretch, per channel, 0 to 255: for a waveform. */
  readonly peaks: readonly (readonly number[])[]
  readonly peakStretchMs: number
  readonly storedAt: Date
}

export const FINDING_CODES = [
  'empty', 'channel-silent', 'shorter-than-call', 'lanes-differ', 'header-repaired', 'gap', 'drift',
  'pause-not-silent', 'pause-not-located', 'lane-missing', 'announcement-missing', 'rate-converted', 'pause-overrun', 'pause-by-hand', 'nothing-received',
] as const
/** What is wrong, or was mended, in a recording. */
export type FindingCode = (typeof FINDING_CODES)[number]

/** A named observation about the quality of a recording: never a silent success. */
export interface QualityFinding {
  readonly code: FindingCode
  readonly segmentIndex: number | null
  /** What was measured: milliseconds, bytes, channel numbers; the names carry the unit. */
  readonly details: Readonly<Record<string, number>>
  readonly at: Date
}
