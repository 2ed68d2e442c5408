import { expect } from 'chai'
import { describe, it } from 'mocha'
import { onDemandRefusal } from '../../../../../core/domain/rules/on-demand-terms.ts'

const SUPERVISORS = { type: 'allowed', by: ['supervisor'], ways: ['api'], maxDurationMs: null, endsWith: [] } as const

describe('the right to start and stop by hand', () => {
  it('is the rule\'s own, and of those whom it lets pause, by the ways of pauses', () => {
    const terms = { onDemand: ['stop'], pause: SUPERVISORS } as const
    expect(onDemandRefusal(terms, 'start', { way: 'api', by: 'supervisor' })).to.equal('forbidden')
    expect(onDemandRefusal(terms, 'stop', { way: 'dtmf', by: 'supervisor' })).to.equal('way-not-allowed')
    expect(onDemandRefusal(terms, 'stop', { way: 'api', by: 'agent' })).to.equal('person-not-allowed')
    expect(onDemandRefusal(terms, 'stop', { way: 'api', by: 'supervisor' })).to.equal(null)
    expect(onDemandRefusal(terms, 'stop', { way: null, by: null })).to.equal(null)
  })

  it('is anybody\'s who may control at all where the rule forbids pauses: it names nobody', () => {
    expect(onDemandRefusal({ onDemand: ['stop'], pause: { type: 'forbidden' } }, 'stop', { way: 'api', by: 'agent' })).to.equal(null)
  })
})
