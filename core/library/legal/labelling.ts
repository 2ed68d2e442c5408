import { may, type Requester } from '../../domain/actor.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { RecordingId } from '../../domain/ids.ts'
import type { Recording } from '../../domain/recording.ts'
import type { RecordingChanges } from '../../ports/recording-changes.ts'
import type { RecordingLabels } from '../../ports/recording-labels.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import type { Clock } from '../../ports/runtime.ts'
import { scopeFor } from '../access/access.ts'
import { type AuditWriter, draftOf, recordingFacts } from '../audit/audit-writer.ts'

/** As rules give them. */
const LABEL = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u
const MOST_AT_ONCE = 16
/** A recording with more is a list, and no recording with labels. */
const MOST = 64

export interface LabellingParts {
  readonly labels: RecordingLabels
  readonly repository: Pick<RecordingRepository, 'find'>
  readonly changes: Pick<RecordingChanges, 'publish'>
  readonly audit: AuditWriter
  readonly clock: Clock
}

/** Putting labels on recordings by hand, and taking them off. */
export class Labelling {
  readonly #parts: LabellingParts

  constructor(parts: LabellingParts) {
    this.#parts = parts
  }

  /**
   * A label that is there already is there once.
   * @returns the recording; `null` for those who may not look at any
   * @throws HoldfastError `FORBIDDEN`; `REASON_REQUIRED`; `RECORDING_NOT_FOUND`; `FILTER_INVALID`
   */
  async change(requester: Requester, id: RecordingId, change: { readonly add: readonly string[]; readonly remove: readonly string[] }): Promise<Recording | null> {
    try {
      const scope = scopeFor(requester, 'label')
      const [add, remove] = [checked(change.add, 'add'), checked(change.remove, 'remove')]
      const { labels, repository, changes, clock } = this.#parts
      if (await repository.find(id, scope) === null) throw notFound(id)
      const recording = await labels.change(id, { add, remove, most: MOST }, ({ recording: labelled, added, removed }) => {
        const facts = recordingFacts(labelled)
        return draftOf(requester, { action: 'recording.labelled', outcome: 'ok', reason: null, ...facts, details: { ...facts.details, added: added.join(','), removed: removed.join(',') } }, clock.now())
      })
      if (recording === null) throw notFound(id)
      if (recording === 'full') throw invalid('add', `at most ${MOST} on one recording`)
      changes.publish(id)
      return may(requester, 'search') ? recording : null
    } catch (error) {
      if (isHoldfastError(error)) await this.#parts.audit.attempt(requester, { action: 'recording.labelled', object: { type: 'recording', id }, outcome: 'refused', reason: error.code, details: {}, personal: {} })
      throw error
    }
  }
}

function checked(labels: readonly string[], field: string): readonly string[] {
  if (labels.length > MOST_AT_ONCE) throw invalid(field, `at most ${MOST_AT_ONCE} at once`)
  const normal = labels.map((label) => label.normalize('NFC'))
  if (!normal.every((label) => LABEL.test(label))) throw invalid(field, 'a label is a letter or digit, then up to 63 letters, digits, blanks and . _ -')
  return normal
}

function notFound(id: RecordingId): HoldfastError {
  return new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
}

function invalid(field: string, message: string): HoldfastError {
  return new HoldfastError('FILTER_INVALID', `${field}: ${message}`, { field })
}
