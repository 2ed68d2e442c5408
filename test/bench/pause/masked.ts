import { exactSilence } from '../../support/audio/exact-silence.ts'
import type { TimedNoise } from './timed-noise.ts'

/** 60 ms: what a starved machine leaves out is a packet or two. */
const MIN_MASK_SAMPLES = 480

/** When a pause was asked for, and when it was answered; by `performance.now`. */
export interface Asked {
  readonly askedAtMs: number
  readonly answeredAtMs: number
}

/** Both lanes of a file, each with the noise that was sent into it. */
export interface Lanes {
  readonly customer: { readonly track: Int16Array; readonly noise: TimedNoise }
  readonly agent: { readonly track: Int16Array; readonly noise: TimedNoise }
}

/**
 * For each pause, how long after the request the first sample was due that is silenced in both lanes, in milliseconds.
 * `null`: nothing is silent behind the request, before the next one.
 */
export function maskedAfter({ customer, agent }: Lanes, asked: readonly Asked[]): readonly (number | null)[] {
  const beginnings = exactSilence([customer.track, agent.track], MIN_MASK_SAMPLES).flatMap(({ start }) => {
    const moments = [customer, agent].flatMap(({ track, noise }) => noise.momentAt(track, start) ?? [])
    // The lane that is silent later counts: the other may have been silent by itself.
    return moments.length === 2 ? [Math.max(...moments)] : []
  })
  return asked.map(({ askedAtMs }, index) => {
    const until = asked[index + 1]?.askedAtMs ?? Number.POSITIVE_INFINITY
    // What was sent just before the request may be silenced with it.
    const begins = beginnings.find((moment) => moment > askedAtMs - BEFORE_MS && moment < until - BEFORE_MS)
    return begins === undefined ? null : begins - askedAtMs
  })
}

/** Two packets that are on their way, or wait in the PBX. */
const BEFORE_MS = 40
