import { FRAME_MS } from './g711.ts'

export type DueFrames = {
  /** The first frame to send now. */
  readonly from: number
  /** The frame after the last to send now. */
  readonly to: number
  readonly waitMs: number
}

/** After a longer stall than this the lost time is left out: a burst would overrun the jitter buffer at the other end. */
const MAX_BURST_FRAMES = 15

/**
 * Which frames are due. Frames are counted from the start, never from the previous timer, so late timers add up to no drift.
 * @param elapsedMs - since the first frame
 * @param nextFrame - the first that has not been sent
 */
export function dueFrames(elapsedMs: number, nextFrame: number): DueFrames {
  const to = Math.max(nextFrame, Math.floor(elapsedMs / FRAME_MS) + 1)
  const from = to - nextFrame > MAX_BURST_FRAMES ? to - 1 : nextFrame
  return { from, to, waitMs: Math.max(0, to * FRAME_MS - elapsedMs) }
}
