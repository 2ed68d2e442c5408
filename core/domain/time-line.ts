import type { Recording } from './recording.ts'

/** What is needed of a recording to put it beside those of other PBXs. */
export type OfClock = Pick<Recording, 'clockOffsetMs'>

/** An instant of a recording, which its PBX's clock told, by Holdfast's: the time line that recordings of several PBXs share. Without a known offset it is taken as it is. */
export function onTimeLine({ clockOffsetMs }: OfClock, at: Date): Date {
  return new Date(at.getTime() - (clockOffsetMs ?? 0))
}

/** Newest first, as they really began: two PBXs' clocks may differ by more than lies between the recordings. Alike, by id. */
export function newestFirst<T extends OfClock & Pick<Recording, 'id' | 'startedAt'>>(recordings: readonly T[]): readonly T[] {
  const beganMs = (recording: T): number => onTimeLine(recording, recording.startedAt).getTime()
  return recordings.toSorted((one, other) => beganMs(other) - beganMs(one) || Number(other.id) - Number(one.id))
}
