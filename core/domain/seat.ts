import { type Desk, isSameDesk } from './desk.ts'
import type { SeatId } from './ids.ts'

export const SEAT_SOURCES = ['sign-in', 'pbx-login', 'queue'] as const
/**
 * Who says it, the strongest first. `sign-in`: somebody, over the API; `pbx-login`: she logged in at that telephone (Asterisk:
 * AgentLogin); `queue`: the queue knows the telephone by her name.
 */
export type SeatSource = (typeof SEAT_SOURCES)[number]

/** An agent at a desk, from when to when. */
export interface Seat {
  readonly id: SeatId
  readonly agent: string
  readonly desk: Desk
  readonly source: SeatSource
  readonly fromAt: Date
}

/** The same, over or not. */
export interface Stay extends Seat {
  readonly toAt: Date | null
}

export function staying(seat: Seat): Stay {
  return { ...seat, toAt: null }
}

export function ended(seat: Seat, at: Date): Stay {
  return { ...seat, toAt: at }
}

/** What somebody says: this agent sits there now. */
export type Seated = Pick<Seat, 'agent' | 'desk' | 'source'>

/** The person at a desk, or `null`: the strongest source that names one, and of one source the newest, unless a stronger one says that she is elsewhere. */
export function sitterAt(open: readonly Seat[], desk: Desk): string | null {
  const here = open.filter((seat) => isSameDesk(seat.desk, desk)).toSorted((one, other) => strength(one) - strength(other) || other.fromAt.getTime() - one.fromAt.getTime())
  return here.find((seat) => !open.some((other) => other.agent === seat.agent && strength(other) < strength(seat)))?.agent ?? null
}

/**
 * The seats that count for a call that was answered then; `null`: for one that is not answered yet. Who signs in has the calls that are
 * answered from then on, and keeps them when she signs out or in elsewhere; what the PBX says holds at once.
 */
export function countingFor(stays: readonly Stay[], answeredAt: Date | null): readonly Seat[] {
  return stays.filter(({ source, fromAt, toAt }) => {
    if (answeredAt === null || source !== 'sign-in') return toAt === null
    return fromAt <= answeredAt && (toAt === null || toAt > answeredAt)
  })
}

/** Where an agent sits. */
export function desksOf(open: readonly Seat[], agent: string): readonly Desk[] {
  const own = open.filter((seat) => seat.agent === agent).map(({ desk }) => desk)
  return own.filter((desk, index) => sitterAt(open, desk) === agent && own.findIndex((other) => isSameDesk(other, desk)) === index)
}

/**
 * What a new word ends. Nobody else sits at that desk any more by the same source; who signs in has left the desk of before,
 * while a PBX may know her at several.
 */
export function endedBy(open: readonly Seat[], { agent, desk, source }: Seated): readonly Seat[] {
  return open.filter((seat) => seat.source === source && (isSameDesk(seat.desk, desk) ? seat.agent !== agent : source === 'sign-in' && seat.agent === agent))
}

function strength({ source }: Pick<Seat, 'source'>): number {
  return SEAT_SOURCES.indexOf(source)
}
