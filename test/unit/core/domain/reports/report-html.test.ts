import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Report } from '../../../../../core/domain/reports/report.ts'
import { reportCsv } from '../../../../../core/domain/reports/report-csv.ts'
import { duration, reportHtml } from '../../../../../core/domain/reports/report-html.ts'

const REPORT: Report = {
  template: 'recordings-by-agent', title: 'By <agent>', from: new Date('2026-03-01T23:00Z'), to: new Date('2026-03-31T22:00Z'), zone: 'Europe/Berlin',
  columns: [{ name: 'agent', unit: 'text', means: 'Who.' }, { name: 'recordings', unit: 'count', means: 'How many.' }, { name: 'talkMs', unit: 'milliseconds', means: 'How long.' }],
  rows: [[null, 1, 0], ['=HYPERLINK("http://x")', 2, 3_723_400], ['<script>alert(1)</script>\u202e"\'', 3, 1000]],
  totals: [null, 6, 3_724_400], generatedAt: new Date('2026-04-01T08:00Z'), truncated: true,
}

describe('a report that is written', () => {
  it('is CSV with names, rows and totals, and no cell of it is a formula', () => {
    expect(reportCsv(REPORT)).to.equal([
      'agent,recordings,talkMs', ',1,0', '"\'=HYPERLINK(""http://x"")",2,3723400', '"<script>alert(1)</script>\u202e""\'",3,1000', 'total,6,3724400', '',
    ].join('\r\n'))
  })

  it('is a page that runs and loads nothing, with the times of its zone', () => {
    const page = reportHtml(REPORT)
    expect(page).to.contain('&lt;script&gt;alert(1)&lt;/script&gt;\uFFFD&quot;&#39;').and.not.match(/<script|https?:\/\/(?!x)|src=|href=|url\(|\son\w+=/)
    expect(page).to.contain('By &lt;agent&gt;').and.contain('From 2026-03-02 00:00 to before 2026-04-01 00:00, Europe/Berlin.')
    expect(page).to.contain('<td class="figure">1:02:03</td>').and.contain('<td>Total</td><td class="figure">6</td>')
    expect(page).to.contain('The first 3 rows only').and.contain('<th class="figure">talk (h:min:s)</th>')
    expect(reportHtml({ ...REPORT, truncated: false })).to.not.contain('rows only')
  })

  it('heads its columns in words, and explains them under the same', () => {
    const page = reportHtml({ ...REPORT, columns: [{ name: 'agent', unit: 'text', means: 'Who.' }, { name: 'notRecorded', unit: 'count', means: 'How many.' }, { name: 'talkMs', unit: 'milliseconds', means: 'How long.' }] })
    expect(page).to.contain('<th class="figure">not recorded</th><th class="figure">talk (h:min:s)</th>').and.contain('<dt>not recorded</dt><dd>How many.</dd>\n<dt>talk</dt><dd>How long.</dd>')
  })

  it('tells durations as on a clock', () => {
    expect([0, 499, 500, 59_999, 360_000_000].map(duration)).to.deep.equal(['0:00:00', '0:00:00', '0:00:01', '0:01:00', '100:00:00'])
  })
})
