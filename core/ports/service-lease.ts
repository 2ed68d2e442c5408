import type { NodeName } from '../domain/ids.ts'
import type { JournalId } from './capture-journal.ts'

/** A run of the service, as others are told of it. */
export interface ServiceRun {
  /** Of this run alone. */
  readonly id: string
  /** Of its data directory, which one process at a time can have. */
  readonly journal: JournalId
  readonly node: NodeName
  readonly host: string
  readonly process: number
}

/** Somebody else who serves. */
export interface OtherService extends Pick<ServiceRun, 'node' | 'host' | 'process'> {
  /** Since it said so last. */
  readonly ageMs: number
}

/**
 * Who serves over a catalogue that several machines reach: one at a time, for as long as it says so again and again. By the clock of
 * the database, so that those of the machines need not agree.
 */
export interface ServiceLease {
  /**
   * Takes it, or extends what one has. At the `start` of a service also from the run before with the same journal: whoever has the data
   * directory now knows that one to be dead.
   * @returns `null` when it is this run's from now on, else whose it is
   * @throws HoldfastError `STORE_FAILED`
   */
  take(run: ServiceRun, when: 'start' | 'later'): Promise<OtherService | null>
  /** At an orderly end. Idempotent. @throws HoldfastError `STORE_FAILED` */
  release(run: Pick<ServiceRun, 'id'>): Promise<void>
}

/** What is not extended in this time is anybody's: three extensions may fail. */
export const SERVICE_LEASE_MS = 20_000
