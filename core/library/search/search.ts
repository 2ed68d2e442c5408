import type { Requester } from '../../domain/actor.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import type { InteractionId, RecordingId } from '../../domain/ids.ts'
import type { Interaction, Recording } from '../../domain/recording.ts'
import { newestFirst } from '../../domain/time-line.ts'
import { type AccessScope, COUNT_CAP, type RecordingFilter, type RecordingPage, type RecordingRepository } from '../../ports/recording-repository.ts'
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

/** What somebody asks, before it is checked. A count is no search of its own: it has another name in the audit. */
interface Question {
  readonly requester: Requester
  readonly filter: RecordingFilter
  readonly asked: 'recordings' | 'count'
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
   * A page, newest first. That it was looked for, and with which words, stands in the audit before it is shown; that it was refused, too.
   * @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `FILTER_INVALID`; `QUERY_TIMEOUT`, `AUDIT_UNAVAILABLE` (retry)
   */
  async search(requester: Requester, filter: RecordingFilter, page: { readonly first: number; readonly before: RecordingId | null }): Promise<RecordingPage> {
    const question: Question = { requester, filter, asked: 'recordings' }
    const request = await this.#admitted(question, () => ({ first: checkedPageSize(page.first), before: page.before }))
    const found = await this.#answered(question, request.filter, () => this.#repository.search(request))
    await this.#tell(question, request.filter, { returned: found.recordings.length, hasMore: found.hasMore })
    return found
  }

  /**
   * How many match, up to a cap. Told in the audit as a search is: a number answers a question about a person, too.
   * @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `FILTER_INVALID`; `QUERY_TIMEOUT`, `AUDIT_UNAVAILABLE` (retry)
   */
  async count(requester: Requester, filter: RecordingFilter): Promise<CappedCount> {
    const question: Question = { requester, filter, asked: 'count' }
    const request = await this.#admitted(question, () => ({}))
    const found = await this.#answered(question, request.filter, () => this.#repository.count(request.filter, request.scope))
    const counted: CappedCount = { count: Math.min(found, COUNT_CAP), exact: found <= COUNT_CAP }
    await this.#tell(question, request.filter, { ...counted })
    return counted
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

  /** The question as it may be asked. Whoever has no right to ask it, cannot ask so, or asks for what they may not see, leaves a trace. */
  async #admitted<Page extends object>(question: Question, page: () => Page): Promise<Page & { readonly filter: RecordingFilter; readonly scope: AccessScope }> {
    const { requester, filter } = question
    const scope = await this.#orRefused(question, () => scopeFor(requester, 'search'))
    const checked = await this.#orRefused(question, () => ({ ...page(), filter: checkedFilter(filter), scope }))
    try {
      this.#visibility.refuseHidden(requester, checked.filter.attached.map(({ key }) => key))
    } catch (error) {
      if (isHoldfastError(error)) await this.#attempt(question, checked.filter, { outcome: 'refused', reason: error.code })
      throw error
    }
    return checked
  }

  /** One entry, and none of the words: nobody has checked how many there are, nor how long. */
  async #orRefused<Checked>({ requester, asked }: Question, check: () => Checked): Promise<Checked> {
    try {
      return check()
    } catch (error) {
      if (isHoldfastError(error)) {
        const { field } = error.details
        await this.#audit.attempt(requester, { action: 'recordings.searched', object: { type: 'query', id: asked }, outcome: 'refused', reason: error.code, details: typeof field === 'string' ? { field } : {}, personal: {} })
      }
      throw error
    }
  }

  /** What was looked for is told also where the catalogue gave up: how long it took tells something, too. */
  async #answered<Found>(question: Question, filter: RecordingFilter, ask: () => Promise<Found>): Promise<Found> {
    try {
      return await ask()
    } catch (error) {
      if (isHoldfastError(error)) await this.#attempt(question, filter, { outcome: 'failed', reason: error.code })
      throw error
    }
  }

  async #tell(question: Question, filter: RecordingFilter, details: AuditNote['details']): Promise<void> {
    for (const note of this.#notes(question, filter, { outcome: 'ok', reason: null, details })) await this.#audit.require(question.requester, note)
  }

  async #attempt(question: Question, filter: RecordingFilter, told: Pick<AuditNote, 'outcome' | 'reason'>): Promise<void> {
    for (const note of this.#notes(question, filter, told)) await this.#audit.attempt(question.requester, note)
  }

  /** More than one where a key of the attached data is asked for with two values: no word is left out. */
  #notes({ asked }: Question, filter: RecordingFilter, { details, ...told }: Pick<AuditNote, 'outcome' | 'reason'> & Partial<Pick<AuditNote, 'details'>>): readonly AuditNote[] {
    const about = { action: 'recordings.searched', object: { type: 'query', id: asked }, details: { ...details, ...filterDetails(filter) } } as const
    return wordLots(filterWords(filter, this.#visibility)).map((personal) => Object.assign({ personal }, about, told))
  }
}
