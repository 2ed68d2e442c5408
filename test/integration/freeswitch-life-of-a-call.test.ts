import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { setTimeout as delay } from 'node:timers/promises'
import { tone } from '../../adapters/phone/audio-source.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { FreeSwitchService } from '../support/freeswitch-service.ts'
import { until } from '../support/hooks.ts'

const TONES = { customer: 440, agent: 1000 }
const ROUTES = (['source', 'destination'] as const).map((record) => `
<extension name="${record}"><condition field="destination_number" expression="^${record}$">
  <action application="set" data="record=${record}"/>
  <action application="set" data="GRECORD_PARTITIONS=/sales"/>
  <action application="set" data="CUSTOMER_ID=C-1001 é"/>
  <action application="execute_extension" data="record:direction=inbound XML holdfast"/>
  <action application="bridge" data="\${sofia_contact(internal/agent@127.0.0.1)}"/>
</condition></extension>`).join('\n')
/** Its sound goes past the switch, and a recorder is given none. */
const PAST = `
<extension name="past"><condition field="destination_number" expression="^past$">
  <action application="set" data="record=source"/>
  <action application="execute_extension" data="record:direction=inbound XML holdfast"/>
  <action application="set" data="bypass_media=true"/>
  <action application="bridge" data="\${sofia_contact(internal/agent@127.0.0.1)}"/>
</condition></extension>`

describe('the life of a call on a real FreeSWITCH', function () {
  this.timeout(120_000)
  let service: FreeSwitchService

  before(async function () {
    service = await FreeSwitchService.open(this, { publicContext: `${ROUTES}${PAST}`, phones: ['customer', 'agent'], attachedKeys: ['CUSTOMER_ID'] })
  })
  after(() => service?.[Symbol.asyncDispose]())

  it('is decided, recorded from its answer, paused, sealed, found and played', async () => {
    const since = new Date()
    await talk('source', async () => {
      await delay(1500)
      expect(await service.control('pause')).to.equal('DONE')
      await delay(1500)
      expect(await service.control('resume')).to.equal('DONE')
      await delay(1500)
    })
    const [recording] = await service.settled(1, since)
    expect(recording).to.deep.include({ state: 'STORED', side: 'SOURCE', origin: 'CONTROLLED', partitions: ['/sales'], channels: 2 })
    expect(recording?.attachedData).to.include({ CUSTOMER_ID: 'C-1001 é' })
    expect(recording?.findings.filter((code) => code !== 'DRIFT')).to.deep.equal([])
    const { recorded, other } = await service.channels(recording?.id ?? '')
    expect(heardMs(audioSpans(recorded, TONES), 'customer'), describeAudio(recorded, TONES)).to.be.greaterThan(2000)
    expect(heardMs(audioSpans(other, TONES), 'agent'), describeAudio(other, TONES)).to.be.greaterThan(2000)
    expect(heardMs(audioSpans(recorded, TONES), 'agent') + heardMs(audioSpans(other, TONES), 'customer')).to.equal(0)
    expect(exactSilence([recorded, other], 8000), describeAudio(recorded, TONES)).to.have.length(1)
    await until(async () => expect(await service.spool()).to.deep.equal([]))
  })

  it('is recorded on the agent\'s leg where the agent is wanted', async () => {
    const since = new Date()
    await talk('destination', () => delay(2000))
    const [recording] = await service.settled(1, since)
    expect(recording).to.deep.include({ state: 'STORED', side: 'DESTINATION', origin: 'CONTROLLED' })
    const { recorded, other } = await service.channels(recording?.id ?? '')
    expect(heardMs(audioSpans(recorded, TONES), 'agent'), describeAudio(recorded, TONES)).to.be.greaterThan(1500)
    expect(heardMs(audioSpans(other, TONES), 'customer'), describeAudio(other, TONES)).to.be.greaterThan(1500)
  })

  it('that nobody answers is not recorded, and leaves nothing in the spool', async () => {
    const since = new Date()
    await using customer = await service.phone('customer', tone(TONES.customer))
    await using agent = await service.phone('agent', tone(TONES.agent))
    const call = await customer.call('source')
    await agent.incoming()
    await delay(500)
    await call.hangUp()
    const [recording] = await service.settled(1, since)
    expect(recording).to.include({ state: 'NOT_RECORDED', reason: 'NEVER_ANSWERED' })
    expect(await service.spool()).to.deep.equal([])
  })

  it('whose sound goes past the switch has failed within seconds, and says by name that its file was thrown away', async () => {
    const since = new Date()
    await talk('past', () => delay(1500))
    const [recording] = await service.settled(1, since)
    expect(recording).to.include({ state: 'FAILED', reason: 'DISCARDED_BY_PBX' })
    expect(recording?.findings).to.deep.equal(['EMPTY'])
  })

  it('that FreeSWITCH was to record by itself, and nobody answered, is not recorded, and not looked for', async () => {
    const since = new Date()
    await service.holdfast.stop()
    await using customer = await service.phone('customer', tone(TONES.customer))
    await using agent = await service.phone('agent', tone(TONES.agent))
    const call = await customer.call('source')
    await agent.incoming()
    await delay(500)
    await call.hangUp()
    await service.start()
    const [recording] = await service.settled(1, since)
    expect(recording).to.include({ state: 'NOT_RECORDED', reason: 'NEVER_ANSWERED' })
  })

  it('is recorded on though the service dies in its middle', async () => {
    const since = new Date()
    await talk('source', async () => {
      await delay(1000)
      await service.holdfast.kill()
      await delay(1000)
      await service.start()
      await delay(1000)
    })
    const [recording] = await service.settled(1, since)
    expect(recording).to.deep.include({ state: 'STORED', reason: 'HANGUP', channels: 2 })
    const { recorded } = await service.channels(recording?.id ?? '')
    expect(heardMs(audioSpans(recorded, TONES), 'customer'), describeAudio(recorded, TONES)).to.be.greaterThan(2500)
  })

  it('that FreeSWITCH recorded by itself while the service was away is adopted in its middle, paused and stored', async () => {
    const since = new Date()
    await service.holdfast.stop()
    await talk('source', async () => {
      await delay(1000)
      await service.start()
      expect(await service.control('pause')).to.equal('DONE')
      await delay(1500)
      expect(await service.control('resume')).to.equal('DONE')
      await delay(1000)
    })
    const [recording] = await service.settled(1, since)
    expect(recording).to.deep.include({ state: 'STORED', origin: 'NATIVE', side: 'SOURCE', partitions: ['/sales'] })
    const { recorded, other } = await service.channels(recording?.id ?? '')
    expect(heardMs(audioSpans(recorded, TONES), 'customer'), describeAudio(recorded, TONES)).to.be.greaterThan(1800)
    expect(exactSilence([recorded, other], 8000), describeAudio(recorded, TONES)).to.have.length(1)
  })

  it('that FreeSWITCH recorded by itself from beginning to end is adopted afterwards', async () => {
    const since = new Date()
    await service.holdfast.stop()
    await talk('source', () => delay(1500))
    await service.start()
    const [recording] = await service.settled(1, since)
    expect(recording).to.deep.include({ state: 'STORED', origin: 'NATIVE' })
    expect(heardMs(audioSpans((await service.channels(recording?.id ?? '')).recorded, TONES), 'customer')).to.be.greaterThan(1200)
    await until(async () => expect(await service.spool()).to.deep.equal([]))
  })

  it('is stored as far as it was written when FreeSWITCH is killed in its middle, and the next call is recorded', async () => {
    const since = new Date()
    await using customer = await service.phone('customer', tone(TONES.customer))
    await using agent = await service.phone('agent', tone(TONES.agent))
    const call = await customer.call('source')
    const incoming = await agent.incoming()
    await incoming.answer()
    await call.answered()
    await delay(3000)
    await service.freeSwitch.kill('SIGKILL')
    await Promise.allSettled([call.hangUp(), incoming.hangUp()])
    await service.freeSwitch.restart()
    const [killed] = await service.settled(1, since)
    expect(killed).to.deep.include({ state: 'STORED', reason: 'PBX_RESTARTED' })
    expect(killed?.findings).to.include('HEADER_REPAIRED')
    const { recorded, other } = await service.channels(killed?.id ?? '')
    expect(heardMs(audioSpans(recorded, TONES), 'customer'), describeAudio(recorded, TONES)).to.be.greaterThan(2500)
    expect(heardMs(audioSpans(other, TONES), 'agent'), describeAudio(other, TONES)).to.be.greaterThan(2500)
    await talk('source', () => delay(1000))
    expect((await service.settled(2, since)).map(({ state }) => state)).to.deep.equal(['STORED', 'STORED'])
  })

  async function talk(number: string, meanwhile: () => Promise<unknown>): Promise<void> {
    await using customer = await service.phone('customer', tone(TONES.customer))
    await using agent = await service.phone('agent', tone(TONES.agent))
    const call = await customer.call(number)
    const incoming = await agent.incoming()
    await incoming.answer({ afterMs: 300 })
    await call.answered()
    await meanwhile()
    await call.hangUp()
    await incoming.ended()
  }
})
