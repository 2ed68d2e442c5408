import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { idAt, requested, wholeLife } from '../../../support/recording-facts.ts'
import { bench, NO_FILTER } from './console-bench.ts'

const RANGE = ['--from', '2026-03-01', '--to', '2026-04-01', '--zone', 'Europe/Berlin']

describe('holdfast report', () => {
  it('shows figures, and the audit tells that they were read', async () => {
    await bench(async ({ holdfast, tell, store }) => {
      await tell(...wholeLife({ id: idAt(0) }), requested({ id: idAt(55_800), change: { agent: '=cmd' } }))
      const shown = await holdfast('report', 'recordings-by-agent', ...RANGE)
      expect(shown).to.deep.include({ code: 0, err: '' })
      expect(shown.out).to.match(/^Recordings by agent, from 2026-02-28T23:00:00.000Z to before 2026-03-31T22:00:00.000Z, days of Europe\/Berlin/)
      expect(shown.out).to.match(/agent A +1 +1 +0 +0 +0 +0 +0:00:09 +0:00:00/).and.to.match(/total +2 +2/)
      const [entry] = (await store.audit.read({ ...NO_FILTER, action: 'report.read' }, { first: 1, before: null })).entries
      expect(entry?.entry).to.deep.include({ outcome: 'ok', object: { type: 'report', id: 'recordings-by-agent' }, details: { from: '2026-02-28T23:00:00.000Z', to: '2026-03-31T22:00:00.000Z', zone: 'Europe/Berlin', rows: 2 } })
    })
  })

  it('prints CSV, JSON and a page, and writes a file for its owner alone', async () => {
    await bench(async ({ holdfast, tell, store }) => {
      await tell(requested({ id: idAt(0), change: { agent: '=cmd' } }))
      expect((await holdfast('report', 'recordings-by-agent', ...RANGE, '--csv')).out).to.match(/^agent,recordings,.*\n'=cmd,1,1,0,0,0,0,0,0\ntotal,1,1,0,0,0,0,0,0$/)
      expect(JSON.parse((await holdfast('report', 'recordings-by-agent', ...RANGE, '--json')).out)).to.deep.include({ template: 'recordings-by-agent', totals: [null, 1, 1, 0, 0, 0, 0, 0, 0], truncated: false })
      const file = join(await temporaryDirectory(), 'report.html')
      expect(await holdfast('report', 'recordings-by-agent', ...RANGE, '--html', '-o', file)).to.deep.include({ code: 0, out: '' })
      expect(await readFile(file, 'utf8')).to.match(/^<!doctype html>[^]*<td>=cmd<\/td>[^]*<\/html>\n$/)
      expect((await stat(file)).mode & 0o777).to.equal(0o600)
      expect(await holdfast('report', 'recordings-by-agent', ...RANGE, '--html', '-o', file), 'there already').to.deep.include({ code: 2 })
      const { entries } = await store.audit.read({ ...NO_FILTER, action: 'report.exported' }, { first: 9, before: null })
      expect(entries.map(({ entry: { details } }) => details['form'])).to.deep.equal(['html', 'html', 'json', 'csv'])
    })
  })

  it('refuses what it does not understand', async () => {
    await bench(async ({ holdfast }) => {
      expect((await holdfast('report', 'pauses', '--from', '2026-03-01', '--to', '2026-04-01', '--zone', 'Mars/Port')).err).to.include('--zone: a time zone by its name')
      expect((await holdfast('report', 'pauses', '--from', '1.3.2026', '--to', '2026-04-01')).err).to.include('--from: a day such as 2026-03-01')
      for (const words of [['calls', ...RANGE], ['pauses'], ['pauses', '--from', 'x', '--to', '2026-04-01'], ['pauses', ...RANGE, '--csv', '--html'], ['pauses', '--from', '2026-04-01', '--to', '2026-03-01']]) {
        expect((await holdfast('report', ...words)).code, words.join(' ')).to.equal(2)
      }
    })
  })
})
