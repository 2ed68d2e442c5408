import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { parseNodeName } from '../../core/domain/ids.ts'
import { AuditWriter } from '../../core/library/audit/audit-writer.ts'
import { Reports } from '../../core/library/search/reports.ts'
import { catalogueIn } from '../../core/store/catalogue.ts'
import { openSqliteDatabase } from '../../core/store/sql/sqlite-database.ts'
import { domOf, printedBy } from '../support/browser-print.ts'
import { BrowserPage, type Chromium, requireChromium } from '../support/browser-page.ts'
import { decisionWith } from '../support/decisions.ts'
import { temporaryDirectory } from '../support/hooks.ts'
import { idAt, journalled, requested } from '../support/recording-facts.ts'
import { LibraryBench } from '../unit/core/library/library-bench.ts'
import { ServerBench } from '../unit/graphql/server-bench.ts'

/** What would be asked for if any of them ran or loaded. */
const HOSTILE = [
  '<script>fetch("/ran-script")</script>', '"onmouseover="fetch(\'/ran-mouse\')" autofocus onfocus="fetch(\'/ran-focus\')', '<img src=/ran-image onerror=fetch("/ran-error")>',
  '</td></tr></table><link rel=stylesheet href=/ran-link>', '<style>@import "/ran-import"</style>', '</title></style><svg onload=fetch("/ran-svg")>', '<meta http-equiv=refresh content="0;url=/ran-refresh">',
  '<!-- ', ']]>', '&lt;b&gt;', 'right\u202Eto\u202Cleft', `long ${'<b x="'.repeat(680)}`, 'two\r\nlines', 'w'.repeat(4096),
] as const
/** A4 upright within its margins is 680 wide, and printed a little smaller than shown. */
const WINDOW_PIXELS = 800
/** Several sheets of paper. */
const PLAIN = 150
const NAMES: readonly string[] = [...HOSTILE, ...Array.from({ length: PLAIN }, (_, index) => `agent ${index}`)]

interface Opened {
  readonly url: string
  readonly asked: readonly string[]
}

/** The page of a report as the service sends it, opened without its token; and what else is asked of the same server. */
async function opened(template: string, policy: 'as sent' | 'without its policy', work: (given: Opened) => Promise<void>): Promise<void> {
  const bench = await LibraryBench.open()
  const database = await openSqliteDatabase({ file: join(await temporaryDirectory(), 'catalogue.db'), schema: 'catalogue', readers: 'shared' })
  const asked: string[] = []
  const web = createServer()
  try {
    const { repository, reports: source } = catalogueIn(database, { node: parseNodeName('node-1'), runtime: bench.runtime })
    await repository.apply({ node: parseNodeName('node-1'), journal: 'journal-1' }, journalled(NAMES.map((agent, second) => requested({ id: idAt(second), change: { agent, decision: decisionWith({ rule: agent }) } }))))
    await using server = await ServerBench.open({}, bench, { reports: new Reports({ source, audit: new AuditWriter({ audit: bench.audit, runtime: bench.runtime }), clock: bench.runtime.clock }) })
    const answer = await fetch(`${server.server.url}/reports?template=${template}&from=2026-03-01&to=2026-04-01`, { headers: { Authorization: `Bearer ${await bench.token('compliance-officer')}` } })
    expect(answer.status).to.equal(200)
    const [page, sent] = [await answer.text(), answer.headers.get('Content-Security-Policy') ?? '']
    expect(sent).to.contain("default-src 'none'")
    web.on('request', (request, response) => {
      asked.push(request.url ?? '')
      if (request.url !== '/report') response.writeHead(404).end()
      else response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...(policy === 'as sent' && { 'Content-Security-Policy': sent }) }).end(page)
    })
    web.listen(0, '127.0.0.1')
    await once(web, 'listening')
    await work({ url: `http://127.0.0.1:${(web.address() as AddressInfo).port}/report`, asked })
  } finally {
    web.closeAllConnections()
    web.close()
    await database.close()
  }
}

/** As it stands on the page: without what cannot be seen. */
function shown(name: string): string {
  return name.replace(/[\r\n\u202A-\u202E]/g, '\uFFFD').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

describe('the page of a report in a browser', function () {
  this.timeout(300_000)
  let chromium: Chromium

  before(async function () {
    chromium = await requireChromium(this)
  })

  for (const template of ['recordings-by-agent', 'recordings-by-rule'] as const) {
    for (const policy of ['as sent', 'without its policy'] as const) {
      it(`of ${template} with hostile names, ${policy}, runs nothing, asks for nothing and holds each row whole`, async () => {
        await opened(template, policy, async ({ url, asked }) => {
          const dom = await domOf(chromium, url)
          expect(asked.filter((path) => path !== '/favicon.ico')).to.deep.equal(['/report'])
          expect([...new Set([...dom.matchAll(/<([a-z0-9]+)/g)].map(([, tag = '']) => tag))].toSorted())
            .to.deep.equal(['body', 'caption', 'dd', 'dl', 'dt', 'h1', 'head', 'html', 'meta', 'p', 'style', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'title', 'tr'])
          const rows = [...(/<tbody>(.*)<\/tbody>/s.exec(dom)?.[1] ?? '').matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) => [...row.matchAll(/<td(?: class="figure")?>(.*?)<\/td>/gs)].map(([, cell]) => cell))
          expect(rows.map(([name]) => name)).to.have.members(NAMES.map(shown))
          for (const [, ...figures] of rows) expect(figures).to.deep.equal(['1', '1', '0', '0', '0', '0', '0:00:00', '0:00:00'])
        })
      })
    }
  }

  it('is no wider than its window where a name is 4 KB long without a blank, so that paper cuts no figure off', async function () {
    await using browser = await BrowserPage.open(this)
    await opened('recordings-by-agent', 'as sent', async ({ url }) => {
      const page = JSON.stringify(await (await fetch(url)).text()).replaceAll('<', '\\u003c')
      const width = await browser.run(`
        const frame = document.createElement('iframe')
        frame.width = ${WINDOW_PIXELS}
        frame.srcdoc = ${page}
        const loaded = new Promise((resolve) => frame.addEventListener('load', resolve))
        document.documentElement.append(frame)
        await loaded
        return frame.contentDocument.documentElement.scrollWidth`, Number)
      expect(width).to.be.within(WINDOW_PIXELS / 2, WINDOW_PIXELS)
    })
  })

  it('prints on several sheets, with every row', async () => {
    await opened('recordings-by-agent', 'as sent', async ({ url, asked }) => {
      const pdf = (await printedBy(chromium, url)).toString('latin1')
      expect(asked.filter((path) => path !== '/favicon.ico')).to.deep.equal(['/report'])
      expect(pdf.match(/\/Type \/Page\b/g)).to.have.length.above(3)
      // Beside the rows: the head, and the totals.
      expect(pdf.match(/\/S \/TR\b/g)).to.have.length(NAMES.length + 2)
    })
  })
})
