import { expect } from 'chai'
import { describe, it } from 'mocha'
import { MAX_PARTITIONS, parsePartition, parsePartitionList, partitionAncestors } from '../../../../core/domain/partition.ts'

describe('partitions', () => {
  it('are read from a comma list, once each, and the refused are counted', () => {
    expect(parsePartitionList('/sales, /support/gold,/sales,')).to.deep.equal({ partitions: ['/sales', '/support/gold'], refused: 0 })
    expect(parsePartitionList('/sales,sales,/a//b,/..,/a/../b')).to.deep.equal({ partitions: ['/sales'], refused: 4 })
    expect(parsePartitionList('')).to.deep.equal({ partitions: [], refused: 0 })
  })

  it('are the same in composed and decomposed letters', () => {
    expect(parsePartitionList('/Zu\u0308rich,/Z\u00FCrich').partitions).to.deep.equal(['/Z\u00FCrich'])
  })

  it('are at most so many that a stranger cannot flood the access table', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `/p${index}`).join(',')
    expect(parsePartitionList(many)).to.deep.include({ refused: 1000 - MAX_PARTITIONS })
  })

  it('are contained in all that stand above them', () => {
    expect(partitionAncestors('/support/gold/berlin')).to.deep.equal(['/support/gold/berlin', '/support/gold', '/support'])
  })

  it('are refused one by one with a reason', () => {
    for (const text of ['sales', '/', '/sales/', '/a/./b', '/\n', '/sales,/x']) expect(() => parsePartition(text), text).to.throw().and.include({ code: 'FILTER_INVALID' })
    expect(parsePartition(' /sales ')).to.equal('/sales')
  })
})
