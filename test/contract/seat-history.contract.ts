import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { SeatFact } from '../../core/domain/capture-fact.ts'
import { type Desk, parseDesk } from '../../core/domain/desk.ts'
import { parseNodeName, parseSeatId } from '../../core/domain/ids.ts'
import type { AuditLog } from '../../core/ports/audit-log.ts'
import type { RecordingRepository } from '../../core/ports/recording-repository.ts'
import type { SeatHistory } from '../../core/ports/seat-history.ts'
import { journalled, seconds } from '../support/recording-facts.ts'

interface Opened {
  readonly repository: RecordingRepository
  readonly seats: SeatHistory
  readonly audit: AuditLog
}

const SOURCE = { node: parseNodeName('capture'), journal: 'journal-1' }
const ONE = parseDesk('main:PJSIP/200')
const TWO = parseDesk('branch:PJSIP/200')
const EVERY = { agent: null, desk: null, from: null, to: null }

function taken(number: number, agent: string, desk: Desk): Extract<SeatFact, { type: 'seat-taken' }> {
  const at = seconds(number * 10)
  return { type: 'seat-taken', seat: { id: parseSeatId(`00000000-0000-4000-8000-00000000000${number}`), agent, desk, source: 'sign-in', fromAt: at }, by: { type: 'token', id: 'a' }, at }
}

function left({ seat }: SeatFact, second: number): SeatFact {
  return { type: 'seat-left', seat, by: { type: 'pbx', id: 'main' }, at: seconds(second) }
}

/** What every history of seats does. `open` gives an empty catalogue. */
export function seatHistoryContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keeps who sat where`, () => {
    it('from when to when, and who said so, newest first', async () => {
      const { repository, seats, audit } = await open()
      const facts = [taken(1, 'anna', ONE), taken(2, `Zoë O'Hara 🤝`, TWO)] as const
      await repository.apply(SOURCE, journalled([...facts, left(facts[0], 15)]))
      expect(await seats.seats(EVERY, 10)).to.deep.equal([
        { ...facts[1].seat, toAt: null, begunBy: 'token:a', endedBy: null },
        { ...facts[0].seat, toAt: seconds(15), begunBy: 'token:a', endedBy: 'pbx:main' },
      ])
      const { entries } = await audit.read({ objectId: 'main:PJSIP/200', actorId: null, action: null, from: null, to: null }, { first: 10, before: null })
      expect(entries.map(({ entry }) => [entry.action, entry.actor, entry.personal])).to.deep.equal([
        ['desk.left', { type: 'pbx', id: 'main' }, { agent: 'anna' }], ['desk.taken', { type: 'token', id: 'a' }, { agent: 'anna' }],
      ])
    })

    it('and from where, where a client of the API said so', async () => {
      const { repository, seats, audit } = await open()
      const anna = taken(1, 'anna', ONE)
      const by = { ...anna.by, client: { type: 'token', address: '192.0.2.7', label: 'desk app' } } as const
      await repository.apply(SOURCE, journalled([{ ...anna, by }, { ...left(anna, 15), by: { ...by, client: { ...by.client, label: '' } } }]))
      const { entries } = await audit.read({ objectId: 'main:PJSIP/200', actorId: null, action: null, from: null, to: null }, { first: 10, before: null })
      expect(entries.map(({ entry }) => [entry.action, entry.actor, entry.personal])).to.deep.equal([
        ['desk.left', { type: 'token', id: 'a' }, { agent: 'anna', address: '192.0.2.7' }], ['desk.taken', { type: 'token', id: 'a' }, { agent: 'anna', address: '192.0.2.7', actorLabel: 'desk app' }],
      ])
      expect((await seats.seats(EVERY, 10)).map(({ begunBy, endedBy }) => [begunBy, endedBy])).to.deep.equal([['token:a', 'token:a']])
    })

    it('once, however often it is told', async () => {
      const { repository, seats } = await open()
      const anna = taken(1, 'anna', ONE)
      await repository.apply(SOURCE, journalled([anna, anna, left(anna, 15), left(anna, 16)]))
      await repository.apply(SOURCE, journalled([anna]))
      expect((await seats.seats(EVERY, 10)).map(({ toAt }) => toAt)).to.deep.equal([seconds(15)])
    })

    it('and finds it by agent, desk and time', async () => {
      const { repository, seats } = await open()
      const facts = [taken(1, 'anna', ONE), taken(2, 'Anna', ONE), taken(3, 'anna', TWO)] as const
      await repository.apply(SOURCE, journalled([...facts, left(facts[0], 15), left(facts[1], 25)]))
      const found = async (filter: Partial<Parameters<SeatHistory['seats']>[0]>, first = 10): Promise<readonly number[]> => (await seats.seats({ ...EVERY, ...filter }, first)).map(({ id }) => Number(id.at(-1)))
      expect(await found({ agent: 'anna' })).to.deep.equal([3, 1])
      expect(await found({ desk: ONE })).to.deep.equal([2, 1])
      expect(await found({ from: seconds(20) })).to.deep.equal([3, 2])
      expect(await found({ to: seconds(20) })).to.deep.equal([1])
      expect(await found({ from: seconds(16), to: seconds(30) })).to.deep.equal([2])
      expect(await found({}, 1)).to.deep.equal([3])
    })
  })
}
