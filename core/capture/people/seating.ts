import { randomUUID } from 'node:crypto'
import type { Actor } from '../../domain/audit-entry.ts'
import type { CaptureFact } from '../../domain/capture-fact.ts'
import { type Desk, formatDesk, isSameDesk } from '../../domain/desk.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { type PbxId, parseSeatId } from '../../domain/ids.ts'
import { countingFor, desksOf, ended, endedBy, type Seat, type Seated, sitterAt, type Stay, staying } from '../../domain/seat.ts'
import type { CaptureJournal } from '../../ports/capture-journal.ts'
import type { DeskRegister } from '../../ports/desk-register.ts'
import type { DeskLogin, QueueMember } from '../../ports/pbx-event.ts'
import type { Runtime } from '../../ports/runtime.ts'
import { answeredAt, isTaken, type TrackedChannel } from '../calls/call-tracker.ts'
import type { CaptureContext } from '../calls/capture-context.ts'
import { SerialByKey } from '../calls/serial.ts'

/** Seats follow one another: two people who sign in at one desk do it one after the other. */
const SEATS_KEY = 'seats'

interface Parts {
  readonly journal: CaptureJournal
  readonly runtime: Runtime
  /** The PBXs of this node. */
  readonly pbxIds: readonly PbxId[]
  /** Somebody sits elsewhere now, and facts were journalled. */
  readonly changed: () => void
}

/** What is known of the telephones of one PBX. */
type SeatingView = Pick<CaptureContext, 'pbxId' | 'tracker' | 'telephones' | 'adapter'>

/** Who sits where: the journal first, memory after it. One for all PBXs of a capture node. */
export class Seating implements DeskRegister {
  readonly #parts: Parts
  readonly #serial = new SerialByKey()
  #open: readonly Seat[] = []
  /** Sign-ins that are over, and under which a call was answered that goes on. */
  #past: readonly Stay[] = []
  #views: readonly SeatingView[] = []
  /** Who is in which queue, as each PBX said last. */
  readonly #members = new Map<PbxId, readonly QueueMember[]>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What was believed before the service ended. Call once, before the first event. */
  async restore(): Promise<void> {
    this.#open = await this.#parts.journal.openSeats()
  }

  /** Capture on each PBX is put together after this. Call once, before the first event. */
  look(views: readonly SeatingView[]): void {
    this.#views = views
  }

  /** Whose calls are taken at a desk now. */
  sitterAt(desk: Desk): string | null {
    return sitterAt(this.#open, desk)
  }

  /** Whose call is, or is going to be, the one of a leg at this desk. */
  sitterOf(desk: Desk, leg: TrackedChannel): string | null {
    return this.sitterThen(desk, answeredAt(leg))
  }

  /** Whose the call is that was answered at a desk then. */
  sitterThen(desk: Desk, at: Date | null): string | null {
    return sitterAt(countingFor([...this.#open.map(staying), ...this.#past], at), desk)
  }

  desksOf(agent: string): readonly Desk[] {
    return desksOf(this.#open, agent)
  }

  async seats(): Promise<readonly Seat[]> {
    return await Promise.resolve(this.#open)
  }

  async signIn(agent: string, desk: Desk, by: Actor): Promise<Seat> {
    if (!this.#parts.pbxIds.includes(desk.pbxId)) throw new HoldfastError('PBX_UNKNOWN', 'no PBX of this name is configured', { pbxId: desk.pbxId })
    const view = this.#views.find(({ pbxId }) => pbxId === desk.pbxId)
    if (view?.telephones.isTrunk(desk.endpoint) === true) throw new HoldfastError('FORBIDDEN', 'nobody sits at a trunk', { endpoint: desk.endpoint })
    // Against the answers of calls, which the PBX's own clock tells.
    return await this.take({ agent, desk, source: 'sign-in' }, by, view?.adapter.now ?? this.#parts.runtime.clock.now())
  }

  async signOut(agent: string, by: Actor): Promise<readonly Stay[]> {
    const matches = (seat: Seat): boolean => seat.source === 'sign-in' && seat.agent === agent
    const view = this.#views.find(({ pbxId }) => this.#open.some((seat) => matches(seat) && seat.desk.pbxId === pbxId))
    return await this.leave(matches, by, view?.adapter.now ?? this.#parts.runtime.clock.now())
  }

  /** Idempotent: a seat that is open stays the same. @throws HoldfastError `DESK_IN_USE` (retry): whoever signed in there talks; `STORE_FAILED` */
  async take(seated: Seated, by: Actor, at: Date): Promise<Seat> {
    return await this.#serial.run(SEATS_KEY, async () => {
      const known = this.#open.find((seat) => seat.source === seated.source && seat.agent === seated.agent && isSameDesk(seat.desk, seated.desk))
      const gone = endedBy(this.#open, seated)
      const isInUse = seated.source === 'sign-in' && gone.some(({ agent }) => agent !== seated.agent) && this.#legsAt(seated.desk).length > 0
      if (isInUse) throw new HoldfastError('DESK_IN_USE', 'somebody else is signed in there and has a call: try again after it', { desk: formatDesk(seated.desk) })
      const seat: Seat = known ?? { id: parseSeatId(randomUUID()), ...seated, fromAt: at }
      const begun: readonly CaptureFact[] = known === undefined ? [{ type: 'seat-taken', seat, by, at }] : []
      await this.#record([...left(gone, by, at), ...begun], [...this.#open.filter((each) => !gone.includes(each) && each !== known), seat])
      return seat
    })
  }

  /** Ends the open seats that match. @throws HoldfastError `STORE_FAILED` */
  async leave(matches: (seat: Seat) => boolean, by: Actor, at: Date): Promise<readonly Stay[]> {
    return await this.#serial.run(SEATS_KEY, async () => {
      const gone = this.#open.filter(matches)
      await this.#record(left(gone, by, at), this.#open.filter((seat) => !gone.includes(seat)))
      return gone.map((seat) => ended(seat, at))
    })
  }

  addMember(pbxId: PbxId, member: QueueMember): void {
    this.#members.set(pbxId, [...this.#othersThan(pbxId, member), member])
  }

  /** Whether another queue still calls her at that telephone. */
  removeMember(pbxId: PbxId, member: QueueMember): 'elsewhere-too' | 'nowhere' {
    const others = this.#othersThan(pbxId, member)
    this.#members.set(pbxId, others)
    return others.some((other) => isSame(other, member)) ? 'elsewhere-too' : 'nowhere'
  }

  #othersThan(pbxId: PbxId, member: QueueMember): readonly QueueMember[] {
    return (this.#members.get(pbxId) ?? []).filter((other) => other.queue !== member.queue || !isSame(other, member))
  }

  /** What the PBX says after a gap: its word of before is put right. */
  async settle(pbxId: PbxId, { members, telephones, at }: { readonly members: readonly QueueMember[] | null; readonly telephones: ReadonlySet<string>; readonly at: Date }): Promise<void> {
    const by: Actor = { type: 'pbx', id: pbxId }
    // Who logs in at her telephone stays connected to it: a telephone without a call has nobody logged in.
    await this.leave((seat) => seat.desk.pbxId === pbxId && seat.source === 'pbx-login' && !telephones.has(seat.desk.endpoint), by, at)
    // The PBX did not say: who was in which queue still is.
    if (members === null) return
    this.#members.set(pbxId, members)
    const isMember = (seat: Seat): boolean => members.some((member) => isSame(member, { agent: seat.agent, endpoint: seat.desk.endpoint }))
    await this.leave((seat) => seat.desk.pbxId === pbxId && seat.source === 'queue' && !isMember(seat), by, at)
    const isOpen = ({ agent, endpoint }: DeskLogin): boolean => this.#open.some((seat) => seat.source === 'queue' && seat.agent === agent && isSameDesk(seat.desk, { pbxId, endpoint }))
    for (const member of members) if (!isOpen(member)) await this.take({ agent: member.agent, desk: { pbxId, endpoint: member.endpoint }, source: 'queue' }, by, at)
  }

  /** The calls at a desk that are more than a ringing. */
  #legsAt(desk: Desk): readonly TrackedChannel[] {
    return this.#views.flatMap(({ pbxId, tracker }) => pbxId === desk.pbxId ? tracker.telephones().filter((leg) => leg.channel.endpoint === desk.endpoint && isTaken(leg)) : [])
  }

  async #record(facts: readonly CaptureFact[], open: readonly Seat[]): Promise<void> {
    if (facts.length === 0) return
    await this.#parts.journal.append(facts)
    const over = facts.flatMap((fact) => fact.type === 'seat-left' && fact.seat.source === 'sign-in' ? [ended(fact.seat, fact.at)] : [])
    this.#past = [...this.#past, ...over].filter((stay) => this.#legsAt(stay.desk).some((leg) => countingFor([stay], answeredAt(leg)).length > 0))
    this.#open = open
    this.#parts.runtime.metrics.gauge('holdfast_agents_seated', new Set(open.map(({ agent }) => agent)).size)
    this.#parts.changed()
  }
}

function isSame(one: DeskLogin, other: DeskLogin): boolean {
  return one.agent === other.agent && one.endpoint === other.endpoint
}

function left(seats: readonly Seat[], by: Actor, at: Date): readonly CaptureFact[] {
  return seats.map((seat) => ({ type: 'seat-left', seat, by, at }))
}
