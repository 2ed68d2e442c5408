import { expect } from 'chai'
import { after, before, beforeEach, afterEach, describe, it } from 'mocha'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { parseChannelId, parseRecordingId, type RecordingId } from '../../core/domain/ids.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { readMonoWav } from '../support/audio/read-wav.ts'
import { until } from '../support/hooks.ts'
import { certificateOf, closeLab, globalVariable, Heard, type Lab, openLab, originate, phoneCall, spoolPath } from './asterisk-lab.ts'

const TONES = { customer: 440, agent: 1000 }
/** What a caller may manage to get into a variable: it ends a function of the dialplan, an AMI header, an AMI message, an SQL string and a path. */
const HOSTILE = `a):1:2,b\r\nEvent: Hangup\r\n\r\n'";DROP TABLE x;--\${EPOCH}%41../../ é 東京 ☎`

const EXTENSIONS = `
[tone]
exten => 1,1,Answer()
 same => n,Milliwatt()
[calls]
exten => record,1,Answer()
 same => n,Set(__CUSTOMER_TYPE=gold)
 same => n,Set(_LANGUAGE=de)
 same => n,Set(NOTE=\${URIDECODE(${encodeURIComponent(HOSTILE).replaceAll("'", '%27').replaceAll('!', '%21').replaceAll('(', '%28').replaceAll(')', '%29').replaceAll('*', '%2A')})})
 same => n,Set(GRECORD_PARTITIONS=/sales,/support/gold)
 same => n,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=outbound,fallback=none))
 same => n,Set(__CUSTOMER_TYPE=silver)
 same => n,Milliwatt()
exten => dial,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound,fallback=none))
 same => n,Dial(PJSIP/agent,20)
exten => long,1,Answer()
 same => n,Set(P=0123456789:\\)\\(%aé0123456789012345)
 same => n,Set(P=\${P}\${P}\${P}\${P}\${P}\${P}\${P}\${P}\${P}\${P})
 same => n,Set(LANGUAGE=\${P}\${P}\${P}\${P}\${P}\${P}\${P}\${P}\${P}\${P})
 same => n,Set(NOTE=\${LANGUAGE}\${LANGUAGE})
 same => n,Gosub(holdfast-record,s,1(direction=inbound,fallback=none))
 same => n,Wait(5)
exten => broken,1,Answer()
 same => n,Set(LANGUAGE=\${URIDECODE(x%FF%FEy)})
 same => n,Set(NOTE=after)
 same => n,Gosub(holdfast-record,s,1(direction=sideways,fallback=none))
 same => n,Wait(5)
`

describe('the Asterisk adapter on a real Asterisk, with the rights and the filter that we print', () => {
  let lab: Lab
  let heard: Heard
  let nextId = 4_000_000_000_000_000

  before(async () => {
    lab = await openLab(EXTENSIONS, ['customer', 'agent'])
  })
  after(() => closeLab(lab))
  beforeEach(async () => {
    heard = await Heard.open(lab)
  })
  afterEach(async () => {
    await lab.asterisk.cli('channel request hangup all')
    await heard[Symbol.asyncDispose]()
  })

  it('records both sides of a channel, masks without cutting the time line, and completes the files', async () => {
    await using call = await phoneCall(lab)
    const asked = await nextAsked()
    const { channelId } = asked
    const recordingId = mint()
    const segment = await heard.adapter.startSegment({ channelId, recordingId, index: 0 })
    await heard.adapter.acknowledge(channelId, asked.requestId, recordingId)
    await call.answered()
    await delay(1000)
    const masked = await heard.adapter.mask(segment)
    await delay(1000)
    const unmasked = await heard.adapter.unmask(segment)
    await delay(1000)
    const stopped = await heard.adapter.stopSegment(segment)
    const answered = await heard.next('channel-answered', (event) => event.channelId === channelId)
    const files = heard.adapter.segmentFiles({ channelId, recordingId, index: 0 })
    const [received, transmitted] = await Promise.all([readMonoWav(spoolPath(lab, files.received)), readMonoWav(spoolPath(lab, files.transmitted))])
    expect(received.length).to.equal(transmitted.length)
    expect(received.length / 8).to.be.closeTo(stopped.at.getTime() - answered.at.getTime(), 100)
    const [silence] = exactSilence([received, transmitted], 4000)
    expect(((silence?.end ?? 0) - (silence?.start ?? 0)) / 8).to.be.closeTo(unmasked.at.getTime() - masked.at.getTime(), 40)
    expect((silence?.start ?? 0) / 8).to.be.closeTo(masked.at.getTime() - answered.at.getTime(), 60)
    expect(heardMs(audioSpans(received, TONES), 'customer'), describeAudio(received, TONES)).to.be.greaterThan(1800)
    expect(heardMs(audioSpans(transmitted, TONES), 'agent'), describeAudio(transmitted, TONES)).to.be.greaterThan(1800)
  })

  it('tells times of the recorder by the PBX, not by the arrival of its replies', async () => {
    const { asked, recordingId } = await askedBy('record')
    const segment = await heard.adapter.startSegment({ channelId: asked.channelId, recordingId, index: 0 })
    const masked = await heard.adapter.mask(segment)
    expect(segment.at).to.deep.equal((await heard.next('recorder-started')).at)
    expect(masked.at).to.deep.equal((await heard.next('recorder-muted')).at)
  })

  it('is asked with the attached data as they were set, however hostile', async () => {
    const { asked } = await askedBy('record')
    expect(asked.direction).to.equal('outbound')
    expect(asked.attached).to.deep.equal({ record: 'source', GRECORD_PARTITIONS: '/sales,/support/gold', CUSTOMER_TYPE: 'gold', LANGUAGE: 'de', NOTE: HOSTILE })
    expect(heard.all('hangup')).to.deep.equal([])
  })

  it('tells each change of attached data, in all three forms of a variable, as it was set', async () => {
    const { asked } = await askedBy('record')
    await heard.adapter.acknowledge(asked.channelId, asked.requestId, 'no')
    await heard.next('attached-changed', ({ change }) => change.value === 'silver')
    const changes = heard.all('attached-changed').filter((event) => event.channelId === asked.channelId).map(({ change }) => [change.key, change.value])
    expect(changes).to.deep.equal([
      ['CUSTOMER_TYPE', 'gold'], ['LANGUAGE', 'de'], ['NOTE', HOSTILE], ['GRECORD_PARTITIONS', '/sales,/support/gold'], ['record', 'source'], ['CUSTOMER_TYPE', 'silver'],
    ])
  })

  it('gets a value of 3.4 KB whole, and of a longer one nothing but its own event', async () => {
    const { asked } = await askedBy('long')
    const set = new Map(heard.all('attached-changed').map(({ change }) => [change.key, change.value]))
    expect(Buffer.byteLength(set.get('LANGUAGE') ?? '')).to.be.greaterThan(3400)
    expect(asked.attached['LANGUAGE']).to.equal(set.get('LANGUAGE'))
    expect(Buffer.byteLength(set.get('NOTE') ?? '')).to.be.greaterThan(6800)
    expect(asked.attached).not.to.have.property('NOTE')
    expect(heard.runtime.counted.get('holdfast_pbx_words_refused_total')).to.equal(1)
  })

  it('keeps what is readable of broken UTF-8, and takes an odd direction for inbound', async () => {
    const { asked } = await askedBy('broken')
    expect(asked.attached).to.deep.equal({ LANGUAGE: 'x\uFFFD\uFFFDy', NOTE: 'after' })
    expect(asked.direction).to.equal('inbound')
  })

  it('lets the waiting dialplan go on within one turn of its loop', async () => {
    const { asked } = await askedBy('record')
    await heard.adapter.acknowledge(asked.channelId, asked.requestId, 'no')
    const wentOn = await heard.next('attached-changed', ({ change }) => change.value === 'silver')
    expect(wentOn.at.getTime() - asked.at.getTime()).to.be.lessThan(200)
  })

  it('names a channel that is gone', async () => {
    const gone = parseChannelId('holdfast-lab-1.1')
    const calls = [
      () => heard.adapter.startSegment({ channelId: gone, recordingId: mint(), index: 0 }),
      () => heard.adapter.mask({ channelId: gone, recorderId: '0x1' }),
      () => heard.adapter.acknowledge(gone, 'r.1', 'no'),
      () => heard.adapter.answerCode(gone, 'r.c1', 'paused'),
      () => heard.adapter.tellPauseWays(gone, ['dtmf']),
    ]
    for (const call of calls) expect(isHoldfastError(await call().then(() => null, (error: unknown) => error), 'CHANNEL_GONE')).to.equal(true)
  })

  it('forgets pauses of which nothing was noted', async () => {
    await heard.adapter.forgetPauses(parseChannelId('holdfast-lab-1.1'))
  })

  it('takes a recorder that has ended, or a channel that is gone, for stopped', async () => {
    const { asked, recordingId } = await askedBy('record')
    const segment = await heard.adapter.startSegment({ channelId: asked.channelId, recordingId, index: 0 })
    await heard.adapter.stopSegment(segment)
    await heard.adapter.stopSegment(segment)
    await heard.adapter.stopSegment({ channelId: parseChannelId('gone.1'), recorderId: '0x1' })
  })

  it('finds the recorder of a channel that is all it remembers', async () => {
    const { asked, recordingId } = await askedBy('record')
    await heard.adapter.startSegment({ channelId: asked.channelId, recordingId, index: 0 })
    await heard.adapter.stopSegment({ channelId: asked.channelId, recorderId: null })
    await heard.next('recorder-stopped')
  })

  it('finds live channels and our recorder on them after it was away', async () => {
    const { asked, recordingId } = await askedBy('record')
    const segment = await heard.adapter.startSegment({ channelId: asked.channelId, recordingId, index: 0 })
    await using again = await Heard.open(lab)
    const { channels, pbxStartedAt } = await again.next('link-up')
    const found = channels.find(({ channel }) => channel.channelId === asked.channelId)
    expect(found?.recorderId).to.equal(segment.recorderId)
    expect(found?.channel.callId).to.equal(asked.callId)
    expect(channels.filter(({ recorderId }) => recorderId !== null)).to.have.length(1)
    expect(pbxStartedAt?.getTime()).to.be.lessThan(Date.now())
  })

  it('sets the heartbeat by the clock of the PBX, and takes it back when it ends', async () => {
    const other = await Heard.open(lab)
    await until(async () => expect(Number(await globalVariable(lab, 'HOLDFAST_HEARTBEAT'))).to.be.closeTo(Date.now() / 1000, 3))
    await heard[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
    expect(await globalVariable(lab, 'HOLDFAST_HEARTBEAT')).to.equal('0')
  })

  it('comes back by itself when Asterisk is restarted, and goes on', async () => {
    const { pbxStartedAt } = await heard.next('link-up')
    await lab.asterisk.restart()
    await heard.next('link-down')
    await until(() => expect(heard.all('link-up')).to.have.length(2), { withinMs: 20_000 })
    expect(heard.all('link-up')[1]?.pbxStartedAt?.getTime()).to.be.greaterThan((pbxStartedAt ?? new Date(0)).getTime())
    const { asked, recordingId } = await askedBy('record')
    await heard.adapter.startSegment({ channelId: asked.channelId, recordingId, index: 0 })
  })

  it('speaks TLS, and leaves nothing in the temporary directory', async () => {
    const before = await bridges()
    await using secure = await Heard.open(lab, { tls: { ca: await certificateOf(lab), serverName: null } })
    expect(secure.adapter.linkState).to.equal('up')
    expect(await bridges()).to.deep.equal(before)
  })

  it('puts nothing below the spool but files named after recordings', async () => {
    const names = await readdir(spoolPath(lab, 'holdfast'))
    expect(names.filter((name) => !/^[0-9]+\.0\.[rt]x\.wav$/.test(name))).to.deep.equal([])
    expect(await readFile(`${lab.asterisk.directory}/log/messages.log`, 'utf8')).not.to.match(/ERROR.*(holdfast|res_pjsip_header)/)
  })

  async function askedBy(extension: string): Promise<{ readonly asked: Awaited<ReturnType<typeof nextAsked>>; readonly recordingId: RecordingId }> {
    await originate(lab, extension)
    return { asked: await nextAsked(), recordingId: mint() }
  }

  function nextAsked(): ReturnType<typeof heard.next<'recording-asked'>> {
    return heard.next('recording-asked')
  }

  function mint(): RecordingId {
    nextId += 1
    return parseRecordingId(String(nextId))
  }
})

async function bridges(): Promise<readonly string[]> {
  return (await readdir('/tmp')).filter((name) => name.startsWith('holdfast-ami-'))
}
