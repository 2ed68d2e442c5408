import { expect } from 'chai'
import { describe, it } from 'mocha'
import { readFileSync } from 'node:fs'
import * as names from '../../../../adapters/freeswitch/dialplan-names.ts'
import { nativesFromDump, tellWanted } from '../../../../adapters/freeswitch/native-note.ts'
import { pausesFromDump } from '../../../../adapters/freeswitch/pause-note.ts'
import type { NativeRecording } from '../../../../core/ports/pbx-event.ts'

const LEG = '9275151c-5e44-4008-be8a-5f40dcd21dba'
const NOTE = `Channel:${LEG}&Call:call-1&Number:1795355915599475&Because:no-answer&Directory:/spool&Direction:inbound&Interaction:data&Announced:told.wav:played:1795355911599475:1795355912599475&Caller:customer&CallerName:_undef_&Dialled:dial&data.record:source&data.GRECORD_PARTITIONS:_undef_&header.X-Interaction-ID:other.1&data.CUSTOMER:it%27s O%27Brien%0A%24%7Bx%7D %E6%9D%B1%FF&end:`

function natives(notes: string, started = '', refused: string[] = []): readonly NativeRecording[] {
  return nativesFromDump(notes, started, { now: () => new Date(0), refused: (reason) => refused.push(reason), isHere: (_channelId, directory) => directory === '/spool' })
}

describe('the notes of the FreeSWITCH dialplan', () => {
  it('tell of a native recording everything that the service asks for, and when its recorder began', () => {
    const [native] = natives(`D/holdfast_${LEG}/${NOTE}\n`, `D/holdfast-started_${LEG}/1795355917000000\n`)
    expect(native).to.deep.include({
      channelId: LEG, callId: 'call-1', at: new Date(1_795_355_917_000), because: 'no-answer', began: 'yes', recorderId: `holdfast/native-${LEG}.1795355915599475.wav`,
      caller: { number: 'customer', name: null }, dialled: 'dial', interactionId: null, headers: { 'X-Interaction-ID': 'other.1' },
      attached: { record: 'source', CUSTOMER: 'it\'s O\'Brien\n${x} 東\uFFFD' },
    })
    expect(native?.announcement).to.deep.include({ prompt: 'told.wav', outcome: 'played' })
  })

  it('count from when they were made where no recorder began, and say so', () => {
    expect(natives(`D/holdfast_${LEG}/${NOTE}\n`)[0]).to.deep.include({ began: 'no', at: new Date(1_795_355_915_599.475) })
  })

  it('pass over what is none of ours, and what lies elsewhere', () => {
    const refused: string[] = []
    expect(natives(`D/x-holdfast_key/value\n-ERR no\nD/holdfast_${LEG}/${NOTE.replace('/spool', '/other')}\n`, '', refused)).to.deep.equal([])
    expect(refused).to.deep.equal(['request'])
  })

  it('tell of pauses, oldest first, and of one whose end nobody noted', () => {
    const of = (id: string, action: string, at: string): string => `D/holdfast-pauses_${LEG}.${id}/Id:${id}&Stage:begins&Action:${action}&Way:dtmf&Leg:${LEG}&Call:c&By:b&Name:x&At:${at}&Recording:/spool/holdfast/a.wav`
    const pauses = pausesFromDump([of('1795355917000000', 'resume', ''), of('1795355915000000', 'pause', '1795355915010000'), 'D/holdfast-pauses_x/Id:1'].join('\n'), { refused: () => undefined })
    expect(pauses.map(({ stage, action, stoppedAt }) => ({ stage, action, stoppedAt }))).to.deep.equal([
      { stage: 'done', action: 'pause', stoppedAt: new Date(1_795_355_915_010) }, { stage: 'done', action: 'resume', stoppedAt: null },
    ])
  })

  it('tell of nobody else\'s telephone, whatever the leg calls itself', () => {
    const of = (name: string): string => `D/holdfast-pauses_${LEG}.1795355917000000/Id:1795355917000000&Stage:done&Action:pause&Way:dtmf&Leg:${LEG}&Call:c&By:b&Name:${encodeURIComponent(name)}&At:1795355917010000&Recording:/spool/holdfast/a.wav`
    const endpoints = ['sofia/internal/200@10.0.0.7:5062', 'user/200@example.org', 'sofia/user/200@example.org', 'gateway/site-b'].map((name) => pausesFromDump(of(name), { refused: () => undefined })[0]?.by.endpoint)
    expect(endpoints).to.deep.equal(['internal/200@10.0.0.7', null, null, null])
  })

  it('are asked for by names alone that are keys and headers: nothing else gets into what the switch expands', () => {
    const hostile = { keys: ['CUSTOMER', 'record', 'a b', '${system(x)}', 'x)}y'], headers: new Map([['X-Class', 'CLASS'], ['X)} ${system(y)}', 'BAD'], ['X-B', '$x']]) }
    expect(tellWanted(hostile)).to.equal('hash insert/holdfast-wanted/note/data.CUSTOMER:${url_encode(${uuid_getvar(${uuid} CUSTOMER)})}&header.CLASS:${url_encode(${uuid_getvar(${uuid} sip_h_X-Class)})}&end:')
  })
})

describe('the names in dialplan-names', () => {
  const dialplan = readFileSync(new URL('../../../../dialplan/freeswitch/holdfast.xml', import.meta.url), 'utf8')
  const used = [
    names.HEARTBEAT_VARIABLE, names.SPOOL_VARIABLE, names.ACK_VARIABLE, names.ANSWER_VARIABLE, names.ARM_VARIABLE, names.RECORDING_VARIABLE, names.PAUSE_WAYS_VARIABLE,
    names.PAUSED_VARIABLE, names.NATIVE_VARIABLE, names.ANNOUNCING_VARIABLE, names.INTERACTION_VARIABLE, names.PBX_VARIABLE,
  ]

  it('are those of the dialplan', () => {
    for (const name of used) expect(dialplan, name).to.match(new RegExp(`[{ "]${name}[}=)" ]`))
    for (const realm of [names.NATIVES_REALM, names.STARTED_REALM, names.WANTED_REALM, names.PAUSES_REALM]) expect(dialplan, realm).to.contain(`/${realm}/`)
    for (const event of names.USER_EVENTS.filter((each) => each !== names.ATTACHED_EVENT)) expect(dialplan, event).to.contain(`Event-Subclass=${event}`)
    expect(dialplan).to.contain(`data="${names.VERSION_VARIABLE}=${names.DIALPLAN_VERSION}"`)
  })
})
