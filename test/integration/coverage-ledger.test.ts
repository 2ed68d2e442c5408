import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import type { CoverageCause } from '../../core/domain/coverage.ts'
import type { CoverageReport } from '../../core/library/search/coverage-report.ts'
import type { CoveredLeg } from '../../core/ports/coverage-ledger.ts'
import { AsteriskFlowBench } from '../support/asterisk-flow-bench.ts'
import { until } from '../support/hooks.ts'

const TALK_MS = 1100
/** The keeper looks every two seconds; a killed service's jobs have a lease of ten. */
const SETTLED_WITHIN_MS = 40_000
/** A file whose header was never completed is taken as it is after ten seconds without a write. */
const REPAIRED_WITHIN_MS = 60_000
/** What a cut costs when it is not disturbed, twice over: a frame without recorder, and two answers of the PBX. */
const CUT_MS = { least: 20, most: 300 }
/** What a machine without a free core costs a call; a word takes longer. */
const BUSY_MS = 200

const EXTENSIONS = `
[from-customer]
exten => _7XX,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound,fallback=none))
 same => n,Dial(PJSIP/a-\${EXTEN:1},30,tT)
 same => n,Hangup()
`

interface Settled {
  readonly coverage: { readonly legs: number; readonly settledLegs: number }
}

/** Of the line whose customer dials a route that does not record by itself. */
const WITHOUT_FALLBACK = '7'

describe('the coverage ledger, on a real Asterisk', () => {
  let bench: AsteriskFlowBench
  let administrator: string

  before(async () => {
    bench = await AsteriskFlowBench.open({ extensions: EXTENSIONS, as: 'mortal' })
    administrator = await bench.lab.token('administrator')
  })
  after(() => bench[Symbol.asyncDispose]())

  it('has nothing missing of a call that nothing disturbed, and says so', async () => {
    await using flow = await bench.flow()
    const { customer, a } = await flow.begin('source')
    await flow.talk(a, TALK_MS)
    await customer.hangUp()
    const { totals, worst } = await report(flow.since, 1)
    expect(totals).to.include({ legs: 1, settledLegs: 1, gapLegs: 0 })
    expect(totals.wantedMs).to.be.above(TALK_MS - BUSY_MS)
    expectOnly(worst, [])
  })

  it('names what a change of the other party costs: some tens of milliseconds', async () => {
    await using flow = await bench.flow({ rtp: 'behind' })
    const { customer, a } = await flow.begin('source')
    await flow.talk(a, TALK_MS)
    const transferred = a.transferBlind(flow.number('b'))
    const b = await flow.answer('b')
    await transferred
    await flow.talk(b, TALK_MS)
    await customer.hangUp()
    const { totals, worst } = await report(flow.since, 1)
    const cost = totals.missing.find(({ cause }) => cause === 'peer-change')
    expect(cost?.milliseconds, JSON.stringify(totals)).to.be.within(CUT_MS.least, CUT_MS.most)
    expectOnly(worst, ['peer-change'])
  })

  it('names a recorder that the PBX refuses, also when nobody saw it run', async () => {
    await using flow = await bench.flow()
    await bench.lab.lab.asterisk.cli('module unload app_mixmonitor.so')
    const customer = await flow.phone('customer').call(`${WITHOUT_FALLBACK}${flow.line}`)
    const a = await flow.answer('a')
    await flow.talk(a, TALK_MS)
    await customer.hangUp()
    await bench.lab.lab.asterisk.cli('module load app_mixmonitor.so')
    const { totals, worst } = await report(flow.since, 1)
    expect(totals.coveredMs).to.equal(0)
    expect(totals.gapLegs).to.equal(1)
    expectOnly(worst, ['recorder-refused'])
  })

  it('names what is missing when the service is killed before its recorder runs and the dialplan may not record by itself', async () => {
    await using flow = await bench.flow()
    const { death } = await bench.lab.holdfast.diesAt({ when: 'after', of: 'recording-requested', afterMs: 0 })
    const customer = await flow.phone('customer').call(`${WITHOUT_FALLBACK}${flow.line}`)
    const a = await flow.answer('a')
    await death
    await flow.talk(a, TALK_MS)
    await bench.lab.start()
    await flow.talk(a, TALK_MS)
    await customer.hangUp()
    const { totals, worst, windows } = await report(flow.since, 1)
    expectOnly(worst, ['restart'])
    expect(totals.missingMs).to.be.above(TALK_MS)
    expect(totals.coveredMs).to.be.above(TALK_MS - BUSY_MS)
    expect(windows.map(({ because }) => because)).to.include('process-down')
  })

  for (const moment of [{ when: 'before', of: 'expectation-opened' }, { when: 'after', of: 'expectation-opened' }, { when: 'before', of: 'expectation-closed' }] as const) {
    it(`has a call once, and whole, when the service is killed ${moment.when} ${moment.of}`, async () => {
      await using flow = await bench.flow()
      const { death } = await bench.lab.holdfast.diesAt({ ...moment, afterMs: 0 })
      const { customer, a } = await flow.begin('source')
      await flow.talk(a, TALK_MS)
      if (moment.of === 'expectation-closed') await customer.hangUp()
      await death
      await bench.lab.start()
      if (moment.of === 'expectation-opened') await customer.hangUp()
      const { totals, worst } = await report(flow.since, 1)
      expect(totals).to.include({ legs: 1, gapLegs: 0 })
      expect(totals.coveredMs).to.be.above(TALK_MS - BUSY_MS)
      expectOnly(worst, [])
    })
  }

  it('says of a call that began while nobody was there that it is not known', async () => {
    await using flow = await bench.flow()
    await bench.lab.holdfast.kill()
    const customer = await flow.phone('customer').call(`${WITHOUT_FALLBACK}${flow.line}`)
    const a = await flow.answer('a')
    await flow.talk(a, TALK_MS)
    await bench.lab.start()
    const { totals, windows } = await report(flow.since, 0)
    await customer.hangUp()
    expect(totals.legs).to.equal(0)
    expect(windows.at(-1)).to.include({ because: 'process-down', callsFound: 1 })
  })

  it('has a call that the dialplan recorded by itself, from the moment it began to record', async () => {
    await using flow = await bench.flow()
    await bench.lab.holdfast.kill()
    const { customer, a } = await flow.begin('source')
    await flow.talk(a, TALK_MS)
    await bench.lab.start()
    await flow.talk(a, TALK_MS)
    await customer.hangUp()
    const { totals, worst } = await report(flow.since, 1)
    expect(totals).to.include({ legs: 1, settledLegs: 1, gapLegs: 0 })
    expect(totals.coveredMs).to.be.above(TALK_MS)
    expectOnly(worst, [])
  })

  it('names a spool file that somebody removed', async () => {
    await using flow = await bench.flow()
    const { customer, a } = await flow.begin('source')
    await flow.talk(a, TALK_MS)
    const received = (await bench.lab.spool()).find((name) => name.endsWith('.rx.wav'))
    await rm(join(bench.lab.lab.recordingDirectory, 'holdfast', received ?? ''))
    await customer.hangUp()
    const { worst } = await report(flow.since, 1)
    expectOnly(worst, ['file-missing'])
    expect(worst[0]?.assessment.coveredMs).to.equal(0)
  })

  it('counts a pause as none', async () => {
    await using flow = await bench.flow()
    const { customer, a } = await flow.begin('source')
    await bench.lab.control('pause', customerNumber(flow.line))
    await flow.talk(a, TALK_MS)
    await bench.lab.control('resume', customerNumber(flow.line))
    await flow.talk(a, TALK_MS)
    await customer.hangUp()
    const { totals, worst } = await report(flow.since, 1)
    expect(totals.excused.find(({ excuse }) => excuse === 'paused')?.milliseconds).to.be.within(TALK_MS, 3 * TALK_MS)
    expectOnly(worst, [])
  })

  it('tells the same on the command line, over GraphQL, in the metrics and in the audit', async () => {
    const since = bench.lab.since
    const { totals } = await report(since, 0)
    const failure = await bench.lab.command('coverage', '--since', since.toISOString()).catch((error: { readonly stdout: string; readonly code: number }) => error)
    expect(failure).to.include({ code: 1 })
    expect((failure as { readonly stdout: string }).stdout).to.include('recorder-refused').and.to.include('file-missing').and.to.include('not observed from')
    const answer = await fetch(`${bench.lab.url}/graphql`, {
      method: 'POST', headers: { authorization: `Bearer ${administrator}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'query Q($since: DateTime!) { coverage(since: $since) { legs gapLegs wantedMs coveredMs missingMs missing { cause milliseconds } worst { missingMs gaps { cause excuse } } unobserved { because } } }', variables: { since } }),
    })
    const { data } = await answer.json() as { readonly data: { readonly coverage: { readonly legs: number; readonly missingMs: number } } }
    expect(data.coverage).to.include({ legs: totals.legs, missingMs: totals.missingMs })
    const metrics = await (await fetch(`${bench.lab.url}/metrics`, { headers: { authorization: `Bearer ${administrator}` } })).text()
    expect(metrics).to.match(/^holdfast_coverage_open_expectations\{pbx="[a-z]+",state="waiting"\} 0$/m)
    expect(metrics).to.match(/^holdfast_coverage_missing_seconds_total\{pbx="[a-z]+",cause="file-missing"\} [1-9]/m)
  })

  it('names what an Asterisk that dies takes with it', async () => {
    await using flow = await bench.flow()
    const { a } = await flow.begin('source')
    await flow.talk(a, 3 * TALK_MS)
    await bench.lab.lab.asterisk.kill('SIGKILL')
    await bench.lab.lab.asterisk.restart()
    const { totals, worst, windows } = await report(flow.since, 1, REPAIRED_WITHIN_MS)
    expectOnly(worst, ['pbx-died'])
    expect(totals.coveredMs).to.be.above(TALK_MS)
    expect(windows.at(-1)).to.include({ because: 'pbx-restarted' })
  })

  /** What the command line says when so many legs are settled and none is open. */
  async function report(since: Date, legs: number, withinMs = SETTLED_WITHIN_MS): Promise<CoverageReport> {
    // Asked of the service: a command is a process of its own, and one a second takes the PBX's processor.
    const client = new GraphqlClient(`${bench.lab.url}/graphql`, administrator)
    await until(async () => {
      const { coverage } = await client.request<Settled>('query Q($since: DateTime!) { coverage(since: $since) { legs settledLegs } }', { since })
      expect(coverage.settledLegs).to.equal(coverage.legs).and.to.be.at.least(legs)
    }, { withinMs, everyMs: 250 })
    return await until(async () => {
      const printed = await bench.lab.command('coverage', '--json', '--since', since.toISOString()).catch((error: { readonly stdout: string }) => error.stdout)
      const told = JSON.parse(printed) as CoverageReport
      expect(told.totals.settledLegs, printed).to.equal(told.totals.legs).and.to.be.at.least(legs)
      if (legs > 0) expect(told.totals.legs, printed).to.equal(legs)
      return told
    }, { withinMs, everyMs: 1000 })
  }
})

/** That nothing is missing but for these causes; a busy machine costs a call some frames, which are told, too. */
function expectOnly(worst: readonly CoveredLeg[], causes: readonly CoverageCause[]): void {
  const told = JSON.stringify(worst)
  const lost = worst.flatMap(({ assessment }) => assessment.gaps).filter(({ why }) => why !== 'paused' && why !== 'started-late')
  const heavy = lost.filter(({ why, beganAt, endedAt }) => why !== 'drift' || Date.parse(String(endedAt)) - Date.parse(String(beganAt)) > BUSY_MS)
  expect([...new Set(heavy.map(({ why }) => why))], told).to.have.members(causes)
}

function customerNumber(line: string): string {
  return `customer-${line}`
}
