import { expect } from 'chai'
import { after, afterEach, before, beforeEach, describe, it } from 'mocha'
import { mkdir, readdir, readFile, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseChannelId, parseRecordingId } from '../../core/domain/ids.ts'
import type { NativeRecording } from '../../core/ports/pbx-event.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { readMonoWav } from '../support/audio/read-wav.ts'
import { until } from '../support/hooks.ts'
import { closeLab, Heard, type Lab, leaveFreshHeartbeat, openLab, originate, phoneCall, spoolPath } from './asterisk-lab.ts'

const TONES = { customer: 440, agent: 1000 }

const EXTENSIONS = `
#tryinclude "no-such-file.conf"
[tone]
exten => 1,1,Answer()
 same => n,Wait(60)
[calls]
exten => record,1,Answer()
 same => n,Set(record=source)
 same => n,Set(CUSTOMER_TYPE=g)o:l,d)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Set(LANGUAGE=went-on)
 same => n,Wait(30)
exten => twice,1,Answer()
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Set(record=destination)
 same => n,Gosub(holdfast-record,s,1(direction=outbound))
 same => n,Set(LANGUAGE=went-on)
 same => n,Wait(30)
exten => mistyped,1,Answer()
 same => n,Set(record=soruce):1:2,x)
 same => n,Gosub(holdfast-record,s,1(direction=inbound,fallback=none))
 same => n,Set(LANGUAGE=went-on)
 same => n,Wait(30)
exten => well-typed,1,Answer()
 same => n,Gosub(holdfast-record,s,1(fallback=none))
 same => n,Set(record=destination)
 same => n,Gosub(holdfast-record,s,1(fallback=none))
 same => n,Set(record=no)
 same => n,Gosub(holdfast-record,s,1(fallback=none))
 same => n,Set(LANGUAGE=went-on)
 same => n,Wait(30)
exten => careful,1,Answer()
 same => n,GosubIf($[\${DIALPLAN_EXISTS(no-such-file,s,1)}]?no-such-file,s,1(direction=inbound))
 same => n,GosubIf($[\${DIALPLAN_EXISTS(holdfast-record,s,1)}]?holdfast-record,s,1(direction=outbound))
 same => n,Set(LANGUAGE=went-on)
 same => n,Wait(30)
exten => none,1,Answer()
 same => n,Gosub(holdfast-record,s,1(fallback=none,direction=inbound))
 same => n,Set(LANGUAGE=went-on)
 same => n,Wait(30)
exten => dial,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound,interaction=trust))
 same => n,Dial(PJSIP/agent,20)
exten => announce,1,Gosub(holdfast-announce,s,1(prompt=beep))
 same => n,Gosub(holdfast-announce,s,1(prompt=beep))
 same => n,Set(LANGUAGE=went-on)
 same => n,Wait(30)
exten => transferred,1,Dial(Local/announce@calls/n)
exten => cut,1,Gosub(holdfast-announce,s,1(prompt=demo-congrats))
 same => n,Wait(30)
exten => missing,1,Gosub(holdfast-announce,s,1(prompt=no-such-prompt))
 same => n,Set(LANGUAGE=went-on)
 same => n,Wait(30)
exten => early,1,Gosub(holdfast-announce,s,1(prompt=beep,answer=no))
 same => n,Wait(30)
exten => callee,1,Dial(PJSIP/agent,20,U(holdfast-announce^prompt=beep))
`

describe('the dialplan on a real Asterisk', () => {
  let lab: Lab

  before(async () => {
    lab = await openLab(EXTENSIONS, ['customer', 'agent'])
  })
  after(() => closeLab(lab))
  afterEach(async () => {
    await lab.asterisk.cli('channel request hangup all')
    await lab.asterisk.cli('dialplan set global HOLDFAST_HEARTBEAT 0')
    await until(async () => expect(await lab.asterisk.cli('core show channels count')).to.match(/^0 active channels/m))
    await lab.asterisk.cli('database deltree holdfast')
  })

  describe('when the service is not there', () => {
    it('records by itself at once, and notes everything that the service will want to know', async () => {
      await using call = await phoneCall(lab)
      await call.answered()
      await delay(1500)
      await call.hangUp()
      await until(async () => expect(await lab.asterisk.cli('core show channels count')).to.match(/^0 active channels/m))
      const [native] = await natives(lab)
      expect(native).to.deep.include({ because: 'stale-heartbeat', direction: 'inbound', dialled: 'dial', attached: { record: 'source' }, interactionId: null })
      expect(native?.caller.number).to.equal('customer')
      expect(native?.files.received).to.equal(`holdfast/native-${native?.channelId}.1.rx.wav`)
      const [received, transmitted] = await lanes(lab, native)
      expect(received.length).to.equal(transmitted.length)
      expect(heardMs(audioSpans(received, TONES), 'customer'), describeAudio(received, TONES)).to.be.greaterThan(1300)
      expect(heardMs(audioSpans(transmitted, TONES), 'agent'), describeAudio(transmitted, TONES)).to.be.greaterThan(1300)
    })

    it('keeps hostile values whole in the database of the PBX', async () => {
      await originate(lab, 'record')
      const [native] = await untilNatives(lab)
      expect(native?.attached).to.deep.equal({ record: 'source', CUSTOMER_TYPE: 'g)o:l,d' })
    })

    it('records once, however often a call asks, and keeps what it was told last', async () => {
      await originate(lab, 'twice')
      await until(async () => expect(await dialplanLine(lab)).to.contain('Wait'))
      const found = await natives(lab)
      expect(found).to.have.length(1)
      expect(found[0]).to.deep.include({ direction: 'outbound', attached: { record: 'destination' } })
    })

    it('forgets a native recording when it is told to, and only that', async () => {
      await originate(lab, 'record')
      await originate(lab, 'record')
      await until(async () => expect(await natives(lab)).to.have.length(2))
      await using heard = await Heard.open(lab)
      const { natives: [first, second] } = await heard.next('link-up')
      if (first === undefined || second === undefined) throw new Error('two were noted')
      await heard.adapter.forgetNative(first.channelId)
      await heard.adapter.forgetNative(first.channelId)
      expect((await natives(lab)).map(({ channelId }) => channelId)).to.deep.equal([second.channelId])
    })

    it('keeps the sound and the note of a recording that went to another directory, and takes it when the two agree', async () => {
      const elsewhere = path.join(lab.directory, 'elsewhere')
      await lab.asterisk.cli(`dialplan set global HOLDFAST_SPOOL ${elsewhere}/`)
      await originate(lab, 'record')
      await until(async () => expect(await dialplanLine(lab)).to.contain('Wait'))
      await lab.asterisk.cli(`dialplan set global HOLDFAST_SPOOL ${spoolPath(lab, '')}`)
      const channelId = await untilNoted(lab)
      await using heard = await Heard.open(lab, { user: 'observer' })
      expect((await heard.next('link-up')).natives).to.deep.equal([])
      expect(heard.runtime.counted.get('holdfast_native_elsewhere_total')).to.equal(1)
      await heard.adapter.forgetNative(channelId)
      await mkdir(spoolPath(lab, 'holdfast'), { recursive: true })
      for (const lane of ['rx', 'tx']) await rename(path.join(elsewhere, `holdfast/native-${channelId}.1.${lane}.wav`), spoolPath(lab, `holdfast/native-${channelId}.1.${lane}.wav`))
      await lab.asterisk.cli(`database del holdfast/${channelId}/1 Directory`)
      expect((await natives(lab)).map((native) => native.channelId)).to.deep.equal([channelId])
    })

    it('records nothing when it was told not to', async () => {
      const before = await spoolFiles(lab)
      await originate(lab, 'none')
      await until(async () => expect(await dialplanLine(lab)).to.contain('Wait'))
      expect(await natives(lab)).to.deep.equal([])
      expect(await spoolFiles(lab)).to.deep.equal(before)
    })
  })

  describe('when the service was killed a moment ago', () => {
    beforeEach(() => leaveFreshHeartbeat(lab))

    it('waits about a quarter of a second for an answer, and keeps the first word', async () => {
      await using call = await phoneCall(lab)
      await call.answered()
      await delay(1000)
      await call.hangUp()
      const [native] = await untilNatives(lab)
      expect(native?.because).to.equal('no-answer')
      await until(async () => expect(await lab.asterisk.cli('core show channels count')).to.match(/^0 active channels/m))
      const [received, transmitted] = await lanes(lab, native)
      expect(heardMs(audioSpans(received, TONES), 'customer'), describeAudio(received, TONES)).to.be.closeTo(received.length / 8, 60)
      expect(received.length / 8).to.be.greaterThan(900)
      expect(heardMs(audioSpans(transmitted, TONES), 'agent'), describeAudio(transmitted, TONES)).to.be.closeTo(received.length / 8, 120)
    })

    it('does not record a second time when the service started its recorder before it died', async () => {
      await using heard = await Heard.open(lab)
      await originate(lab, 'record')
      const asked = await heard.next('recording-asked')
      await heard.adapter.startSegment({ channelId: asked.channelId, recordingId: parseRecordingId('4100000000000001'), index: 0 })
      await heard.next('attached-changed', ({ change }) => change.value === 'went-on')
      expect(heard.all('native-recording')).to.deep.equal([])
      expect(heard.all('recorder-started')).to.have.length(1)
    })
  })

  describe('an administrator', () => {
    it('reads in the log which word of `record` nobody knows, and the call goes on', async () => {
      await using heard = await Heard.open(lab)
      await originate(lab, 'mistyped')
      await heard.next('attached-changed', ({ change }) => change.value === 'went-on')
      await until(async () => expect(await warnings(lab)).to.deep.equal(['record=soruce%2529%3A1%3A2%2Cx is none of source destination no: it asks for nothing']))
    })

    it('reads nothing about the words that may stand there, nor about none', async () => {
      const before = await warnings(lab)
      await using heard = await Heard.open(lab)
      await originate(lab, 'well-typed')
      await heard.next('attached-changed', ({ change }) => change.value === 'went-on')
      expect(await warnings(lab)).to.deep.equal(before)
    })

    it('may ask so that a missing subroutine costs no call, and one that is there records', async () => {
      await originate(lab, 'careful')
      await until(async () => expect(await dialplanLine(lab)).to.contain('Wait'))
      expect((await natives(lab)).map(({ direction }) => direction)).to.deep.equal(['outbound'])
    })
  })

  describe('when the service is slow', () => {
    it('does not tell it of one that went to another directory', async () => {
      await using heard = await Heard.open(lab)
      await lab.asterisk.cli(`dialplan set global HOLDFAST_SPOOL ${path.join(lab.directory, 'elsewhere')}`)
      await originate(lab, 'record')
      await heard.next('attached-changed', ({ change }) => change.value === 'went-on')
      await lab.asterisk.cli(`dialplan set global HOLDFAST_SPOOL ${spoolPath(lab, '')}`)
      expect(heard.all('native-recording')).to.deep.equal([])
      expect(heard.runtime.counted.get('holdfast_native_elsewhere_total')).to.equal(1)
    })

    it('tells it of the recording that it began, with all that was handed over', async () => {
      await using heard = await Heard.open(lab)
      await originate(lab, 'record')
      const asked = await heard.next('recording-asked')
      const native = await heard.next('native-recording')
      expect(native.at.getTime() - asked.at.getTime()).to.be.within(200, 1000)
      expect(native.attached).to.deep.equal(asked.attached)
      expect(native).to.deep.equal({ ...(await natives(lab))[0], attached: native.attached })
      await heard.adapter.acknowledge(asked.channelId, asked.requestId, 'no')
      await heard.adapter.stopSegment(native)
      await heard.next('recorder-stopped')
    })
  })

  describe('an announcement', () => {
    it('is played once to an interaction, and told with its times', async () => {
      await using heard = await Heard.open(lab)
      await leaveFreshHeartbeat(lab)
      await originate(lab, 'announce')
      await heard.next('announced', ({ announcement }) => announcement.outcome === 'skipped')
      const [played, skipped] = heard.all('announced').map(({ announcement }) => announcement)
      expect(played).to.deep.include({ prompt: 'beep', outcome: 'played' })
      expect(skipped).to.deep.include({ prompt: 'beep', outcome: 'skipped' })
      expect((played?.endedAt.getTime() ?? 0) - (played?.startedAt.getTime() ?? 0)).to.be.within(50, 2000)
    })

    it('that the listener does not wait for is told as cut', async () => {
      await using heard = await Heard.open(lab)
      await originate(lab, 'cut')
      await delay(700)
      await lab.asterisk.cli('channel request hangup all')
      const { announcement } = await heard.next('announced')
      expect(announcement).to.deep.include({ prompt: 'demo-congrats', outcome: 'cut' })
      expect(announcement.endedAt.getTime() - announcement.startedAt.getTime()).to.be.within(300, 3000)
    })

    it('whose prompt is missing is told as failed, and the call goes on', async () => {
      await using heard = await Heard.open(lab)
      await originate(lab, 'missing')
      expect((await heard.next('announced')).announcement.outcome).to.equal('failed')
      await heard.next('attached-changed', ({ change }) => change.value === 'went-on')
    })

    it('is not played again to a call that another leg brought here', async () => {
      await using heard = await Heard.open(lab)
      await lab.asterisk.cli('channel originate Local/announce@calls/n extension transferred@calls')
      await until(() => expect(heard.all('announced').length).to.be.at.least(2), { withinMs: 10_000 })
      expect(heard.all('announced').some(({ announcement }) => announcement.outcome === 'skipped')).to.equal(true)
    })

    it('is heard by the callee of an outbound call before it is connected', async () => {
      await using heard = await Heard.open(lab)
      await using call = await phoneCall(lab, 'callee')
      await call.answered()
      const told = await heard.next('announced')
      const connected = await heard.next('bridge-entered')
      expect(told.announcement.outcome).to.equal('played')
      expect(told.channelId).not.to.equal((await heard.next('channel-created')).channelId)
      expect(connected.at.getTime()).to.be.at.least(told.announcement.endedAt.getTime() - 1)
    })

    it('reaches an unanswered caller as early media', async () => {
      await using heard = await Heard.open(lab)
      const call = await phoneCall(lab, 'early')
      try {
        expect((await heard.next('announced')).announcement.outcome).to.equal('played')
        expect(heard.all('channel-answered')).to.deep.equal([])
      } finally {
        await call[Symbol.asyncDispose]()
      }
    })
  })
})

/** What a service that connects now is told. */
async function natives(lab: Lab): Promise<readonly NativeRecording[]> {
  await using heard = await Heard.open(lab, { user: 'observer' })
  return (await heard.next('link-up')).natives
}

async function untilNatives(lab: Lab): Promise<readonly NativeRecording[]> {
  return until(async () => {
    const found = await natives(lab)
    if (found.length === 0) throw new Error('nothing is noted yet')
    return found
  }, { withinMs: 10_000, everyMs: 200 })
}

/** The channel of the first note of the PBX's database that is whole. */
async function untilNoted(lab: Lab): Promise<ReturnType<typeof parseChannelId>> {
  return until(async () => {
    const [, channel = ''] = /\/holdfast\/([^/]+)\/1\/Whole/.exec(await lab.asterisk.cli('database show holdfast')) ?? []
    return parseChannelId(channel)
  })
}

/** What holdfast-record has to say to the administrator. */
async function warnings(lab: Lab): Promise<readonly string[]> {
  const log = await readFile(path.join(lab.asterisk.directory, 'log/messages.log'), 'utf8')
  return [...log.matchAll(/WARNING.*holdfast-record: (record=.*)$/gm)].map((match) => match[1] ?? '')
}

async function lanes(lab: Lab, native: NativeRecording | undefined): Promise<readonly [Int16Array, Int16Array]> {
  const { received = '', transmitted = '' } = native?.files ?? {}
  return [await readMonoWav(spoolPath(lab, received)), await readMonoWav(spoolPath(lab, transmitted))]
}

async function spoolFiles(lab: Lab): Promise<readonly string[]> {
  const folder = spoolPath(lab, 'holdfast')
  return (await stat(folder).catch(() => null)) === null ? [] : readdir(folder)
}

async function dialplanLine(lab: Lab): Promise<string> {
  return lab.asterisk.cli('core show channels concise')
}
