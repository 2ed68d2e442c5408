import { expect } from 'chai'
import { describe, it } from 'mocha'
import { type Desk, formatDesk } from '../../../../core/domain/desk.ts'
import { parsePbxId, parseSeatId } from '../../../../core/domain/ids.ts'
import { desksOf, endedBy, type Seat, type SeatSource, sitterAt } from '../../../../core/domain/seat.ts'

const ONE = desk('PJSIP/200')
const TWO = desk('PJSIP/201')

function desk(endpoint: string): Desk {
  return { pbxId: parsePbxId('main'), endpoint }
}

let count = 0

/** Each later than the one before. */
function seat(agent: string, at: Desk, source: SeatSource): Seat {
  count += 1
  return { id: parseSeatId(`00000000-0000-4000-8000-${String(count).padStart(12, '0')}`), agent, desk: at, source, fromAt: new Date(1_700_000_000_000 + count * 1000) }
}

describe('who sits where', () => {
  it('is nobody, where nobody has said so', () => {
    expect(sitterAt([], ONE)).to.equal(null)
    expect(sitterAt([seat('anna', TWO, 'sign-in')], ONE)).to.equal(null)
    expect(desksOf([], 'anna')).to.deep.equal([])
  })

  it('is whom a sign-in names before whom the PBX knows there, and that before the name in a queue', () => {
    const signedIn = seat('anna', ONE, 'sign-in')
    const loggedIn = seat('bert', ONE, 'pbx-login')
    const called = seat('clara', ONE, 'queue')
    expect(sitterAt([signedIn, loggedIn, called], ONE)).to.equal('anna')
    expect(sitterAt([called, loggedIn], ONE)).to.equal('bert')
    expect(sitterAt([called], ONE)).to.equal('clara')
  })

  it('is the newest of one source', () => {
    expect(sitterAt([seat('anna', ONE, 'queue'), seat('bert', ONE, 'queue')], ONE)).to.equal('bert')
  })

  it('is not somebody of whom a stronger source says that she is elsewhere', () => {
    const open = [seat('anna', ONE, 'queue'), seat('anna', TWO, 'sign-in')]
    expect(sitterAt(open, ONE)).to.equal(null)
    expect(desksOf(open, 'anna').map(formatDesk)).to.deep.equal(['main:PJSIP/201'])
    expect(sitterAt([...open, seat('bert', ONE, 'queue')], ONE)).to.equal('bert')
  })

  it('may be one person at two telephones of one source, and each is told once', () => {
    const open = [seat('anna', ONE, 'queue'), seat('anna', TWO, 'queue'), seat('anna', ONE, 'pbx-login')]
    expect(desksOf(open.slice(0, 2), 'anna')).to.deep.equal([ONE, TWO])
    expect(desksOf(open, 'anna')).to.deep.equal([ONE])
  })

  it('says nothing of a telephone of the same name at another PBX', () => {
    expect(sitterAt([seat('anna', { ...ONE, pbxId: parsePbxId('branch') }, 'sign-in')], ONE)).to.equal(null)
  })
})

describe('what a new word about a desk ends', () => {
  it('is the stay of whoever was there by the same source', () => {
    const bert = seat('bert', ONE, 'sign-in')
    const other = seat('bert', ONE, 'queue')
    expect(endedBy([bert, other], { agent: 'anna', desk: ONE, source: 'sign-in' })).to.deep.equal([bert])
  })

  it('is the sign-in of the same person elsewhere, but no login and no place in a queue', () => {
    const open = (['sign-in', 'pbx-login', 'queue'] as const).map((source) => seat('anna', ONE, source))
    expect(endedBy(open, { agent: 'anna', desk: TWO, source: 'sign-in' })).to.deep.equal([open[0]])
    expect(endedBy(open, { agent: 'anna', desk: TWO, source: 'queue' })).to.deep.equal([])
  })

  it('is nothing when she is there already', () => {
    expect(endedBy([seat('anna', ONE, 'sign-in')], { agent: 'anna', desk: ONE, source: 'sign-in' })).to.deep.equal([])
  })
})
