/** When events wait longer for their reader, no call is answered in time: then the heartbeat stops, and the dialplan records by itself. */
const STALL_MS = 1_000
/** A dialplan waits 250 ms for its answer: who is less behind than that can give one again. */
const CAUGHT_UP_MS = 100

/** Whether who reads the events is too far behind to answer; from then on until it has caught up, so that no call waits for an answer in vain. */
export class ReaderStall {
  #state: 'behind' | 'abreast' = 'abreast'

  /** @param stalledMs - for how long the oldest event has been waiting */
  look(stalledMs: number): 'behind' | 'abreast' {
    if (stalledMs > STALL_MS) this.#state = 'behind'
    else if (stalledMs <= CAUGHT_UP_MS) this.#state = 'abreast'
    return this.#state
  }
}
