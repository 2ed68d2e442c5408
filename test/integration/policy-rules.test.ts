import { createSecretKey } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { toneWithChirps } from '../../adapters/phone/audio-source.ts'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { parseInteractionId } from '../../core/domain/ids.ts'
import { bucketOf } from '../../core/domain/rules/draw.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'

const CUSTOMER_HZ = 440
const AGENT_HZ = 1000
const SAMPLES_PER_MS = 8
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
  const recordings = new Map<string, DemoRecording>()

  before(async () => {
    const directory = await temporaryDirectory()
    const policyFile = join(directory, 'policy.yaml')
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

  it('keeps what is attached as the policy allows it', () => {
    for (const { attachedData } of recordings.values()) {
      expect(attachedData).to.include({ NOTE: 'card ****1111' })
      expect(attachedData).not.to.have.property('PIN')
    }
  })
})
