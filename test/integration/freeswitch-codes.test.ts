import { expect } from 'chai'
import { after, afterEach, before, describe, it } from 'mocha'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EslMessage } from '../../adapters/freeswitch/esl-message.ts'
import { pausesFromDump } from '../../adapters/freeswitch/pause-note.ts'
import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import type { NativePause } from '../../core/ports/pbx-event.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { readWav } from '../support/audio/read-wav.ts'
import { FreeSwitchBench, TONES } from '../support/freeswitch-bench.ts'
import { until } from '../support/hooks.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

const PUBLIC = `<extension name="dial"><condition field="destination_number" expression="^dial$">
<action application="execute_extension" data="record:direction=inbound XML holdfast"/>
<action application="execute_extension" data="agents XML holdfast"/>
<action application="bridge" data="\${sofia_contact(internal/agent@127.0.0.1)}"/></condition></extension>
<extension name="card"><condition field="destination_number" expression="^card$">
<action application="answer"/>
<action application="execute_extension" data="record:direction=inbound XML holdfast"/>
<action application="execute_extension" data="pause:action=pause XML holdfast"/>
<action application="event" data="Event-Name=CUSTOM,Event-Subclass=holdfast::attached,Answer=\${holdfast_answer}"/>
<action application="park"/></condition></extension>`

const HEARD = { ...TONES, high: 880, low: 350 }

describe('the feature codes on a real FreeSWITCH', function () {
  let bench: FreeSwitchBench
  const directory = suiteDirectory()

  before(async function () {
    bench = await FreeSwitchBench.open(this, { directory: directory(), publicContext: PUBLIC })
  })
  after(() => bench?.[Symbol.asyncDispose]())
  afterEach(() => bench.clear())

  interface Talk {
    readonly call: OutgoingCall
    readonly incoming: IncomingCall
    readonly customerLeg: string
    readonly agentLeg: string
  }

  async function talk(): Promise<Talk> {
    const call = await bench.customer.call('dial')
    const incoming = await bench.agent.incoming()
    await incoming.answer()
    await call.answered()
    const bridged = await bench.event('CHANNEL_BRIDGE')
    await delay(600)
    return { call, incoming, customerLeg: bridged.get('Bridge-A-Unique-ID') ?? '', agentLeg: bridged.get('Bridge-B-Unique-ID') ?? '' }
  }

  function answering(answer: string): void {
    bench.onEvent = (message) => {
      if (message.get('Event-Subclass') === 'holdfast::code') void bench.api(`uuid_setvar ${message.get('Unique-ID')} HOLDFAST_ANSWER ${message.get('Holdfast-Request')}:${answer}`)
    }
  }

  async function end({ call, incoming }: Talk): Promise<void> {
    await call.hangUp()
    await incoming.ended()
  }

  const stages = (): readonly (string | undefined)[] => bench.all('holdfast::pause').map((message) => /Stage:([a-z]+)/.exec(message.variable('holdfast_act_note') ?? '')?.[1])
  const noted = async (): Promise<readonly NativePause[]> => pausesFromDump(await bench.api('hash_dump db holdfast-pauses'), { refused: (reason) => expect.fail(reason) })

  async function recorded(): Promise<readonly Int16Array[]> {
    const stop = await bench.event('RECORD_STOP')
    return (await readWav(stop.get('Record-File-Path') ?? '')).channels
  }

  for (const { answer, tones } of [{ answer: 'paused', tones: [200, 0] }, { answer: 'recording', tones: [200, 0] }, { answer: 'stopped', tones: [200, 0] }, { answer: 'failed', tones: [0, 500] }]) {
    it(`tells the agent alone that it is ${answer}`, async () => {
      await bench.setAlive(30)
      answering(answer)
      const both = await talk()
      await both.incoming.dtmf('*71')
      const code = await bench.event('holdfast::code')
      expect(code.get('Unique-ID')).to.equal(both.agentLeg)
      expect([code.get('Holdfast-Action'), code.get('Holdfast-Way')]).to.deep.equal(['pause', 'dtmf'])
      await delay(1500)
      await end(both)
      const agent = both.incoming.received.toSamples()
      const customer = both.call.received.toSamples()
      expect(heardMs(audioSpans(agent, HEARD), 'high'), describeAudio(agent, HEARD)).to.be.closeTo(tones[0] ?? 0, 60)
      expect(heardMs(audioSpans(agent, HEARD), 'low'), describeAudio(agent, HEARD)).to.be.closeTo(tones[1] ?? 0, 60)
      expect(heardMs(audioSpans(customer, HEARD), 'high') + heardMs(audioSpans(customer, HEARD), 'low'), describeAudio(customer, HEARD)).to.equal(0)
      expect(both.call.receivedDigits).to.equal('')
    })
  }

  it('are plain digits when the customer presses them', async () => {
    await bench.setAlive(30)
    const both = await talk()
    await both.call.dtmf('*71')
    await until(() => expect(both.incoming.receivedDigits).to.equal('*71'))
    expect(bench.all('holdfast::code')).to.deep.equal([])
    await end(both)
  })

  it('leaves other digits of the agent alone', async () => {
    await bench.setAlive(30)
    const both = await talk()
    await both.incoming.dtmf('5')
    await until(() => expect(both.call.receivedDigits).to.equal('5'))
    await end(both)
  })

  it('pause and resume what is recorded while the service is away, and note it', async () => {
    const both = await talk()
    await both.incoming.dtmf('*73')
    await until(() => expect(stages()).to.deep.equal(['begins', 'done', 'over']))
    await delay(1500)
    const [paused] = await noted()
    expect(paused).to.deep.include({ action: 'pause', stage: 'done', way: 'dtmf', channelId: both.customerLeg, recorder: 'goes-on' })
    expect(paused?.by.channelId).to.equal(both.agentLeg)
    expect(paused?.stoppedAt).to.not.equal(null)
    expect((await bench.api(`uuid_getvar ${both.customerLeg} HOLDFAST_PAUSED`)).trim()).to.equal('1')
    await both.incoming.dtmf('*73')
    await until(() => expect(stages()).to.have.length(6))
    await delay(800)
    await end(both)
    const channels = await recorded()
    const [silence, ...others] = exactSilence(channels, 4000)
    expect(others).to.deep.equal([])
    expect(((silence?.end ?? 0) - (silence?.start ?? 0)) / 8).to.be.greaterThan(1400)
    expect((await noted()).map(({ action }) => action)).to.deep.equal(['pause', 'resume'])
  })

  it('say failed while the service is away, where the rule forbids it or nothing is recorded', async () => {
    const both = await talk()
    await bench.api(`uuid_setvar ${both.customerLeg} HOLDFAST_PAUSE api`)
    await both.incoming.dtmf('*71')
    await delay(1500)
    expect(stages()).to.deep.equal([])
    await bench.api(`uuid_setvar ${both.customerLeg} HOLDFAST_PAUSE api-dtmf`)
    await both.incoming.dtmf('*71')
    await until(() => expect(stages()).to.deep.equal(['begins', 'done', 'over']))
    await both.incoming.dtmf('*74')
    await delay(1200)
    await end(both)
    const agent = both.incoming.received.toSamples()
    expect(heardMs(audioSpans(agent, HEARD), 'low'), describeAudio(agent, HEARD)).to.be.closeTo(1000, 120)
  })

  it('pause by themselves when nobody answers in time', async () => {
    const both = await talk()
    await bench.setAlive(30)
    await both.incoming.dtmf('*71')
    await until(() => expect(stages()).to.deep.equal(['begins', 'done', 'over']))
    const [asked, done] = [await bench.event('holdfast::code'), bench.all('holdfast::pause')[1]]
    expect((Number(done?.get('Event-Date-Timestamp')) - Number(asked.get('Event-Date-Timestamp'))) / 1000).to.be.within(690, 1200)
    await end(both)
  })

  it('do not say paused when one of two recorders on a leg was not reached', async () => {
    const both = await talk()
    const other = path.join(bench.freeSwitch.recordingsDirectory, 'holdfast/other.wav')
    await bench.api(`uuid_record ${both.customerLeg} start ${other}`)
    await both.incoming.dtmf('*71')
    await until(() => expect(stages()).to.deep.equal(['begins', 'void', 'over']))
    await end(both)
    expect(await noted()).to.deep.equal([])
  })

  it('are given by a route, too, which hears the answer in a variable', async () => {
    const call = await bench.customer.call('card')
    await call.answered()
    const told = (message: EslMessage): string | null => message.get('Answer')
    expect(told(await bench.event('holdfast::attached'))).to.equal('paused')
    expect((await noted()).map(({ way, action }) => ({ way, action }))).to.deep.equal([{ way: 'dialplan', action: 'pause' }])
    await call.hangUp()
  })
})
