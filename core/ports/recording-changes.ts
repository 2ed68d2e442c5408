import type { RecordingId } from '../domain/ids.ts'

/** Live news that a recording changed: for subscriptions, not for truth. */
export interface RecordingChanges {
  publish(id: RecordingId): void
  /** Ids as they change, until the signal. A slow reader loses the oldest beyond a bound, never memory. */
  subscribe(signal: AbortSignal): AsyncIterable<RecordingId>
}
