import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../core/domain/errors.ts'
import { reportQuery } from '../../../graphql/report-route.ts'

describe('the query of a report over HTTP', () => {
  it('has the names of GraphQL', () => {
    expect(reportQuery(new URLSearchParams('template=pauses&from=2026-03-01T00:00Z&to=2026-04-01T00:00Z&zone=Europe/Berlin&format=csv'))).to.deep.equal({
      format: 'csv', asked: { template: 'pauses', from: new Date('2026-03-01T00:00Z'), to: new Date('2026-04-01T00:00Z'), zone: 'Europe/Berlin' },
    })
    expect(reportQuery(new URLSearchParams('template=pauses&from=2026-03-01&to=2026-04-01'))).to.deep.include({ format: 'html' }).and.have.nested.property('asked.zone', 'UTC')
  })

  it('is refused when a part of it is not understood', () => {
    const whole = 'template=pauses&from=2026-03-01&to=2026-04-01'
    for (const query of ['', 'template=pauses', `${whole}&from=2026-03-02`, `${whole}&format=xml`, `${whole}&agent=x`, whole.replace('pauses', 'calls'), whole.replace('2026-04-01', 'soon')]) {
      expect(() => reportQuery(new URLSearchParams(query)), query).to.throw(HoldfastError).with.property('code', 'FILTER_INVALID')
    }
  })
})
