import { expect } from 'chai'
import { describe, it } from 'mocha'
import { armMask, armRecorder, disarmRecorder, forgetNative, maskRecorder, setAcknowledgement, setCodeAnswer, setHeartbeat, setPaused, setPauseWays, setPbxName, startRecorder, stopRecorder, unmaskRecorder } from '../../../../adapters/freeswitch/esl-commands.ts'
import { fileOf, pathOf, segmentFilesOf } from '../../../../adapters/freeswitch/spool-names.ts'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { parseChannelId, parsePbxId, parseRecordingId } from '../../../../core/domain/ids.ts'

const channelId = parseChannelId('74f9969a-468c-45d9-b9c0-19e8c9fe0f86')
const path = '/rec/holdfast/4096.0.wav'
const recorder = { channelId, path, id: '4096.0', sampleRateHz: 8000 }

describe('commands to FreeSWITCH', () => {
  it('start a recorder of two channels that nothing set on the channel can change', () => {
    const [, said = ''] = /^uuid_record 74f9969a-468c-45d9-b9c0-19e8c9fe0f86 start \/rec\/holdfast\/4096\.0\.wav 0 \{(.*)\}$/.exec(startRecorder(recorder)) ?? []
    expect(Object.fromEntries(said.split(',').map((variable) => variable.split('=')))).to.deep.equal({
      rec_id: '4096.0', record_sample_rate: '8000', RECORD_STEREO: 'true', RECORD_STEREO_SWAP: 'false', RECORD_READ_ONLY: 'false', RECORD_WRITE_ONLY: 'false',
      RECORD_PRE_BUFFER_FRAMES: '0', enable_file_write_buffering: 'false', RECORD_USE_THREAD: 'true',
      RECORD_MIN_SEC: '0', RECORD_APPEND: 'false', RECORD_TOGGLE_ON_REPEAT: 'false', RECORD_CHECK_BRIDGE: 'false',
      RECORD_ANSWER_REQ: 'false', RECORD_BRIDGE_REQ: 'false', RECORD_HANGUP_ON_ERROR: 'false',
      RECORD_INITIAL_TIMEOUT_MS: '0', RECORD_FINAL_TIMEOUT_MS: '0', RECORD_SILENCE_THRESHOLD: '0',
    })
    expect(startRecorder(recorder)).to.not.match(/[\s'"\\$%].*\{.*[\s'"\\$%]/)
  })

  it('name the recorder by its path', () => {
    expect(stopRecorder(recorder)).to.equal(`uuid_record ${channelId} stop ${path}`)
    expect(maskRecorder(recorder)).to.equal(`uuid_record ${channelId} mask ${path}`)
    expect(unmaskRecorder(recorder)).to.equal(`uuid_record ${channelId} unmask ${path}`)
  })

  it('arm a recorder for the answer, and its mask behind it', () => {
    expect(armRecorder(recorder)).to.equal(`uuid_setvar ${channelId} api_on_answer_holdfast_4096.0 ${startRecorder(recorder)}`)
    expect(armMask(recorder)).to.equal(`uuid_setvar ${channelId} api_on_answer_holdfast_4096.0_mask ${maskRecorder(recorder)}`)
    expect(disarmRecorder(recorder)).to.equal(`uuid_setvar ${channelId} api_on_answer_holdfast_4096.0`)
    expect(disarmRecorder({ ...recorder, id: `native-${channelId}.1` }), 'what the dialplan has armed').to.equal(`uuid_setvar ${channelId} api_on_answer_holdfast`)
  })

  it('answer the dialplan', () => {
    expect(setAcknowledgement(channelId, 'r1', '4096')).to.equal(`uuid_setvar ${channelId} HOLDFAST_ACK r1:4096`)
    expect(setCodeAnswer(channelId, 'r2', 'paused')).to.equal(`uuid_setvar ${channelId} HOLDFAST_ANSWER r2:paused`)
    expect(setPauseWays(channelId, ['api', 'dtmf'])).to.equal(`uuid_setvar ${channelId} HOLDFAST_PAUSE api-dtmf`)
    expect(setPauseWays(channelId, [])).to.equal(`uuid_setvar ${channelId} HOLDFAST_PAUSE none`)
    expect([setPaused(channelId, 'on'), setPaused(channelId, 'off')]).to.deep.equal([`uuid_setvar ${channelId} HOLDFAST_PAUSED 1`, `uuid_setvar ${channelId} HOLDFAST_PAUSED 0`])
    expect(setPbxName(parsePbxId('branch'))).to.equal('global_setvar HOLDFAST_PBX=branch')
    expect(setHeartbeat(1_795_326_075)).to.equal('global_setvar HOLDFAST_ALIVE_UNTIL=1795326075')
    expect(forgetNative(channelId)).to.deep.equal([`uuid_setvar ${channelId} HOLDFAST_NATIVE`, `hash delete/holdfast/${channelId}`, `hash delete/holdfast-started/${channelId}`])
  })
})

describe('names of spool files on FreeSWITCH', () => {
  it('are one for both channels', () => {
    expect(segmentFilesOf({ recordingId: parseRecordingId('4096'), index: 2 })).to.deep.equal({ received: 'holdfast/4096.2.wav', transmitted: 'holdfast/4096.2.wav' })
  })

  it('are found again in a path below the directory, and nowhere else', () => {
    expect(fileOf('/rec', pathOf('/rec', 'holdfast/4096.0.wav'))).to.equal('holdfast/4096.0.wav')
    for (const other of ['/rec/4096.0.wav', '/records/holdfast/4096.0.wav', '/rec/holdfast/../4096.0.wav', '/rec/holdfast/a/b.wav', '/rec/holdfast/.a', 'holdfast/4096.0.wav', null]) {
      expect(fileOf('/rec', other), String(other)).to.equal(null)
    }
  })

  it('are refused where they could end the path or lead out of it, whoever remembered them', () => {
    for (const name of ['holdfast/a b.wav', 'holdfast/a,b.wav', "holdfast/'a'.wav", 'holdfast/a{b}.wav', 'holdfast/../a.wav', 'a.wav', 'all', '', 'holdfast/a\nb.wav', 'holdfast/$x.wav', 'holdfast/%41.wav']) {
      expect(() => pathOf('/rec', name), name).to.throw(HoldfastError).with.property('code', 'FIELD_REFUSED')
    }
  })
})
