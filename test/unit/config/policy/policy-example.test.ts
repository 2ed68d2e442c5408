import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { describe, it } from 'mocha'
import { policyJsonSchema } from '../../../../config/policy/policy-json-schema.ts'
import { checkPolicyFile, type LoadedPolicy } from '../../../../config/policy/read-policy.ts'
import { parseInteractionId, parsePbxId } from '../../../../core/domain/ids.ts'
import { admit } from '../../../../core/domain/rules/admit.ts'
import { decide } from '../../../../core/domain/rules/decide.ts'
import type { Decision } from '../../../../core/domain/rules/decision.ts'
import type { DecisionInput } from '../../../../core/domain/rules/decision-input.ts'
import { reevaluate } from '../../../../core/domain/rules/reevaluate.ts'

const EXAMPLE = new URL('../../../../config/policy.example.yaml', import.meta.url).pathname

function example(): LoadedPolicy {
  const result = checkPolicyFile(EXAMPLE)
  expect(result.outcome === 'invalid' ? result.problems : []).to.deep.equal([])
  if (result.outcome === 'invalid') throw new Error('the example is not valid')
  return result
}

const CALL: DecisionInput = {
  interactionId: parseInteractionId('pbx1-1'), occasion: 'route', at: new Date('2026-11-24T10:00:00Z'), attached: {}, caller: '+4930111', callee: '100', dialled: '100', extensions: [],
  direction: 'inbound', queue: null, agent: null, businessUnit: null, customerType: null, language: null, pbx: parsePbxId('pbx1'), site: null,
}

describe('the example of a policy', () => {
  const { policy, attached } = example()
  const of = (given: Partial<DecisionInput>): Decision => decide(policy, { ...CALL, ...given })

  it('decides as its comments say', () => {
    const nothing = { sides: [], outcome: 'do-not-record' }
    expect(of({ queue: 'occupational-health', attached: { record: 'source' } })).to.deep.include({ rule: 'occupational-health', ...nothing })
    expect(of({ extensions: ['2001', '2900'] })).to.deep.include({ rule: 'works-council', ...nothing })
    expect(of({ attached: { CONSENT_UNTIL: '2025-12-31', BUSINESS_UNIT: 'brokerage' } })).to.deep.include({ rule: 'consent-has-ended', ...nothing })
    expect(of({ attached: { BUSINESS_UNIT: 'brokerage-bonds', record: 'no' } })).to.deep.include({ rule: 'brokers-by-law', sides: ['source', 'destination'], pause: 'forbidden', partitions: ['/brokerage'] })
    expect(of({ extensions: ['2002'] })).to.deep.include({ rule: 'dispatch-desks', labels: ['dispatch'] })
    expect(of({ direction: 'outbound', dialled: '112' })).to.deep.include({ rule: 'emergency-call' })
    expect(of({ queue: 'orders', attached: { CONTRACT_VALUE: '5000' } })).to.deep.include({ rule: 'orders', sides: ['source'] })
    expect(of({ queue: 'orders', attached: { CONTRACT_VALUE: '4999.99', CUSTOMER_TYPE: 'gold' } })).to.deep.include({ rule: 'orders' })
    expect(of({ queue: 'complaints', caller: '+33140', at: new Date('2026-11-24T22:30:00Z') })).to.deep.include({ rule: 'night-complaints', sides: ['destination'] })
    expect(of({ queue: 'complaints', caller: '+4930', at: new Date('2026-11-24T22:30:00Z') })).to.deep.include({ rule: 'as-the-route-says' })
    expect(of({ attached: { record: 'destination', GRECORD_PARTITIONS: '/sales' } })).to.deep.include({ rule: 'as-the-route-says', sides: ['destination'], partitions: ['/sales'], labels: ['by-route'] })
    expect(of({})).to.deep.include({ rule: 'as-the-route-says', ...nothing })
  })

  it('samples the service centre once the agent is known, and never beyond the quota', () => {
    const call = { businessUnit: 'service', attached: { record: 'source' } }
    const before = of(call)
    expect(before).to.deep.include({ rule: 'service-not-drawn', outcome: 'do-not-record' })
    const account = '["quality-sample","agent","17","2026-W48"]'
    const at = (count: number): ReturnType<typeof reevaluate> => reevaluate(before, policy, { input: { ...CALL, ...call, agent: '17' }, counts: new Map([[account, count]]) })
    expect(at(2)).to.deep.include({ starts: ['source'] })
    expect(at(2).anew).to.deep.include({ rule: 'quality-sample', accounts: [account] })
    expect(at(8).starts).to.deep.equal([])
  })

  it('keeps card numbers out', () => {
    const value = '4111 1111 1111 1111'
    const outcome = (key: string): unknown => admit(attached, { key, value, source: 'dialplan' })
    expect(outcome('CARD_NUMBER')).to.deep.equal({ outcome: 'refused', reason: 'never-stored' })
    expect(outcome('CASE_NOTE')).to.deep.equal({ outcome: 'masked', value: '****1111', because: 'card-number' })
    expect(outcome('PAYMENT_STEP')).to.deep.include({ outcome: 'masked', because: 'key' })
    expect(outcome('CUSTOMER_ID')).to.deep.equal({ outcome: 'kept', value })
    expect(admit(attached, { key: 'REASON', value: 'x', source: 'sip-header' }).outcome).to.equal('kept')
  })
})

describe('the JSON Schema of policy files', () => {
  it('is fresh: docs/policy.schema.json (else run `node config/policy/write-schema.ts`)', () => {
    expect(readFileSync(new URL('../../../../docs/policy.schema.json', import.meta.url), 'utf8')).to.equal(policyJsonSchema())
  })

  it('describes every part of a file', () => {
    const bare: string[] = []
    const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
    const look = (node: unknown, path: string): void => {
      if (!isMap(node)) return
      const properties = isMap(node['properties']) ? Object.entries(node['properties']) : []
      // What is referred to is looked at where it stands.
      for (const [name, child] of properties) if (isMap(child) && !('description' in child) && !('$ref' in child)) bare.push(`${path}.${name}`)
      for (const [name, child] of Object.entries(node)) look(child, `${path}.${name}`)
    }
    look(JSON.parse(policyJsonSchema()), '')
    expect(bare).to.deep.equal([])
  })
})
