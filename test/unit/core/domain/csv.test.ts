import { expect } from 'chai'
import { describe, it } from 'mocha'
import { csvLine } from '../../../../core/domain/csv.ts'

/** What a spreadsheet takes for a formula's first character. */
const BEGINNINGS = ['=', '+', '-', '@', '\t', '\r'] as const
/** As a Japanese keyboard writes them, in small form, and the minus of mathematics. */
const WIDE = ['\uff1d', '\uff0b', '\uff0d', '\uff20', '\uff5c', '\ufe66', '\ufe62', '\ufe63', '\ufe6b', '\u2212'] as const
/** What is not seen in front of it: controls, blanks, characters of no width, marks of direction, fillers. */
const UNSEEN = ['', '\0', '\u0001', '\u001b', '\u007f', '\u0085', ' ', '\n', '\u00a0', '\u00ad', '\u034f', '\u061c', '\u115f', '\u180e', '\u200b', '\u200d', '\u200e', '\u2028', '\u202e', '\u2060', '\u2066', '\u3000', '\u3164', '\ufe0f', '\ufeff', '\u{e0001}', ' \0\u200b '] as const

/** The cell as a reader of CSV has it. */
function readBack(line: string): string {
  const cell = line.slice(0, -2)
  return cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
}

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

  for (const begins of [...BEGINNINGS, ...WIDE]) {
    it(`is no formula that begins with ${JSON.stringify(begins)}, whatever unseen stands before it`, () => {
      for (const unseen of UNSEEN) {
        const cell = `${unseen}${begins}1+1`
        expect(readBack(csvLine([cell])), JSON.stringify(cell)).to.equal(`'${cell}`)
      }
    })
  }

  it('is left as it is where nothing runs', () => {
    for (const cell of ['', '\0', '\u200bAnna', ' anna@example.com', 'a\u200b=1', '\ufeff', '4930999']) expect(readBack(csvLine([cell])), JSON.stringify(cell)).to.equal(cell)
  })
})
