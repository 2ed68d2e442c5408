import type { RecordingId } from '../domain/ids.ts'

/** A person outside of the company whose calls were recorded, by what is known of her. Every spelling by itself: numbers are compared as they stand. */
export interface DataSubject {
  readonly numbers: readonly string[]
  /** Values of the key that names customers (`audit.customerIdKey`). */
  readonly customerIds: readonly string[]
}

/** Where a person appears. */
export interface SubjectIndex {
  /**
   * Recordings in which one of the numbers called, was called, was heard or took part in a transfer, or whose attached data has, or once
   * had, one of the customer ids; oldest first, at most `most` and one more. Reads whole tables: for a rare question.
   * @param customerIdKey - `null`: no key names customers, and none is found by it
   */
  recordingsOf(subject: DataSubject, options: { readonly customerIdKey: string | null; readonly most: number }): Promise<readonly RecordingId[]>
}
