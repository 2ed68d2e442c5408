import { expect } from 'chai'
import { describe, it } from 'mocha'
import { policyOf, policySchema } from '../../../config/policy-settings.ts'
import { decide } from '../../../core/domain/policy.ts'

function policy(rules: readonly unknown[]): ReturnType<typeof policyOf> {
  return policyOf(policySchema.parse({ rules }))
}

const GOLD = { name: 'gold', when: { attached: { TYPE: 'gold', QUEUE: ['sales', 'vip'] }, callee: '100' }, record: 'both', partitions: ['/sales'] }

describe('the policy of the settings', () => {
  it('decides as its rules say', () => {
    const decision = decide(policy([{ name: 'never', when: { caller: ['1', '2'] }, record: 'no' }, GOLD]), { attached: { TYPE: 'gold', QUEUE: 'vip' }, caller: '3', callee: '100' })
    expect(decision).to.deep.include({ outcome: 'record', sides: ['source', 'destination'], rule: 'gold', partitions: ['/sales'], pause: 'allowed' })
    expect(decide(policy([{ name: 'never', when: { caller: ['1', '2'] }, record: 'no' }, GOLD]), { attached: {}, caller: '2', callee: '100' }).rule).to.equal('never')
  })

  it('has a version that follows what it says', () => {
    const { version } = policy([GOLD])
    expect(version).to.match(/^[0-9a-f]{64}$/)
    expect(policy([{ ...GOLD, when: { callee: '100', attached: { QUEUE: ['sales', 'vip'], TYPE: 'gold' } } }]).version, 'the order of keys means nothing').to.equal(version)
    for (const change of [{ name: 'other' }, { record: 'source' }, { partitions: [] }, { pause: 'forbidden' }, { when: {} }]) {
      expect(policy([{ ...GOLD, ...change }]).version).not.to.equal(version)
    }
    expect(policy([GOLD, { ...GOLD, name: 'second' }]).version).not.to.equal(policy([{ ...GOLD, name: 'second' }, GOLD]).version)
  })

  it('matches keys that a prototype has only when they are attached', () => {
    const odd = policy([{ name: 'odd', when: { attached: { constructor: 'x' } }, record: 'both' }])
    expect(odd.rules[0]?.when).to.deep.equal([{ type: 'equals', field: { type: 'attached', key: 'constructor' }, value: 'x' }])
    expect(decide(odd, { attached: {}, caller: null, callee: null }).rule).to.equal('dialplan-request')
  })
})
