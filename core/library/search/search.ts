import type { Requester } from '../../domain/actor.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import type { InteractionId, RecordingId } from '../../domain/ids.ts'
import type { Interaction, Recording } from '../../domain/recording.ts'
import { newestFirst } from '../../domain/time-line.ts'
import { COUNT_CAP, type RecordingFilter, type RecordingPage, type RecordingPageRequest, type RecordingRepository } from '../../ports/recording-repository.ts'
import { scopeFor } from '../access/access.ts'
import type { AttachedVisibility } from '../policy/attached-visibility.ts'
import type { AuditNote, AuditWriter } from '../audit/audit-writer.ts'
import { filterDetails, filterWords, wordLots } from './filter-words.ts'
import { checkedFilter, checkedPageSize } from './filters.ts'

/** A number that stops at a cap and says so: "1000+". */
export interface CappedCount {
  readonly count: number
  readonly exact: boolean
}

/** An interaction with those of its recordings that the requester may see. */
export interface FoundInteraction {
  readonly interaction: Interaction
  readonly recordings: readonly Recording[]
}

/** Finding recordings, within what the requester may see. */
export class RecordingSearch {
  readonly #repository: RecordingRepository
  readonly #audit: AuditWriter
  readonly #visibility: AttachedVisibility

  constructor({ repository, audit, visibility }: { readonly repository: RecordingRepository; readonly audit: AuditWriter; readonly visibility: AttachedVisibility }) {
    this.#repository = repository
    this.#audit = audit
    this.#visibility = visibility
  }

  /**
   * A page, newest first. That it was looked for, and with which words, stands in the audit before it is shown.
   * @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID`; `QUERY_TIMEOUT`, `AUDIT_UNAVAILABLE` (retry)
   */
  async search(requester: Requester, filter: RecordingFilter, page: { readonly first: number; readonly before: RecordingId | null }): Promise<RecordingPage> {
    const scope = scopeFor(requester, 'search')
    const checked = await this.#told(requester, filter)
    const found = await this.#found(requester, { filter: checked, scope, first: checkedPageSize(page.first), before: page.before })
    for (const note of this.#notes(checked, { outcome: 'ok', reason: null, details: { returned: found.recordings.length, hasMore: found.hasMore } })) await this.#audit.require(requester, note)
    return found
  }

  /** How many match, up to a cap. @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID` */
  async count(requester: Requester, filter: RecordingFilter): Promise<CappedCount> {
    const scope = scopeFor(requester, 'search')
    const count = await this.#repository.count(this.#checked(requester, filter), scope)
    return { count: Math.min(count, COUNT_CAP), exact: count <= COUNT_CAP }
  }

  /** `null`: not there, or not this requester's. @throws HoldfastError `FORBIDDEN` */
  async recording(requester: Requester, id: RecordingId): Promise<Recording | null> {
    return this.#repository.find(id, scopeFor(requester, 'search'))
  }

  /** `null` when the requester may see none of its recordings. @throws HoldfastError `FORBIDDEN` */
  async interaction(requester: Requester, id: InteractionId): Promise<FoundInteraction | null> {
    const found = await this.#repository.findInteraction(id, scopeFor(requester, 'search'))
    return found === null || found.recordings.length === 0 ? null : { ...found, recordings: newestFirst(found.recordings) }
  }

  /** Recordings whose sound may still come, newest first. @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID` */
  async live(requester: Requester, first: number): Promise<readonly Recording[]> {
    return this.#repository.findLive(scopeFor(requester, 'search'), checkedPageSize(first))
  }

  /** Whoever asks for what they may not see leaves a trace. */
  async #told(requester: Requester, filter: RecordingFilter): Promise<RecordingFilter> {
    const checked = checkedFilter(filter)
    try {
      return this.#checked(requester, filter)
    } catch (error) {
      if (isHoldfastError(error)) await this.#attempt(requester, checked, { outcome: 'refused', reason: error.code })
      throw error
    }
  }

  /** What was looked for is told also where the catalogue gave up: how long it took tells something, too. */
  async #found(requester: Requester, request: RecordingPageRequest): Promise<RecordingPage> {
    try {
      return await this.#repository.search(request)
    } catch (error) {
      if (isHoldfastError(error)) await this.#attempt(requester, request.filter, { outcome: 'failed', reason: error.code })
      throw error
    }
  }

  async #attempt(requester: Requester, filter: RecordingFilter, told: Pick<AuditNote, 'outcome' | 'reason'>): Promise<void> {
    for (const note of this.#notes(filter, told)) await this.#audit.attempt(requester, note)
  }

  /** More than one where a key of the attached data is asked for with two values: no word is left out. */
  #notes(filter: RecordingFilter, { details, ...told }: Pick<AuditNote, 'outcome' | 'reason'> & Partial<Pick<AuditNote, 'details'>>): readonly AuditNote[] {
    const about = { action: 'recordings.searched', object: { type: 'query', id: 'recordings' }, details: { ...details, ...filterDetails(filter) } } as const
    return wordLots(filterWords(filter, this.#visibility)).map((personal) => Object.assign({ personal }, about, told))
  }

  #checked(requester: Requester, filter: RecordingFilter): RecordingFilter {
    const checked = checkedFilter(filter)
    this.#visibility.refuseHidden(requester, checked.attached.map(({ key }) => key))
    return checked
  }
}
