import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseInteractionId, parsePbxId } from '../../../../../core/domain/ids.ts'
import { decide } from '../../../../../core/domain/rules/decide.ts'
import { decisionOfStored } from '../../../../../core/domain/rules/stored-decision.ts'
import { AT, inputWith, keyIs, policyWith } from './rule-samples.ts'

const RECORDING = { interactionId: parseInteractionId('pbx1-1'), requestedAt: AT, direction: 'inbound', pbxId: parsePbxId('pbx1'), site: 'head office', queue: 'sales', agent: '17' } as const

describe('stored decisions', () => {
  const policy = policyWith({ rules: [{ name: 'sample', percent: 50, atMost: { calls: 3, per: 'everyone', period: 'day' } }, { name: 'gold', when: keyIs('T', 'gold') }] })

  it('come back from JSON as they were, and can be made again', () => {
    for (const id of ['pbx1-1', 'pbx1-2', 'pbx1-3', 'pbx1-4']) {
      const decision = decide(policy, inputWith({ interactionId: id, attached: { T: 'gold', WHEN: '2026-11-22T09:05:00.000Z' } }))
      const back = decisionOfStored(JSON.stringify(decision), RECORDING)
      expect(back).to.deep.equal(decision)
      expect(decide(policy, back.input)).to.deep.equal(decision)
    }
  })

  it('of before rules could name a format leave it to the settings', () => {
    const decision = decide(policy, inputWith({ attached: { T: 'gold' } }))
    const { mediaFormat, ...terms } = decision.terms
    expect(mediaFormat).to.equal(null)
    expect(decisionOfStored(JSON.stringify({ ...decision, terms }), RECORDING)).to.deep.equal(decision)
  })

  it('of the first version are filled up from their recording', () => {
    const stored = { outcome: 'record', sides: ['source'], rule: 'gold', policyVersion: 'abc', partitions: ['/gold'], pause: 'forbidden', input: { attached: { record: 'destination' }, caller: '1', callee: '2' } }
    const decision = decisionOfStored(JSON.stringify(stored), RECORDING)
    expect(decision).to.deep.include({ rule: 'gold', policyVersion: 'abc', partitions: ['/gold'], pause: 'forbidden', decider: 'rule', asked: 'destination', sidesBy: 'rule', accounts: [] })
    expect(decision.terms.pause).to.deep.equal({ type: 'forbidden' })
    expect(decision.input).to.deep.include({ dialled: '2', at: AT, queue: 'sales', agent: '17', pbx: 'pbx1' })
    expect(decide(policy, decision.input).rule).to.be.a('string')
  })
})
