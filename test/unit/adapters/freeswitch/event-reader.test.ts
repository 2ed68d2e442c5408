import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { talkOf } from '../../../../adapters/freeswitch/bridges.ts'
import type { EslMessage } from '../../../../adapters/freeswitch/esl-message.ts'
import { EventReader } from '../../../../adapters/freeswitch/event-reader.ts'
import { newLeg } from '../../../../adapters/freeswitch/new-leg.ts'
import { parseChannelId, parsePbxId } from '../../../../core/domain/ids.ts'
import type { PbxEvent } from '../../../../core/ports/pbx-event.ts'
import { eslEvent, eslFixture } from '../../../support/hostile/esl-fixture.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const NOW = new Date('2026-11-22T06:00:00Z')
const MICROSECONDS = '1795327862843925'
const CUSTOMER = { 'Unique-ID': 'customer', 'Channel-Name': 'sofia/internal/0049@10.0.0.1', 'Call-Direction': 'inbound', 'Channel-Call-UUID': 'customer', 'Answer-State': 'ringing', 'Event-Date-Timestamp': MICROSECONDS }
const AGENT = { 'Unique-ID': 'agent', 'Channel-Name': 'sofia/internal/200@10.0.0.2:5060', 'Call-Direction': 'outbound', 'Channel-Call-UUID': 'customer', 'Answer-State': 'ringing', variable_originator: 'customer', 'Event-Date-Timestamp': MICROSECONDS }
const PAIR = { 'Bridge-A-Unique-ID': 'customer', 'Bridge-B-Unique-ID': 'agent' }

describe('EventReader of FreeSWITCH', () => {
  let runtime: ReturnType<typeof quietRuntime>
  let reader: EventReader

  beforeEach(() => {
    runtime = quietRuntime(() => NOW)
    reader = new EventReader({ pbxId: parsePbxId('lab'), wanted: () => ({ keys: ['GRECORD_EXPORTED', 'GRECORD_U'], headers: new Map() }), runtime, recordingDirectory: '/opt/fs/rec', now: () => NOW })
    reader.know([])
  })

  describe('by what a real one told', () => {
    it('tells a blind transfer by REFER as it happened', () => {
      expect(story('refer')).to.deep.equal([
        'channel-created A', 'attached-changed A GRECORD_PARTITIONS=/sales', 'attached-changed A GRECORD_EXPORTED=hello', 'channel-created B', 'dial-began A → B',
        'attached-changed B GRECORD_EXPORTED=hello', 'identity-changed B', 'channel-answered B', 'dial-ended A → B ANSWER', 'channel-answered A',
        'bridge-entered A A+B', 'bridge-entered B A+B', 'recorder-started A', 'recorder-started B', 'transferred A by B blind to third',
        'bridge-left B A+B', 'bridge-left A A+B', 'hangup B 16', 'channel-created C', 'dial-began A → C', 'attached-changed C GRECORD_EXPORTED=hello',
        'identity-changed C', 'channel-answered C', 'dial-ended A → C ANSWER', 'bridge-entered A A+C', 'bridge-entered C A+C', 'recorder-stopped A',
        'bridge-left C A+C', 'bridge-left A A+C', 'hangup C 16', 'hangup A 16',
      ])
    })

    it('tells an attended transfer by REFER with Replaces, whose consultation is a call of its own, which the first call takes in', () => {
      expect(moves('attrefer')).to.deep.equal([
        'bridge-entered A A+B', 'bridge-entered B A+B', 'held B', 'bridge-entered C C+D', 'bridge-entered D C+D', 'transferred A by B attended to D after C',
        'bridge-left C C+D', 'bridge-left D C+D', 'unheld B', 'bridge-left B A+B', 'bridge-left A A+B', 'hangup B 16', 'bridge-entered A A+D', 'bridge-entered D A+D',
        'hangup C 16', 'bridge-left A A+D', 'bridge-left D A+D', 'hangup A 16', 'hangup D 16',
      ])
      expect(calls('attrefer')).to.deep.equal(['A A', 'B A', 'C C', 'D C', 'D A'])
    })

    it('tells an attended transfer by FreeSWITCH itself, of which nothing is told but who is joined', () => {
      expect(moves('attxfer')).to.deep.equal([
        'bridge-entered A A+B', 'bridge-entered B A+B', 'bridge-left B A+B', 'bridge-entered B B+C', 'bridge-entered C B+C', 'bridge-left B B+C', 'bridge-left C B+C',
        'bridge-left A A+B', 'transferred A by B attended to C', 'bridge-entered C A+C', 'bridge-entered A A+C', 'hangup B 16',
        'bridge-left A A+C', 'bridge-left C A+C', 'hangup A 16', 'hangup C 16',
      ])
      expect(calls('attxfer')).to.deep.equal(['A A', 'B A', 'C A'])
    })

    it('takes nobody for another whom FreeSWITCH shows behind her leg once she talks', () => {
      expect(story('attxfer').filter((line) => line.startsWith('identity'))).to.deep.equal(['identity-changed B', 'identity-changed C'])
    })

    it('tells whom `uuid_bridge` joins, and that two calls have become one', () => {
      expect(moves('uuidbridge')).to.deep.equal([
        'bridge-entered A A+B', 'bridge-entered B A+B', 'bridge-entered C C+D', 'bridge-entered D C+D', 'bridge-left B A+B',
        'bridge-left C C+D', 'bridge-left D C+D', 'hangup C 16', 'bridge-left A A+B', 'hangup B 16', 'bridge-entered A A+D', 'bridge-entered D A+D',
        'bridge-left A A+D', 'bridge-left D A+D', 'hangup D 16', 'hangup A 16',
      ])
      expect(calls('uuidbridge')).to.deep.equal(['A A', 'B A', 'C C', 'D C', 'D A'])
    })

    for (const [name, by, gone, stays] of [['uuidtransfer', 'B', 'B', 'A'], ['uuidtransferB', 'B', 'B', 'A'], ['uuidtransferAB', 'A', 'A', 'B']] as const) {
      it(`tells who was sent on by ${name}, and that the call is the same`, () => {
        const told = moves(name)
        expect(told.filter((line) => line.startsWith('transferred'))).to.deep.equal([`transferred ${stays} by ${by} blind to third`])
        expect(told.indexOf(`bridge-left ${gone} A+B`)).to.be.above(-1)
        expect(told).to.include.members([`bridge-left ${stays} A+B`, `bridge-entered ${stays} ${stays}+C`, `bridge-entered C ${stays}+C`])
        expect(calls(name)).to.deep.equal(['A A', 'B A', 'C A'])
      })
    }

    it('tells a hold by the leg whose party asked for it', () => {
      expect(moves('hold').filter((line) => /held/.test(line))).to.deep.equal(['held B', 'unheld B'])
    })

    it('tells values as they are, whatever is in them', () => {
      expect(story('one-call-utf8')).to.include('attached-changed A GRECORD_U=Zoë 東京 ñ %41')
    })
  })

  it('tells of a telephone what is behind it, and who calls', () => {
    const [created] = read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER, 'Caller-Caller-ID-Number': '0049', 'Caller-Caller-ID-Name': '_undef_', 'Caller-Destination-Number': '100', 'Caller-Unique-ID': 'customer' })
    expect(created).to.deep.include({ type: 'channel-created', channelId: 'customer', callId: 'customer', at: new Date(1795327862843) })
    expect(created?.type === 'channel-created' && created.channel).to.deep.include({ endpoint: 'internal/0049@10.0.0.1', caller: { number: '0049', name: null }, dialled: '100', answeredAt: null })
  })

  it('meets a leg at whatever is heard of it first, and joins it to whom it was joined before', () => {
    read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER })
    expect(lines(read({ 'Event-Name': 'CHANNEL_BRIDGE', ...CUSTOMER, ...PAIR }))).to.deep.equal(['bridge-entered customer agent+customer'])
    expect(lines(read({ 'Event-Name': 'CHANNEL_ANSWER', ...AGENT }))).to.deep.equal(['channel-created agent', 'dial-began customer → agent', 'channel-answered agent', 'dial-ended customer → agent ANSWER', 'bridge-entered agent agent+customer'])
    expect(read({ 'Event-Name': 'CHANNEL_CREATE', ...AGENT })).to.deep.equal([])
  })

  it('does not meet a leg again that has hung up', () => {
    read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER })
    expect(lines(read({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', ...CUSTOMER, 'Answer-State': 'hangup', variable_hangup_cause_q850: '16' }))).to.deep.equal(['hangup customer 16'])
    expect(read({ 'Event-Name': 'CHANNEL_DESTROY', ...CUSTOMER, 'Answer-State': 'hangup' })).to.deep.equal([])
  })

  it('ends a leg that was never answered with the reason, once', () => {
    read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER })
    read({ 'Event-Name': 'CHANNEL_CREATE', ...AGENT })
    expect(lines(read({ 'Event-Name': 'CHANNEL_HANGUP', ...AGENT, 'Answer-State': 'hangup', 'Hangup-Cause': 'USER_BUSY' }))).to.deep.equal(['dial-ended customer → agent BUSY'])
    expect(lines(read({ 'Event-Name': 'CHANNEL_DESTROY', ...AGENT, 'Answer-State': 'hangup' }))).to.deep.equal(['hangup agent null'])
  })

  it('tells who passed a call on before she hangs up, also where FreeSWITCH tells it after that', () => {
    join()
    const gone = { ...AGENT, 'Answer-State': 'hangup' }
    expect(lines(read({ 'Event-Name': 'CHANNEL_HANGUP', ...gone }))).to.deep.equal(['dial-ended customer → agent CHANUNAVAIL', 'bridge-left agent agent+customer'])
    expect(read({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', ...gone, variable_hangup_cause_q850: '16' })).to.deep.equal([])
    expect(read({ 'Event-Name': 'CHANNEL_DESTROY', ...gone })).to.deep.equal([])
    const sentOn = { ...CUSTOMER, 'Answer-State': 'answered', variable_transfer_source: '1795326856:3df5:bl_xfer:third/public/XML' }
    expect(lines(read({ 'Event-Name': 'CHANNEL_UNBRIDGE', ...sentOn, ...PAIR }))).to.deep.equal(['transferred customer by agent blind to third', 'bridge-left customer agent+customer', 'hangup agent 16'])
  })

  it('tells that somebody hung up a second later, when nothing is told of whom she left', () => {
    join()
    const gone = { ...AGENT, 'Answer-State': 'hangup' }
    read({ 'Event-Name': 'CHANNEL_HANGUP', ...gone })
    expect(read({ 'Event-Name': 'CHANNEL_HANGUP_COMPLETE', ...gone, variable_hangup_cause_q850: '16' })).to.deep.equal([])
    const hungUpAt = Number(MICROSECONDS) / 1000
    expect(reader.due(new Date(hungUpAt + 1000))).to.deep.equal([])
    expect(lines(reader.due(new Date(hungUpAt + 1001)))).to.deep.equal(['hangup agent 16'])
    expect(reader.due(new Date(hungUpAt + 5000))).to.deep.equal([])
  })

  it('lets who consulted come back when the consultation ends, of which FreeSWITCH tells nothing', () => {
    join()
    const third = { ...AGENT, 'Unique-ID': 'third', variable_originator: 'agent' }
    read({ 'Event-Name': 'CHANNEL_CREATE', ...third })
    expect(lines(read({ 'Event-Name': 'CHANNEL_BRIDGE', ...AGENT, 'Bridge-A-Unique-ID': 'agent', 'Bridge-B-Unique-ID': 'third' }))).to.deep.equal(['bridge-left agent agent+customer', 'bridge-entered agent agent+third', 'bridge-entered third agent+third'])
    expect(lines(read({ 'Event-Name': 'CHANNEL_UNBRIDGE', ...AGENT, 'Bridge-A-Unique-ID': 'agent', 'Bridge-B-Unique-ID': 'third' }))).to.deep.equal(['bridge-left agent agent+third', 'bridge-entered agent agent+customer', 'bridge-left third agent+third'])
  })

  it('tells a conference as one bridge, and a parked leg alone', () => {
    read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER })
    const conference = { 'Event-Name': 'CUSTOM', 'Event-Subclass': 'conference::maintenance', 'Conference-Unique-ID': 'c1', ...CUSTOMER }
    expect(read({ ...conference, Action: 'add-member' })).to.deep.include({ type: 'bridge-entered', channelId: 'customer', callId: 'customer', bridgeId: 'conference/c1', kind: 'conference', at: new Date(1795327862843) })
    expect(lines(read({ ...conference, Action: 'start-talking' }))).to.deep.equal([])
    expect(lines(read({ ...conference, Action: 'del-member' }))).to.deep.equal(['bridge-left customer conference/c1'])
    const parked = { 'Event-Name': 'CUSTOM', 'Event-Subclass': 'valet_parking::info', 'Valet-Lot-Name': 'lot', ...CUSTOMER }
    expect(lines(read({ ...parked, Action: 'hold' }))).to.deep.equal(['bridge-entered customer parked/customer'])
    expect(lines(read({ ...parked, Action: 'exit' }))).to.deep.equal(['bridge-left customer parked/customer'])
  })

  it('names the halves of a pair within FreeSWITCH so that each finds the other, in one call', () => {
    const near = { ...CUSTOMER, 'Unique-ID': 'near', 'Channel-Name': 'loopback/200-a', 'Call-Direction': 'outbound', variable_originator: 'customer', 'Channel-Call-UUID': 'customer' }
    const far = { ...CUSTOMER, 'Unique-ID': 'far', 'Channel-Name': 'loopback/200-b', 'Channel-Call-UUID': 'far', variable_other_loopback_leg_uuid: 'near' }
    read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER })
    const created = [near, far].flatMap((leg) => read({ 'Event-Name': 'CHANNEL_CREATE', ...leg })).flatMap((event) => (event.type === 'channel-created' ? [event.channel] : []))
    expect(created.map(({ name, endpoint, callId }) => [name, endpoint, callId])).to.deep.equal([['loopback/200-near;1', null, 'customer'], ['loopback/200-near;2', null, 'customer']])
  })

  it('tells what a command attaches at once, and what another program changed with the next event', () => {
    read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER, variable_uuid: 'customer' })
    const api = { 'Event-Name': 'API', 'Event-Date-Timestamp': MICROSECONDS }
    expect(lines(read({ ...api, 'API-Command': 'uuid_setvar', 'API-Command-Argument': 'customer GRECORD_U a b=c' }))).to.deep.equal(['attached-changed customer GRECORD_U=a b=c'])
    expect(lines(read({ ...api, 'API-Command': 'uuid_setvar_multi', 'API-Command-Argument': 'customer ^^|GRECORD_U=1;2|other=x|record=yes' }))).to.deep.equal(['attached-changed customer GRECORD_U=1;2', 'attached-changed customer record=yes'])
    expect(read({ ...api, 'API-Command': 'uuid_setvar', 'API-Command-Argument': 'nobody GRECORD_U x' })).to.deep.equal([])
    expect(read({ ...api, 'API-Command': 'uuid_setvar', 'API-Command-Argument': 'x'.repeat(200) })).to.deep.equal([])
    expect(lines(read({ 'Event-Name': 'CHANNEL_HOLD', ...CUSTOMER, variable_uuid: 'customer', variable_GRECORD_U: 'ARRAY::x', variable_record: 'yes' }))).to.deep.equal(['attached-changed customer GRECORD_U=ARRAY::x', 'held customer'])
    expect(lines(read({ 'Event-Name': 'CHANNEL_UNHOLD', ...CUSTOMER }))).to.deep.equal(['unheld customer'])
    expect(lines(read({ 'Event-Name': 'CHANNEL_HOLD', ...CUSTOMER, variable_uuid: 'customer', variable_record: 'yes' }))).to.deep.equal(['attached-changed customer GRECORD_U=', 'held customer'])
  })

  it('keeps no value that is longer than any may be, and counts it once', () => {
    const long = { 'Event-Name': 'CALL_UPDATE', ...CUSTOMER, variable_uuid: 'customer', variable_GRECORD_U: 'x'.repeat(8193) }
    expect([...read(long), ...read(long)].map(({ type }) => type)).to.deep.equal(['channel-created'])
    expect(runtime.counted.get('holdfast_pbx_words_refused_total')).to.equal(1)
  })

  it('tells nothing of files that other programs record, and no stop that a hang-up makes', () => {
    read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER })
    const recorder = { ...CUSTOMER, 'Record-File-Path': '/opt/fs/rec/holdfast/1.wav' }
    expect(read({ 'Event-Name': 'RECORD_START', ...CUSTOMER, 'Record-File-Path': '/opt/fs/recorder/1.wav' })).to.deep.equal([])
    expect(lines(read({ 'Event-Name': 'RECORD_START', ...recorder }))).to.deep.equal(['recorder-started customer'])
    read({ 'Event-Name': 'CHANNEL_HANGUP', ...CUSTOMER, 'Answer-State': 'hangup' })
    expect(read({ 'Event-Name': 'RECORD_STOP', ...recorder, 'Answer-State': 'hangup' })).to.deep.equal([])
  })

  it('tells of a file that FreeSWITCH threw away, also behind the hang-up, and of no file that is not ours', () => {
    read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER })
    const stop = { 'Event-Name': 'RECORD_STOP', ...CUSTOMER, 'Record-File-Path': '/opt/fs/rec/holdfast/4096.0.wav', 'Record-Completion-Cause': 'empty-file' }
    expect(read(stop).map((event) => [event.type, 'file' in event ? event.file : null])).to.deep.equal([['recorder-stopped', null], ['recorder-discarded', 'holdfast/4096.0.wav']])
    read({ 'Event-Name': 'CHANNEL_HANGUP', ...CUSTOMER, 'Answer-State': 'hangup' })
    const hungUp = { ...stop, 'Answer-State': 'hangup' }
    expect(read({ ...hungUp, 'Record-Completion-Cause': 'input-too-short' }).map(({ type }) => type)).to.deep.equal(['recorder-discarded'])
    for (const cause of ['success-silence', 'uri-failure', 'no-input-timeout']) expect(read({ ...hungUp, 'Record-Completion-Cause': cause }), cause).to.deep.equal([])
    for (const path of ['/opt/fs/recorder/holdfast/4096.0.wav', '/opt/fs/rec/holdfast/../4096.0.wav', '/opt/fs/rec/other/4096.0.wav', '/opt/fs/rec/holdfast/a\r\nb.wav']) {
      expect(read({ ...hungUp, 'Record-File-Path': path }), path).to.deep.equal([])
    }
  })

  it('counts ids that are none, and reads on', () => {
    for (const id of ['', 'a b', 'x'.repeat(151), 'a\r\nb']) expect(read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER, 'Unique-ID': id })).to.deep.equal([])
    expect(runtime.counted.get('holdfast_pbx_words_refused_total')).to.equal(4)
    for (const name of ['constructor', '__proto__', 'HEARTBEAT', '']) expect(read({ 'Event-Name': name, ...CUSTOMER })).to.deep.equal([])
    for (const subclass of ['constructor', '__proto__', 'sofia::register']) expect(read({ 'Event-Name': 'CUSTOM', 'Event-Subclass': subclass, ...CUSTOMER })).to.deep.equal([])
  })

  it('keeps what comes before it knows which legs exist, and tells it behind them', () => {
    reader.forgetAll()
    expect(read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER })).to.deep.equal([])
    expect(read({ 'Event-Name': 'CHANNEL_ANSWER', ...CUSTOMER, 'Answer-State': 'answered' })).to.deep.equal([])
    expect(lines(reader.know([]))).to.deep.equal(['channel-created customer', 'channel-answered customer'])
    expect(lines(read({ 'Event-Name': 'CHANNEL_HOLD', ...CUSTOMER, 'Answer-State': 'answered' }))).to.deep.equal(['held customer'])
  })

  it('tells what was attached while nobody listened, and not again what it had told', () => {
    const describedAs = { 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER, variable_uuid: 'customer', variable_GRECORD_U: 'a', variable_record: 'yes' }
    read(describedAs)
    reader.forgetAll()
    const leg = newLeg(eslEvent(describedAs), { pbxId: parsePbxId('lab'), at: NOW, legs: { find: () => null } })
    leg.attached.set('GRECORD_U', 'b').set('record', 'yes').set('GRECORD_PARTITIONS', '')
    expect(lines(reader.know([{ leg, bridges: [talkOf(parseChannelId('customer'), parseChannelId('agent'))] }]))).to.deep.equal(['attached-changed customer GRECORD_U=b'])
    expect(lines(read({ ...describedAs, 'Event-Name': 'CHANNEL_HANGUP', 'Answer-State': 'hangup' }))).to.deep.equal(['bridge-left customer agent+customer'])
  })

  function join(): void {
    read({ 'Event-Name': 'CHANNEL_CREATE', ...CUSTOMER })
    read({ 'Event-Name': 'CHANNEL_CREATE', ...AGENT })
    read({ 'Event-Name': 'CHANNEL_BRIDGE', ...CUSTOMER, ...PAIR })
  }

  function read(headers: Readonly<Record<string, string>>): readonly PbxEvent[] {
    return reader.read(eslEvent(headers))
  }

  function events(name: string): readonly PbxEvent[] {
    return eslFixture(`freeswitch-1.10.12-${name}`).flatMap((message: EslMessage) => reader.read(message))
  }

  function story(name: string): readonly string[] {
    return shortened(lines(events(name)))
  }

  /** Who is with whom, without who rings and what is attached. */
  function moves(name: string): readonly string[] {
    return story(name).filter((line) => !/^(?:channel|dial|attached|identity|recorder)-/.test(line))
  }

  /** Each leg and the call that it is told under, whenever that is another than before. */
  function calls(name: string): readonly string[] {
    reader.know([])
    const told = events(name).flatMap((event) => ('callId' in event ? [`${event.channelId} ${event.callId}`] : []))
    return shortened([...new Set(told)])
  }
})

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Legs by letters, in the order in which they were met; the two of a bridge in that of their letters. */
function shortened(told: readonly string[]): readonly string[] {
  const letters = new Map<string, string>()
  return told.map((line) => line.replace(UUID, (id) => {
    if (!letters.has(id)) letters.set(id, String.fromCharCode(65 + letters.size))
    return letters.get(id) ?? ''
  }).replace(/\b(\w)\+(\w)\b/, (_, one: string, other: string) => [one, other].toSorted().join('+')))
}

function lines(told: readonly PbxEvent[]): readonly string[] {
  return told.map((event) => `${event.type} ${detail(event)}`)
}

function detail(event: PbxEvent): string {
  const of = 'channelId' in event ? event.channelId : ''
  if (event.type === 'attached-changed') return `${of} ${event.change.key}=${event.change.value}`
  if (event.type === 'dial-began') return `${of} → ${event.callee.channelId}`
  if (event.type === 'dial-ended') return `${of} → ${event.calleeId} ${event.status}`
  if (event.type === 'bridge-entered' || event.type === 'bridge-left') return `${of} ${event.bridgeId}`
  if (event.type === 'hangup') return `${of} ${event.causeQ850}`
  if (event.type !== 'transferred') return of
  const after = event.consultation === null ? '' : ` after ${event.consultation.channelId}`
  return `${of} by ${event.by.channelId} ${event.kind} to ${event.to.channelId ?? event.to.identity.number}${after}`
}
