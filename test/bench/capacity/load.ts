/** PBXs whose calls are played. */
export const PLAYED_PBXS = ['Asterisk', 'FreeSWITCH'] as const
export type PlayedPbx = (typeof PLAYED_PBXS)[number]

/** To a process that plays calls. */
export interface Load {
  readonly callsPerSecond: number
  /** How long each call lasts: with the rate, how many there are at once. */
  readonly callMs: number
  readonly calls: number
}

/** What became of the calls, as their PBX saw it. */
export interface Played {
  readonly calls: number
  /** At most at once. */
  readonly atOnce: number
  /** Calls on which no recorder began at all, from their request to their end. */
  readonly unrecorded: number
  /** Calls that the dialplan recorded by itself: no answer came in time, or it knew that none would. */
  readonly native: number
  /** From the request on the wire to the command that starts the recorder, or arms it for the answer, and to the answer for the dialplan. */
  readonly recorderMs: readonly number[]
  readonly answerMs: readonly number[]
  /** How far behind its own timetable the process that plays was, at most. */
  readonly behindMs: number
}

/** As long as the dialplan waits for its answer. Source: dialplan/asterisk/holdfast.conf */
export const DIALPLAN_PATIENCE_MS = 250
