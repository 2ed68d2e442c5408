import { expect } from 'chai'
import { describe, it } from 'mocha'
import { conformancePage, releaseFaults, type TableHead, treesOf } from '../../../support/conformance/conformance-table.ts'
import { type MochaReport, playedIn } from '../../../support/conformance/outcomes.ts'

const TREES = { adapters: 'a'.repeat(40), 'core/capture': 'c'.repeat(40) }
const HEAD: TableHead = { at: new Date('2026-11-22T14:00:00.000Z'), versions: { Asterisk: '22.10.1', FreeSWITCH: '1.10.12-release' }, trees: TREES }

function test(suite: string, title: string): { readonly title: string; readonly fullTitle: string } {
  return { title, fullTitle: `${suite} ${title}` }
}

function report(part: Partial<MochaReport>): MochaReport {
  return { stats: { start: HEAD.at.toISOString() }, passes: [], failures: [], pending: [], ...part }
}

describe('the conformance table', () => {
  it('has one row for a flow of both switches, with its side', () => {
    const flow = 'held, source: what she hears is in it'
    const played = playedIn(report({ passes: [test('a call that waits, on a real Asterisk', flow), test('a call that waits, on a real FreeSWITCH', flow)] }))
    expect(conformancePage(HEAD, played, [])).to.contain('## a call that waits\n').and.to.contain(`| ${flow} | source | yes | yes |`)
  })

  it('shows a failure before all that went well', () => {
    const passed = test('a pause ends, on a real Asterisk,', 'by its limit')
    const played = playedIn(report({ passes: [passed], failures: [passed] }))
    expect(conformancePage(HEAD, played, [])).to.contain('| by its limit | – | **FAILED** | not exercised |').and.to.contain('- failed: 1')
  })

  it('says why a stand-in did not play a test', () => {
    const played = playedIn(report({ pending: [test('PbxAdapter: a replay of what Asterisk sent, over TCP the link', 'comes back [not played: it cannot die]')] }))
    expect(conformancePage(HEAD, played, [])).to.contain('## contract: the link\n').and.to.contain('| comes back | – | not played: it cannot die |')
  })

  it('says why a switch does not have what the other has', () => {
    const played = playedIn(report({ passes: [test('a queue with two agents, on a real Asterisk', 'source, rings both')] }))
    const page = conformancePage(HEAD, played, [{ place: 'FreeSWITCH', suite: 'a queue with two agents', flow: '', reason: 'it is not loaded' }])
    expect(page).to.contain('| source, rings both | source | yes | has none: it is not loaded |')
  })

  it('leaves out what tells of no switch', () => {
    expect(playedIn(report({ passes: [test('age', 'opens what it sealed')] }))).to.deep.equal([])
  })
})

describe('the check before a release', () => {
  const page = conformancePage(HEAD, [], [])

  it('passes a table of what is released', () => {
    expect([...treesOf(page)]).to.deep.equal(Object.entries(TREES))
    expect(releaseFaults(page, TREES)).to.deep.equal([])
  })

  it('refuses a table that is older than the adapters, or than capture', () => {
    expect(releaseFaults(page, { ...TREES, adapters: 'b'.repeat(40) })).to.deep.equal(['adapters has changed since the table was made'])
    expect(releaseFaults(page, { ...TREES, 'core/capture': 'b'.repeat(40) })).to.deep.equal(['core/capture has changed since the table was made'])
  })

  it('refuses a table of failures, of one switch alone, or none at all', () => {
    const failed = conformancePage(HEAD, playedIn(report({ failures: [test('calls, on a real Asterisk', 'x')] })), [])
    expect(releaseFaults(failed, TREES)).to.deep.equal(['the table tells of 1 failures'])
    expect(releaseFaults(conformancePage({ ...HEAD, versions: { Asterisk: '22.10.1' } }, [], []), TREES)).to.deep.equal(['real FreeSWITCH was not exercised'])
    expect(releaseFaults('', TREES)).to.have.length(5)
  })
})
