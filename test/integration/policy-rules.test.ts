import { createSecretKey } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { toneWithChirps } from '../../adapters/phone/audio-source.ts'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { parseInteractionId } from '../../core/domain/ids.ts'
import { bucketOf } from '../../core/domain/rules/draw.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'

const CUSTOMER_HZ = 440
const AGENT_HZ = 1000
const TALK_MS = 1500
const SAMPLING_KEY = 'a key for the draws of this test alone'
const PERCENT = 50
const CARD = '4111111111111111'
const POLICY = `
timeZone: Europe/Berlin
sampling: { keyFile: sampling.key }
attachedData:
  keys: { NOTE: {}, PIN: { store: never } }
never:
  - name: occupational-health
    when: { queue: doctor }
rules:
  - name: compliance
    when: { queue: complaints, direction: inbound, caller: { prefix: cust } }
    mandatory: true
    record: source
    pause: forbidden
    labels: [complaint]
    partitions: [/compliance]
  - name: sample
    when: { queue: orders }
    percent: ${PERCENT}
    record: destination
`
const route = (number: string, queue: string, record: string): string => `
exten => ${number},1,Set(QUEUE=${queue})
 same => n,Set(record=${record})
 same => n,Set(NOTE=card ${CARD})
 same => n,Set(PIN=8642)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent,20)
 same => n,Hangup()`
const EXTENSIONS = `
[from-customer]${route('100', 'complaints', 'no')}${route('101', 'orders', '')}${route('102', 'doctor', 'source')}
[from-agent]
`

describe('a policy file on a real Asterisk', () => {
  let bench: LabBench
  let directory: string
  let policyFile: string
  const recordings = new Map<string, DemoRecording>()

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-policy-'))
    policyFile = join(directory, 'policy.yaml')
    await writeFile(policyFile, POLICY)
    await writeFile(join(directory, 'sampling.key'), SAMPLING_KEY)
    bench = await LabBench.open({
      extensions: EXTENSIONS, phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent', context: 'from-agent' }],
      attachedKeys: ['NOTE', 'PIN', 'QUEUE'], settings: { policyFile, attachedData: {} },
    })
    for (const number of ['100', '101', '102']) await call(number)
    for (const recording of await bench.settled(3)) recordings.set(recording.dialled ?? '', recording)
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  async function call(number: string): Promise<void> {
    await using customerPhone = await bench.phone('customer', toneWithChirps(CUSTOMER_HZ))
    await using agentPhone = await bench.phone('agent', toneWithChirps(AGENT_HZ))
    await agentPhone.register()
    const customer = await customerPhone.call(number)
    const agent = await agentPhone.incoming()
    await agent.answer()
    await customer.answered()
    if (number === '100') expect(await bench.control('pause', 'customer')).to.match(/rule/)
    await until(() => expect(agent.sentSamples / SAMPLES_PER_MS).to.be.above(TALK_MS), { withinMs: 20_000 })
    await customer.hangUp()
    await agent.ended()
  }

  const of = (number: string): DemoRecording => {
    const recording = recordings.get(number)
    if (recording === undefined) throw new Error(`no recording of ${number}`)
    return recording
  }

  it('records by a rule that overrules the dialplan, and lets nobody pause', () => {
    expect(of('100')).to.deep.include({ state: 'STORED', side: 'SOURCE', rule: 'compliance', partitions: ['/compliance'] })
  })

  it('draws a share of the calls by lot, which can be drawn again afterwards', () => {
    const { interactionId, rule, state, side } = of('101')
    const drawn = bucketOf(createSecretKey(Buffer.from(SAMPLING_KEY)), parseInteractionId(interactionId), 'sample') * 100 < PERCENT
    expect({ rule, state, side }).to.deep.equal(drawn
      ? { rule: 'sample', state: 'STORED', side: 'DESTINATION' }
      : { rule: 'dialplan-request', state: 'NOT_RECORDED', side: 'SOURCE' })
  })

  it('records nothing that is never recorded, whatever the dialplan asks for', () => {
    expect(of('102')).to.include({ state: 'NOT_RECORDED', reason: 'NOT_WANTED', rule: 'occupational-health' })
  })

  it('tells rule by rule why, at the console', async () => {
    const told = await bench.command('policy', 'explain', '--recording', of('102').id)
    expect(told).to.match(/^not recorded: rule occupational-health, over the dialplan, which asks for source$/m)
    expect(told).to.match(/^ {2}✓ never occupational-health: decides$/m).and.to.match(/not asked any more: compliance, sample/)
    const report = JSON.parse(await bench.command('policy', 'backtest', policyFile, '--json')) as { readonly calls: number; readonly changes: Readonly<Record<string, number>> }
    expect(report).to.deep.include({ calls: 3 })
    expect(report.changes['same'], 'by the same rules nothing changes').to.equal(3)
  })

  it('is read again at SIGHUP: refused with faults, and else in force for the next call', async () => {
    const hup = async (text: string, word: string): Promise<void> => {
      await writeFile(policyFile, text)
      const before = (await readFile(bench.holdfast.logFile, 'utf8')).length
      process.kill(bench.holdfast.pid, 'SIGHUP')
      await until(async () => expect((await readFile(bench.holdfast.logFile, 'utf8')).slice(before)).to.include(word), { withinMs: 5000 })
    }
    await hup('rules: [{ name: broken, record: sometimes }]', 'policy refused')
    await call('102')
    await hup('rules: [{ name: everything, record: both, mandatory: true }]', 'policy in force')
    await call('102')
    const rules = (await bench.settled(6)).filter(({ dialled }) => dialled === '102').map(({ rule, side, state }) => [rule, side, state])
    expect(rules).to.deep.equal([
      ['occupational-health', 'SOURCE', 'NOT_RECORDED'], ['occupational-health', 'SOURCE', 'NOT_RECORDED'], ['everything', 'SOURCE', 'STORED'], ['everything', 'DESTINATION', 'STORED'],
    ])
  })

  it('keeps what is attached as the policy allows it', () => {
    for (const { attachedData } of recordings.values()) {
      expect(attachedData).to.include({ NOTE: 'card ****1111' })
      expect(attachedData).not.to.have.property('PIN')
    }
  })
})
