import fc from 'fast-check'
import type { FrameSpan } from '../../../../core/ingest/frames.ts'

/** One frame of these calls is a millisecond: properties need many calls, and no sound. */
export const EDGE = 60
const MASK_LATENCY = 20

/** A pause as it was asked for, and how late the mask came and went; `null`: never. */
export interface ScriptedPause extends FrameSpan {
  readonly reaches: 'start' | 'end' | 'neither'
  readonly mask: { readonly late: number; readonly lateEnd: number } | null
}

/** What happens in a segment, in the time of the call. */
export interface Scripted {
  readonly length: number
  readonly pauses: readonly ScriptedPause[]
  /** Neither side sends: nothing is written. */
  readonly cuts: readonly FrameSpan[]
  /** Both parties' telephones send digital silence. */
  readonly silences: readonly FrameSpan[]
}

export interface Options {
  readonly masks: 'honoured' | 'ignored' | 'any'
  readonly silences?: 'some' | 'none'
}

/**
 * Calls of up to three pauses, with time lost before, between and within them (at most a third of each), and with the silence of
 * the parties next to them or far from them; pauses at the beginning and the end among them.
 */
export function callScripts({ masks, silences = 'some' }: Options): fc.Arbitrary<Scripted> {
  const part = fc.record({
    talk: fc.integer({ min: 300, max: 4000 }),
    pause: fc.integer({ min: 200, max: 6000 }),
    late: fc.integer({ min: 0, max: MASK_LATENCY }),
    lateEnd: fc.integer({ min: 0, max: MASK_LATENCY }),
    mask: masks === 'honoured' ? fc.constant('honoured' as const) : masks === 'ignored' ? fc.constant('ignored' as const) : fc.constantFrom('honoured', 'ignored', 'late' as const),
    veryLate: fc.integer({ min: 100, max: 3000 }),
    lostBefore: fc.option(fc.integer({ min: 20, max: 3000 }), { nil: 0 }),
    lostWithin: fc.option(fc.double({ min: 0.05, max: 0.33, noNaN: true }), { nil: 0 }),
    quietBefore: fc.option(fc.integer({ min: 20, max: 1500 }), { nil: 0 }),
    quietAfter: fc.option(fc.integer({ min: 20, max: 1500 }), { nil: 0 }),
  })
  const shape = fc.record({ parts: fc.array(part, { minLength: 1, maxLength: 3 }), tail: fc.integer({ min: 300, max: 3000 }), begins: fc.boolean(), ends: fc.boolean(), lostAtEnd: fc.option(fc.integer({ min: 20, max: 2000 }), { nil: 0 }) })
  return shape.map(({ parts, tail, begins, ends, lostAtEnd }) => {
    let at = 0
    const pauses: ScriptedPause[] = []
    const cuts: FrameSpan[] = []
    const quiet: FrameSpan[] = []
    for (const [index, each] of parts.entries()) {
      const reachesStart = begins && index === 0
      const reachesEnd = ends && index === parts.length - 1 && !(reachesStart && parts.length === 1)
      if (!reachesStart) {
        at += each.talk
        if (each.lostBefore > 0) cuts.push({ from: at, to: at + each.lostBefore })
        at += each.lostBefore + 200
        quiet.push({ from: at, to: at + each.quietBefore })
        at += each.quietBefore
      }
      const from = at
      const to = at + each.pause
      const within = Math.floor(each.pause * each.lostWithin)
      if (within > 0) cuts.push({ from: from + Math.floor(each.pause / 3), to: from + Math.floor(each.pause / 3) + within })
      const late = each.mask === 'late' ? Math.min(each.veryLate, each.pause) : each.late
      pauses.push({ from, to, reaches: reachesStart ? 'start' : reachesEnd ? 'end' : 'neither', mask: each.mask === 'ignored' ? null : { late, lateEnd: each.lateEnd } })
      at = to
      if (!reachesEnd) {
        quiet.push({ from: at, to: at + each.quietAfter })
        at += each.quietAfter
      }
    }
    const endsPaused = pauses.at(-1)?.reaches === 'end'
    if (!endsPaused) {
      at += 200
      if (lostAtEnd > 0) cuts.push({ from: at, to: at + lostAtEnd })
      at += lostAtEnd + tail
    }
    return { length: at, pauses, cuts, silences: silences === 'none' ? [] : quiet }
  })
}

/** What the PBX writes of it: where both lanes are zero, and how much time the file has lost. */
export function fileOf({ length, pauses, cuts, silences }: Scripted): { readonly zeroSpans: readonly FrameSpan[]; readonly lost: number } {
  const masked = pauses.flatMap(({ from, to, mask }) => (mask === null ? [] : [{ from: from + mask.late, to: to + mask.lateEnd }]))
  const zeroSpans: { from: number; to: number }[] = []
  let written = 0
  for (let at = 0; at < length; at += 1) {
    if (cuts.some((cut) => within(cut, at))) continue
    if ([...masked, ...silences].some((span) => within(span, at))) {
      const last = zeroSpans.at(-1)
      if (last?.to === written) last.to += 1
      else zeroSpans.push({ from: written, to: written + 1 })
    }
    written += 1
  }
  return { zeroSpans, lost: length - written }
}

/** Milliseconds that were written with sound while this pause was in force. */
export function soundWithin({ cuts }: Scripted, { from, to, mask }: ScriptedPause): number {
  let sounding = 0
  for (let at = from; at < to; at += 1) {
    const isMasked = mask !== null && at >= from + mask.late
    if (!isMasked && !cuts.some((cut) => within(cut, at))) sounding += 1
  }
  return sounding
}

function within({ from, to }: FrameSpan, at: number): boolean {
  return at >= from && at < to
}
