import { isAttachedKey, MAX_ATTACHED_VALUE_BYTES } from '../../core/domain/attached-data.ts'
import type { ChannelId } from '../../core/domain/ids.ts'
import type { RefusedWord } from './ami-events.ts'
import { decodeHandedOver } from './ami-text.ts'

/** Far more channels than hand over data in the same milliseconds; beyond it the oldest is forgotten, so that a stranger cannot fill the memory. */
const MAX_CHANNELS = 10_000
/** More keys than a configuration names. */
const MAX_KEYS = 128
/** The two layers of holdfast-encode make five characters of one byte at most. */
const MAX_ENCODED_LENGTH = 5 * MAX_ATTACHED_VALUE_BYTES

export const HANDED_FROM = ['variable', 'header'] as const
export type HandedFrom = (typeof HANDED_FROM)[number]

/** What was handed over for one request: whole values, told apart by who wrote them. */
export interface HandedData {
  readonly attached: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

/** A piece of one value, still encoded; the first is part 0. `cut`: the dialplan's buffers could not hold the whole. */
export interface HandedPiece {
  readonly requestId: string
  readonly key: string
  /** `header`: a SIP header, which the caller wrote. */
  readonly from: HandedFrom
  readonly part: number
  readonly encoded: string
  readonly completeness: 'whole' | 'cut'
}

interface Collected {
  readonly requestId: string
  /** How many came, whatever became of them. */
  pieces: number
  /** By where it came from and its key. */
  readonly encoded: Map<string, string>
  readonly cut: Set<string>
}

/**
 * Attached data on its way from the dialplan: a value comes in pieces, each an event of its own, before the request that they belong to.
 * One request of a channel at a time.
 */
export class HandOver {
  readonly #channels = new Map<ChannelId, Collected>()
  readonly #refused: (reason: RefusedWord) => void

  constructor(refused: (reason: RefusedWord) => void) {
    this.#refused = refused
  }

  add(channelId: ChannelId, { requestId, key, from, part, encoded, completeness }: HandedPiece): void {
    const collected = this.#of(channelId, requestId)
    collected.pieces += 1
    const place = `${from} ${key}`
    if (!isAttachedKey(key) || (!collected.encoded.has(place) && collected.encoded.size >= MAX_KEYS)) {
      this.#refused('attached-key')
      return
    }
    // A key that is listed twice begins again.
    const whole = (part === 0 ? '' : (collected.encoded.get(place) ?? '')) + encoded
    if (completeness === 'cut' || whole.length > MAX_ENCODED_LENGTH) collected.cut.add(place)
    else collected.encoded.set(place, whole)
  }

  /**
   * What was collected for this request: whole values only. A value that was cut is left to its VarSet event, which carries it whole.
   * `null` when fewer pieces came than the dialplan told: we were not there from the beginning, and a decision upon the rest would be wrong.
   */
  collected(channelId: ChannelId, requestId: string, told: number): HandedData | null {
    const known = this.#channels.get(channelId)
    const collected = known?.requestId === requestId ? known : nothing(requestId)
    if (collected.pieces < told) return null
    for (const _ of collected.cut) this.#refused('attached-value')
    const whole = [...collected.encoded].filter(([place]) => !collected.cut.has(place))
    const of = (from: HandedFrom): Readonly<Record<string, string>> => Object.fromEntries(whole.flatMap(([place, encoded]) => place.startsWith(`${from} `) ? [[place.slice(from.length + 1), decodeHandedOver(encoded)] as const] : []))
    return { attached: of('variable'), headers: of('header') }
  }

  forget(channelId: ChannelId): void {
    this.#channels.delete(channelId)
  }

  clear(): void {
    this.#channels.clear()
  }

  #of(channelId: ChannelId, requestId: string): Collected {
    const known = this.#channels.get(channelId)
    if (known !== undefined && known.requestId === requestId) return known
    const collected = nothing(requestId)
    this.#channels.delete(channelId)
    this.#channels.set(channelId, collected)
    const [oldest] = this.#channels.keys()
    if (this.#channels.size > MAX_CHANNELS && oldest !== undefined) this.#channels.delete(oldest)
    return collected
  }
}

function nothing(requestId: string): Collected {
  return { requestId, pieces: 0, encoded: new Map(), cut: new Set() }
}
