import { expect } from 'chai'
import { describe, it } from 'mocha'
import { NATIVE_EVENT, RECORD_EVENT } from '../../../../adapters/freeswitch/dialplan-names.ts'
import { EslMessage } from '../../../../adapters/freeswitch/esl-message.ts'
import type { RefusedWord } from '../../../../adapters/freeswitch/native-note.ts'
import { announcementCut, USER_EVENT_MAPPINGS, type UserEventContext } from '../../../../adapters/freeswitch/user-events.ts'
import { parseCallId, parseChannelId } from '../../../../core/domain/ids.ts'
import type { PbxEvent } from '../../../../core/ports/pbx-event.ts'

const LEG = '9275151c-5e44-4008-be8a-5f40dcd21dba'
const AT = new Date(1_795_355_915_602)
const OF = { channelId: parseChannelId(LEG), callId: parseCallId('call-of-it'), at: AT }
const NOTE = `Channel:${LEG}&Call:${LEG}&Number:1795355915599475&Because:no-answer&Directory:/spool&Direction:outbound&Interaction:trust&Announced:&Caller:%2B49 30&CallerName:O'Brien%2C %24%7Bsystem%7D&Dialled:dial&data.record:source&data.GRECORD_PARTITIONS:_undef_&header.X-Interaction-ID:site-b.7&end:`

function read(subclass: string, headers: Readonly<Record<string, string>>, isHere = true): { readonly event: PbxEvent | null; readonly refused: readonly RefusedWord[] } {
  const refused: RefusedWord[] = []
  const context: UserEventContext = { subject: () => OF, wanted: { keys: ['CUSTOMER'], headers: new Map([['X-Call-Class', 'CALL_CLASS']]) }, refused: (reason) => refused.push(reason), isHere: () => isHere }
  const event = USER_EVENT_MAPPINGS[subclass]?.(new EslMessage('text/event-json', new Map(Object.entries(headers)), ''), context) ?? null
  return { event, refused }
}

describe('events of the FreeSWITCH dialplan', () => {
  const asked = { 'Holdfast-Request': `${LEG}.1`, 'Holdfast-Direction': 'internal', 'Caller-Destination-Number': '4711' }

  it('give a request with the data that is wanted, whole, and nothing else of the variables', () => {
    const value = 'a,b\r\nEvent-Name: X\n${system(touch /tmp/x)} \' " %41 Zoë'
    const { event } = read(RECORD_EVENT, { ...asked, variable_record: 'source', variable_CUSTOMER: value, variable_CARD: '4111111111111111', variable_sip_h_X_Y: 'no' })
    expect(event).to.deep.equal({ type: 'recording-asked', ...OF, requestId: `${LEG}.1`, direction: 'internal', dialled: '4711', attached: { record: 'source', CUSTOMER: value }, headers: {}, interactionId: null })
  })

  it('read headers however the caller spells them, and believe an interaction only of a trunk that is trusted', () => {
    const said = { ...asked, 'variable_sip_h_x-interaction-id': 'site-b.7', 'variable_sip_h_x-call-CLASS': 'gold' }
    expect(read(RECORD_EVENT, said).event).to.deep.include({ headers: { 'X-Interaction-ID': 'site-b.7', CALL_CLASS: 'gold' }, interactionId: null })
    expect(read(RECORD_EVENT, { ...said, 'Holdfast-Interaction': 'trust' }).event).to.deep.include({ interactionId: 'site-b.7' })
  })

  it('refuse ids that could not go back in a command, and values beyond 8 KB, and take an odd direction for inbound', () => {
    for (const requestId of ['', 'a b', `${LEG}\n`, 'x'.repeat(201)]) expect(read(RECORD_EVENT, { ...asked, 'Holdfast-Request': requestId })).to.deep.equal({ event: null, refused: ['request'] })
    const { event, refused } = read(RECORD_EVENT, { ...asked, 'Holdfast-Direction': 'sideways', variable_CUSTOMER: 'x'.repeat(8193) })
    expect(event).to.deep.include({ direction: 'inbound', attached: {} })
    expect(refused).to.deep.equal(['direction', 'attached-value'])
  })

  it('tell of a native recording what its note says, and of the leg what it says itself', () => {
    const { event } = read(NATIVE_EVENT, { variable_HOLDFAST_NATIVE: NOTE, variable_record: 'source', variable_CUSTOMER: 'gold' })
    const file = `holdfast/native-${LEG}.1795355915599475.wav`
    expect(event).to.deep.equal({
      type: 'native-recording', began: 'unknown', channelId: LEG, callId: 'call-of-it', at: new Date(1_795_355_915_599.475), because: 'no-answer',
      files: { received: file, transmitted: file }, recorderId: file, direction: 'outbound', dialled: 'dial',
      caller: { number: '+49 30', name: 'O\'Brien, ${system}' }, attached: { record: 'source', CUSTOMER: 'gold' }, headers: {}, interactionId: 'site-b.7', announcement: null,
    })
    expect(read(NATIVE_EVENT, { variable_HOLDFAST_NATIVE: NOTE }, false).event).to.equal(null)
    expect(read(NATIVE_EVENT, { variable_HOLDFAST_NATIVE: NOTE.replace('1795355915599475', '../../x') })).to.deep.equal({ event: null, refused: ['request'] })
  })

  it('tell of a code and of an announcement, and nothing for words that are none', () => {
    const code = { 'Holdfast-Request': `${LEG}.c1`, 'Holdfast-Action': 'toggle', 'Holdfast-Way': 'dtmf' }
    expect(read('holdfast::code', code).event).to.deep.equal({ type: 'code-pressed', ...OF, requestId: `${LEG}.c1`, action: 'toggle', way: 'dtmf' })
    expect(read('holdfast::code', { ...code, 'Holdfast-Action': 'erase' })).to.deep.equal({ event: null, refused: ['code'] })
    const announced = { 'Holdfast-Announced': 'ivr/told.wav:played:1795355915599475:1795355917599475' }
    expect(read('holdfast::announced', announced).event).to.deep.include({ announcement: { prompt: 'ivr/told.wav', outcome: 'played', startedAt: new Date(1_795_355_915_599.475), endedAt: new Date(1_795_355_917_599.475) } })
    expect(read('holdfast::announced', { 'Holdfast-Announced': 'ivr/told.wav:sung:1:2' })).to.deep.equal({ event: null, refused: ['prompt'] })
  })

  it('tell of a pause that the dialplan made, and that recorders go on', () => {
    const note = `Id:1795355915599475&Stage:done&Action:pause&Way:dtmf&Leg:${LEG}&Call:x&By:agent-leg&Name:sofia/internal/agent%40127.0.0.1%3A5080&At:1795355915609475&Recording:/spool/holdfast/a.wav`
    expect(read('holdfast::pause', { variable_holdfast_act_note: note }).event).to.deep.equal({
      type: 'native-pause', ...OF, at: new Date(1_795_355_915_609.475), stage: 'done', action: 'pause', way: 'dtmf', recorder: 'goes-on', resumed: null,
      askedAt: new Date(1_795_355_915_599.475), stoppedAt: new Date(1_795_355_915_609.475), by: { channelId: 'agent-leg', endpoint: 'internal/agent@127.0.0.1' },
    })
  })

  it('take what another program attaches as the word of the switch', () => {
    expect(read('holdfast::attached', { Key: 'CASE', Value: 'a,b' }).event).to.deep.include({ change: { key: 'CASE', value: 'a,b', source: 'pbx', at: AT } })
    expect(read('holdfast::attached', { Key: '$x', Value: 'a' })).to.deep.equal({ event: null, refused: ['attached-key'] })
  })

  it('tell that an announcement was cut, when a leg hangs up while it is played', () => {
    const ended = (value: string): PbxEvent | null => announcementCut(new EslMessage('text/event-json', new Map([['variable_HOLDFAST_ANNOUNCING', value]]), ''), { subject: () => OF })
    expect(ended('ivr/told.wav:1795355915599475')).to.deep.equal({ type: 'announced', ...OF, announcement: { prompt: 'ivr/told.wav', outcome: 'cut', startedAt: new Date(1_795_355_915_599.475), endedAt: AT } })
    expect(ended('')).to.equal(null)
  })
})
