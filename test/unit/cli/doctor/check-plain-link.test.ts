import { expect } from 'chai'
import { describe, it } from 'mocha'
import { checkPlainLink } from '../../../../cli/doctor/check-plain-link.ts'

describe('the examination of a link', () => {
  it('warns of one that goes over a network in clear, and of no other', () => {
    expect(checkPlainLink('pbx main: AMI', { host: '10.0.0.5', encrypted: false }).map(({ status }) => status)).to.deep.equal(['warn'])
    expect(checkPlainLink('pbx main: AMI', { host: '10.0.0.5', encrypted: true })).to.deep.equal([])
    expect(checkPlainLink('pbx main: AMI', { host: '127.0.0.1', encrypted: false })).to.deep.equal([])
  })
})
