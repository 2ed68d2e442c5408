import { expect } from 'chai'
import { describe, it } from 'mocha'
import { announcementOutcomeOf, directionOf, entryOf } from '../../../../adapters/wire/pbx-words.ts'
import { ANNOUNCEMENT_OUTCOMES, DIRECTIONS } from '../../../../core/domain/call.ts'

const STRANGE = [null, '', 'Inbound', 'inbound ', 'toString', '__proto__']

describe('a word from a PBX', () => {
  it('is a direction where it is one of ours, letter by letter', () => {
    expect(DIRECTIONS.map(directionOf)).to.deep.equal([...DIRECTIONS])
    expect(STRANGE.map(directionOf)).to.deep.equal(STRANGE.map(() => null))
  })

  it('is the outcome of an announcement where it is one of ours, letter by letter', () => {
    expect(ANNOUNCEMENT_OUTCOMES.map(announcementOutcomeOf)).to.deep.equal([...ANNOUNCEMENT_OUTCOMES])
    expect(STRANGE.map(announcementOutcomeOf)).to.deep.equal(STRANGE.map(() => null))
  })

  it('finds what a table holds, and nothing that the table has inherited', () => {
    const table: Readonly<Record<string, number>> = { Hangup: 1 }
    expect(['Hangup', 'hangup', 'toString', 'constructor', '__proto__'].map((word) => entryOf(table, word))).to.deep.equal([1, null, null, null, null])
  })
})
