import { expect } from 'chai'
import { describe, it } from 'mocha'
import { parseNodeName } from '../../../../../core/domain/ids.ts'
import { explainRecording } from '../../../../../core/library/policy/policy-explain.ts'
import { backtestHistory } from '../../../../../core/library/policy/policy-history.ts'
import { ANY_RECORDING } from '../../../../../core/ports/recording-repository.ts'
import { CaptureBench } from '../../../../support/capture-bench.ts'
import { MemoryAuditLog } from '../../../../support/fakes/memory-audit-log.ts'
import { MemoryRecordingRepository } from '../../../../support/fakes/memory-recording-repository.ts'
import { keyIs, policyWith, SAMPLING_KEY } from '../../domain/rules/rule-samples.ts'

const OLD = policyWith({ rules: [{ name: 'gold', when: keyIs('CUSTOMER_TYPE', 'gold'), record: 'both' }, { name: 'few', atMost: { calls: 1, per: 'everyone', period: 'day' } }] })

/** Three calls under the old rules: of gold, on the quota, beyond it. */
async function history(): Promise<MemoryRecordingRepository> {
  const bench = await CaptureBench.open({ policy: OLD })
  for (const [name, type] of [['one', 'gold'], ['two', 'tin'], ['three', 'tin']] as const) {
    const customer = bench.pbx.after(1000).call(name)
    bench.pbx.asks(customer, { CUSTOMER_TYPE: type })
    const agent = bench.pbx.dials(customer, `agent-${name}`)
    bench.pbx.answers(agent)
    await bench.settled()
    bench.pbx.after(10_000).hangsUp(agent)
    bench.pbx.hangsUp(customer)
    await bench.settled()
  }
  const repository = new MemoryRecordingRepository({ audit: new MemoryAuditLog() })
  await repository.apply({ node: parseNodeName('node-1'), journal: 'journal-1' }, bench.journal.facts)
  return repository
}

describe('a draft tried on the calls of before', () => {
  it('changes nothing when it is what they were decided by, quotas included', async () => {
    const report = await backtestHistory(await history(), { draft: OLD, filter: ANY_RECORDING, scope: { type: 'all' }, sight: (data) => data })
    expect(report).to.deep.include({ calls: 3, recordings: 4, cutBy: null })
    expect(report.changes.same).to.equal(3)
    expect(report.before).to.deep.include({ calls: 2, durationMs: 30_000 })
    expect(report.after.durationMs).to.equal(30_000)
  })

  it('tells what it would change', async () => {
    const draft = policyWith({ never: [{ name: 'gold-never', when: keyIs('CUSTOMER_TYPE', 'gold') }], rules: [{ name: 'rest' }] })
    const { changes, after } = await backtestHistory(await history(), { draft, filter: ANY_RECORDING, scope: { type: 'all' }, sight: (data) => data })
    expect(changes).to.include({ 'not-recorded-now': 1, 'recorded-now': 1, 'rule-differs': 1 })
    expect(after.calls).to.equal(2)
  })
})

describe('why a call was recorded or not', () => {
  it('is told by the rules of then, from what was counted then', async () => {
    const repository = await history()
    const { recordings } = await repository.search({ filter: ANY_RECORDING, scope: { type: 'all' }, first: 10, before: null })
    const told = await Promise.all(recordings.map((recording) => explainRecording(repository, recording, { samplingKey: SAMPLING_KEY })))
    for (const [index, { decision }] of told.entries()) expect(decision).to.deep.equal(recordings[index]?.decision)
    const [last] = told
    expect(last?.rules.map(({ rule, part, verdict }) => [rule, part, verdict.type])).to.deep.equal([['gold', 'passed', 'conditions-unmet'], ['few', 'passed', 'quota-reached'], ['dialplan-request', 'decided', 'takes']])
  })

  it('is not made up for rules that are not kept', async () => {
    const repository = await history()
    const { recordings: [recording] } = await repository.search({ filter: ANY_RECORDING, scope: { type: 'all' }, first: 1, before: null })
    if (recording === undefined) throw new Error('a recording')
    const empty = new MemoryRecordingRepository({ audit: new MemoryAuditLog() })
    const refused = await explainRecording(empty, recording, { samplingKey: SAMPLING_KEY }).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'POLICY_INVALID' })
  })
})
