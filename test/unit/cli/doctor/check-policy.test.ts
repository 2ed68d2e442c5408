import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkPolicy } from '../../../../cli/doctor/check-policy.ts'

describe('the examination of the policy file', () => {
  it('is one failure for a file that is wrong, without the values in it', () => {
    const [check, ...others] = checkPolicy({ policyFile: '/etc/holdfast/policy.yaml', policyProblems: [{ path: 'rules[0].when', message: '"+4930123" is not allowed', position: { line: 7, column: 3 } }] })
    expect(others).to.deep.equal([])
    expect(check).to.include({ status: 'fail', advice: 'holdfast policy check /etc/holdfast/policy.yaml' })
    expect(check?.found).to.include('line 7').and.not.to.include('4930123')
  })

  it('is content with one that can be read, and silent where there is none', () => {
    expect(checkPolicy({ policyFile: '/etc/p.yaml', policyProblems: [] }).map(({ status }) => status)).to.deep.equal(['ok'])
    expect(checkPolicy({ policyFile: null, policyProblems: [] })).to.deep.equal([])
  })
})
