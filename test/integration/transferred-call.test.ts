import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { tone } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'

const TONES = { customer: 440, a: 1000, b: 1700 }
const PITCH = { customer: TONES.customer, 'customer-2': TONES.customer, 'agent-a': TONES.a, 'agent-b': TONES.b, 'agent-c': 2300 } as const
const EXTENSIONS = `
[from-customer]
exten => 100,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-a,20)
 same => n,Hangup()
; 101: nobody answers at the first telephone; the second takes the call
exten => 101,1,Set(record=destination)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent-c,1)
 same => n,Dial(PJSIP/agent-b,20)
 same => n,Hangup()
[from-agent]
exten => 200,1,Dial(PJSIP/agent-b,20)
`

describe('a recorded call that is passed on, on a real Asterisk', () => {
  let bench: LabBench

  before(async () => {
    bench = await LabBench.open({ extensions: EXTENSIONS, attachedKeys: [], phones: [
      ...['customer', 'customer-2'].map((name) => ({ name, context: 'from-customer' })), ...['agent-a', 'agent-b', 'agent-c'].map((name) => ({ name, context: 'from-agent' })),
    ] })
  })

  after(async () => {
    await bench[Symbol.asyncDispose]()
  })

  /** Registered; its sound has RTP numbers that begin here: a newcomer's that lie behind the old party's are what Debian's Asterisk loses. */
  async function phone(name: keyof typeof PITCH, sequenceNumber: number): Promise<SipPhone> {
    const opened = await SipPhone.open({ name, proxy: bench.lab.asterisk.sipAddress, source: tone(PITCH[name]), sequenceNumber })
    if (name.startsWith('agent')) await opened.register()
    return opened
  }

  it('has the voice of the agent to whom it is passed, though her RTP numbers lie behind', async () => {
    const since = new Date()
    await using customer = await phone('customer', 1000)
    await using first = await phone('agent-a', 60_000)
    await using second = await phone('agent-b', 30_000)
    const call = await customer.call('100')
    const taken = await first.incoming()
    await taken.answer()
    await until(() => expect(taken.sentSamples).to.be.above(16_000), { withinMs: 10_000 })
    const transferred = taken.transferBlind('200')
    const passedOn = await second.incoming()
    await passedOn.answer()
    await transferred
    await until(() => expect(passedOn.sentSamples).to.be.above(20_000), { withinMs: 10_000 })
    await call.hangUp()
    await passedOn.ended()
    const [recording] = await bench.settled(1, { since })
    const { recorded, other } = await bench.channels(recording?.id ?? '')
    const spans = audioSpans(other, TONES)
    expect(heardMs(spans, 'a'), describeAudio(other, TONES)).to.be.above(1500)
    expect(heardMs(spans, 'b'), describeAudio(other, TONES)).to.be.above(2200)
    expect(heardMs(audioSpans(recorded, TONES), 'customer'), describeAudio(recorded, TONES)).to.be.above(4000)
    const { recording: told } = await bench.client.request<{ readonly recording: { readonly segments: readonly unknown[]; readonly parties: readonly { readonly side: string; readonly endpoint: string; readonly toAt: string | null }[] } }>(
      'query Q($id: ID!) { recording(id: $id) { segments { index } parties { side endpoint toAt } } }', { id: recording?.id })
    expect(told.segments, 'one cut').to.have.length(2)
    expect(told.parties.map(({ side, endpoint }) => `${side} ${endpoint}`)).to.include.members(['CUSTOMER PJSIP/customer', 'AGENT PJSIP/agent-a', 'AGENT PJSIP/agent-b'])
  })

  it('records the telephone that answers, after the first rang in vain', async () => {
    const since = new Date()
    await using customer = await phone('customer-2', 1000)
    await using silent = await phone('agent-c', 1000)
    await using answering = await phone('agent-b', 1000)
    const call = await customer.call('101')
    const unanswered = await silent.incoming()
    const taken = await answering.incoming()
    await taken.answer()
    await until(() => expect(taken.sentSamples).to.be.above(16_000), { withinMs: 10_000 })
    await call.hangUp()
    await taken.ended()
    await unanswered.ended()
    const recordings = await bench.settled(2, { since })
    expect(recordings.map(({ state, reason }) => `${state} ${reason ?? ''}`)).to.have.members(['NOT_RECORDED NEVER_ANSWERED', 'STORED HANGUP'])
    const { recorded } = await bench.channels(recordings.find(({ state }) => state === 'STORED')?.id ?? '')
    expect(heardMs(audioSpans(recorded, TONES), 'b'), describeAudio(recorded, TONES)).to.be.above(1500)
  })
})
