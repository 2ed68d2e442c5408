import type { AuditDraft } from '../../../core/domain/audit-entry.ts'
import { auditOfFact, auditOfSeat } from '../../../core/domain/audit-of-fact.ts'
import { type CoverageFact, isCoverageFact, isRecordingFact, isSeatFact, type InteractionFact, type RecordingFact, type SeatFact } from '../../../core/domain/capture-fact.ts'
import { isSameDesk } from '../../../core/domain/desk.ts'
import { HoldfastError, isHoldfastError } from '../../../core/domain/errors.ts'
import { evolve } from '../../../core/domain/evolve.ts'
import type { InteractionId, RecordingId } from '../../../core/domain/ids.ts'
import { isLive, type LifecycleEvent, transition } from '../../../core/domain/lifecycle.ts'
import type { Interaction, Recording } from '../../../core/domain/recording.ts'
import { NO_ORGANISATION, type Organisation } from '../../../core/domain/organisation.ts'
import type { AuditLog } from '../../../core/ports/audit-log.ts'
import type { JournalId, JournalledFact } from '../../../core/ports/capture-journal.ts'
import type { SealedHeader } from '../../../core/ports/key-catalogue.ts'
import { type AccessScope, COUNT_CAP, type FactSource, type RecordingFilter, type RecordingPage, type RecordingPageRequest, type RecordingRepository, type StoredMedia } from '../../../core/ports/recording-repository.ts'
import type { PastSeat, SeatFilter, SeatHistory } from '../../../core/ports/seat-history.ts'
import type { JobQueue } from '../../../core/ports/job-queue.ts'
import { inScope, matchesFilter } from './memory-recording-repository-filter.ts'

/** The catalogue in memory: the same answers as the SQL one, without its durability. */
export class MemoryRecordingRepository implements RecordingRepository, SeatHistory {
  /** Facts that were set aside. */
  readonly aside: JournalledFact[] = []
  /** Which time of the call each sealed object holds. */
  readonly sounds = new Map<RecordingId, StoredMedia['sounds']>()
  /** The headers in force, which a rotation replaces. */
  readonly headers = new Map<RecordingId, SealedHeader>()
  /** Facts of the coverage ledger, which is not kept here. */
  readonly coverage: CoverageFact[] = []
  readonly #audit: AuditLog
  readonly #organisation: () => Organisation
  readonly #jobs: Pick<JobQueue, 'enqueue'> | null
  readonly #recordings = new Map<RecordingId, Recording>()
  readonly #interactions = new Map<InteractionId, Interaction>()
  readonly #seats = new Map<string, PastSeat>()
  readonly #policies = new Map<string, { readonly canonical: string; readonly firstUsedAt: Date }>()
  readonly #applied = new Map<JournalId, number>()
  #last: Promise<void> = Promise.resolve()

  constructor({ audit, jobs = null, organisation = () => NO_ORGANISATION }: { readonly audit: AuditLog; readonly jobs?: Pick<JobQueue, 'enqueue'> | null; readonly organisation?: () => Organisation }) {
    this.#organisation = organisation
    this.#audit = audit
    this.#jobs = jobs
  }

  /** One after the other, as transactions are. */
  apply(source: FactSource, facts: readonly JournalledFact[]): ReturnType<RecordingRepository['apply']> {
    const applied = this.#last.then(() => this.#applyNow(source, facts))
    this.#last = applied.then(() => undefined, () => undefined)
    return applied
  }

  async #applyNow({ journal }: FactSource, facts: readonly JournalledFact[]): ReturnType<RecordingRepository['apply']> {
    const refused: JournalledFact[] = []
    const touched = new Set<RecordingId>()
    const due: RecordingId[] = []
    for (const journalled of facts) {
      if (journalled.sequence <= (this.#applied.get(journal) ?? 0)) continue
      const { fact } = journalled
      if (fact.type === 'policy-used') this.#policies.set(fact.version, this.#policies.get(fact.version) ?? { canonical: fact.canonical, firstUsedAt: fact.at })
      else if (isSeatFact(fact)) await this.#applyToSeat(fact)
      else if (isCoverageFact(fact)) this.coverage.push(fact)
      else if (!isRecordingFact(fact)) this.#applyToInteraction(fact)
      else if (await this.#applyToRecording(fact, due)) touched.add(fact.recordingId)
      else refused.push(journalled)
      this.#applied.set(journal, journalled.sequence)
    }
    return { refused, touched: [...touched], due }
  }

  async position({ journal }: FactSource): Promise<number> {
    return await Promise.resolve(this.#applied.get(journal) ?? 0)
  }

  async setAside({ journal, node }: FactSource, journalled: JournalledFact, { at }: { readonly at: Date }): Promise<void> {
    const { sequence, fact } = journalled
    if (sequence <= (this.#applied.get(journal) ?? 0)) return
    this.aside.push(journalled)
    this.#applied.set(journal, sequence)
    if (!isRecordingFact(fact)) return
    await this.#audit.append({
      at, actor: { type: 'system', id: node }, action: 'recording.incident', object: { type: 'recording', id: fact.recordingId }, outcome: 'failed', reason: 'fact-set-aside',
      details: { journal, node, sequence, fact: fact.type }, personal: {},
    })
  }

  async seats({ agent, desk, from, to }: SeatFilter, first: number): Promise<readonly PastSeat[]> {
    const found = [...this.#seats.values()].filter((seat) => (agent === null || seat.agent === agent) && (desk === null || isSameDesk(seat.desk, desk))
      && (from === null || seat.toAt === null || seat.toAt > from) && (to === null || seat.fromAt < to))
    return await Promise.resolve(found.toSorted((one, other) => other.fromAt.getTime() - one.fromAt.getTime() || (one.id < other.id ? 1 : -1)).slice(0, first))
  }

  async policyText(version: string): Promise<{ readonly version: string; readonly canonical: string } | null> {
    const kept = this.#policies.get(version)
    return await Promise.resolve(kept === undefined ? null : { version, canonical: kept.canonical })
  }

  async policyVersions(): Promise<readonly { readonly version: string; readonly firstUsedAt: Date }[]> {
    const all = [...this.#policies].map(([version, { firstUsedAt }]) => ({ version, firstUsedAt }))
    return await Promise.resolve(all.toSorted((a, b) => a.firstUsedAt.getTime() - b.firstUsedAt.getTime() || (a.version < b.version ? -1 : 1)))
  }

  async find(id: RecordingId, scope: AccessScope): Promise<Recording | null> {
    const recording = this.#recordings.get(id)
    return recording !== undefined && inScope(recording, scope, this.#organisation()) ? recording : null
  }

  async findInteraction(id: InteractionId, scope: AccessScope): ReturnType<RecordingRepository['findInteraction']> {
    const root = this.#rootOf(id)
    const interaction = this.#interactions.get(root)
    if (interaction === undefined) return null
    const recordings = this.#newestFirst().filter((recording) => this.#rootOf(recording.interactionId) === root && inScope(recording, scope, this.#organisation()))
    return scope.type !== 'all' && recordings.length === 0 ? null : { interaction, recordings }
  }

  async findLive(scope: AccessScope, first: number): Promise<readonly Recording[]> {
    return this.#newestFirst().filter((recording) => isLive(recording.state) && inScope(recording, scope, this.#organisation())).slice(0, first)
  }

  async search({ filter, scope, first, before }: RecordingPageRequest): Promise<RecordingPage> {
    const found = this.#matching(filter, scope).filter(({ id }) => before === null || Number(id) < Number(before))
    return { recordings: found.slice(0, first), hasMore: found.length > first }
  }

  async count(filter: RecordingFilter, scope: AccessScope): Promise<number> {
    return Math.min(this.#matching(filter, scope).length, COUNT_CAP + 1)
  }

  async beginIngest(id: RecordingId): Promise<void> {
    this.#change(id, 'ingest-began', {})
  }

  async recordMedia(id: RecordingId, stored: StoredMedia, audit: AuditDraft): Promise<void> {
    if (this.#recordings.get(id)?.state === 'stored') return
    const { entries } = await this.#audit.read({ objectId: id, actorId: null, action: 'recording.stopped', from: null, to: null }, { first: 1, before: null })
    const [told] = entries
    const failed = ['quarantined', 'ingest-failed', 'spool-file-missing', 'no-audio', 'discarded-by-pbx'].includes(this.#recordings.get(id)?.reason ?? '')
    this.#change(id, 'stored', { media: stored.media, findings: stored.findings, ...(failed && told !== undefined ? { reason: told.entry.reason as Recording['reason'] } : {}) })
    this.headers.set(id, { recordingId: id, payloadName: stored.media.payloadName, version: stored.media.headerVersion, header: stored.header, recipients: stored.recipients })
    this.sounds.set(id, stored.sounds)
    await this.#audit.append(audit)
  }

  async closeWithoutMedia(id: RecordingId, outcome: Parameters<RecordingRepository['closeWithoutMedia']>[1], audit: AuditDraft): Promise<void> {
    if (this.#recordings.get(id)?.state === outcome.state) return
    const failedBefore = this.#recordings.get(id)?.reason === 'start-refused'
    this.#change(id, outcome.state === 'failed' || failedBefore ? 'failed' : 'declined', { ...(failedBefore ? {} : { reason: outcome.reason }), findings: outcome.findings })
    await this.#audit.append(audit)
  }

  async mediaHeader(id: RecordingId): Promise<Uint8Array | null> {
    return this.headers.get(id)?.header ?? null
  }

  async knowsSpoolFile(name: string): Promise<RecordingId | null> {
    const owner = [...this.#recordings.values()].find(({ segments }) => segments.some(({ files }) => files.received === name || files.transmitted === name))
    return owner?.id ?? null
  }

  /** Whatever there is, newest first. */
  everything(): readonly Recording[] {
    return this.#newestFirst()
  }

  async #applyToRecording(fact: RecordingFact, due: RecordingId[]): Promise<boolean> {
    try {
      const recording = evolve(this.#recordings.get(fact.recordingId) ?? null, fact)
      this.#recordings.set(recording.id, recording)
      const audit = auditOfFact(fact, recording)
      if (audit !== null) await this.#audit.append(audit)
      if (fact.type === 'recording-stopped' || (fact.type === 'recording-failed' && recording.segments.length > 0)) {
        await this.#jobs?.enqueue('ingest', recording.id, fact.at)
        due.push(recording.id)
      }
      return true
    } catch (error) {
      if (isHoldfastError(error, 'ILLEGAL_TRANSITION') || isHoldfastError(error, 'RECORDING_NOT_FOUND')) return false
      throw error
    }
  }

  async #applyToSeat(fact: SeatFact): Promise<void> {
    const { seat, by, at } = fact
    const said = `${by.type}:${by.id}`
    const known = this.#seats.get(seat.id) ?? { ...seat, toAt: null, begunBy: said, endedBy: null }
    this.#seats.set(seat.id, fact.type === 'seat-left' && known.toAt === null ? { ...known, toAt: at, endedBy: said } : known)
    await this.#audit.append(auditOfSeat(fact))
  }

  #applyToInteraction(fact: InteractionFact): void {
    const known = this.#interactions.get(fact.interactionId)
    if (fact.type === 'interaction-opened') {
      if (known === undefined) this.#interactions.set(fact.interactionId, { id: fact.interactionId, startedAt: fact.at, endedAt: null, mergedIntoId: null })
      else if (known.endedAt !== null && fact.at > known.endedAt) this.#interactions.set(known.id, { ...known, endedAt: null })
      return
    }
    if (known === undefined || fact.type === 'interaction-paused' || fact.type === 'interaction-resumed') return
    const change = fact.type === 'interaction-ended' ? { endedAt: known.endedAt === null || fact.at > known.endedAt ? fact.at : known.endedAt } : { mergedIntoId: fact.mergedIntoId }
    this.#interactions.set(known.id, { ...known, ...change })
  }

  #rootOf(id: InteractionId): InteractionId {
    const seen = new Set<InteractionId>()
    let root = id
    for (let next = this.#interactions.get(root)?.mergedIntoId ?? null; next !== null && !seen.has(next); next = this.#interactions.get(root)?.mergedIntoId ?? null) {
      seen.add(next)
      root = next
    }
    return root
  }

  #matching(filter: RecordingFilter, scope: AccessScope): readonly Recording[] {
    const root = filter.interactionId === null ? null : this.#rootOf(filter.interactionId)
    return this.#newestFirst().filter((recording) => inScope(recording, scope, this.#organisation()) && matchesFilter(recording, filter) && (root === null || this.#rootOf(recording.interactionId) === root))
  }

  #newestFirst(): readonly Recording[] {
    return [...this.#recordings.values()].sort((left, right) => Number(right.id) - Number(left.id))
  }

  #change(id: RecordingId, event: LifecycleEvent, change: Partial<Recording>): void {
    const recording = this.#recordings.get(id)
    if (recording === undefined) throw new HoldfastError('RECORDING_NOT_FOUND', 'there is no such recording', { recordingId: id })
    this.#recordings.set(id, { ...recording, ...change, state: transition(recording.state, event) })
  }
}
