import type { CaptureFact, ExpectationClosed, ExpectationOpened } from '../../domain/capture-fact.ts'
import type { Expectation, ExpectationEnd, ExpectationKey } from '../../domain/coverage.ts'
import type { ChannelId } from '../../domain/ids.ts'
import type { RecordedSide } from '../../domain/policy.ts'
import type { Recording } from '../../domain/recording.ts'
import type { LiveChannel, PbxEvent } from '../../ports/pbx-event.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { type Leg, LegWatch } from './leg-watch.ts'
import { IndexedMap } from '../calls/indexed-map.ts'
import { recordedChannel } from '../calls/live-recordings.ts'
import type { Wanted } from '../recorders/recorder.ts'
import { sideOfCaller } from '../recorders/recording-request.ts'
import { type Want, Wants } from './wants.ts'

type LegFact = ExpectationOpened | ExpectationClosed
type LinkUp = Extract<PbxEvent, { type: 'link-up' }>
type Parts = Pick<CaptureContext, 'pbxId' | 'journal' | 'live' | 'tracker'>

/**
 * The capture side of the coverage ledger: which answered legs the rules want, from the PBX's events and the decisions alone. It asks
 * no recorder whether it runs, so that it also knows the leg that nobody ever recorded. `hear` and `want` believe at once, in the
 * order of the events; `settle` makes facts of it when the work on the same event is done.
 */
export class Expectations {
  readonly #parts: Parts
  readonly #legs: LegWatch
  /** What is wanted of a leg, and what a leg wants of those that it dials. */
  readonly #own = new Wants()
  readonly #dialled = new Wants()
  readonly #open = new IndexedMap<string, Expectation, 'leg'>({ leg: ({ channelId }) => [channelId] })
  /** Sides of legs that stand in the ledger already: a leg is expected once. */
  readonly #known = new Map<ChannelId, ReadonlySet<RecordedSide>>()

  /** Of legs that ended unseen, when the PBX wrote to their files last. */
  readonly #grownUntil = new Map<ChannelId, Date>()

  constructor(parts: Parts) {
    this.#parts = parts
    this.#legs = new LegWatch(parts.tracker)
  }

  /** What was open when the service before ended. Call once, before the first event. @throws HoldfastError `STORE_FAILED` */
  async restore(): Promise<void> {
    for (const expectation of await this.#parts.journal.openExpectations()) {
      if (expectation.pbxId === this.#parts.pbxId) this.#believeOpen(expectation)
    }
  }

  /** Takes an event in its order, when the tracker has taken it. */
  hear(event: PbxEvent): void {
    // What is dialled by a leg that was passed on belongs to another route, which has to ask by itself; it may have asked already.
    if (event.type === 'transferred' && event.kind === 'blind') this.#dialled.forgetUntil(event.channelId, this.#parts.tracker.routeSince(event.channelId, event.at) ?? event.at)
    this.#legs.hear(event)
  }

  /**
   * The rules, or somebody who may, want this side: told before its recorder is asked, and before the journal is.
   * @param together - what is journalled with the request: which leg is going to be recorded, and whether somebody asked by hand.
   * Where it names no leg, it is the one that asked, if the side is its own; the other side's is known by who dials whom
   */
  want({ channelId, side, direction, decision, interactionId, at }: Wanted, together: readonly CaptureFact[]): void {
    if (decision.outcome !== 'record' && !together.some(({ type }) => type === 'start-asked')) return
    const wanted = { side, requestedAt: at, interactionId, decision }
    const legs = together.flatMap((fact) => fact.type === 'segment-opened' ? [fact.channelId] : [])
    for (const leg of legs) this.#own.remember(leg, wanted)
    if (side === sideOfCaller(direction)) {
      if (legs.length === 0) this.#own.remember(channelId, wanted)
      // A telephone that is recorded by itself says nothing of those that ring later.
    } else if (decision.input.occasion !== 'telephone') this.#dialled.remember(channelId, wanted)
  }

  /**
   * The rules want a leg that is found in the middle of a call: what nobody recorded of it since then is missing.
   * @throws HoldfastError `STORE_FAILED`
   */
  async wantFound({ side, interactionId, decision, callId, at }: Wanted, leg: ChannelId, fromAt: Date): Promise<void> {
    if (this.#isKnown(leg, side)) return
    const { rule, policyVersion } = decision
    await this.#append([{ type: 'expectation-opened', pbxId: this.#parts.pbxId, channelId: leg, side, fromAt, callId, interactionId, rule, policyVersion, evidence: 'resync', answeredAt: null, at }])
  }

  /** Writes what follows from an event: legs that are expected from now on, and those that are over. @throws HoldfastError `STORE_FAILED` */
  async settle(event: PbxEvent): Promise<void> {
    if (!('channelId' in event)) return
    const concerned = this.#legs.concerned(event, event.type === 'picked-up' ? event.byChannelId : null)
    await this.#append(concerned.flatMap(([id, leg]) => this.#factsOf(id, leg, { at: event.at, lostAt: null })))
    for (const [id, leg] of concerned) if (leg.endedAt !== null) this.#forget(id)
  }

  /**
   * After a gap: what is over is closed where it was seen last, and what is found answered is expected from then on at the latest.
   * @param lostAt - the beginning of the gap, as far as it is known
   */
  async settleGap(event: LinkUp, lostAt: Date | null): Promise<void> {
    const { live, pbxId } = this.#parts
    const facts: LegFact[] = []
    for (const open of this.#open.values()) {
      if (this.#legs.find(open.channelId) !== null) continue
      const end: ExpectationEnd = event.pbxStartedAt !== null && event.pbxStartedAt > open.fromAt ? 'pbx-restarted' : 'ended-unseen'
      const seenAt = lostAt ?? event.at
      const grownUntil = this.#grownUntil.get(open.channelId) ?? seenAt
      // Where no file tells, its end is taken to be now.
      facts.push(closing(open, { toAt: end === 'ended-unseen' && grownUntil < event.at ? latest(seenAt, grownUntil) : seenAt, end, at: event.at }))
    }
    for (const recording of live.ofPbx(pbxId)) {
      this.#wantAgain(recording, event)
      const isTold = facts.some(({ type, channelId, side }) => type === 'expectation-opened' && channelId === (recordedChannel(recording) ?? recording.channelId) && side === recording.side)
      if (!isTold) facts.push(...this.#found(recording, event, lostAt))
    }
    await this.#append(facts)
    await this.#append(this.#legs.all().flatMap(([id, leg]) => this.#factsOf(id, leg, { at: event.at, lostAt })))
    for (const id of [...this.#known.keys(), ...this.#own.legs(), ...this.#dialled.legs(), ...this.#grownUntil.keys()]) if (this.#legs.find(id) === null) this.#forget(id)
  }

  /**
   * A recording whose end nobody saw: its leg lived as long as its files grew, at least. Where the dialplan began it by itself and nobody
   * saw the leg, that and the dialplan's own note are all that is known of it.
   */
  async endedUnseen(recording: Recording, at: Date): Promise<void> {
    const { pbxId, channelId, side, callId, interactionId, decision, requestedAt, origin } = recording
    this.#grownUntil.set(recordedChannel(recording) ?? channelId, at)
    if (origin !== 'native' || this.#isKnown(channelId, side) || this.#legs.find(channelId) !== null) return
    const expectation: Expectation = { pbxId, channelId, side, fromAt: requestedAt, callId, interactionId, rule: decision.rule, policyVersion: decision.policyVersion, evidence: 'adopted', answeredAt: null }
    await this.#append([{ type: 'expectation-opened', ...expectation, at: requestedAt }, closing(expectation, { toAt: at, end: 'ended-unseen', at })])
  }

  /** Answered calls, found after a gap, that began in it and of which no leg is expected: whether a rule wanted them nobody knows. */
  unknownCalls({ channels }: LinkUp, lostAt: Date): number {
    const expected = new Set(this.#legs.all().filter(([id]) => this.#known.has(id) || this.#own.of(id).length > 0).map(([, { callId }]) => callId))
    // The PBX tells the creation to the second.
    const began = Math.floor(lostAt.getTime() / 1000) * 1000
    const found = channels.filter(({ channel }) => channel.endpoint !== null && channel.answeredAt !== null && channel.createdAt.getTime() >= began)
    return new Set(found.map(({ channel }) => channel.callId).filter((callId) => !expected.has(callId))).size
  }

  /** What follows for one leg: it is expected, or it is over. */
  #factsOf(channelId: ChannelId, leg: Leg, { at, lostAt }: { readonly at: Date; readonly lostAt: Date | null }): readonly LegFact[] {
    if (leg.kind === 'within') return []
    const opened = this.#wantsOf(channelId, leg).flatMap((want): LegFact[] => {
      const beginning = want.from === 'bridge' ? leg.togetherAt : leg.answeredAt
      if (beginning === null || leg.answeredAt === null || this.#isKnown(channelId, want.side)) return []
      const fromAt = lostAt !== null && leg.answer === 'found' && want.occasion === 'telephone' ? latest(lostAt, leg.createdAt) : latest(want.at, beginning)
      if (leg.endedAt !== null && leg.endedAt <= fromAt) return []
      const evidence = leg.answer === 'seen' ? 'events' : 'resync'
      return [{
        type: 'expectation-opened', pbxId: this.#parts.pbxId, channelId, side: want.side, fromAt, callId: leg.callId, ...want.expectation, evidence,
        answeredAt: leg.answer === 'seen' ? leg.answeredAt : null, at,
      }]
    })
    const { endedAt } = leg
    if (endedAt === null) return opened
    const open = [...this.#open.by('leg', channelId), ...opened]
    return [...opened, ...open.map((expectation) => closing(expectation, { toAt: endedAt, end: 'hangup', at: endedAt }))]
  }

  /** Its own, and what whoever dialled it wants of it; of each side the first word. */
  #wantsOf(channelId: ChannelId, { askers }: Leg): readonly Want[] {
    const wants = [...this.#own.of(channelId), ...askers.flatMap((asker) => this.#dialled.of(asker))].toSorted((one, other) => one.at.getTime() - other.at.getTime())
    return wants.filter((want, index) => wants.findIndex(({ side }) => side === want.side) === index)
  }

  /** A service that starts again knows what was wanted by its recordings. */
  #wantAgain(recording: Recording, { channels }: LinkUp): void {
    const channelId = expectedLeg(recording, channels)
    if (channelId !== null) this.#own.remember(channelId, recording)
    if (recording.side !== sideOfCaller(recording.direction) && recording.decision.input.occasion !== 'telephone') this.#dialled.remember(recording.channelId, recording)
  }

  /** A recording of before the gap whose leg is there: it was answered before we could note it, or while nobody looked. */
  #found(recording: Recording, { channels }: LinkUp, lostAt: Date | null): readonly LegFact[] {
    const channelId = expectedLeg(recording, channels)
    const leg = channelId === null ? null : this.#legs.find(channelId)
    if (channelId === null || leg === null || leg.answeredAt === null || this.#isKnown(channelId, recording.side)) return []
    if (recording.decision.terms.from === 'bridge' && leg.togetherAt === null) return []
    const { pbxId, side, callId, interactionId, decision, requestedAt } = recording
    // One that was found answered is told as answered now, which nobody saw.
    const found = channels.find(({ channel }) => channel.channelId === channelId)?.channel.answeredAt ?? null
    const answeredAt = recording.answeredAt?.getTime() === found?.getTime() ? null : recording.answeredAt
    const earliest = answeredAt ?? (lostAt === null ? requestedAt : latest(lostAt, requestedAt))
    return [{
      type: 'expectation-opened', pbxId, channelId, side, fromAt: earliest, callId, interactionId, rule: decision.rule, policyVersion: decision.policyVersion,
      evidence: answeredAt === null ? 'resync' : 'events', answeredAt, at: leg.answeredAt,
    }]
  }

  async #append(facts: readonly LegFact[]): Promise<void> {
    if (facts.length === 0) return
    await this.#parts.live.record(...facts)
    for (const fact of facts) {
      if (fact.type === 'expectation-opened') this.#believeOpen(fact)
      else this.#open.delete(keyText(fact))
    }
  }

  #believeOpen(expectation: Expectation): void {
    this.#open.set(keyText(expectation), expectation)
    this.#known.set(expectation.channelId, new Set([...this.#known.get(expectation.channelId) ?? [], expectation.side]))
  }

  #isKnown(channelId: ChannelId, side: RecordedSide): boolean {
    return this.#known.get(channelId)?.has(side) ?? false
  }

  #forget(channelId: ChannelId): void {
    this.#legs.forget(channelId)
    this.#own.forget(channelId)
    this.#dialled.forget(channelId)
    this.#known.delete(channelId)
    this.#grownUntil.delete(channelId)
  }
}

/** Whose voice a recording is of: the leg that asked, or the other one as far as it is known. */
function expectedLeg(recording: Recording, channels: readonly LiveChannel[]): ChannelId | null {
  if (recording.side === sideOfCaller(recording.direction)) return recording.channelId
  const recorded = recordedChannel(recording)
  if (recorded !== null) return recorded
  const bridge = channels.find(({ channel }) => channel.channelId === recording.channelId)?.bridgeId ?? null
  return channels.find(({ channel, bridgeId }) => bridge !== null && bridgeId === bridge && channel.channelId !== recording.channelId)?.channel.channelId ?? null
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other
}

/** A leg is never over before it began, whatever two clocks say. */
function closing({ pbxId, channelId, side, fromAt }: ExpectationKey, { toAt, end, at }: Pick<ExpectationClosed, 'toAt' | 'end' | 'at'>): ExpectationClosed {
  return { type: 'expectation-closed', pbxId, channelId, side, fromAt, toAt: toAt > fromAt ? toAt : fromAt, end, at }
}

function keyText({ channelId, side, fromAt }: ExpectationKey): string {
  return `${channelId} ${side} ${fromAt.getTime()}`
}
