import { expect } from 'chai'
import { describe, it } from 'mocha'
import { csvLine } from '../../../../core/domain/csv.ts'

describe('a line of CSV', () => {
  it('keeps cells apart, whatever is in them', () => {
    expect(csvLine(['a', 1, null, 'b,c', 'say "x"', 'two\r\nlines', ''])).to.equal('a,1,,"b,c","say ""x""","two\r\nlines",\r\n')
  })

  it('is nothing that a spreadsheet runs', () => {
    for (const cell of ['=1+1', '+491', '-2', '@SUM(A1)', '\t=1', '  =1', '|cmd']) expect(csvLine([cell]).startsWith(`'${cell}`), cell).to.equal(true)
    expect(csvLine(['\r=1'])).to.equal('"\'\r=1"\r\n')
    expect(csvLine([-2])).to.equal('-2\r\n')
    expect(csvLine(['a=1'])).to.equal('a=1\r\n')
  })
})
