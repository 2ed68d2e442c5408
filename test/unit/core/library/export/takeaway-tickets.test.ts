import { expect } from 'chai'
import { describe, it } from 'mocha'
import { DEFAULT_ROLES, type Requester } from '../../../../../core/domain/actor.ts'
import { isHoldfastError } from '../../../../../core/domain/errors.ts'
import { MAX_TICKETS_PER_ACTOR, TakeawayTickets } from '../../../../../core/library/export/takeaway-tickets.ts'

const NOW = new Date('2026-03-01T10:00:00Z')
const LATER = new Date('2026-03-01T11:00:00Z')

function requesterOf(id: string): Requester {
  return { actor: { type: 'user', id }, role: DEFAULT_ROLES['compliance-officer'], label: id, reach: 'all', units: [], binding: null, address: '192.0.2.7', reason: '' }
}

function isGood(tickets: TakeawayTickets<{ readonly requester: Requester; readonly until: Date }>, text: string): boolean {
  try {
    tickets.find(text, null)
    return true
  } catch (error) {
    if (isHoldfastError(error, 'TICKET_INVALID')) return false
    throw error
  }
}

describe('tickets of what leaves the house', () => {
  it('are crowded out by nobody else: who asks for many loses her own oldest', () => {
    const tickets = new TakeawayTickets<{ readonly requester: Requester; readonly until: Date }>()
    const issue = (id: string): string => tickets.issue({ requester: requesterOf(id), until: LATER }, NOW)
    const one = issue('carla')
    const greedy = Array.from({ length: MAX_TICKETS_PER_ACTOR + 950 }, () => issue('greedy'))
    expect(isGood(tickets, one)).to.equal(true)
    expect(greedy.filter((text) => isGood(tickets, text))).to.deep.equal(greedy.slice(-MAX_TICKETS_PER_ACTOR))
  })

  it('are bounded altogether, at the cost of whoever has most', () => {
    const tickets = new TakeawayTickets<{ readonly requester: Requester; readonly until: Date }>()
    const issue = (id: string): string => tickets.issue({ requester: requesterOf(id), until: LATER }, NOW)
    const one = issue('carla')
    const many = Array.from({ length: 20 }, (_each, who) => Array.from({ length: MAX_TICKETS_PER_ACTOR }, () => issue(`user ${who}`))).flat()
    expect(isGood(tickets, one)).to.equal(true)
    expect(many.filter((text) => isGood(tickets, text))).to.have.length(999)
  })

  it('make room when their time is over', () => {
    const tickets = new TakeawayTickets<{ readonly requester: Requester; readonly until: Date }>()
    const old = tickets.issue({ requester: requesterOf('carla'), until: LATER }, NOW)
    tickets.issue({ requester: requesterOf('carla'), until: LATER }, LATER)
    expect(isGood(tickets, old)).to.equal(false)
  })
})
