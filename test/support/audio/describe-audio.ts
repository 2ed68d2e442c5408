import { loudness, tonePower } from './tone-power.ts'

/** Names of the tones that are looked for, with their frequencies in hertz. */
export type Tones = Readonly<Record<string, number>>

export type AudioSpan = {
  readonly startMs: number
  readonly endMs: number
  /** Names of the tones, joined by `+`; `zeros`, `quiet` or `other`. */
  readonly content: string
}

export type AudioFormat = { readonly sampleRateHz: number; readonly windowMs: number }

/** 20 ms is one packet; frequencies that are less than 50 Hz apart cannot be told apart in it. */
const TELEPHONE: AudioFormat = { sampleRateHz: 8000, windowMs: 20 }

/** Of a window's energy. Two equal tones have half of it each, three a third. */
const TONE_SHARE = 0.2
/** Below −60 dBFS: the noise of companding, not a voice. */
const QUIET_LOUDNESS = 33
/** A shorter span than this is the border between two others. */
const MIN_SPAN_MS = 40

/** What is heard when, window by window, with equal neighbours joined. Windows at a border, which hold both, go to the longer neighbour. */
export function audioSpans(samples: Int16Array, tones: Tones, format: AudioFormat = TELEPHONE): AudioSpan[] {
  const windowSamples = (format.sampleRateHz * format.windowMs) / 1000
  const spans: AudioSpan[] = []
  for (let start = 0; start < samples.length; start += windowSamples) {
    const window = samples.subarray(start, start + windowSamples)
    const endMs = ((start + window.length) * 1000) / format.sampleRateHz
    append(spans, { startMs: (start * 1000) / format.sampleRateHz, endMs, content: contentOf(window, tones, format.sampleRateHz) })
  }
  return withoutBorders(spans)
}

/** `0.00-1.20 C · 1.20-3.00 zeros · 3.00-4.10 A+C`, in seconds. */
export function describeAudio(samples: Int16Array, tones: Tones, format: AudioFormat = TELEPHONE): string {
  return audioSpans(samples, tones, format)
    .map((span) => `${(span.startMs / 1000).toFixed(2)}-${(span.endMs / 1000).toFixed(2)} ${span.content}`)
    .join(' · ')
}

/** How long a content is heard in all: `A` counts also where it is heard together with others. */
export function heardMs(spans: readonly AudioSpan[], content: string): number {
  return spans.filter((span) => span.content.split('+').includes(content)).reduce((sum, span) => sum + span.endMs - span.startMs, 0)
}

function contentOf(window: Int16Array, tones: Tones, sampleRateHz: number): string {
  if (window.every((sample) => sample === 0)) return 'zeros'
  if (loudness(window) < QUIET_LOUDNESS) return 'quiet'
  const heard = Object.keys(tones).filter((name) => tonePower(window, tones[name] ?? 0, sampleRateHz) > TONE_SHARE)
  return heard.length === 0 ? 'other' : heard.join('+')
}

/** A border is a short span between two that last; it is given to the one before it. */
function withoutBorders(spans: readonly AudioSpan[]): AudioSpan[] {
  const result: AudioSpan[] = []
  for (const span of spans) {
    const last = result.at(-1)
    const isBorder = span.endMs - span.startMs < MIN_SPAN_MS && span.content !== 'zeros'
    append(result, last !== undefined && isBorder ? { ...span, content: last.content } : span)
  }
  return result
}

function append(spans: AudioSpan[], span: AudioSpan): void {
  const last = spans.at(-1)
  if (last?.content === span.content) spans[spans.length - 1] = { ...last, endMs: span.endMs }
  else spans.push(span)
}
