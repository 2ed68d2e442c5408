import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEFAULT_ROLES, type Requester } from '../../../../../core/domain/actor.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parseRecordingId } from '../../../../../core/domain/ids.ts'
import { MAX_TICKETS, MAX_TICKETS_PER_ACTOR, PlaybackTickets, type Ticket, TICKET_IDLE_MS, TICKET_LIFETIME_MS } from '../../../../../core/library/playback/tickets.ts'

const ID = parseRecordingId('4096')

function requester(id = 'a'): Requester {
  return { actor: { type: 'token', id }, role: DEFAULT_ROLES.supervisor, label: id, reach: 'all', units: [], binding: null, address: '192.0.2.1' }
}

class Office {
  now = new Date('2026-03-01T09:00:00.000Z')
  readonly ended: Ticket[] = []
  readonly tickets = new PlaybackTickets({ clock: { now: () => this.now }, ended: (ticket) => this.ended.push(ticket) })

  pass(ms: number): void {
    this.now = new Date(this.now.getTime() + ms)
  }

  code(text: string): string {
    try {
      this.tickets.use(text)
      return 'good'
    } catch (error) {
      return error instanceof HoldfastError ? error.code : 'thrown'
    }
  }
}

describe('playback tickets', () => {
  it('are unguessable, and nothing that is kept of them is their text', () => {
    const office = new Office()
    const { text, expiresAt } = office.tickets.issue(ID, requester())
    expect(text).to.match(/^[A-Za-z0-9_-]{43}$/)
    expect(expiresAt.getTime() - office.now.getTime()).to.equal(TICKET_IDLE_MS)
    expect(JSON.stringify(office.tickets.use(text))).to.not.include(text)
  })

  it('that are over are known for so long, and no longer: nobody fills the memory with them', () => {
    const office = new Office()
    const [first, second] = [office.tickets.issue(ID, requester()).text, office.tickets.issue(ID, requester()).text]
    for (const text of [first, second]) office.tickets.end(office.tickets.use(text))
    expect([office.code(first), office.code(second)]).to.deep.equal(['TICKET_EXPIRED', 'TICKET_EXPIRED'])
    for (let others = 1; others < MAX_TICKETS; others += 1) office.tickets.end(office.tickets.use(office.tickets.issue(ID, requester()).text))
    expect([office.code(first), office.code(second)]).to.deep.equal(['TICKET_INVALID', 'TICKET_EXPIRED'])
  })

  it('end five minutes after their last use', () => {
    const office = new Office()
    const { text } = office.tickets.issue(ID, requester())
    for (let round = 0; round < 5; round += 1) {
      office.pass(TICKET_IDLE_MS - 1)
      expect(office.code(text)).to.equal('good')
    }
    office.pass(TICKET_IDLE_MS)
    expect(office.code(text)).to.equal('TICKET_EXPIRED')
    expect(office.ended).to.have.length(1)
  })

  it('end after four hours however much they are used', () => {
    const office = new Office()
    const { text } = office.tickets.issue(ID, requester())
    for (let passed = 0; passed < TICKET_LIFETIME_MS - TICKET_IDLE_MS / 2; passed += TICKET_IDLE_MS / 2) {
      office.pass(TICKET_IDLE_MS / 2)
      office.tickets.use(text)
    }
    office.pass(TICKET_IDLE_MS / 2 - 1)
    expect(office.code(text)).to.equal('good')
    office.pass(1)
    expect(office.code(text)).to.equal('TICKET_EXPIRED')
  })

  it('tell what never was from what is over', () => {
    const office = new Office()
    const { text } = office.tickets.issue(ID, requester())
    office.tickets.end(office.tickets.use(text))
    expect(office.code(text)).to.equal('TICKET_EXPIRED')
    expect(office.code('never')).to.equal('TICKET_INVALID')
    expect(office.code('')).to.equal('TICKET_INVALID')
  })

  it('are bounded for each actor: the oldest goes, and other actors keep theirs', () => {
    const office = new Office()
    const other = office.tickets.issue(ID, requester('b')).text
    const own = Array.from({ length: MAX_TICKETS_PER_ACTOR + 1 }, () => office.tickets.issue(ID, requester('a')).text)
    expect(office.code(own[0] ?? '')).to.equal('TICKET_EXPIRED')
    expect(office.code(own[1] ?? '')).to.equal('good')
    expect(office.code(other)).to.equal('good')
    expect(office.tickets.size).to.equal(MAX_TICKETS_PER_ACTOR + 1)
  })

  it('are swept without being asked for, and each end is told once', () => {
    const office = new Office()
    const { text } = office.tickets.issue(ID, requester())
    office.tickets.issue(ID, requester())
    office.pass(TICKET_IDLE_MS)
    office.tickets.sweep()
    office.tickets.sweep()
    expect(office.code(text)).to.equal('TICKET_EXPIRED')
    expect(office.ended).to.have.length(2)
    expect(office.tickets.size).to.equal(0)
  })
})
