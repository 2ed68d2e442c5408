import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { AriFacts } from '../../../../cli/doctor/ari-facts.ts'
import { checkAri } from '../../../../cli/doctor/check-ari.ts'

const GOOD: AriFacts = { status: 200, version: '22.10.1', buildOptions: '', runUser: null, mayDelete: true }

function statuses(facts: Partial<AriFacts>, spool: 'directory' | 'ari'): readonly string[] {
  return checkAri('main', { ...GOOD, ...facts }, spool).map(({ status }) => status)
}

describe('the examination of ARI', () => {
  it('finds nothing wrong with a login that works', () => {
    expect(statuses({}, 'ari')).to.deep.equal(['ok', 'ok'])
    expect(statuses({}, 'directory')).to.deep.equal(['ok'])
  })

  it('fails for a refused login, a missing interface and another server', () => {
    expect(statuses({ status: 401, version: null }, 'directory')).to.deep.equal(['fail'])
    expect(statuses({ status: 404, version: null }, 'directory')).to.deep.equal(['fail'])
    expect(statuses({ version: null }, 'directory')).to.deep.equal(['fail'])
  })

  it('fails for a user who may not delete, where recordings are fetched over it', () => {
    expect(statuses({ mayDelete: false }, 'ari')).to.deep.equal(['ok', 'fail'])
    expect(statuses({ mayDelete: false }, 'directory')).to.deep.equal(['ok'])
  })
})
