import type { Desk } from '../domain/desk.ts'
import type { Stay } from '../domain/seat.ts'

/** A stay at a desk with who said so: the kind of actor and its id, such as `token:0123456789abcdef`. */
export interface PastSeat extends Stay {
  readonly begunBy: string
  readonly endedBy: string | null
}

/** All given conditions must hold; `null` = not asked. */
export interface SeatFilter {
  readonly agent: string | null
  readonly desk: Desk | null
  /** Stays that had not ended before this time. */
  readonly from: Date | null
  /** Stays that had begun before this time. */
  readonly to: Date | null
}

/** Who sat where, in the catalogue: it may lag behind the capture node by a moment. */
export interface SeatHistory {
  /** Newest first, at most `first`. */
  seats(filter: SeatFilter, first: number): Promise<readonly PastSeat[]>
}
