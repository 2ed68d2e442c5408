import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { mkdtemp, rm } from 'node:fs/promises'
import { createSocket } from 'node:dgram'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { tone, toneWithChirps } from '../../adapters/phone/audio-source.ts'
import type { IncomingCall } from '../../adapters/phone/incoming-call.ts'
import type { OutgoingCall } from '../../adapters/phone/outgoing-call.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { registeringPhone } from '../../cli/lab/asterisk-endpoints.ts'
import { MUSIC_ON_HOLD_HZ, RINGBACK_HZ } from '../../cli/lab/asterisk-files.ts'
import { findOrProvisionAsterisk } from '../../cli/lab/find-asterisk.ts'
import { PrivateAsterisk } from '../../cli/lab/private-asterisk.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { findChirps } from '../support/audio/find-chirps.ts'
import { readMonoWav } from '../support/audio/read-wav.ts'
import { until } from '../support/hooks.ts'

const TONES = { customer: 440, agentA: 1000, agentB: 1700, ringback: RINGBACK_HZ, music: MUSIC_ON_HOLD_HZ }

/** Time for audio to be sent that is long enough to be judged by the frame. */
const TALK_MS = 1500
const CACHE = path.resolve(import.meta.dirname, '../../.cache/asterisk')

const PASSWORD = 'a password; with a comment sign'

const EXTENSIONS = `
[phones]
exten => 100,1,Dial(PJSIP/agentA,20,t)
 same => n,Hangup()
exten => 101,1,MixMonitor(,r(\${ASTSPOOLDIR}/recording/phone/rx.wav)t(\${ASTSPOOLDIR}/recording/phone/tx.wav)i(MMID))
 same => n,Dial(PJSIP/agentA,20)
 same => n,Hangup()
exten => 200,1,Dial(PJSIP/agentB,20)
 same => n,Hangup()
exten => 300,1,Busy(1)
`

describe('the telephone on a private Asterisk', function () {
  this.timeout(20_000)
  let directory: string
  let asterisk: PrivateAsterisk
  let customer: SipPhone
  let agentA: SipPhone
  let agentB: SipPhone

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'holdfast-phone-'))
    const installation = await findOrProvisionAsterisk({ cacheDir: CACHE, report: (line) => console.error(`      ${line}`) })
    asterisk = await PrivateAsterisk.start({
      installation,
      directory,
      extensions: EXTENSIONS,
      phones: [registeringPhone('customer', 'phones'), { ...registeringPhone('agentA', 'phones'), password: PASSWORD }, registeringPhone('agentB', 'phones')],
    })
  })

  after(async () => {
    await asterisk[Symbol.asyncDispose]()
    await rm(directory, { recursive: true })
  })

  beforeEach(async () => {
    const proxy = asterisk.sipAddress
    customer = await SipPhone.open({ name: 'customer', proxy, source: tone(TONES.customer) })
    // Low after high: the order that Debian's Asterisk does not lose audio with.
    agentA = await SipPhone.open({ name: 'agentA', proxy, source: tone(TONES.agentA), sequenceNumber: 100, password: PASSWORD })
    agentB = await SipPhone.open({ name: 'agentB', proxy, source: tone(TONES.agentB), sequenceNumber: 20_000 })
    await Promise.all([agentA.register(), agentB.register()])
  })

  afterEach(async () => {
    await Promise.all([customer.close(), agentA.close(), agentB.close()])
  })

  it('connects two telephones that hear each other', async () => {
    const { call, taken } = await connect('100')
    await delay(TALK_MS)
    await call.hangUp()
    const end = await taken.ended()
    expect(end.by).to.equal('them')
    expect(end.causeQ850).to.equal(16)
    expect(heardMs(heardBy(call), 'agentA'), describeAudio(call.received.toSamples(), TONES)).to.be.greaterThan(TALK_MS - 200)
    expect(heardMs(heardBy(taken), 'customer'), describeAudio(taken.received.toSamples(), TONES)).to.be.greaterThan(TALK_MS - 200)
    expect(heardMs(heardBy(taken), 'agentA')).to.equal(0)
  })

  it('carries a header of the caller and tells the callee who calls', async () => {
    const call = await customer.call('100', { headers: { 'X-Interaction-ID': 'i-1' } })
    const ringing = await agentA.incoming()
    expect(ringing.remote.uri).to.match(/^sip:customer@/)
    expect(ringing.header('x-interaction-id')).to.equal(null)
    await call.hangUp()
    expect(await ringing.ended()).to.deep.include({ by: 'them', status: 487 })
    expect(await call.ended()).to.deep.include({ by: 'us', status: 487 })
  })

  it('reports a refused call with its status', async () => {
    const call = await customer.call('100')
    const ringing = await agentA.incoming()
    ringing.reject(486)
    expect((await call.ended()).status).to.be.oneOf([480, 486, 603])
    const busy = await customer.call('300')
    expect((await busy.ended()).status).to.equal(486)
    const nowhere = await customer.call('999')
    expect((await nowhere.ended()).status).to.equal(404)
  })

  it('sends keys to the other party', async () => {
    const { call, taken } = await connect('200', agentB)
    await call.dtmf('90*1')
    await until(() => expect(taken.receivedDigits).to.equal('90*1'))
    await taken.dtmf('5')
    await until(() => expect(call.receivedDigits).to.equal('5'))
  })

  it('puts the other party on hold and takes it back', async () => {
    const { call, taken } = await connect('100')
    await delay(500)
    await taken.hold()
    const heldAt = call.received.lengthSamples
    await delay(1000)
    const unheldAt = call.received.lengthSamples
    await taken.unhold()
    await delay(800)
    const heard = call.received.toSamples()
    await call.hangUp()
    expect(heardMs(audioSpans(heard.subarray(heldAt, unheldAt), TONES), 'music'), describeAudio(heard, TONES)).to.be.greaterThan(700)
    expect(heardMs(audioSpans(heard.subarray(unheldAt), TONES), 'agentA'), describeAudio(heard, TONES)).to.be.greaterThan(500)
  })

  it('hands a caller over without asking', async () => {
    const { call, taken } = await connect('100')
    agentB.onIncoming((ringing) => void ringing.answer({ afterMs: 200 }))
    await delay(500)
    const status = await taken.transferBlind('200')
    await taken.ended()
    const transferredAt = call.received.lengthSamples
    await delay(TALK_MS)
    const heard = audioSpans(call.received.toSamples().subarray(transferredAt), TONES)
    await call.hangUp()
    expect(status).to.equal(200)
    expect(heardMs(heard, 'agentB')).to.be.greaterThan(TALK_MS - 700)
  })

  it('hands a caller over after a consultation', async () => {
    const { call, taken } = await connect('100')
    await taken.hold()
    const consultation = await agentA.call('200')
    const consulted = await agentB.incoming()
    await consulted.answer()
    await consultation.answered()
    await delay(500)
    expect(await taken.transferAttended(consultation)).to.equal(200)
    await Promise.all([taken.ended(), consultation.ended()])
    const joinedAt = call.received.lengthSamples
    await delay(TALK_MS)
    const heard = audioSpans(call.received.toSamples().subarray(joinedAt), TONES)
    const heardByB = audioSpans(consulted.received.toSamples(), TONES)
    await call.hangUp()
    expect(heardMs(heard, 'agentB')).to.be.greaterThan(TALK_MS - 300)
    expect(heardMs(heardByB, 'customer')).to.be.greaterThan(TALK_MS - 300)
  })

  it('is recorded by MixMonitor with the very samples that it sent', async () => {
    const call = await customer.call('101', { source: toneWithChirps(TONES.customer) })
    const taken = await agentA.incoming()
    await taken.answer({ afterMs: 300 })
    await call.answered()
    await delay(3200)
    await call.hangUp()
    await taken.ended()
    const recorded = path.join(asterisk.spoolDirectory, 'recording/phone')
    await until(async () => expect((await readMonoWav(path.join(recorded, 'rx.wav'))).length).to.be.greaterThan(0))
    const [rx, tx] = await Promise.all([readMonoWav(path.join(recorded, 'rx.wav')), readMonoWav(path.join(recorded, 'tx.wav'))])
    expect(rx.length).to.equal(tx.length)
    expect(Math.abs(rx.length - call.sentSamples)).to.be.at.most(5 * 160)
    const sent = findChirps(call.sent.toSamples()).map((chirp) => chirp.position)
    const stored = findChirps(rx)
    const offset = (stored[0]?.position ?? Number.NaN) - (sent[0] ?? Number.NaN)
    expect(stored.map((chirp) => chirp.position - offset)).to.deep.equal(sent.slice(0, stored.length))
    expect(stored.length).to.be.at.least(3)
    expect(heardMs(audioSpans(tx, TONES), 'agentA'), describeAudio(tx, TONES)).to.be.greaterThan(2800)
  })

  it('outlives malformed messages and answers the next call', async () => {
    const stranger = createSocket('udp4')
    const [host = '', port = ''] = agentA.address.split(':')
    const messages = [
      '', '\0', '\r\n\r\n', 'INVITE', 'INVITE sip:x SIP/2.0\r\n\r\n', `INVITE sip:x SIP/2.0\r\n${'a: b\r\n'.repeat(2000)}\r\n`,
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\nFrom: a\r\nTo: b\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n',
      'INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK2\r\nFrom: <<<>\r\nTo: "\r\nCall-ID: \r\nCSeq: 99999999999999 INVITE\r\nContent-Length: -1\r\n\r\n',
      'BYE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK3\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: e\r\nCSeq: 2 BYE\r\nContent-Length: 99999\r\n\r\n',
      'CANCEL sip:x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK4\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: f\r\nCSeq: 2 CANCEL\r\n\r\n',
      '\xff\xfe\x80',
    ]
    for (const message of messages) await new Promise((resolve) => stranger.send(message, Number(port), host, resolve))
    const { call, taken } = await connect('100')
    expect(taken.state).to.equal('answered')
    await call.hangUp()
    await new Promise<void>((resolve) => stranger.close(() => resolve()))
  })

  it('is told of the death of the PBX by nothing but silence, and leaves all the same', async () => {
    const { call, taken } = await connect('100')
    await asterisk.kill('SIGKILL')
    expect(asterisk.pid).to.equal(null)
    await Promise.all([call.hangUp(), taken.hangUp()])
    expect(call.state).to.equal('ended')
    await asterisk.restart()
    await agentA.register()
    const again = await connect('100')
    await again.call.hangUp()
  })

  async function connect(target: string, callee: SipPhone = agentA): Promise<{ call: OutgoingCall; taken: IncomingCall }> {
    const call = await customer.call(target)
    const taken = await callee.incoming()
    await taken.answer()
    await call.answered()
    return { call, taken }
  }
})

describe('two telephones without a PBX', () => {
  let caller: SipPhone
  let callee: SipPhone

  beforeEach(async () => {
    callee = await SipPhone.open({ name: 'callee', proxy: '127.0.0.1:9', source: tone(TONES.agentA) })
    caller = await SipPhone.open({ name: 'caller', proxy: callee.address, source: tone(TONES.customer), codecs: ['PCMA'] })
  })

  afterEach(async () => {
    await Promise.all([caller.close(), callee.close()])
  })

  it('speak A-law when only one of them insists', async () => {
    const { call, taken } = await connect()
    await delay(400)
    expect(heardMs(heardBy(taken), 'customer')).to.be.greaterThan(300)
    expect(heardMs(heardBy(call), 'agentA')).to.be.greaterThan(300)
  })

  it('tell the callee the headers of the caller', async () => {
    const call = await caller.call('anybody', { headers: { 'X-Interaction-ID': 'i-1' } })
    expect((await callee.incoming()).header('x-interaction-id')).to.equal('i-1')
    await call.hangUp()
  })

  it('stop to send while they are on hold, and go on in time', async () => {
    const { call, taken } = await connect()
    await call.hold()
    await delay(60)
    const sentBefore = [call.sentSamples, taken.sentSamples]
    await delay(300)
    expect(call.sentSamples).to.equal(sentBefore[0])
    await call.unhold()
    await delay(200)
    expect(call.sentSamples).to.be.greaterThan(sentBefore[0] ?? Number.NaN)
    expect(call.sent.lengthSamples - call.sentSamples).to.be.at.least(300 * 8)
    expect(taken.received.lengthSamples - taken.received.sampleCount).to.be.at.least(300 * 8)
  })

  it('refuse a call without a common codec', async () => {
    await using stubborn = await SipPhone.open({ name: 'stubborn', proxy: '127.0.0.1:9', codecs: ['PCMU'] })
    await using other = await SipPhone.open({ name: 'other', proxy: stubborn.address, codecs: ['PCMA'] })
    const call = await other.call('stubborn')
    const refusal = (await stubborn.incoming()).answer().then(() => null, (error: unknown) => error)
    expect(await refusal).to.have.property('code', 'PHONE_CALL_FAILED')
    expect((await call.ended()).status).to.equal(488)
  })

  it('do not answer a call whose caller has given up', async () => {
    const call = await caller.call('anybody')
    const ringing = await callee.incoming()
    const answer = ringing.answer({ afterMs: 5000 }).then(() => null, (error: unknown) => error)
    await call.hangUp()
    expect(await answer).to.have.property('code', 'PHONE_CALL_FAILED')
  })

  it('refuse what is no key, and press none of the others', async () => {
    const { call, taken } = await connect()
    expect(await call.dtmf('1x').then(() => null, (error: unknown) => error)).to.have.property('code', 'FIELD_REFUSED')
    await call.dtmf('2')
    expect(taken.receivedDigits).to.equal('2')
  })

  it('say when nobody calls, and close while a call to nowhere rings', async () => {
    expect(await caller.incoming(50).then(() => null, (error: unknown) => error)).to.have.property('code', 'PHONE_TIMEOUT')
    const call = await callee.call('nobody')
    await callee.close()
    expect(call.state).to.equal('ended')
  })

  async function connect(): Promise<{ call: OutgoingCall; taken: IncomingCall }> {
    const call = await caller.call('callee')
    const taken = await callee.incoming()
    await taken.answer()
    await call.answered()
    return { call, taken }
  }
})

function heardBy(call: OutgoingCall | IncomingCall): ReturnType<typeof audioSpans> {
  return audioSpans(call.received.toSamples(), TONES)
}
