import { RINGBACK_HZ } from '../../../cli/lab/asterisk-files.ts'
import { audioSpans } from './describe-audio.ts'
import { findChirps } from './find-chirps.ts'
import { SAMPLES_PER_MS } from './samples-per-ms.ts'

const SECOND_MS = 1000

/** What one channel of a recording has of a tone with chirps that one telephone sent. All in milliseconds. */
export interface Heard {
  /** Where the voice begins. */
  readonly beginsMs: number
  /** What its first second lacks: the first chirp that is found lies so much nearer to the beginning than it was sent. */
  readonly clippedMs: number
  /** The longest silence between two pieces of the voice. */
  readonly longestGapMs: number
  /** By how much two chirps lie nearer together than they were sent. */
  readonly cutMs: number
  /** How much less, and how much more of the voice there is than was sent. */
  readonly lacksMs: number
  readonly exceedsMs: number
}

/**
 * Compares a channel with what a telephone sent. The time line may be longer: a telephone on a busy machine sends late, and the PBX
 * writes zeros meanwhile, also in the middle of a chirp, which then is not found. What is lost shows in one of the figures all the same.
 */
export function compareWithSent(sent: Int16Array, channel: Int16Array, toneHz: number): Heard {
  const spans = audioSpans(channel, { voice: toneHz, ringback: RINGBACK_HZ }).filter(({ content }) => content === 'voice' || content === 'other')
  const beginsMs = spans[0]?.startMs ?? Number.POSITIVE_INFINITY
  const chirpsMs = findChirps(channel).map(({ position }) => position / SAMPLES_PER_MS).filter((ms) => ms >= beginsMs - 1)
  const voiceMs = spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
  const sentMs = sent.length / SAMPLES_PER_MS
  return {
    beginsMs,
    clippedMs: chirpsMs[0] === undefined ? 0 : shortfall(beginsMs, chirpsMs[0]),
    longestGapMs: Math.max(0, ...spans.slice(1).map(({ startMs }, index) => startMs - (spans[index]?.endMs ?? 0))),
    cutMs: Math.max(0, ...chirpsMs.slice(1).map((ms, index) => shortfall(chirpsMs[index] ?? 0, ms))),
    lacksMs: Math.max(0, sentMs - voiceMs),
    exceedsMs: Math.max(0, voiceMs - sentMs),
  }
}

/** By how much two instants that were sent a whole number of seconds apart lie nearer together. */
function shortfall(fromMs: number, toMs: number): number {
  const distance = toMs - fromMs
  return Math.max(0, Math.round(distance / SECOND_MS) * SECOND_MS - distance)
}
