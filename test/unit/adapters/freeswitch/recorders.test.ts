import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { mock } from 'node:test'
import { armMask, armRecorder, disarmMask, disarmRecorder, listRecorders, maskRecorder, nameNoRecorder, nameRecorder, readClock, setPaused, startRecorder, stopRecorder, unmaskRecorder } from '../../../../adapters/freeswitch/esl-commands.ts'
import { EslMessage } from '../../../../adapters/freeswitch/esl-message.ts'
import { RecorderWatch } from '../../../../adapters/freeswitch/recorder-watch.ts'
import { Recorders } from '../../../../adapters/freeswitch/recorders.ts'
import { parseChannelId, parsePbxId, parseRecordingId } from '../../../../core/domain/ids.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'
import { expectCode } from '../../../support/rejection.ts'

const NOW = new Date(1_795_326_065_000)
const TOLD = new Date(1_795_326_065_020)
const channelId = parseChannelId('leg-1')
const file = 'holdfast/4096.0.wav'
const recorder = { channelId, path: `/rec/${file}`, id: '4096.0', sampleRateHz: 8000 }
const segment = { channelId, recordingId: parseRecordingId('4096'), index: 0 }
const running = { channelId, recorderId: file }
const OK = '+OK Success\n'
const LISTED = `<media-bugs>\n <media-bug>\n  <function>session_record</function>\n  <target>${recorder.path}</target>\n </media-bug>\n</media-bugs>\n`
const OTHERS: Readonly<Record<string, string>> = { [listRecorders(channelId)]: LISTED, [readClock()]: `${NOW.getTime() * 1000}` }
const NO_SESSION = '-ERR Cannot locate session!\n'

describe('recorders on a FreeSWITCH', () => {
  let said: string[]
  /** What the switch answers to a line; `+OK` where nothing stands. */
  let answers: (line: string) => string | undefined
  let watch: RecorderWatch
  let recorders: Recorders

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    said = []
    answers = () => undefined
    const runtime = quietRuntime(() => NOW)
    watch = new RecorderWatch({ pbxId: parsePbxId('fs'), runtime, spool: { stat: async () => null }, begin: () => undefined })
    recorders = new Recorders({
      recordingDirectory: '/rec', sampleRateHz: 8000, watch, runtime, now: () => NOW,
      api: async (line) => {
        said.push(line)
        return answers(line) ?? OTHERS[line] ?? OK
      },
    })
  })
  afterEach(() => mock.timers.reset())

  it('begin on an answered leg, at the time that FreeSWITCH tells', async () => {
    legIs('answered', (line) => line === startRecorder(recorder) ? tell('RECORD_START', file) : undefined)
    expect(await recorders.start(segment)).to.deep.equal({ channelId, recorderId: file, at: TOLD })
    expect(said).to.include.members([nameRecorder(recorder), armRecorder(recorder), startRecorder(recorder)])
    expect(said.indexOf(armRecorder(recorder)), 'armed before it is asked: an answer in between is not missed').to.be.lessThan(said.findIndex((line) => line.startsWith('eval ')))
  })

  it('are armed on a leg that rings, and not started: a start would force a 183 upon it', async () => {
    legIs('ringing')
    expect(await recorders.start(segment)).to.deep.equal({ channelId, recorderId: file, at: NOW })
    expect(said).to.include(armRecorder(recorder)).and.to.not.include(startRecorder(recorder))
    expect(watch.stateOf(file, channelId)).to.equal('armed')
  })

  it('that FreeSWITCH says yes to and tells nothing of are not believed', async () => {
    legIs('answered', (line) => line === startRecorder(recorder) ? tell('RECORD_START', 'holdfast/4095.0.wav') : undefined)
    const started = expectCode(recorders.start(segment), 'PBX_TIMEOUT')
    await turns()
    mock.timers.tick(2000)
    await started
    expect(watch.stateOf(file, channelId)).to.equal(null)
  })

  it('cannot begin on a leg that is gone, or where FreeSWITCH refuses', async () => {
    answers = (line) => line.startsWith('uuid_setvar') ? '-ERR No such channel!\n' : '-ERR no reply\n'
    await expectCode(recorders.start(segment), 'CHANNEL_GONE')
    legIs('answered', (line) => line === startRecorder(recorder) ? '-ERR Cannot record session!\n' : undefined)
    await expectCode(recorders.start(segment), 'PBX_REFUSED')
  })

  it('are stopped, and their file is complete at the time that FreeSWITCH tells', async () => {
    tell('RECORD_START', file)
    answers = () => tell('RECORD_STOP', file)
    expect(await recorders.stop(running)).to.deep.equal({ at: TOLD })
    expect(said).to.deep.equal([stopRecorder(recorder), nameNoRecorder(channelId)])
  })

  it('that have not begun are disarmed before they are stopped, so that an answer in between starts nothing', async () => {
    legIs('ringing')
    await recorders.start(segment)
    said = []
    answers = (line) => line === stopRecorder(recorder) ? '-ERR Cannot stop record session!\n' : undefined
    expect(await recorders.stop(running)).to.deep.equal({ at: NOW })
    expect(said).to.deep.equal([disarmRecorder(recorder), disarmMask(recorder), stopRecorder(recorder), nameNoRecorder(channelId)])
    expect(watch.stateOf(file, channelId)).to.equal(null)
  })

  it('that the dialplan has armed meanwhile are left alone when ours is stopped', async () => {
    legIs('ringing')
    await recorders.start(segment)
    tell('RECORD_START', 'holdfast/native-leg-1.7.wav')
    said = []
    answers = (line) => line === stopRecorder(recorder) ? '-ERR Cannot stop record session!\n' : undefined
    await recorders.stop(running)
    expect(said).to.not.include(disarmRecorder({ ...recorder, id: 'native-leg-1.7' }))
    expect(said.at(-1), 'the dialplan pauses by its name').to.equal(nameRecorder({ channelId, path: '/rec/holdfast/native-leg-1.7.wav' }))
  })

  it('that have ended already, with their leg or before it, are stopped without an error', async () => {
    for (const reply of [NO_SESSION, '-ERR Cannot stop record session!\n']) {
      answers = () => reply
      expect(await recorders.stop(running)).to.deep.equal({ at: NOW })
    }
  })

  it('are found by their folder where only the leg is remembered', async () => {
    const list = '<media-bugs>\n <media-bug>\n  <function>session_record</function>\n  <target>/elsewhere/holdfast/1.0.wav</target>\n </media-bug>\n <media-bug>\n  <function>session_record</function>\n  <target>/rec/holdfast/4096.0.wav</target>\n </media-bug>\n</media-bugs>\n'
    answers = (line) => line.startsWith('uuid_buglist') ? list : undefined
    await recorders.mask({ channelId, recorderId: null })
    expect(said).to.include(maskRecorder(recorder))
    answers = (line) => line.startsWith('uuid_buglist') ? '<media-bugs>\n</media-bugs>\n' : undefined
    await expectCode(recorders.mask({ channelId, recorderId: null }), 'PBX_REFUSED')
  })

  it('are masked and unmasked, and the dialplan knows of it before the mask, and until after it', async () => {
    expect(await recorders.mask(running)).to.deep.equal({ at: NOW })
    await recorders.unmask(running)
    expect(said).to.deep.equal([setPaused(channelId, 'on'), readClock(), maskRecorder(recorder), readClock(), listRecorders(channelId), readClock(), unmaskRecorder(recorder), readClock(), listRecorders(channelId), setPaused(channelId, 'off')])
  })

  it('count as masked from after their mask, and until before its end', async () => {
    let microseconds = NOW.getTime() * 1000
    answers = (line) => line === readClock() ? `${microseconds += 30_000}` : undefined
    expect(await recorders.mask(running)).to.deep.equal({ at: new Date(NOW.getTime() + 60) })
    expect(await recorders.unmask(running)).to.deep.equal({ at: new Date(NOW.getTime() + 90) })
  })

  it('that are armed begin masked', async () => {
    legIs('ringing', (line) => line === maskRecorder(recorder) ? '-ERR Cannot mask recording session!\n' : undefined)
    expect(await recorders.mask(running)).to.deep.equal({ at: NOW })
    expect(said).to.include(armMask(recorder))
    expect(said.lastIndexOf(maskRecorder(recorder)), 'and once more, lest it has begun meanwhile').to.be.greaterThan(said.indexOf(armMask(recorder)))
    legIs('ringing', (line) => line === unmaskRecorder(recorder) ? '-ERR Cannot unmask recording session!\n' : undefined)
    await recorders.unmask(running)
    expect(said).to.include(disarmMask(recorder))
  })

  it('that begin in the moment of a mask are masked once they run', async () => {
    legIs('ringing')
    await recorders.start(segment)
    let runs = false
    legIs('answered', (line) => line === maskRecorder(recorder) && !runs ? '-ERR Cannot mask recording session!\n' : undefined)
    const masked = recorders.mask(running)
    await turns()
    runs = true
    tell('RECORD_START', file)
    expect(await masked).to.deep.equal({ at: NOW })
    expect(said.filter((line) => line === maskRecorder(recorder))).to.have.length(3)
  })

  it('that are armed on another leg are not waited for: who picks up asks at once', async () => {
    legIs('ringing')
    await recorders.start(segment)
    legIs('answered', (line) => line.includes(' unmask ') ? '-ERR Cannot unmask recording session!\n' : undefined)
    await expectCode(recorders.unmask({ channelId: parseChannelId('leg-2'), recorderId: file }), 'PBX_REFUSED')
  })

  it('that are not there cannot be told "paused" of', async () => {
    legIs('answered', (line) => line === maskRecorder(recorder) ? '-ERR Cannot mask recording session!\n' : undefined)
    await expectCode(recorders.mask(running), 'PBX_REFUSED')
    answers = () => NO_SESSION
    await expectCode(recorders.mask(running), 'CHANNEL_GONE')
  })

  it('that were moved to another leg are not believed, though FreeSWITCH says yes', async () => {
    answers = (line) => line === listRecorders(channelId) ? LISTED.replace('4096', '4095') : undefined
    await expectCode(recorders.mask(running), 'PBX_REFUSED')
    await expectCode(recorders.unmask(running), 'PBX_REFUSED')
  })

  it('are not masked by an answer that means something else', async () => {
    answers = (line) => line === maskRecorder(recorder) ? '1795326065000000' : undefined
    await expectCode(recorders.mask(running), 'PBX_REFUSED')
  })

  it('have their pauses forgotten by their leg, and no other leg\'s', async () => {
    answers = (line) => line.startsWith('hash_dump') ? 'D/holdfast-pauses_leg-1.1795326065000000/a\nD/holdfast-pauses_leg-10.1795326065000001/b\n' : undefined
    await recorders.forgetPauses(channelId)
    expect(said.slice(1)).to.deep.equal(['hash delete/holdfast-pauses/leg-1.1795326065000000'])
  })

  it('that cannot be written are told of by the log, each by its path', () => {
    const faults: string[] = []
    const runtime = quietRuntime(() => NOW)
    const told = new RecorderWatch({
      pbxId: parsePbxId('fs'), spool: { stat: async () => null }, begin: () => undefined,
      runtime: { ...runtime, log: { ...runtime.log, error: ({ file: of, fault }) => void faults.push(`${String(of)} ${String(fault)}`) } },
    })
    const logged = new Recorders({ recordingDirectory: '/rec', sampleRateHz: 8000, watch: told, runtime, now: () => NOW, api: async () => OK })
    for (const name of [file, 'holdfast/4097.0.wav']) told.running(name, channelId)
    const says = (line: string): string => `switch_ivr_async.c:1339 ${line}`
    for (const line of [
      says('Error writing /rec/holdfast/4096.0.wav'), says('Error writing /rec/holdfast/4096.0.wav'), says('Error writing /elsewhere/holdfast/4097.0.wav'), says('Cannot open /rec/holdfast/4097.0.wav'),
      // Callers' words in other lines.
      'sofia.c:10234 Error writing /rec/holdfast/4097.0.wav', 'mod_dptools.c:1 x [ERR] switch_ivr_async.c:1339 Error writing /rec/holdfast/4097.0.wav', says('Error writing /rec/holdfast/4097.0.wav for nobody'),
    ]) {
      logged.noteLog(new EslMessage('log/data', new Map([['Log-Level', '3']]), `2026-11-22 14:00:00.000000 99.00% [ERR] ${line}\n`))
    }
    expect(faults).to.deep.equal([`${file} write-failed`])
  })

  it('never take a name of a journal for a path that leads elsewhere', async () => {
    await expectCode(recorders.stop({ channelId, recorderId: 'all' }), 'FIELD_REFUSED')
    expect(said).to.deep.equal([])
  })

  function legIs(state: string, otherwise: (line: string) => string | undefined = () => undefined): void {
    answers = (line) => line.startsWith('eval ') ? state : otherwise(line)
  }

  /** FreeSWITCH raises an event, and then answers. */
  function tell(name: string, of: string): string {
    recorders.note(new EslMessage('text/event-json', new Map(Object.entries({
      'Event-Name': name, 'Unique-ID': channelId, 'Record-File-Path': `/rec/${of}`, 'Event-Date-Timestamp': String(TOLD.getTime() * 1000),
    })), ''))
    return OK
  }
})

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
