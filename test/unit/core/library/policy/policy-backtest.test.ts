import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { Requester, Role } from '../../../../../core/domain/actor.ts'
import { BACKTEST_TIME_MS, type BacktestAnswer, MAX_BACKTEST_RECORDINGS } from '../../../../../core/library/policy/policy-backtest.ts'
import type { HistoryReport } from '../../../../../core/library/policy/policy-history.ts'
import { ANY_RECORDING } from '../../../../../core/ports/recording-repository.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { LibraryBench } from '../library-bench.ts'

const WAITING = new AbortController().signal
const KEYS = 'attachedData: { keys: { customerId: {}, CONTRACT_VALUE: {}, CASE_NOTE: {} } }\n'

async function somebody(bench: LibraryBench, role: Role = 'administrator'): Promise<Requester> {
  return bench.library.authentication.authenticate(await bench.token(role), '192.0.2.1')
}

async function tried(bench: LibraryBench, text: string, signal = WAITING): Promise<BacktestAnswer> {
  return bench.library.policyBacktests.tryDraft(await somebody(bench), { text, filter: ANY_RECORDING }, signal)
}

function reportOf(answer: BacktestAnswer): HistoryReport {
  if (answer.outcome !== 'tried') throw new Error(JSON.stringify(answer.problems))
  return answer.report
}

/** Three calls a minute apart. */
async function history(): Promise<LibraryBench> {
  const bench = await LibraryBench.open()
  for (const customerId of ['1', '2', '3']) {
    await bench.stored({ attached: { customerId, CASE_NOTE: 'fraud' } })
    bench.pass(60_000)
  }
  return bench
}

describe('a draft that is tried over the API', () => {
  it('tells what it would change, and stands in the audit with who tried it', async () => {
    const bench = await history()
    const report = reportOf(await tried(bench, `${KEYS}rules: [{ name: second, when: { attached: { customerId: '2' } }, record: no, mandatory: true }, { name: rest, record: both }]`))
    expect(report).to.deep.include({ calls: 3, recordings: 3, cutBy: null })
    expect(report.changes).to.include({ 'not-recorded-now': 1 })
    expect(report.examples.map(({ after }) => after)).to.include('second')
    const entry = bench.audit.entries.at(-1)
    expect(entry).to.deep.include({ action: 'policy.backtested', outcome: 'ok', object: { type: 'policy', id: report.policyVersion } })
    expect(entry?.actor.type).to.equal('token')
    expect(entry?.details).to.include({ calls: 3, inForce: bench.rules.policy.version })
  })

  it('tells what is wrong with its text, with the places', async () => {
    const bench = await history()
    const answer = await tried(bench, 'rules:\n  - { name: a, record: sometimes }\n')
    expect(answer).to.have.nested.property('problems[0].position').that.deep.equals({ line: 2, column: 24 })
    expect(bench.audited()).not.to.include('policy.backtested')
  })

  it('is refused when it looks at data that its author may not see, by whatever name', async () => {
    const bench = await history()
    const looks = [
      'never: [{ name: a, when: { attached: { CASE_NOTE: fraud } } }]',
      'rules: [{ name: a, when: { not: { attached: { CASE_NOTE: { glob: "f*" } } } }, record: both }]',
      'rules: [{ name: a, when: { agent: fraud }, record: both }]',
      'rules: [{ name: a, atMost: 1 per businessUnit per day, record: both }]',
    ]
    const facts = ['', '', 'attachedData: { facts: { agent: CASE_NOTE } }\n', 'attachedData: { facts: { businessUnit: CASE_NOTE } }\n']
    for (const [index, rules] of looks.entries()) {
      const { message } = await expectCode(tried(bench, `${facts[index] === '' ? KEYS : facts[index] ?? ''}${rules}`), 'FORBIDDEN')
      expect(message, rules).to.match(/CASE_NOTE|agent|businessUnit/).and.not.to.include('fraud')
    }
  })

  it('learns nothing of data whose key has left the list', async () => {
    const bench = await LibraryBench.open()
    await bench.stored({ attached: { LEFT: 'secret' } })
    const report = reportOf(await tried(bench, 'attachedData: { keys: { LEFT: {} } }\nrules: [{ name: fits, when: { attached: { LEFT: secret } }, record: both }, { name: else, record: both }]'))
    expect(report.rules.filter(({ after }) => after > 0).map(({ rule }) => rule)).to.deep.equal(['else'])
  })

  it('is for those who manage policies', async () => {
    const bench = await history()
    for (const role of ['supervisor', 'integrator', 'compliance-officer'] as const) {
      await expectCode(bench.library.policyBacktests.tryDraft(await somebody(bench, role), { text: 'rules: []', filter: ANY_RECORDING }, WAITING), 'FORBIDDEN')
    }
    expect(bench.audited().filter((action) => action === 'policy.backtested refused')).to.have.length(3)
  })

  it('is tried one at a time', async () => {
    const bench = await history()
    const requester = await somebody(bench)
    const both = await Promise.allSettled([1, 2].map(() => bench.library.policyBacktests.tryDraft(requester, { text: 'rules: []', filter: ANY_RECORDING }, WAITING)))
    expect(both.map(({ status }) => status).sort()).to.deep.equal(['fulfilled', 'rejected'])
    expect(both.find((each) => each.status === 'rejected')?.reason).to.include({ code: 'RATE_LIMITED' })
    reportOf(await tried(bench, 'rules: []'))
  })

  it('reads no more than it may, the newest first, and says so', async () => {
    const bench = await history()
    const { recordings } = await bench.repository.search({ filter: ANY_RECORDING, scope: { type: 'all' }, first: 1, before: null })
    const asked: number[] = []
    bench.repository.search = async ({ first }) => {
      asked.push(first)
      return await Promise.resolve({ recordings: Array.from({ length: first }, () => recordings).flat(), hasMore: true })
    }
    expect(reportOf(await tried(bench, 'rules: []'))).to.deep.include({ recordings: MAX_BACKTEST_RECORDINGS, cutBy: 'recordings' })
    expect(Math.max(...asked)).to.be.at.most(200)
  })

  it('takes no more time than it may, and says so', async () => {
    const bench = await history()
    const search = bench.repository.search.bind(bench.repository)
    bench.repository.search = async (request) => {
      bench.pass(BACKTEST_TIME_MS / 4)
      return { ...await search({ ...request, first: 1 }), hasMore: true }
    }
    expect(reportOf(await tried(bench, 'rules: []'))).to.deep.include({ recordings: 2, calls: 2, cutBy: 'time' })
  })

  it('ends when nobody waits for it any more', async () => {
    const bench = await history()
    expect(reportOf(await tried(bench, 'rules: []', AbortSignal.abort()))).to.deep.include({ calls: 0, cutBy: 'time', fromAt: null, toAt: null })
  })

  it('shows nothing while the audit cannot be written', async () => {
    const bench = await history()
    const requester = await somebody(bench)
    bench.audit.unavailable = true
    await expectCode(bench.library.policyBacktests.tryDraft(requester, { text: 'rules: []', filter: ANY_RECORDING }, WAITING), 'AUDIT_UNAVAILABLE')
  })
})
