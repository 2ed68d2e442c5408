import { expect } from 'chai'
import { describe, it } from 'mocha'
import { changesOnly, type Headers, wholeMessages } from '../../../../support/simulated/leg-changes.ts'

const TOLD: readonly Headers[] = [
  { 'Event-Name': 'CHANNEL_CREATE', 'Unique-ID': 'a', 'Answer-State': 'ringing', 'variable_record': 'source' },
  { 'Event-Name': 'CHANNEL_CREATE', 'Unique-ID': 'b', 'Answer-State': 'ringing' },
  { 'Event-Name': 'CHANNEL_ANSWER', 'Unique-ID': 'a', 'Answer-State': 'answered' },
  { 'Event-Name': 'CHANNEL_ANSWER', 'Unique-ID': 'a', 'Answer-State': 'answered', 'variable_record': 'source' },
]

describe('what a capture keeps of the messages of a leg', () => {
  it('is what is new in each, and what is gone', () => {
    expect(TOLD.map(changesOnly())[2]).to.deep.equal({ 'Event-Name': 'CHANNEL_ANSWER', 'Unique-ID': 'a', 'Answer-State': 'answered', '-': ['variable_record'] })
  })

  it('gives back each message as it was', () => {
    expect(TOLD.map(changesOnly()).map(wholeMessages())).to.deep.equal(TOLD)
  })
})
