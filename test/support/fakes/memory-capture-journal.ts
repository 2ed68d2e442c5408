import { randomUUID } from 'node:crypto'
import { type CaptureFact, type InteractionPaused, isRecordingFact, isSeatFact } from '../../../core/domain/capture-fact.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { evolve } from '../../../core/domain/evolve.ts'
import type { Expectation } from '../../../core/domain/coverage.ts'
import type { ChannelId, InteractionId, PbxId, RecordingId } from '../../../core/domain/ids.ts'
import { isLive } from '../../../core/domain/lifecycle.ts'
import { afterOpeningFact, isOpeningFact, type OpenInteraction } from '../../../core/domain/open-interaction.ts'
import type { Recording } from '../../../core/domain/recording.ts'
import { firstRecordingIdAt, nextRecordingId } from '../../../core/domain/recording-id.ts'
import type { Seat } from '../../../core/domain/seat.ts'
import { accountEndsAt } from '../../../core/domain/rules/quota.ts'
import type { CaptureJournal, JournalId, JournalledFact, Observation } from '../../../core/ports/capture-journal.ts'

/** A journal that a killed service leaves behind: hand the same one to the next service. */
export class MemoryCaptureJournal implements CaptureJournal {
  readonly facts: JournalledFact[] = []
  readonly #id: JournalId = randomUUID()
  /** When set, appends fail so. */
  failure: Error | null = null
  /** The next appends with a fact of this type are refused, so many of them. */
  readonly refusals = new Map<CaptureFact['type'], number>()
  /** When set, the disk is slow: each append waits for it. */
  slowness: Promise<void> | null = null
  /** When set, nothing is counted. */
  quotaFailure: Error | null = null
  readonly #minted = new Set<RecordingId>()
  readonly #onQuotas = new Map<string, ReadonlySet<InteractionId>>()
  readonly #observed = new Map<PbxId, readonly Date[]>()
  #forwarded = 0
  readonly #gone = new Set<RecordingId>()
  #forgotten: Date | null = null

  async id(): Promise<JournalId> {
    return await Promise.resolve(this.#id)
  }

  async mintRecordingId(startedAt: Date): Promise<RecordingId> {
    if (this.failure !== null) throw this.failure
    let id = firstRecordingIdAt(startedAt, 0)
    while (this.#minted.has(id)) id = nextRecordingId(id)
    this.#minted.add(id)
    return await Promise.resolve(id)
  }

  async append(facts: readonly CaptureFact[]): Promise<void> {
    await this.slowness
    if (this.failure !== null) throw this.failure
    for (const { type } of facts) {
      const left = this.refusals.get(type) ?? 0
      if (left === 0) continue
      this.refusals.set(type, left - 1)
      throw new HoldfastError('STORE_FAILED', 'no room')
    }
    for (const fact of facts) this.facts.push({ sequence: (this.facts.at(-1)?.sequence ?? this.#forwarded) + 1, fact })
    await Promise.resolve()
  }

  async forget(recordingIds: readonly RecordingId[], until: Date): Promise<number> {
    const live = new Set((await this.liveRecordings()).map(({ id }) => id))
    const kept = this.facts.filter(({ sequence, fact }) => sequence > this.#forwarded || !isRecordingFact(fact) || !recordingIds.includes(fact.recordingId) || live.has(fact.recordingId))
    const forgotten = this.facts.length - kept.length
    this.facts.splice(0, this.facts.length, ...kept)
    for (const id of recordingIds) if (!live.has(id)) this.#gone.add(id)
    if (this.#forgotten === null || until > this.#forgotten) this.#forgotten = until
    return await Promise.resolve(forgotten)
  }

  async forgottenUntil(): Promise<Date | null> {
    return await Promise.resolve(this.#forgotten)
  }

  async liveRecordings(): Promise<readonly Recording[]> {
    return await Promise.resolve([...this.all().values()].filter((recording) => isLive(recording.state)))
  }

  async openInteractions(): Promise<readonly OpenInteraction[]> {
    const open = new Map<InteractionId, OpenInteraction>()
    for (const { fact } of this.facts) {
      if (!isOpeningFact(fact)) continue
      const next = afterOpeningFact(open.get(fact.interactionId) ?? null, fact)
      if (next === null) open.delete(fact.interactionId)
      else open.set(next.id, next)
    }
    return await Promise.resolve([...open.values()])
  }

  async openPauses(): Promise<readonly InteractionPaused[]> {
    const open = new Map<InteractionId, InteractionPaused>()
    for (const { fact } of this.facts) {
      if (fact.type === 'interaction-paused' && !open.has(fact.interactionId)) open.set(fact.interactionId, fact)
      else if (fact.type === 'interaction-resumed') open.delete(fact.interactionId)
    }
    return await Promise.resolve([...open.values()].toSorted((one, other) => one.at.getTime() - other.at.getTime()))
  }

  async askedBy(pbxId: PbxId, channelIds: readonly ChannelId[]): Promise<readonly Recording[]> {
    return await Promise.resolve([...this.all().values()].filter((recording) => recording.pbxId === pbxId && channelIds.includes(recording.channelId)))
  }

  async openSeats(): Promise<readonly Seat[]> {
    const open = new Map<string, Seat>()
    for (const { fact } of this.facts.filter((each) => isSeatFact(each.fact))) {
      if (fact.type === 'seat-taken') open.set(fact.seat.id, fact.seat)
      if (fact.type === 'seat-left') open.delete(fact.seat.id)
    }
    return await Promise.resolve([...open.values()])
  }

  async recording(id: RecordingId): Promise<Recording | null> {
    return await Promise.resolve(this.all().get(id) ?? null)
  }

  async recordingOfFile(name: string): Promise<RecordingId | null> {
    const owner = [...this.all().values()].find((recording) => recording.segments.some(({ files }) => files.received === name || files.transmitted === name))
    return await Promise.resolve(owner?.id ?? null)
  }

  async quotaCounts(accounts: readonly string[], except: InteractionId): Promise<ReadonlyMap<string, number>> {
    if (this.quotaFailure !== null) throw this.quotaFailure
    return await Promise.resolve(new Map(accounts.map((account) => [account, [...this.#onQuotas.get(account) ?? []].filter((id) => id !== except).length])))
  }

  async forgetQuotas(overBefore: Date): Promise<number> {
    if (this.quotaFailure !== null) throw this.quotaFailure
    const over = [...this.#onQuotas].filter(([account]) => (accountEndsAt(account)?.getTime() ?? Infinity) < overBefore.getTime())
    for (const [account] of over) this.#onQuotas.delete(account)
    return await Promise.resolve(over.reduce((sum, [, ids]) => sum + ids.size, 0))
  }

  async countOnQuotas(interactionId: InteractionId, accounts: readonly string[]): Promise<void> {
    if (this.quotaFailure !== null) throw this.quotaFailure
    for (const account of accounts) this.#onQuotas.set(account, new Set([...this.#onQuotas.get(account) ?? [], interactionId]))
    await Promise.resolve()
  }

  async openExpectations(): Promise<readonly Expectation[]> {
    const open = new Map<string, Expectation>()
    for (const { fact } of this.facts) {
      if (fact.type !== 'expectation-opened' && fact.type !== 'expectation-closed') continue
      const key = `${fact.pbxId} ${fact.channelId} ${fact.side} ${fact.fromAt.getTime()}`
      if (fact.type === 'expectation-closed') open.delete(key)
      else {
        const { type: _, at: __, ...expectation } = fact
        open.set(key, expectation)
      }
    }
    return await Promise.resolve([...open.values()])
  }

  async observation(pbxId: PbxId): Promise<Observation | null> {
    const told = this.facts.map(({ fact }) => fact).filter((fact) => (fact.type === 'observation-lost' || fact.type === 'observation-regained') && fact.pbxId === pbxId)
    const legs = this.facts.map(({ fact }) => fact).filter((fact) => (fact.type === 'expectation-opened' || (fact.type === 'expectation-closed' && fact.end === 'hangup')) && fact.pbxId === pbxId)
    const times = [...told.map(({ at }) => at), ...legs.map(({ at }) => at), ...this.#observed.get(pbxId) ?? []].map((at) => at.getTime())
    const regained = told.findLastIndex(({ type }) => type === 'observation-regained')
    const lost = told.slice(regained + 1)[0] ?? null
    return await Promise.resolve(times.length === 0 ? null : { until: new Date(Math.max(...times)), lostAt: lost?.at ?? null })
  }

  async noteObserved(pbxId: PbxId, at: Date): Promise<void> {
    if (this.failure !== null) throw this.failure
    this.#observed.set(pbxId, [...this.#observed.get(pbxId) ?? [], at])
    await Promise.resolve()
  }

  async unforwarded(limit: number): Promise<readonly JournalledFact[]> {
    return await Promise.resolve(this.facts.filter(({ sequence }) => sequence > this.#forwarded).slice(0, limit))
  }

  async markForwarded(throughSequence: number): Promise<void> {
    this.#forwarded = throughSequence
    await Promise.resolve()
  }

  async forwardedBeyond(sequence: number): Promise<{ readonly count: number; readonly firstAt: Date | null }> {
    const beyond = this.facts.filter((each) => each.sequence > sequence && each.sequence <= this.#forwarded)
    return await Promise.resolve({ count: beyond.length, firstAt: beyond[0]?.fact.at ?? null })
  }

  /** Every recording as its facts tell it. */
  all(): ReadonlyMap<RecordingId, Recording> {
    const recordings = new Map<RecordingId, Recording>()
    for (const { fact } of this.facts) {
      if (isRecordingFact(fact) && !this.#gone.has(fact.recordingId)) recordings.set(fact.recordingId, evolve(recordings.get(fact.recordingId) ?? null, fact))
    }
    return recordings
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve()
  }
}
