import { expect } from 'chai'
import { after, afterEach, before, beforeEach, type Context, describe, it } from 'mocha'
import { mkdtemp, readdir, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { FreeSwitchAdapter } from '../../adapters/freeswitch/freeswitch-adapter.ts'
import { tone } from '../../adapters/phone/audio-source.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { DirectoryRecordingSource } from '../../adapters/spool/directory-recording-source.ts'
import { PrivateFreeSwitch } from '../../cli/lab/private-freeswitch.ts'
import { type ChannelId, parseChannelId, parsePbxId, parseRecordingId, type RecordingId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { readWav } from '../support/audio/read-wav.ts'
import { until } from '../support/hooks.ts'
import { HeardEvents } from '../support/pbx/heard-events.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'
import { expectCode } from '../support/rejection.ts'

const TONES = { customer: 440, agent: 1000 }
/** `100` rings the agent; `101` is answered by an application; `102` never passes the sound through the switch. */
const ROUTES = `
<extension name="bypass"><condition field="destination_number" expression="^102$">
  <action application="set" data="bypass_media=true"/>
  <action application="bridge" data="\${sofia_contact(internal/agent@127.0.0.1)}"/>
</condition></extension>
<extension name="agent"><condition field="destination_number" expression="^100$">
  <action application="bridge" data="\${sofia_contact(internal/agent@127.0.0.1)}"/>
</condition></extension>`

describe('the FreeSWITCH adapter on a real FreeSWITCH', function () {
  this.timeout(60_000)
  let freeSwitch: PrivateFreeSwitch
  let customer: SipPhone
  let agent: SipPhone
  let heard: HeardEvents<FreeSwitchAdapter>
  let runtime: ReturnType<typeof quietRuntime>
  let nextId = 4_000_000_000_000_000

  before(async function (this: Context) {
    const installation = await requireFreeSwitch(this)
    const directory = await mkdtemp(path.join(tmpdir(), 'holdfast-freeswitch-'))
    freeSwitch = await PrivateFreeSwitch.start({ installation, directory, contexts: { public: ROUTES }, phones: [{ name: 'agent', context: 'public' }] })
    customer = await SipPhone.open({ name: 'customer', proxy: freeSwitch.sipAddress, source: tone(TONES.customer) })
    agent = await SipPhone.open({ name: 'agent', proxy: freeSwitch.sipAddress, source: tone(TONES.agent) })
    await agent.register()
  })
  after(async () => {
    await Promise.all([customer?.close(), agent?.close()])
    await freeSwitch?.stop()
    if (freeSwitch !== undefined) await rm(freeSwitch.directory, { recursive: true, force: true })
  })
  beforeEach(async () => {
    heard = await listen()
  })
  afterEach(async () => {
    await heard[Symbol.asyncDispose]()
    await freeSwitch.cli('hupall')
  })

  it('tells the dialplan by which name it makes ids of interactions', async () => {
    await until(async () => expect((await freeSwitch.cli('global_getvar HOLDFAST_PBX')).trim()).to.equal(heard.adapter.pbxId))
  })

  it('records what comes from a leg on the left and what is sent to it on the right, masks without cutting the time line, and completes the file', async () => {
    await using call = await ringing()
    const customerLeg = await call.leg('customer')
    const segment = await heard.adapter.startSegment({ channelId: customerLeg, recordingId: mint(), index: 0 })
    await call.answer()
    const answered = await heard.next('channel-answered', ({ channelId }) => channelId === customerLeg)
    await delay(1000)
    const masked = await heard.adapter.mask(segment)
    await delay(1000)
    const unmasked = await heard.adapter.unmask(segment)
    await delay(1000)
    const stopped = await heard.adapter.stopSegment(segment)
    const { received, transmitted } = await lanes(segment.recorderId)
    // What has waited in the network at the answer is written at once: a busy machine has more of it.
    expect(received.length / 8 - (stopped.at.getTime() - answered.at.getTime())).to.be.within(-100, 1000)
    const [silence, ...more] = exactSilence([received, transmitted], 4000)
    expect(more).to.deep.equal([])
    expect(((silence?.end ?? 0) - (silence?.start ?? 0)) / 8).to.be.closeTo(unmasked.at.getTime() - masked.at.getTime(), 60)
    expect((silence?.start ?? 0) / 8 - (masked.at.getTime() - answered.at.getTime())).to.be.within(-80, 1000)
    expectVoices({ received, transmitted }, { received: 'customer', transmitted: 'agent' }, 1800)
  })

  it('has the agent on the left of the agent\'s leg, and both legs side by side', async () => {
    await using call = await ringing()
    await call.answer()
    const segments = await Promise.all((['customer', 'agent'] as const).map(async (side) => await heard.adapter.startSegment({ channelId: await call.leg(side), recordingId: mint(), index: 0 })))
    await delay(1500)
    await Promise.all(segments.map((segment) => heard.adapter.stopSegment(segment)))
    expectVoices(await lanes(segments[0]?.recorderId), { received: 'customer', transmitted: 'agent' }, 1200)
    expectVoices(await lanes(segments[1]?.recorderId), { received: 'agent', transmitted: 'customer' }, 1200)
  })

  it('begins on a leg that rings with its answer, forces no sound upon it, and may begin masked', async () => {
    await using call = await ringing()
    const customerLeg = await call.leg('customer')
    const segment = await heard.adapter.startSegment({ channelId: customerLeg, recordingId: mint(), index: 0 })
    await heard.adapter.mask(segment)
    await delay(500)
    expect(heard.all('recorder-started')).to.deep.equal([])
    expect(await freeSwitch.cli(`eval uuid:${customerLeg} \${Answer-State}`), 'a 183 would take the ringing from the caller').to.contain('ringing')
    await call.answer()
    const began = await heard.next('recorder-started', ({ channelId }) => channelId === customerLeg)
    const answered = await heard.next('channel-answered', ({ channelId }) => channelId === customerLeg)
    expect(began.at.getTime() - answered.at.getTime()).to.be.within(0, 500)
    await delay(1000)
    await heard.adapter.unmask(segment)
    await delay(1000)
    await heard.adapter.stopSegment(segment)
    const { received, transmitted } = await lanes(segment.recorderId)
    const [silence] = exactSilence([received, transmitted], 4000)
    expect(silence?.start, describeAudio(received, TONES)).to.equal(0)
    expect((silence?.end ?? 0) / 8).to.be.within(800, 1500)
    expect(heardMs(audioSpans(transmitted, TONES), 'agent')).to.be.greaterThan(800)
  })

  it('that is stopped before the answer leaves nothing', async () => {
    await using call = await ringing()
    const segment = await heard.adapter.startSegment({ channelId: await call.leg('customer'), recordingId: mint(), index: 0 })
    await heard.adapter.stopSegment(segment)
    await call.answer()
    await delay(500)
    expect(heard.all('recorder-started')).to.deep.equal([])
    expect(await names()).to.not.include(segment.recorderId)
  })

  it('leaves alone what the dialplan has armed in the same moment, also when its own is stopped', async () => {
    await using call = await ringing()
    const channelId = await call.leg('customer')
    const native = `holdfast/native-${channelId}.1.wav`
    await freeSwitch.cli(`uuid_setvar ${channelId} api_on_answer_holdfast uuid_record ${channelId} start ${spoolPath(native)} 0 {RECORD_STEREO=true}`)
    const segment = await heard.adapter.startSegment({ channelId, recordingId: mint(), index: 0 })
    await heard.adapter.stopSegment(segment)
    await call.answer()
    await heard.next('recorder-started', (event) => event.channelId === channelId)
    await delay(500)
    await heard.adapter.stopSegment({ channelId, recorderId: native })
    expect(heardMs(audioSpans((await lanes(native)).received, TONES), 'customer')).to.be.greaterThan(200)
    await unlink(spoolPath(native))
  })

  it('knows a recorder that has ended, a leg that is gone, and a recorder of which only the leg is remembered', async () => {
    await using call = await ringing()
    await call.answer()
    const channelId = await call.leg('customer')
    const segment = await heard.adapter.startSegment({ channelId, recordingId: mint(), index: 0 })
    await heard.adapter.stopSegment({ channelId, recorderId: null })
    await heard.next('recorder-stopped')
    await heard.adapter.stopSegment(segment)
    await expectCode(heard.adapter.mask(segment), 'PBX_REFUSED')
    const gone = parseChannelId('00000000-0000-4000-8000-000000000000')
    await heard.adapter.stopSegment({ channelId: gone, recorderId: segment.recorderId })
    await expectCode(heard.adapter.startSegment({ channelId: gone, recordingId: mint(), index: 0 }), 'CHANNEL_GONE')
    await expectCode(heard.adapter.mask({ channelId: gone, recorderId: segment.recorderId }), 'CHANNEL_GONE')
    await expectCode(heard.adapter.acknowledge(gone, 'r.1', 'no'), 'CHANNEL_GONE')
    await expectCode(heard.adapter.tellPauseWays(gone, ['dtmf']), 'CHANNEL_GONE')
    await heard.adapter.forgetNative(gone)
    await heard.adapter.forgetPauses(gone)
  })

  it('finds its recorder again after it was away, and masks it', async () => {
    await using call = await ringing()
    await call.answer()
    const channelId = await call.leg('customer')
    const segment = await heard.adapter.startSegment({ channelId, recordingId: mint(), index: 0 })
    // FreeSWITCH lists a leg a moment after it has made it.
    await until(async () => expect(await freeSwitch.cli('show channels')).to.contain(channelId))
    await heard[Symbol.asyncDispose]()
    heard = await listen()
    const { channels } = await heard.next('link-up')
    const [found, ...more] = channels.filter(({ recorderId }) => recorderId !== null)
    expect([found?.channel.channelId, found?.recorderId, more]).to.deep.equal([channelId, segment.recorderId, []])
    await heard.adapter.mask(segment)
    await delay(600)
    await heard.adapter.stopSegment(segment)
    const { received, transmitted } = await lanes(segment.recorderId)
    expect(exactSilence([received, transmitted], 4000)).to.have.length(1)
  })

  it('tells while the call lasts that nothing is recorded of sound that passes the switch by', async () => {
    await using call = await ringing('102')
    await call.answer()
    await heard.adapter.startSegment({ channelId: await call.leg('customer'), recordingId: mint(), index: 0 }).catch(() => undefined)
    await until(() => expect(runtime.counted.get('holdfast_recorder_faults_total')).to.equal(1), { withinMs: 15_000 })
  })

  it('tells while the call lasts that its file was taken away', async () => {
    await using call = await ringing()
    await call.answer()
    const segment = await heard.adapter.startSegment({ channelId: await call.leg('customer'), recordingId: mint(), index: 0 })
    await delay(500)
    await unlink(spoolPath(segment.recorderId))
    await until(() => expect(runtime.counted.get('holdfast_recorder_faults_total')).to.equal(1), { withinMs: 15_000 })
  })

  it('loses no more than the last frames when FreeSWITCH is killed, and comes back by itself', async () => {
    await using call = await ringing()
    await call.answer()
    const segment = await heard.adapter.startSegment({ channelId: await call.leg('customer'), recordingId: mint(), index: 0 })
    await delay(2500)
    await freeSwitch.kill('SIGKILL')
    const killedAt = heard.adapter.now
    await heard.next('link-down')
    const lanesLeft = await lanes(segment.recorderId)
    expect(killedAt.getTime() - segment.at.getTime() - lanesLeft.received.length / 8, 'milliseconds that are lost').to.be.below(300)
    expectVoices(lanesLeft, { received: 'customer', transmitted: 'agent' }, 2000)
    await freeSwitch.restart()
    await until(() => expect(heard.all('link-up')).to.have.length(2), { withinMs: 20_000 })
    const [before, again] = heard.all('link-up')
    expect(again?.pbxStartedAt?.getTime()).to.be.greaterThan(before?.pbxStartedAt?.getTime() ?? 0)
    await agent.register()
  })

  it('leaves nothing in the spool but files named after recordings', async () => {
    expect((await names()).filter((name) => !/^holdfast\/[0-9]+\.0\.wav$/.test(name))).to.deep.equal([])
  })

  async function listen(): Promise<HeardEvents<FreeSwitchAdapter>> {
    runtime = quietRuntime()
    const adapter = new FreeSwitchAdapter({
      pbxId: parsePbxId('lab'),
      esl: { host: '127.0.0.1', port: freeSwitch.eventSocketPort, password: freeSwitch.password },
      recordingDirectory: freeSwitch.recordingsDirectory,
      spool: new DirectoryRecordingSource(freeSwitch.recordingsDirectory),
      sampleRateHz: 8000,
      wanted: { keys: ['CUSTOMER_TYPE'], headers: new Map() },
      runtime,
      random: Math.random,
    })
    const events = new HeardEvents(adapter)
    await events.next('link-up')
    return events
  }

  /** A customer's call that rings at the agent's telephone. */
  async function ringing(number = '100'): Promise<AsyncDisposable & {
    readonly leg: (side: 'customer' | 'agent') => Promise<ChannelId>
    readonly answer: () => Promise<void>
  }> {
    const call = await customer.call(number)
    const incoming = await agent.incoming()
    const isOf = (side: 'customer' | 'agent') => ({ channel }: Extract<PbxEvent, { type: 'channel-created' }>): boolean => (channel.dialled === null) === (side === 'agent')
    return {
      leg: async (side) => (await heard.next('channel-created', isOf(side))).channelId,
      answer: async () => {
        await incoming.answer()
        await call.answered()
      },
      [Symbol.asyncDispose]: async () => {
        // A switch that was killed ends no call at either telephone.
        await Promise.allSettled([call.hangUp(), incoming.hangUp()])
      },
    }
  }

  async function lanes(file: string | null | undefined): Promise<Lanes> {
    const { channels: [received, transmitted] } = await readWav(spoolPath(file))
    if (received === undefined || transmitted === undefined) throw new Error('the file has not two channels')
    return { received, transmitted }
  }

  function spoolPath(file: string | null | undefined): string {
    return path.join(freeSwitch.recordingsDirectory, file ?? '')
  }

  async function names(): Promise<readonly string[]> {
    return (await readdir(spoolPath('holdfast'))).map((name) => `holdfast/${name}`)
  }

  function mint(): RecordingId {
    nextId += 1
    return parseRecordingId(String(nextId))
  }
})

interface Lanes {
  readonly received: Int16Array
  readonly transmitted: Int16Array
}

/** Each voice in its own channel, and not in the other. */
function expectVoices(lanes: Lanes, voices: Readonly<Record<keyof Lanes, keyof typeof TONES>>, leastMs: number): void {
  for (const lane of ['received', 'transmitted'] as const) {
    const spans = audioSpans(lanes[lane], TONES)
    const other = voices[lane] === 'customer' ? 'agent' : 'customer'
    expect(heardMs(spans, voices[lane]), `${lane}: ${describeAudio(lanes[lane], TONES)}`).to.be.greaterThan(leastMs)
    expect(heardMs(spans, other), `${lane}: ${describeAudio(lanes[lane], TONES)}`).to.equal(0)
  }
}
