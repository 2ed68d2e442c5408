import { expect } from 'chai'
import { describe, it } from 'mocha'
import { type AmiAction, guardedFields } from '../../../../adapters/asterisk/ami-action.ts'
import { chooseEvents, forgetNative, forgetPauses, listBridges, listChannels, listNatives, listPauses, muteRecorder, ping, readRecorder, setAcknowledgement, setCodeAnswer, setHeartbeat, setPauseWays, setPaused, startRecorder, stopRecorder } from '../../../../adapters/asterisk/ami-actions.ts'
import { absoluteFiles, nativeFiles, segmentFilesOf } from '../../../../adapters/asterisk/spool-names.ts'
import { parseRecordingDirectory } from '../../../../adapters/wire/recording-directory.ts'
import { parseChannelId, parseRecordingId } from '../../../../core/domain/ids.ts'

const channelId = parseChannelId('siteA-1795326065.0')
const recordingId = parseRecordingId('891234567890123')
const files = segmentFilesOf({ recordingId, index: 2 }, 'wav16')

describe('what is sent to Asterisk', () => {
  const SENT: readonly (readonly [AmiAction, Readonly<Record<string, string>>])[] = [
    [chooseEvents(), { action: 'Events', eventmask: 'call,user,dialplan,agent,system' }],
    [ping(), { action: 'Ping' }],
    [setHeartbeat(1_795_326_065), { action: 'Setvar', variable: 'HOLDFAST_HEARTBEAT', value: '1795326065' }],
    [startRecorder(channelId, absoluteFiles('/spool/recording', files)), {
      action: 'MixMonitor', channel: channelId,
      options: 'r(/spool/recording/holdfast/891234567890123.2.rx.wav16)t(/spool/recording/holdfast/891234567890123.2.tx.wav16)i(HOLDFAST_MMID)',
    }],
    [stopRecorder({ channelId, recorderId: '0xabc' }), { action: 'StopMixMonitor', channel: channelId, mixmonitorid: '0xabc' }],
    [muteRecorder({ channelId, recorderId: '0xabc' }, 'on'), { action: 'MixMonitorMute', channel: channelId, mixmonitorid: '0xabc', direction: 'both', state: '1' }],
    [muteRecorder({ channelId, recorderId: '0xabc' }, 'off'), { action: 'MixMonitorMute', channel: channelId, mixmonitorid: '0xabc', direction: 'both', state: '0' }],
    [setAcknowledgement(channelId, 'siteA-1.0.1', recordingId), { action: 'Setvar', channel: channelId, variable: 'HOLDFAST_ACK', value: 'siteA-1.0.1:891234567890123' }],
    [setCodeAnswer(channelId, 'siteA-1.0.c1', 'paused'), { action: 'Setvar', channel: channelId, variable: 'HOLDFAST_ANSWER', value: 'siteA-1.0.c1:paused' }],
    [setPauseWays(channelId, ['dtmf', 'api']), { action: 'Setvar', channel: channelId, variable: 'HOLDFAST_PAUSE', value: 'dtmf-api' }],
    [setPauseWays(channelId, []), { action: 'Setvar', channel: channelId, variable: 'HOLDFAST_PAUSE', value: 'none' }],
    [setPaused(channelId, 'on'), { action: 'Setvar', channel: channelId, variable: 'HOLDFAST_PAUSED', value: '1' }],
    [setPaused(channelId, 'off'), { action: 'Setvar', channel: channelId, variable: 'HOLDFAST_PAUSED', value: '0' }],
    [listPauses(), { action: 'DBGetTree', family: 'holdfast-pauses' }],
    [forgetPauses('siteA-1795326065.0'), { action: 'DBDelTree', family: 'holdfast-pauses/siteA-1795326065.0' }],
    [readRecorder(channelId), { action: 'Getvar', channel: channelId, variable: 'HOLDFAST_MMID' }],
    [listBridges(), { action: 'BridgeList' }],
    [listChannels(), { action: 'Status', variables: 'HOLDFAST_MMID' }],
    [listNatives(), { action: 'DBGetTree', family: 'holdfast' }],
    [forgetNative('siteA-1795326065.0'), { action: 'DBDelTree', family: 'holdfast/siteA-1795326065.0' }],
  ]
  for (const [action, fields] of SENT) {
    it(`is ${action.name} ${Object.values(action.fields).at(-1) ?? ''}`.trimEnd(), () => expect(guardedFields(action)).to.deep.equal(fields))
  }

  it('never holds a command for a shell', () => {
    for (const [action] of SENT) expect(Object.keys(guardedFields(action))).not.to.include('command')
  })

  it('fits into one line with the longest directory that is allowed', () => {
    const longest = parseRecordingDirectory(`/${'d'.repeat(399)}`)
    expect(() => guardedFields(startRecorder(channelId, absoluteFiles(longest, segmentFilesOf({ recordingId: parseRecordingId('9007199254740991'), index: 9999 }, 'wav16'))))).not.to.throw()
  })
})

describe('nativeFiles', () => {
  it('drops from a channel id what does not belong into a file name', () => {
    expect(nativeFiles('site/../A_:@-1795.1', '3').received).to.equal('holdfast/native-site..A-1795.1.3.rx.wav')
  })
})
