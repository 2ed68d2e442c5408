import { randomBytes } from 'node:crypto'
import { may, type Requester } from '../../domain/actor.ts'
import type { AuditDraft } from '../../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import { type HoldId, parseHoldId, type RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { Hold, HoldMembers, HoldPlacement, HoldRegister } from '../../ports/hold-register.ts'
import type { AccessScope, RecordingFilter, RecordingRepository } from '../../ports/recording-repository.ts'
import type { Clock } from '../../ports/runtime.ts'
import { scopeFor, scopeOf } from '../access/access.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'
import { type AuditNote, type AuditWriter, draftOf } from '../audit/audit-writer.ts'
import { filterWords, wordLots } from '../search/filter-words.ts'
import { checkedFilter, checkedPageSize } from '../search/filters.ts'
import { givenReason } from '../access/given-reason.ts'
import { covers } from '../access/scope-cover.ts'

/** Named at once; a case that has more is given them in several steps, or by a search. */
export const MAX_NAMED_AT_ONCE = 500
/** Every search is asked for every recording that is destroyed. */
const MAX_SEARCHES_AT_ONCE = 16
const HOLD_ID_BYTES = 8

export interface LegalHoldsParts {
  readonly holds: HoldRegister
  readonly repository: Pick<RecordingRepository, 'find'>
  readonly visibility: AttachedVisibility
  readonly audit: AuditWriter
  readonly clock: Clock
}

export type PlacedHold = Extract<HoldPlacement, { readonly outcome: 'placed' }>

/** A page of holds; each with its place in the list of all. */
export interface HoldPage {
  readonly holds: readonly { readonly place: number; readonly hold: Hold }[]
  readonly hasMore: boolean
}

/** Placing, extending and releasing legal holds, within what the requester reaches. */
export class LegalHolds {
  readonly #parts: LegalHoldsParts

  constructor(parts: LegalHoldsParts) {
    this.#parts = parts
  }

  /** Newest first. @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID` */
  async list(requester: Requester, which: 'standing' | 'all', page: { readonly first: number; readonly before: number | null }): Promise<HoldPage> {
    const scope = seeing(requester)
    const first = checkedPageSize(page.first)
    // Places are counted among those that she sees: a cursor must not tell how many others there are.
    const all = (await this.#parts.holds.list('all')).filter((hold) => covers(scope, hold.scope)).toReversed()
    const seen = all.map((hold, index) => ({ place: index + 1, hold })).toReversed()
      .filter(({ place, hold }) => (which === 'all' || hold.released === null) && (page.before === null || place < page.before))
    return { holds: seen.slice(0, first), hasMore: seen.length > first }
  }

  /** `null`: not there, or not this requester's. @throws HoldfastError `FORBIDDEN` */
  async find(requester: Requester, id: HoldId): Promise<Hold | null> {
    const scope = seeing(requester)
    const hold = await this.#parts.holds.find(id)
    return hold !== null && covers(scope, hold.scope) ? hold : null
  }

  /** Recordings that are named in a hold, as far as the requester reaches them; newest first. For those who may look at recordings. @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `FILTER_INVALID` */
  async named(requester: Requester, id: HoldId, page: { readonly first: number; readonly before: RecordingId | null }): Promise<{ readonly recordings: readonly Recording[]; readonly hasMore: boolean }> {
    seeing(requester)
    const scope = scopeFor(requester, 'search')
    const first = checkedPageSize(page.first)
    const ids = await this.#parts.holds.named(id, { first: first + 1, before: page.before })
    const found = await Promise.all(ids.slice(0, first).map((each) => this.#parts.repository.find(each, scope)))
    return { recordings: found.filter((recording) => recording !== null), hasMore: ids.length > first }
  }

  /** The standing holds over a recording; `null` when the requester may not know of holds. Of holds that she does not reach she is not told. */
  async over(requester: Requester, recording: Recording): Promise<readonly Hold[] | null> {
    if (!mayKnowOfHolds(requester)) return null
    const scope = scopeOf(requester)
    const holds = (await this.#parts.holds.over([recording])).get(recording.id) ?? []
    return holds.filter((hold) => covers(scope, hold.scope))
  }

  /**
   * Places a hold: from its commit on nothing that it names, or that its searches find now or later, is destroyed.
   * @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `FILTER_INVALID`; `RECORDING_NOT_FOUND`; `HOLD_TOO_LATE`
   */
  async place(requester: Requester, wish: { readonly caseName: string; readonly reason: string; readonly members: HoldMembers }): Promise<PlacedHold> {
    const id = parseHoldId(randomBytes(HOLD_ID_BYTES).toString('hex'))
    return this.#told(requester, noteOf(id, 'placed'), async () => {
      const scope = scopeFor(requester, 'hold')
      const caseName = givenReason(wish.caseName, 'caseName')
      const reason = givenReason(wish.reason)
      const members = await this.#checked(requester, wish.members, scope)
      const notes = notesOf(id, 'placed', { caseName, reason, members, visibility: this.#parts.visibility })
      const draft = { id, caseName, reason, placedBy: requester.actor, placedAt: this.#parts.clock.now(), scope, members }
      return placed(await this.#parts.holds.place(draft, ...notes.map((note) => this.#draft(requester, note))))
    })
  }

  /** Puts more under a hold. @throws as {@link place}; HoldfastError `HOLD_NOT_FOUND`; `HOLD_RELEASED` */
  async extend(requester: Requester, id: HoldId, wish: { readonly reason: string; readonly members: HoldMembers }): Promise<PlacedHold> {
    return this.#told(requester, noteOf(id, 'extended'), async () => {
      const scope = scopeFor(requester, 'hold')
      const reason = givenReason(wish.reason)
      await this.#mustSee(id, scope)
      const members = await this.#checked(requester, wish.members, scope)
      const notes = notesOf(id, 'extended', { caseName: null, reason, members, visibility: this.#parts.visibility })
      return placed(await this.#parts.holds.extend({ id, members, by: requester.actor, reason, at: this.#parts.clock.now(), scope }, ...notes.map((note) => this.#draft(requester, note))))
    })
  }

  /** Ends a hold; twice is once. @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `HOLD_NOT_FOUND` */
  async release(requester: Requester, id: HoldId, reasonGiven: string): Promise<Hold> {
    const note: AuditNote = { ...noteOf(id, 'released'), action: 'hold.released' }
    return this.#told(requester, note, async () => {
      const scope = scopeFor(requester, 'release')
      const reason = givenReason(reasonGiven)
      await this.#mustSee(id, scope)
      const at = this.#parts.clock.now()
      await this.#parts.holds.release(id, { by: requester.actor, reason, at }, this.#draft(requester, { ...note, personal: { reasonGiven: reason } }))
      return this.#mustSee(id, scope)
    })
  }

  async #mustSee(id: HoldId, scope: AccessScope): Promise<Hold> {
    const hold = await this.#parts.holds.find(id)
    if (hold === null || !covers(scope, hold.scope)) throw new HoldfastError('HOLD_NOT_FOUND', 'there is no such hold', { holdId: id })
    return hold
  }

  async #checked(requester: Requester, { recordings, searches }: HoldMembers, scope: AccessScope): Promise<HoldMembers> {
    if (recordings.length + searches.length === 0) throw invalid('recordings', 'name recordings, or give a search')
    if (recordings.length > MAX_NAMED_AT_ONCE) throw invalid('recordings', `at most ${MAX_NAMED_AT_ONCE} at once: extend the hold by the others, or give a search`)
    if (searches.length > MAX_SEARCHES_AT_ONCE) throw invalid('searches', `at most ${MAX_SEARCHES_AT_ONCE} at once`)
    for (const id of recordings) {
      if (await this.#parts.repository.find(id, scope) === null) throw new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
    }
    return { recordings, searches: searches.map((filter) => this.#checkedSearch(requester, filter)) }
  }

  #checkedSearch(requester: Requester, filter: RecordingFilter): RecordingFilter {
    const checked = checkedFilter(filter)
    // A state passes: what was held as `stored` would be free as soon as it is archived.
    if (checked.states !== null) throw invalid('states', 'a hold asks for no state')
    // Whoever may label would end the hold.
    if (checked.label !== null) throw invalid('label', 'a hold asks for no label: people take them off')
    this.#parts.visibility.refuseHidden(requester, checked.attached.map(({ key }) => key))
    return checked
  }

  #draft(requester: Requester, note: AuditNote): AuditDraft {
    return draftOf(requester, note, this.#parts.clock.now())
  }

  async #told<T>(requester: Requester, note: AuditNote, act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      if (isHoldfastError(error)) await this.#parts.audit.attempt(requester, { ...note, outcome: 'refused', reason: error.code })
      throw error
    }
  }
}

const MAY_SEE = ['hold', 'release', 'delete'] as const

export function mayKnowOfHolds(requester: Requester): boolean {
  return MAY_SEE.some((permission) => may(requester, permission))
}

/** @throws HoldfastError `FORBIDDEN` */
function seeing(requester: Requester): AccessScope {
  return scopeFor(requester, MAY_SEE.find((permission) => may(requester, permission)) ?? 'hold')
}

/** Of a refusal and a release nothing personal stands in it. */
function noteOf(id: HoldId, step: 'placed' | 'extended' | 'released' | 'search', personal: AuditNote['personal'] = {}): AuditNote {
  return { action: 'hold.placed', object: { type: 'hold', id }, outcome: 'ok', reason: null, details: { step }, personal }
}

/**
 * The case and the words of its searches tell of people; ids do not. Each search has an entry of its own, the first that of the whole: one name
 * holds one word there, by which an erasure finds it, and what goes with one person leaves what was asked about the others.
 */
function notesOf(id: HoldId, step: 'placed' | 'extended', { caseName, reason, members: { recordings, searches }, visibility }: { readonly caseName: string | null; readonly reason: string; readonly members: HoldMembers; readonly visibility: AttachedVisibility }): readonly AuditNote[] {
  const [first, ...others] = searches.flatMap((filter) => wordsOf(filter, visibility))
  const whole = noteOf(id, step)
  const named = { reasonGiven: reason, ...(caseName === null ? {} : { caseName }), ...first }
  return [
    { ...whole, details: { ...whole.details, recordings: recordings.join(','), searches: searches.length }, personal: named },
    ...others.map((personal) => noteOf(id, 'search', personal)),
  ]
}

/** Under the names that each key's visibility, and an erasure, go by; as many as a key is asked for. What asks of no person is one text. */
function wordsOf(filter: RecordingFilter, visibility: AttachedVisibility): readonly Readonly<Record<string, string>>[] {
  const { caller: _caller, callee: _callee, agent: _agent, queue: _queue, label: _label, site: _site, rule: _rule, interactionId: _interaction, attached: _attached, ...rest } = filter
  return wordLots(filterWords(filter, visibility), { search: JSON.stringify(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null))) })
}

function placed(placement: HoldPlacement): PlacedHold {
  switch (placement.outcome) {
    case 'placed':
      return placement
    case 'too-late':
      throw new HoldfastError('HOLD_TOO_LATE', 'too late: what was to be held is destroyed, or its destruction is decided', { recordings: placement.tooLate.length })
    case 'released':
      throw new HoldfastError('HOLD_RELEASED', 'the hold was released')
    case 'unknown':
      throw new HoldfastError('HOLD_NOT_FOUND', 'there is no such hold')
  }
}

function invalid(field: string, message: string): HoldfastError {
  return new HoldfastError('FILTER_INVALID', `${field}: ${message}`, { field })
}
