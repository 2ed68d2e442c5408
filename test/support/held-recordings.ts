import { createHash } from 'node:crypto'
import type { AuditDraft } from '../../core/domain/audit-entry.ts'
import type { HoldId, RecordingId } from '../../core/domain/ids.ts'
import { parseHoldId, parseNodeName } from '../../core/domain/ids.ts'
import type { Condemnation } from '../../core/ports/destruction-ledger.ts'
import type { HoldDraft } from '../../core/ports/hold-register.ts'
import type { DestructionOrder } from '../../core/ports/recording-destroyer.ts'
import { ANY_RECORDING, type RecordingFilter } from '../../core/ports/recording-repository.ts'
import type { Catalogue } from '../../core/store/catalogue.ts'
import { journalled, mediaOf, type RequestOptions, seconds, wholeLife } from './recording-facts.ts'

const OFFICER = { type: 'user', id: 'officer' } as const
export const HEADER = Buffer.from('age-encryption.org/v1 a header of version 1')

/** A filter that asks for this alone. */
export function asking(filter: Partial<RecordingFilter>): RecordingFilter {
  return { ...ANY_RECORDING, ...filter }
}

export function holdIdOf(number: number): HoldId {
  return parseHoldId(number.toString(16).padStart(16, '0'))
}

/** A hold of the officer, on these members. */
export function holdOn(number: number, { recordings = [], searches = [] }: Partial<HoldDraft['members']>, change: Partial<HoldDraft> = {}): HoldDraft {
  return {
    id: holdIdOf(number), caseName: `case ${number}`, reason: 'a court asked', placedBy: OFFICER, placedAt: seconds(100 + number), scope: { type: 'all' },
    members: { recordings, searches }, ...change,
  }
}

export function aboutHold(number: number, action: 'hold.placed' | 'hold.released' = 'hold.placed'): AuditDraft {
  return { at: seconds(100), actor: OFFICER, action, object: { type: 'hold', id: holdIdOf(number) }, outcome: 'ok', reason: null, details: {}, personal: {} }
}

export function orderFor(recordingId: RecordingId, change: Partial<DestructionOrder> = {}): DestructionOrder {
  return { recordingId, cause: 'deleted', rule: null, reason: 'asked for in writing', by: OFFICER, address: null, ...change }
}

export function condemnation(change: Partial<Condemnation> = {}): Condemnation {
  return {
    at: seconds(5000), keptUntil: () => null, stores: [null], lockedStores: [],
    audit: ({ id }) => ({ at: seconds(5000), actor: OFFICER, action: 'recording.deleted', object: { type: 'recording', id }, outcome: 'ok', reason: 'deleted', details: {}, personal: {} }),
    ...change,
  }
}

/** A recording of a whole call, with its sound, its header and no work left. */
export async function storedRecording({ repository, jobs }: Catalogue, options: RequestOptions): Promise<RecordingId> {
  const { id } = options
  await repository.apply({ node: parseNodeName('node-1'), journal: `journal-${id}` }, journalled(wholeLife(options)))
  await repository.beginIngest(id)
  await repository.recordMedia(id, { media: { ...mediaOf(id), payloadName: `${id}.2.payload` }, header: HEADER, recipients: ['age1operational', 'age1escrow'], findings: [], sounds: [] }, {
    at: seconds(60), actor: { type: 'system', id: 'ingest' }, action: 'recording.stored', object: { type: 'recording', id }, outcome: 'ok', reason: null, details: {}, personal: {},
  })
  await withoutJobs(jobs)
  return id
}

/** A recording of a whole call whose sound could not be brought in. */
export async function failedRecording({ repository, jobs }: Catalogue, options: RequestOptions): Promise<RecordingId> {
  const { id } = options
  await repository.apply({ node: parseNodeName('node-1'), journal: `journal-${id}` }, journalled(wholeLife(options)))
  await repository.beginIngest(id)
  await repository.closeWithoutMedia(id, { state: 'failed', reason: 'ingest-failed', findings: [] }, {
    at: seconds(60), actor: { type: 'system', id: 'ingest' }, action: 'recording.failed', object: { type: 'recording', id }, outcome: 'failed', reason: 'ingest-failed', details: {}, personal: {},
  })
  await withoutJobs(jobs)
  return id
}

/** As if everything that was to be brought in had been. */
export async function withoutJobs(jobs: Catalogue['jobs']): Promise<void> {
  for (let job = await jobs.lease('ingest', 'test', seconds(1e6), 1000); job !== null; job = await jobs.lease('ingest', 'test', seconds(1e6), 1000)) await jobs.complete(job, 'test')
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
