import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { EventReader } from '../../../../adapters/asterisk/event-reader.ts'
import { parsePbxId } from '../../../../core/domain/ids.ts'
import type { PbxEvent } from '../../../../core/ports/pbx-event.ts'
import { amiFixture, amiText, wholeEvent } from '../../../support/hostile/ami-fixture.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const NOW = new Date('2026-11-22T06:00:00Z')
const OF = 'Channel: PJSIP/customer-00000001\nUniqueid: 1795326065.0\nLinkedid: 1795326065.0'

describe('EventReader', () => {
  let runtime: ReturnType<typeof quietRuntime>
  let reader: EventReader

  beforeEach(() => {
    runtime = quietRuntime(() => NOW)
    reader = new EventReader({ pbxId: parsePbxId('lab'), attachedKeys: new Set(['CUSTOMER_TYPE', 'GRECORD_PARTITIONS', 'record']), runtime, recordingDirectory: '/spool/recording', now: () => NOW })
  })

  it('tells a blind transfer by REFER as it happened', () => {
    expect(story('asterisk-22.10-blind-refer')).to.deep.equal([
      'channel-created 17', 'attached-changed 17 GRECORD_PARTITIONS=/sales', 'attached-changed 17 CUSTOMER_TYPE=gold', 'channel-created 18',
      'attached-changed 18 CUSTOMER_TYPE=gold', 'dial-began 17 → 18', 'channel-answered 18', 'dial-ended 17 → 18 ANSWER', 'channel-answered 17',
      'bridge-entered 18', 'bridge-entered 17', 'recorder-started 17', 'recorder-started 18', 'unheld 18', 'bridge-left 17', 'transferred 17 by 18 blind',
      'hangup 18 16', 'bridge-left 18', 'channel-created 19', 'attached-changed 19 CUSTOMER_TYPE=gold', 'dial-began 17 → 19', 'channel-answered 19',
      'dial-ended 17 → 19 ANSWER', 'bridge-entered 19', 'bridge-entered 17', 'bridge-left 17', 'bridge-left 19', 'hangup 19 16', 'hangup 17 16',
    ].toSorted())
  })

  it('tells an attended transfer by REFER with Replaces, whose consultation is a call of its own', () => {
    const events = read('asterisk-22.10-atx-refer')
    const transfer = events.find((event) => event.type === 'transferred')
    expect(transfer).to.deep.include({
      kind: 'attended', channelId: '1795328353.28', callId: '1795328353.28',
      by: { channelId: '1795328353.29', identity: { number: '101', name: null }, endpoint: 'PJSIP/agentA' },
      consultation: { channelId: '1795328355.30', callId: '1795328355.30' },
      to: { channelId: '1795328355.31', identity: { number: '200', name: null }, endpoint: 'PJSIP/agentB' },
    })
    expect(new Set(events.map((event) => ('callId' in event ? event.callId : null)))).to.deep.equal(new Set(['1795328353.28', '1795328355.30']))
  })

  it('tells an attended transfer by the PBX, which has no consultation of its own, and takes its pair of legs out afterwards', () => {
    const events = read('asterisk-22.10-atx-ami')
    expect(events.find((event) => event.type === 'transferred')).to.deep.include({
      kind: 'attended', channelId: '1795328360.32', consultation: null,
      by: { channelId: '1795328360.33', identity: { number: '101', name: null }, endpoint: 'PJSIP/agentA' },
      to: { channelId: '1795328362.34', identity: { number: '200', name: null }, endpoint: null },
    })
    expect(events.flatMap((event) => event.type === 'shortcut-began' ? [event.channelId, event.otherHalfId] : event.type === 'shortcut-ended' ? [event.channelId] : []))
      .to.deep.equal(['1795328362.34', '1795328362.35', '1795328362.34'])
  })

  it('tells a transfer of channels of which the PBX lists variables', () => {
    const variables = (prefix: string): string => `${prefix}ChanVariable: a=1\n${prefix}ChanVariable: b=2`
    const text = `Event: BlindTransfer\nResult: Success\nTransfererUniqueid: 1.2\nTransfererLinkedid: 1.1\n${variables('Transferer')}\nTransfereeUniqueid: 1.1\nTransfereeLinkedid: 1.1\n${variables('Transferee')}\nExtension: 200`
    expect(one(text)).to.include({ type: 'transferred', channelId: '1.1' })
  })

  it('tells which agent a queue found', () => {
    const connected = read('asterisk-22.10-queue-call').find((event) => event.type === 'queue-connected')
    expect(connected).to.deep.include({ channelId: '1795328168.0', agentChannelId: '1795328168.1', queue: 'sales', member: 'PJSIP/agentA', at: new Date('2026-11-22T06:16:08.180Z') })
  })

  it('tells whom a queue knows by name, at the telephone behind a route of the PBX, too', () => {
    const member = (name: string, [location, state = location]: readonly [string, string?], event = 'QueueMemberAdded'): PbxEvent | null =>
      one(`Event: ${event}\nTimestamp: 1795326065.5\nQueue: sales\nMemberName: ${name}\nInterface: ${location}\nStateInterface: ${state}`)
    expect(member('anna', ['PJSIP/200'])).to.deep.equal({ type: 'queue-member-added', at: new Date('2026-11-22T05:41:05.500Z'), member: { queue: 'sales', agent: 'anna', endpoint: 'PJSIP/200' } })
    expect(member('anna', ['Local/200@agents/n', 'PJSIP/200'], 'QueueMemberRemoved')).to.deep.include({ type: 'queue-member-removed', member: { queue: 'sales', agent: 'anna', endpoint: 'PJSIP/200' } })
    for (const [name, location, state] of [['PJSIP/200', 'PJSIP/200', 'PJSIP/200'], ['Local/1@a', 'Local/1@a', 'PJSIP/200'], ['anna', 'Local/1@a', 'hint:1@a'], ['', 'PJSIP/200', 'PJSIP/200']] as const) {
      expect(member(name, [location, state]), `${name} ${location}`).to.equal(null)
    }
    expect(member('x'.repeat(101), ['PJSIP/200'])).to.equal(null)
    expect(runtime.counted.get('holdfast_pbx_words_refused_total'), 'a name that is none is counted').to.equal(1)
  })

  it('tells who logs in and out at her telephone', () => {
    expect(one(`Event: AgentLogin\nTimestamp: 1795326065.5\nChannel: PJSIP/200-00000001\nUniqueid: 1.1\nAgent: dora`)).to.deep.include({ type: 'agent-logged-in', login: { agent: 'dora', endpoint: 'PJSIP/200' } })
    expect(one(`Event: AgentLogoff\nTimestamp: 1795326066.5\nChannel: PJSIP/200-00000001\nUniqueid: 1.1\nAgent: dora`)).to.deep.include({ type: 'agent-logged-out', at: new Date('2026-11-22T05:41:06.500Z') })
    expect(one('Event: AgentLogin\nTimestamp: 1795326067.5\nChannel: Local/200@x-00000001;1\nUniqueid: 1.1\nAgent: dora')).to.equal(null)
  })

  it('describes a new channel', () => {
    expect(one(`Event: Newchannel\nTimestamp: 1795326065.889555\n${OF}\nChannelState: 4\nCallerIDNum: +4930123\nCallerIDName: <unknown>\nExten: 100`)).to.deep.equal({
      type: 'channel-created', channelId: '1795326065.0', callId: '1795326065.0', at: new Date('2026-11-22T05:41:05.889Z'),
      channel: {
        pbxId: 'lab', channelId: '1795326065.0', callId: '1795326065.0', name: 'PJSIP/customer-00000001', endpoint: 'PJSIP/customer',
        caller: { number: '+4930123', name: null }, dialled: '100', createdAt: new Date('2026-11-22T05:41:05.889Z'), answeredAt: null,
      },
    })
  })

  it('tells who is at a leg that was originated, or given another number', () => {
    expect(one(`Event: NewCallerid\n${OF}\nCallerIDNum: 0301\nCallerIDName: <unknown>`)).to.deep.include({ type: 'identity-changed', identity: { number: '0301', name: null } })
  })

  it('tells which telephone took what rang at another', () => {
    const text = `Event: Pickup\nChannel: PJSIP/b-2\nUniqueid: 1.2\nLinkedid: 1.2\nTargetChannel: PJSIP/a-1\nTargetUniqueid: 1.1\nTargetLinkedid: 1.0`
    expect(one(text)).to.include({ type: 'picked-up', channelId: '1.1', callId: '1.0', byChannelId: '1.2', byCallId: '1.2' })
  })

  it('knows a conference from two who talk', () => {
    const entered = (type: string): unknown => one(`Event: BridgeEnter\n${OF}\nBridgeUniqueid: b1\nBridgeType: ${type}\nBridgeTechnology: softmix`)
    expect(entered('base')).to.include({ kind: 'conference' })
    expect(entered('basic')).to.include({ kind: 'talk' })
  })

  it('tells the number whose route asks, and none where nobody dials it', () => {
    const dialled = (word: string): unknown => {
      const event = one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastRecord\nRequest: r.1\nDirection: outbound\nDialled: ${word}`)
      return event?.type === 'recording-asked' ? event.dialled : undefined
    }
    expect([dialled('%252B4930'), dialled('s'), dialled('')]).to.deep.equal(['+4930', null, null])
  })

  it('gives whoever is parked a bridge of her own', () => {
    const entered = (technology: string): unknown => one(`Event: BridgeEnter\n${OF}\nBridgeUniqueid: b1\nBridgeTechnology: ${technology}`)
    expect(entered('simple_bridge')).to.include({ type: 'bridge-entered', bridgeId: 'b1' })
    expect(entered('holding_bridge')).to.include({ type: 'bridge-entered', bridgeId: 'b1/1795326065.0' })
    expect(one(`Event: BridgeLeave\n${OF}\nBridgeUniqueid: b1\nBridgeTechnology: holding_bridge`)).to.include({ type: 'bridge-left', bridgeId: 'b1/1795326065.0' })
  })

  it('takes the time of its clock for an event without one', () => {
    expect(one(`Event: Hold\n${OF}`)).to.deep.include({ type: 'held', at: NOW })
  })

  it('tells a rename, whose event names no call, by the channel', () => {
    expect(one('Event: Rename\nChannel: PJSIP/a-1\nNewname: PJSIP/b-2\nUniqueid: 1795326065.0')).to.deep.include({ type: 'channel-renamed', name: 'PJSIP/b-2', callId: '1795326065.0' })
  })

  it('tells what a recorder is deaf to', () => {
    const muted = (direction: string, state: string): PbxEvent | null => one(`Event: MixMonitorMute\n${OF}\nDirection: ${direction}\nState: ${state}`)
    expect([muted('both', '1'), muted('read', '1'), muted('write', '1'), muted('both', '0')].map((event) => (event?.type === 'recorder-muted' ? event.muted : null))).to.deep.equal(['both', 'read', 'write', 'none'])
  })

  it('tells nothing of a transfer that failed, of a call that nobody dialled, and of variables that are not wanted', () => {
    for (const text of [
      'Event: BlindTransfer\nResult: Fail\nTransfererUniqueid: 1.2\nTransfereeUniqueid: 1.1', 'Event: BlindTransfer\nResult: Success\nTransfererUniqueid: 1.2',
      'Event: DialBegin\nDestUniqueid: 1.1\nDestChannel: PJSIP/a-1', 'Event: DialEnd\nDestUniqueid: 1.1', `Event: VarSet\n${OF}\nVariable: DIALSTATUS\nValue: x`,
      `Event: Newstate\n${OF}\nChannelState: 5`, `Event: PeerStatus\n${OF}`, 'Response: Success', `Event: toString\n${OF}`,
    ]) expect(one(text), text).to.equal(null)
    expect(runtime.counted.size).to.equal(0)
  })

  it('strips the underscores of inheritance, and unescapes the value', () => {
    for (const form of ['CUSTOMER_TYPE', '_CUSTOMER_TYPE', '__CUSTOMER_TYPE']) {
      const event = one(`Event: VarSet\n${OF}\nVariable: ${form}\nValue: a\\nb\\"c\\"`)
      expect(event?.type === 'attached-changed' ? [event.change.key, event.change.value] : null).to.deep.equal(['CUSTOMER_TYPE', 'a\nb"c"'])
    }
  })

  it('tells a feature code, and refuses one that is none', () => {
    const code = (words: string): PbxEvent | null => one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastCode\n${words}`)
    expect(code('Request: siteA-1.0.c1\nAction: toggle\nWay: dtmf')).to.deep.include({ type: 'code-pressed', channelId: '1795326065.0', requestId: 'siteA-1.0.c1', action: 'toggle', way: 'dtmf' })
    const hostile = ['Request: a b\nAction: pause\nWay: dtmf', `Request: ${'c'.repeat(4096)}\nAction: pause\nWay: dtmf`, 'Request: c1\nAction: __proto__\nWay: dtmf', 'Request: c1\nAction: pause\nWay: api', 'Action: pause\nWay: dtmf', 'Request: c1']
    for (const words of hostile) expect(code(words), words).to.equal(null)
    expect(runtime.counted.get('holdfast_pbx_words_refused_total')).to.equal(hostile.length)
  })

  it('tells what the dialplan paused by itself, and refuses what it cannot have written', () => {
    const pause = (words: string): PbxEvent | null => one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastPause\n${words}`)
    const whole = 'Stage: done\nId: 1795326065120\nAction: pause\nWay: dtmf\nLeg: 1795326065.7\nCall: 1795326065.0\nStopped: 1795326065.140\nDirectory: %2Fspool%2Frecording'
    expect(pause(whole)).to.deep.include({ type: 'native-pause', channelId: '1795326065.7', by: { channelId: '1795326065.0', endpoint: 'PJSIP/customer' }, askedAt: new Date(1_795_326_065_120), stoppedAt: new Date(1_795_326_065_140) })
    for (const [word, other] of [['done', 'gone'], ['1795326065120', '../1'], ['pause', 'stop'], ['dtmf', 'api'], ['1795326065.7', 'a b'], ['Call: 1795326065.0', 'Call: ']] as const) expect(pause(whole.replace(word, other)), other).to.equal(null)
    expect(runtime.counted.get('holdfast_pbx_words_refused_total')).to.equal(6)
  })

  it('takes an event of another program, which describes no channel, for attached data alone', () => {
    const event = (name: string): PbxEvent | null => reader.read(amiText(`Event: UserEvent\nPrivilege: user,all\nTimestamp: 1795326065.5\nUserEvent: ${name}\nUniqueid: 1795326065.0\nLinkedid: 1795326065.0\nKey: CASE\nValue: x\nRequest: r.1\nAction: pause\nWay: dialplan`))
    expect(event('HoldfastAttached')).to.include({ type: 'attached-changed' })
    expect(event('HoldfastCode')).to.equal(null)
  })

  it('refuses and counts a value beyond 8 KB, ids that are none, requests that are none', () => {
    for (const text of [
      `Event: VarSet\n${OF}\nVariable: CUSTOMER_TYPE\nValue: ${'x'.repeat(8193)}`, 'Event: Hangup\nUniqueid: a b\nLinkedid: c', 'Event: Hangup',
      `Event: UserEvent\n${OF}\nUserEvent: HoldfastRecord\nRequest: `, `Event: UserEvent\n${OF}\nUserEvent: HoldfastNative\nNumber: 0`,
      `Event: UserEvent\n${OF}\nUserEvent: HoldfastAnnounced\nPrompt: beep\nOutcome: sung`,
    ]) expect(one(text), text).to.equal(null)
    expect(runtime.counted.get('holdfast_pbx_words_refused_total')).to.equal(5)
    expect(runtime.counted.get('holdfast_pbx_events_forged_total'), 'an event of no channel').to.equal(1)
  })

  describe('before a caller who writes line breaks', () => {
    const HEAD = 'Event: Newstate\nPrivilege: call,all\nTimestamp: 1795326065.889555\nChannel: PJSIP/hostile-00000002\nChannelState: 6\nChannelStateDesc: Up'
    const wire = (number: string, extension: string): readonly string[] =>
      `${HEAD}\nCallerIDNum: ${number}\nCallerIDName: <unknown>\nConnectedLineNum: <unknown>\nConnectedLineName: <unknown>\nLanguage: en\nAccountCode: \nContext: default\nExten: ${extension}\nPriority: 1\nUniqueid: 1795326065.2\nLinkedid: 1795326065.2`
        .split(/\n\n+/).filter((text) => text !== '')
    const told = (number: string, extension = '100'): readonly (PbxEvent | null)[] => wire(number, extension).map((text) => reader.read(amiText(text)))

    beforeEach(() => {
      one(`Event: Newchannel\nTimestamp: 1795326065.5\n${OF}`)
      one('Event: Newchannel\nTimestamp: 1795326065.5\nChannel: PJSIP/hostile-00000002\nUniqueid: 1795326065.2\nLinkedid: 1795326065.2')
    })

    it('believes no event of another call that fits into a number', () => {
      for (const number of [
        '\n\nEvent: Hangup\nPrivilege: \nTimestamp: 123456789.1\nUniqueid: 1795326065.0\n\n', '\n\nEvent: Hangup\nPrivilege: call,all\nTimestamp: 1795326065.1\nUniqueid: 1795326065.0\n\n',
        '\n\nEvent: VarSet\nPrivilege: \nTimestamp: 123456789.1\nVariable: record\nValue: no', '\n\nEvent: Rename\nPrivilege: a\nTimestamp: 1795326065.1\nChannel: x\nNewname: y',
        '\n\nEvent: UserEvent\nPrivilege: a\nTimestamp: 1795326065.1\nUserEvent: HoldfastAttached',
      ]) expect(told(number), number).to.satisfy((events: readonly unknown[]) => events.every((event) => event === null))
      expect(runtime.counted.get('holdfast_pbx_events_forged_total')).to.be.at.least(10)
    })

    it('believes none that he begins in his number and ends in the extension', () => {
      for (const [begin, end] of [
        ['\n\nEvent: VarSet\nPrivilege: \nTimestamp: 123456789.1', '2\nVariable: GRECORD_PARTITIONS\nValue: /m\nUniqueid: 1795326065.0\n\n'],
        ['\n\nEvent: UserEvent\nPrivilege: user,all\nUserEvent: HoldfastCode', '2\nUniqueid: 1795326065.0\nRequest: 1\nAction: pause\nWay: dialplan\n\n'],
        ['\n\nEvent: UserEvent\nPrivilege: user,all\nUserEvent: HoldfastAttached', '2\nUniqueid: 1795326065.0\nKey: record\nValue: no\n\n'],
      ] as const) expect(told(begin, end), begin).to.satisfy((events: readonly unknown[]) => events.every((event) => event === null))
    })

    it('believes no event of his own channel that ends with another\'s id', () => {
      expect(told('5', '1\nPriority: 1\nUniqueid: 1795326065.0\nLinkedid: 1795326065.0\n\n')).to.deep.equal([null, null])
      expect(runtime.counted.get('holdfast_pbx_events_forged_total')).to.equal(1)
    })

    it('reads the events of a PBX that has a name', () => {
      const named = wholeEvent(`Event: Hold\nTimestamp: 1795326065.5\n${OF}`).replace('Channel:', 'SystemName: siteA\nChannel:')
      expect(reader.read(amiText(named))).to.include({ type: 'held' })
    })

    it('reads his whole events, and those of everybody else', () => {
      expect(told('5')).to.have.deep.nested.property('[0].channelId', '1795326065.2')
      expect(told('5\nVariable: record\nValue: no')).to.have.deep.nested.property('[0].channelId', '1795326065.2')
      expect(one(`Event: Hold\nTimestamp: 1795326065.5\n${OF}`)).to.include({ type: 'held' })
      expect(runtime.counted.size).to.equal(0)
    })

    it('knows channels that took each other\'s place under each name', () => {
      for (const [from, to, id] of [['PJSIP/hostile-00000002', 'PJSIP/hostile-00000002<MASQ>', 2], ['PJSIP/customer-00000001', 'PJSIP/hostile-00000002', 0], ['PJSIP/hostile-00000002<MASQ>', 'PJSIP/customer-00000001<ZOMBIE>', 2]] as const) {
        one(`Event: Rename\nPrivilege: call,all\nTimestamp: 1795326065.5\nChannel: ${from}\nNewname: ${to}\nUniqueid: 1795326065.${id}`)
      }
      for (const name of ['PJSIP/hostile-00000002', 'PJSIP/customer-00000001<ZOMBIE>']) for (const id of [0, 2]) {
        expect(one(`Event: Hold\nTimestamp: 1795326065.5\nChannel: ${name}\nUniqueid: 1795326065.${id}\nLinkedid: 1795326065.0`), `${name} ${id}`).to.include({ type: 'held' })
      }
    })

    it('takes a global variable for nobody\'s', () => {
      expect(one('Event: VarSet\nTimestamp: 1795326065.5\nChannel: none\nUniqueid: none\nVariable: record\nValue: no')).to.equal(null)
      expect(runtime.counted.size).to.equal(0)
    })
  })

  describe('what the dialplan hands over', () => {
    it('is put together from its pieces, in both layers of its encoding', () => {
      hand('CUSTOMER_TYPE', 0, 'a%2528b%2529')
      hand('CUSTOMER_TYPE', 1, '%C3')
      hand('CUSTOMER_TYPE', 2, '%A9%2525')
      hand('record', 0, 'source')
      expect(asked()).to.deep.include({ requestId: 'r.1', direction: 'outbound', interactionId: 'i-1', attached: { CUSTOMER_TYPE: 'a(b)é%', record: 'source' } })
    })

    it('may come of another program\'s event, and is told as that', () => {
      const attached = (key: string, value: string): PbxEvent | null => one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastAttached\nKey: ${key}\nValue: ${value}`)
      expect(attached('CASE', 'a%0D%0Ab%C3%A9')).to.deep.include({ type: 'attached-changed', channelId: '1795326065.0', change: { key: 'CASE', value: 'a\r\nb\u00e9', source: 'pbx', at: attached('CASE', 'x')?.at } })
      expect([attached('A B', 'x'), attached('CASE', 'x'.repeat(8193))]).to.deep.equal([null, null])
    })

    it('tells the words of SIP headers apart, which are strangers\' words', () => {
      hand('CUSTOMER_TYPE', 0, 'gold')
      one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastData\nRequest: r.1\nFrom: header\nKey: CUSTOMER_TYPE\nPart: 0\nValue: tin%2528`)
      one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastData\nRequest: r.1\nFrom: header\nKey: CUSTOMER_TYPE\nPart: 1\nValue: x`)
      expect(one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastRecord\nRequest: r.1\nPieces: 3\nDirection: inbound`)).to.deep.include({ attached: { CUSTOMER_TYPE: 'gold' }, headers: { CUSTOMER_TYPE: 'tin(x' } })
    })

    it('begins anew when a key is listed twice', () => {
      hand('record', 0, 'source')
      hand('record', 0, 'source')
      expect(asked()).to.deep.include({ attached: { record: 'source' } })
    })

    it('is left out where it was cut, and counted', () => {
      hand('CUSTOMER_TYPE', 0, 'x')
      one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastData\nRequest: r.1\nKey: CUSTOMER_TYPE\nPart: 6\nCut: yes\nValue: y`)
      expect(asked()).to.deep.include({ attached: {} })
      expect(runtime.counted.get('holdfast_pbx_words_refused_total')).to.equal(1)
    })

    it('belongs to one request, and is forgotten with its channel', () => {
      hand('record', 0, 'source')
      expect(one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastRecord\nRequest: r.2\nDirection: inbound`)).to.deep.include({ attached: {} })
      one(`Event: Hangup\n${OF}\nCause: 16`)
      expect(asked()).to.deep.include({ attached: {} })
    })

    it('is no request when some of it was told before we listened: a decision upon the rest would be wrong', () => {
      hand('CUSTOMER_TYPE', 0, 'gold')
      expect(one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastRecord\nRequest: r.1\nPieces: 2\nDirection: inbound`)).to.equal(null)
      expect(one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastNative\nRequest: r.1.native\nPieces: 1\nNumber: 1`)).to.equal(null)
      expect(runtime.counted.get('holdfast_pbx_words_refused_total')).to.equal(2)
      hand('record', 0, 'source')
      expect(one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastRecord\nRequest: r.1\nPieces: 2\nDirection: inbound`)).to.deep.include({ attached: { CUSTOMER_TYPE: 'gold', record: 'source' } })
    })

    it('serves a native recording that follows the request', () => {
      hand('record', 0, 'destination')
      asked()
      const words = 'Number: 2\nBecause: no-answer\nStarted: 1795326070.250\nRecorder: 0x7f51e4005500\nDirection: inbound\nCaller: %2B49\nCallerName: O%2527Hara\nDialled: \nInteraction: '
      expect(one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastNative\nRequest: r.1\n${words}`)).to.deep.equal({
        type: 'native-recording', began: 'yes', channelId: '1795326065.0', callId: '1795326065.0', at: new Date('2026-11-22T05:41:10.250Z'), because: 'no-answer',
        files: { received: 'holdfast/native-1795326065.0.2.rx.wav', transmitted: 'holdfast/native-1795326065.0.2.tx.wav' },
        recorderId: '0x7f51e4005500', direction: 'inbound', caller: { number: '+49', name: "O'Hara" }, dialled: null, attached: { record: 'destination' }, headers: {}, interactionId: null, announcement: null,
      })
    })

    it('does not grow without end', () => {
      for (let key = 0; key < 200; key += 1) hand(`K${key}`, 0, 'x')
      const event = asked()
      expect(event?.type === 'recording-asked' ? Object.keys(event.attached).length : 0).to.equal(128)
    })

    function hand(key: string, part: number, value: string): void {
      one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastData\nRequest: r.1\nKey: ${key}\nPart: ${part}\nCut: no\nValue: ${value}`)
    }

    function asked(): PbxEvent | null {
      return one(`Event: UserEvent\n${OF}\nUserEvent: HoldfastRecord\nRequest: r.1\nDirection: outbound\nInteraction: i-1`)
    }
  })

  function one(text: string): PbxEvent | null {
    return reader.read(amiText(wholeEvent(text)))
  }

  function read(fixture: string): readonly PbxEvent[] {
    return amiFixture(fixture).flatMap((message) => reader.read(message) ?? [])
  }

  /** Sorted: the order is the fixture's, and is not what is tested. */
  function story(fixture: string): readonly string[] {
    return read(fixture).map(sentence).toSorted()
  }
})

function sentence(event: PbxEvent): string {
  const short = (id: string): string => id.slice(id.lastIndexOf('.') + 1)
  if (!('channelId' in event)) return event.type
  const parts = [event.type, short(event.channelId)]
  if (event.type === 'attached-changed') parts.push(`${event.change.key}=${event.change.value}`)
  if (event.type === 'dial-began') parts.push('→', short(event.callee.channelId))
  if (event.type === 'dial-ended') parts.push('→', short(event.calleeId), event.status)
  if (event.type === 'transferred') parts.push('by', short(event.by.channelId), event.kind)
  if (event.type === 'hangup') parts.push(String(event.causeQ850))
  return parts.join(' ')
}
