import type { CaptureFact } from '../../core/domain/capture-fact.ts'
import type { IngestStep } from '../../core/ingest/ingest-job.ts'

/** A moment in which a service may be killed: shortly before or after something becomes durable. */
export interface Moment {
  readonly when: 'before' | 'after'
  /** A fact in the journal; facts in the catalogue (`applied`, `forwarded`: noted as such); a job that a worker took (`leased`); the mark of a step of ingest. */
  readonly of: CaptureFact['type'] | 'applied' | 'forwarded' | 'leased' | IngestStep
  /** So much later, in the middle of what follows. */
  readonly afterMs: number
}
