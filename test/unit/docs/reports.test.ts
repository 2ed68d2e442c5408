import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { REPORT_TEMPLATES, TEMPLATES } from '../../../core/domain/reports/report-templates.ts'
import { MOST_ROWS } from '../../../core/library/search/reports.ts'

const PAGE = join(import.meta.dirname, '../../../docs/reports.md')

describe('the page about reports', () => {
  it('has every template with its columns, their units and meanings', async () => {
    const page = await readFile(PAGE, 'utf8')
    const sections = page.split('\n### ').slice(1)
    expect(sections.map((section) => /^`(.*)`/.exec(section)?.[1])).to.deep.equal(REPORT_TEMPLATES)
    for (const [index, template] of REPORT_TEMPLATES.entries()) {
      const { title, means, subject, columns } = TEMPLATES[template]
      expect(sections[index]?.split('\n')[1], template).to.equal(`${title}. ${means}${subject === 'audit' ? ' Needs `read-audit`.' : ''}`)
      const table = (sections[index] ?? '').split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()))
      expect(table.slice(2), template).to.deep.equal(columns.map(({ name, unit, means: told }) => [`\`${name}\``, unit, told]))
    }
  })

  it('tells how long a report is at most', async () => {
    expect(await readFile(PAGE, 'utf8')).to.include(`At most ${MOST_ROWS} rows`)
  })
})
