import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { access } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { EslMessage } from '../../adapters/freeswitch/esl-message.ts'
import { nativesFromDump, tellWanted } from '../../adapters/freeswitch/native-note.ts'
import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import type { NativeRecording } from '../../core/ports/pbx-event.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { readWav } from '../support/audio/read-wav.ts'
import { FreeSwitchBench, TONES } from '../support/freeswitch-bench.ts'
import { until } from '../support/hooks.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

const AGENT = '<action application="bridge" data="${sofia_contact(internal/agent@127.0.0.1)}"/>'
const ASK = '<action application="execute_extension" data="record:direction=inbound XML holdfast"/>'

/** What begins each of them is a call by a customer. */
const ROUTES = {
  dial: `<action application="set" data="record=source"/>${ASK}${AGENT}`,
  answered: `<action application="answer"/>${ASK}${AGENT}`,
  none: `<action application="execute_extension" data="record:fallback=none,direction=inbound XML holdfast"/>${AGENT}`,
  twice: `${ASK}<action application="set" data="record=destination"/><action application="execute_extension" data="record:direction=outbound XML holdfast"/>${AGENT}`,
  mistyped: `<action application="execute_extension" data="record:direction=sideways XML holdfast"/>${AGENT}`,
  trusted: `<action application="execute_extension" data="record:interaction=trust XML holdfast"/>${AGENT}`,
  trunk: `<action application="execute_extension" data="trunk XML holdfast"/>${AGENT}`,
  named: `<action application="set" data="HOLDFAST_INTERACTION=site-a-17"/><action application="execute_extension" data="trunk XML holdfast"/>${AGENT}`,
  hostile: `${ASK}<action application="execute_extension" data="record:direction=outbound XML holdfast"/>${AGENT}`,
}

const PUBLIC = Object.entries(ROUTES).map(([name, actions]) => `<extension name="${name}"><condition field="destination_number" expression="^${name}$">${actions}</condition></extension>`).join('\n')

/** A dialplan waits in turns of 20 ms. */
const TURN_MS = 20

describe('the dialplan on a real FreeSWITCH', function () {
  let bench: FreeSwitchBench
  const directory = suiteDirectory()

  before(async function () {
    bench = await FreeSwitchBench.open(this, { directory: directory(), publicContext: PUBLIC })
    await bench.api(tellWanted({ keys: ['CUSTOMER'], headers: new Map([['X-Class', 'CLASS']]) }))
  })
  after(() => bench?.[Symbol.asyncDispose]())
  afterEach(() => bench.clear())

  interface Talk {
    readonly call: OutgoingCall
    readonly incoming: IncomingCall
  }

  async function ring(number: keyof typeof ROUTES, headers: Readonly<Record<string, string>> = {}): Promise<Talk> {
    const call = await bench.customer.call(number, { headers })
    return { call, incoming: await bench.agent.incoming() }
  }

  async function talk(number: keyof typeof ROUTES, headers: Readonly<Record<string, string>> = {}): Promise<Talk> {
    const { call, incoming } = await ring(number, headers)
    await incoming.answer()
    await call.answered()
    return { call, incoming }
  }

  async function end({ call, incoming }: Talk): Promise<void> {
    await call.hangUp()
    await incoming.ended()
    await bench.event('CHANNEL_HANGUP_COMPLETE', (message) => message.get('Call-Direction') === 'inbound')
  }

  async function natives(): Promise<readonly NativeRecording[]> {
    return nativesFromDump(await bench.api('hash_dump db holdfast'), await bench.api('hash_dump db holdfast-started'), { now: () => new Date(0), refused: (reason) => expect.fail(reason), isHere: () => true })
  }

  async function oneNative(): Promise<NativeRecording> {
    return await until(async () => {
      const [native, ...others] = await natives()
      if (native === undefined || others.length > 0) throw new Error(`there are ${others.length} others`)
      return native
    })
  }

  async function lanes({ files }: NativeRecording): Promise<readonly [Int16Array, Int16Array]> {
    const { channels: [left, right] } = await readWav(path.join(bench.freeSwitch.recordingsDirectory, files.received))
    if (left === undefined || right === undefined) throw new Error('it has two channels')
    return [left, right]
  }

  /** As the service, which takes `afterMs` for its decision. */
  function answering(answer: string, afterMs = 0): void {
    bench.onEvent = (message) => {
      if (message.get('Event-Subclass') !== 'holdfast::record') return
      setTimeout(() => void bench.api(`uuid_setvar ${message.get('Unique-ID')} HOLDFAST_ACK ${message.get('Holdfast-Request')}:${answer}`), afterMs)
    }
  }

  const microseconds = (message: EslMessage): number => Number(message.get('Event-Date-Timestamp'))
  /** From the request to what comes behind it in the route. */
  async function waitedMs(): Promise<number> {
    const asked = await bench.event('holdfast::record')
    const dialled = await bench.event('CHANNEL_CREATE', (message) => message.get('Call-Direction') === 'outbound')
    return (microseconds(dialled) - microseconds(asked)) / 1000
  }

  describe('when the service is not there', () => {
    it('records by itself from the answer, lets the caller hear his own ringing, and notes what the service will want to know', async () => {
      const { call, incoming } = await ring('dial')
      await delay(500)
      expect(bench.all('CHANNEL_PROGRESS_MEDIA')).to.deep.equal([])
      expect(bench.all('RECORD_START')).to.deep.equal([])
      await incoming.answer()
      await call.answered()
      await delay(1500)
      await end({ call, incoming })
      const native = await oneNative()
      expect(native).to.deep.include({ because: 'stale-heartbeat', direction: 'inbound', dialled: 'dial', attached: { record: 'source' }, interactionId: null })
      expect(native.caller.number).to.equal('customer')
      const [answered, began] = [await bench.event('CHANNEL_ANSWER', (message) => message.get('Unique-ID') === native.channelId), await bench.event('RECORD_START')]
      expect(microseconds(began) - microseconds(answered)).to.be.lessThan(5 * TURN_MS * 1000)
      expect(native.at.getTime()).to.be.closeTo(microseconds(answered) / 1000, 2 * TURN_MS)
      const [customer, agent] = await lanes(native)
      expect(heardMs(audioSpans(customer, TONES), 'customer'), describeAudio(customer, TONES)).to.be.greaterThan(1300)
      expect(heardMs(audioSpans(agent, TONES), 'agent'), describeAudio(agent, TONES)).to.be.greaterThan(1300)
    })

    it('begins at once on a call that was answered before', async () => {
      const { call, incoming } = await ring('answered')
      await until(async () => expect((await natives()).length).to.equal(1))
      expect(bench.all('RECORD_START')).to.have.length(1)
      await incoming.answer()
      await end({ call, incoming })
    })

    it('records once, however often a call asks, and keeps what it was told last', async () => {
      const both = await talk('twice')
      await end(both)
      expect(await oneNative()).to.deep.include({ direction: 'outbound', attached: { record: 'destination' } })
      expect(bench.all('RECORD_START')).to.have.length(1)
    })

    it('records nothing when it was told not to', async () => {
      const both = await talk('none')
      await delay(300)
      await end(both)
      expect(await natives()).to.deep.equal([])
      expect(bench.all('RECORD_START')).to.deep.equal([])
    })

    it('takes an unknown direction for inbound', async () => {
      await end(await talk('mistyped'))
      expect(await oneNative()).to.include({ direction: 'inbound' })
    })

    it('takes an interaction from the header where the route trusts it', async () => {
      await end(await talk('trusted', { 'X-Interaction-ID': 'site-b.7', 'X-Class': 'gold' }))
      expect(await oneNative()).to.deep.include({ interactionId: 'site-b.7', headers: { 'X-Interaction-ID': 'site-b.7', CLASS: 'gold' } })
    })

    for (const garbage of ['', 'soon', '17953559151', '1', '9999999999 x']) {
      it(`is not deceived by a heartbeat of "${garbage}"`, async () => {
        await bench.api(`global_setvar HOLDFAST_ALIVE_UNTIL=${garbage}`)
        await end(await talk('dial'))
        expect(await oneNative()).to.include({ because: 'stale-heartbeat' })
      })
    }
  })

  describe('when the service was killed a moment ago', () => {
    beforeEach(() => bench.setAlive(10))

    it('waits a quarter of a second for an answer, and loses no word', async () => {
      const both = await talk('dial')
      await delay(1000)
      await end(both)
      expect(await waitedMs()).to.be.within(200, 500)
      const native = await oneNative()
      expect(native.because).to.equal('no-answer')
      const [customer, agent] = await lanes(native)
      expect(customer.length / 8).to.be.greaterThan(900)
      for (const [lane, name] of [[customer, 'customer'], [agent, 'agent']] as const) {
        const spans = audioSpans(lane, TONES)
        expect(spans.find(({ content }) => content === name)?.startMs, describeAudio(lane, TONES)).to.be.lessThan(120)
        expect(heardMs(spans, name), describeAudio(lane, TONES)).to.be.greaterThan(700)
      }
    })

    it('does not record a second time when the service armed its recorder before it died', async () => {
      const file = path.join(bench.freeSwitch.recordingsDirectory, 'holdfast/4100000000000001.0.wav')
      bench.onEvent = (message) => {
        if (message.get('Event-Subclass') === 'holdfast::record') void bench.api(`uuid_setvar ${message.get('Unique-ID')} api_on_answer_holdfast uuid_record ${message.get('Unique-ID')} start ${file} 0 {RECORD_STEREO=true}`)
      }
      const both = await talk('dial')
      await end(both)
      expect(await natives()).to.deep.equal([])
      expect(bench.all('RECORD_START').map((message) => message.get('Record-File-Path'))).to.deep.equal([file])
    })
  })

  describe('when the service answers', () => {
    beforeEach(() => bench.setAlive(10))

    for (const afterMs of [0, 60, 150]) {
      it(`goes on when it does, ${afterMs} ms later, and records nothing by itself`, async () => {
        answering('4100000000000001', afterMs)
        await end(await talk('dial'))
        expect(await waitedMs()).to.be.within(afterMs, 240)
        expect(await natives()).to.deep.equal([])
        expect(bench.all('RECORD_START')).to.deep.equal([])
      })
    }

    it('does not take the answer to another request for its own', async () => {
      bench.onEvent = (message) => {
        if (message.get('Event-Subclass') === 'holdfast::record') void bench.api(`uuid_setvar ${message.get('Unique-ID')} HOLDFAST_ACK ${message.get('Unique-ID')}.1:no`)
      }
      await end(await talk('dial'))
      expect(await oneNative()).to.include({ because: 'no-answer' })
    })

    it('insures a leg of which the other is to be recorded', async () => {
      answering('4100000000000001:insure')
      const both = await talk('dial')
      await delay(300)
      await end(both)
      expect(await oneNative()).to.include({ because: 'insured' })
      expect(bench.all('RECORD_START')).to.have.length(1)
    })
  })

  describe('a leg to another PBX of ours', () => {
    it('carries the id that the service gave the interaction, and not the caller\'s', async () => {
      const both = await talk('named', { 'X-Interaction-ID': 'forged.1' })
      expect(both.incoming.header('X-Interaction-ID')).to.equal('site-a-17')
      await end(both)
    })

    it('carries it after a transfer, too, though the caller has written another over it by a new INVITE', async () => {
      const first = await talk('dial', { 'X-Interaction-ID': 'forged.1' })
      const channelId = (await bench.event('CHANNEL_CREATE', (message) => message.get('Call-Direction') === 'inbound')).get('Unique-ID')
      await bench.api(`uuid_setvar_multi ${channelId} sip_h_X-Interaction-ID=site-a-17;HOLDFAST_INTERACTION=site-a-17`)
      await first.call.hold([['x-interaction-id', 'forged.2']])
      expect(await bench.api(`uuid_getvar ${channelId} sip_h_X-Interaction-ID`)).to.equal('forged.2')
      await bench.api(`uuid_transfer ${channelId} trunk`)
      const second = await bench.agent.incoming()
      expect(second.header('X-Interaction-ID')).to.equal('site-a-17')
      await first.call.hangUp()
    })

    it('carries the id that the service would make, and none where the switch does not know its name', async () => {
      const nameless = await talk('trunk', { 'X-Interaction-ID': 'forged.1' })
      expect(nameless.incoming.header('X-Interaction-ID') ?? '').to.equal('')
      await end(nameless)
      bench.heard.splice(0)
      await bench.api('global_setvar HOLDFAST_PBX=site-b')
      const both = await talk('trunk')
      const channelId = (await bench.event('CHANNEL_CREATE', (message) => message.get('Call-Direction') === 'inbound')).get('Unique-ID')
      expect(both.incoming.header('X-Interaction-ID')).to.equal(`site-b-${channelId}`)
      await end(both)
    })
  })

  describe('a hostile caller', () => {
    const touched = (name: string): string => path.join(directory(), name)
    const hostile = (): Readonly<Record<string, string>> => ({
      'X-Interaction-ID': `\${system(touch ${touched('a')})}`,
      'X-Class': `a,Event-Subclass=x'y'"\\z) } $\${system(touch ${touched('b')})} %24%7Bsystem(touch ${touched('c')})%7D $`,
      'X-Other': `{system(touch ${touched('d')})}`,
    })

    for (const state of ['there', 'away'] as const) {
      it(`has nothing run by the words of his call, while the service is ${state}`, async () => {
        if (state === 'there') {
          answering('4100000000000001')
          await bench.setAlive(10)
        }
        const both = await talk('hostile', hostile())
        await delay(200)
        await end(both)
        for (const name of ['a', 'b', 'c', 'd']) expect(await access(touched(name)).then(() => 'run', () => 'not run'), name).to.equal('not run')
        if (state === 'there') expect((await bench.event('holdfast::record')).get('Event-Subclass')).to.equal('holdfast::record')
      })
    }

    it('has nothing run by what another program attaches of his words, and it is noted whole', async () => {
      const value = `\${system(touch ${touched('e')})}`
      const { call, incoming } = await ring('answered')
      const { channelId } = await oneNative()
      await bench.api(`uuid_setvar ${channelId} CUSTOMER ${value}`)
      await bench.api(`uuid_transfer ${channelId} hostile`)
      await bench.event('holdfast::native', (message) => (message.variable('HOLDFAST_NATIVE') ?? '').includes('outbound'))
      expect(await access(touched('e')).then(() => 'run', () => 'not run')).to.equal('not run')
      expect((await oneNative()).attached['CUSTOMER']).to.equal(value)
      void incoming
      await call.hangUp()
    })

    for (const value of ['it\'s O\'Brien\'s', 'a,b;c|d/e', '"quoted" & 100% sure', 'Zoë 東京', ')}{(', 'x'.repeat(3000)]) {
      it(`has ${value.slice(0, 20)} noted as it is`, async () => {
        await end(await talk('trusted', { 'X-Class': value }))
        expect((await oneNative()).headers['CLASS']).to.equal(value)
      })
    }
  })
})
