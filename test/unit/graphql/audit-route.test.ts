import { expect } from 'chai'
import { describe, it } from 'mocha'
import { auditQuery } from '../../../graphql/audit-route.ts'
import { HoldfastError } from '../../../core/domain/errors.ts'

describe('the query of an export of the audit', () => {
  it('has the names of the filter', () => {
    const { format, filter } = auditQuery(new URLSearchParams('format=csv&from=2026-03-01T00:00:00Z&action=playback.begun&action=playback.ended&customerId=C-1&objectType=recording&chain=node-1'))
    expect(format).to.equal('csv')
    expect(filter).to.deep.include({ from: new Date('2026-03-01T00:00:00Z'), to: null, actions: ['playback.begun', 'playback.ended'], customerId: 'C-1', objectType: 'recording', chain: 'node-1', number: null })
    expect(auditQuery(new URLSearchParams()).filter.actions).to.equal(null)
  })

  it('is refused when a part of it is not understood', () => {
    for (const query of ['format=xml', 'customer=C-1', 'from=yesterday', 'action=nothing', 'objectId=a&objectId=b', 'outcome=maybe', 'chain=../x', 'actorType=human']) {
      expect(() => auditQuery(new URLSearchParams(query)), query).to.throw(HoldfastError).with.property('code').that.is.oneOf(['FILTER_INVALID', 'MALFORMED_ID'])
    }
  })
})
