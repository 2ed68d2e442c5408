import { expect } from 'chai'
import { describe, it } from 'mocha'
import { pauseRefusal, type PauseTerms } from '../../../../../core/domain/rules/pause-terms.ts'

const TERMS: PauseTerms = { type: 'allowed', by: ['agent'], ways: ['api', 'dialplan'], maxDurationMs: 60_000, endsWith: ['transfer'] }

describe('the terms of pauses', () => {
  it('refuse persons and ways that the rule does not name', () => {
    expect(pauseRefusal(TERMS, { way: 'api', by: 'agent' })).to.equal(null)
    expect(pauseRefusal(TERMS, { way: 'dialplan', by: null })).to.equal(null)
    expect(pauseRefusal(TERMS, { way: 'dtmf', by: 'agent' })).to.equal('way-not-allowed')
    expect(pauseRefusal(TERMS, { way: 'api', by: 'supervisor' })).to.equal('person-not-allowed')
    expect(pauseRefusal({ type: 'forbidden' }, { way: 'api', by: 'agent' })).to.equal('forbidden')
  })
})
