import type { RecordingSource } from '../ports/recording-source.ts'
import type { Lane } from './lane.ts'
import { BLOCK_FRAMES, LaneFile } from './lane-file.ts'

/** The same stretch of both lanes. The arrays are used again for the next block. */
export interface LaneBlock {
  readonly received: Int16Array
  readonly transmitted: Int16Array
}

/**
 * The lanes of a segment and how many frames the longer one has; a lane that is `null`, or shorter, is silent where it has nothing.
 * Two lanes of the same name are the channels of one file, what was received on the left.
 */
export interface LanePair {
  readonly received: Lane | null
  readonly transmitted: Lane | null
  readonly frames: number
}

/**
 * Both lanes of a segment, side by side, in one pass that holds one block.
 * @throws HoldfastError `SPOOL_FILE_INCOMPLETE` when a file has not the length that it had when it was verified
 */
export async function* readLanes(source: RecordingSource, pair: LanePair, signal: AbortSignal): AsyncGenerator<LaneBlock, void, undefined> {
  await using files = new AsyncDisposableStack()
  const opened = layoutOf(pair).map((layout) => files.use(new LaneFile(source, layout, signal)))
  for (let at = 0; at < pair.frames; at += BLOCK_FRAMES) {
    signal.throwIfAborted()
    const frames = Math.min(BLOCK_FRAMES, pair.frames - at)
    const lanes: Int16Array[] = []
    for (const file of opened) lanes.push(...await file.read(frames))
    const [received, transmitted] = lanes
    if (received !== undefined && transmitted !== undefined) yield { received, transmitted }
  }
  for (const file of opened) await file.expectEnd()
}

/** Which files make the two lanes, in their order. */
function layoutOf({ received, transmitted }: LanePair): readonly ConstructorParameters<typeof LaneFile>[1][] {
  if (received !== null && received.name === transmitted?.name) return [{ lane: received, channels: 2 }]
  return [{ lane: received, channels: 1 }, { lane: transmitted, channels: 1 }]
}
