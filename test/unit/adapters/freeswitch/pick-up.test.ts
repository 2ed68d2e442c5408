import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { EventReader } from '../../../../adapters/freeswitch/event-reader.ts'
import { parsePbxId } from '../../../../core/domain/ids.ts'
import type { PbxEvent } from '../../../../core/ports/pbx-event.ts'
import { eslEvent } from '../../../support/hostile/esl-fixture.ts'
import { quietRuntime } from '../../../support/quiet-runtime.ts'

const NOW = new Date('2026-11-22T06:00:00Z')
const leg = (id: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({ 'Unique-ID': id, 'Channel-Name': `sofia/internal/${id}@10.0.0.1`, 'Call-Direction': 'inbound', 'Channel-Call-UUID': id, 'Answer-State': 'ringing', ...more })
const rung = (id: string): Readonly<Record<string, string>> => leg(id, { 'Call-Direction': 'outbound', variable_originator: 'customer', 'Channel-Call-UUID': 'customer' })
const CUSTOMER = leg('customer')
const PICKER = leg('picker')

describe('a call that is picked up on FreeSWITCH', () => {
  let reader: EventReader

  beforeEach(() => {
    reader = new EventReader({ pbxId: parsePbxId('lab'), wanted: () => ({ keys: [], headers: new Map() }), runtime: quietRuntime(() => NOW), recordingDirectory: '/opt/fs/rec', now: () => NOW })
    reader.know([])
    for (const each of [CUSTOMER, rung('desk'), rung('other'), PICKER]) reader.read(eslEvent({ 'Event-Name': 'CHANNEL_CREATE', ...each }))
  })

  function pickedUp(application: string, data: string): readonly PbxEvent[] {
    const answer = eslEvent({ 'Event-Name': 'CHANNEL_ANSWER', ...PICKER, 'Answer-State': 'answered', variable_current_application: application, variable_current_application_data: data })
    return reader.read(answer).filter(({ type }) => type === 'picked-up')
  }

  it('is told when the telephone that takes it is answered: what rang first for the caller is its leg now', () => {
    expect(pickedUp('intercept', 'customer')).to.deep.equal([{ type: 'picked-up', channelId: 'desk', callId: 'customer', at: NOW, byChannelId: 'picker', byCallId: 'picker' }])
  })

  it('is told of the leg that rings where that is named', () => {
    expect(pickedUp('intercept', '-bleg other')).to.deep.include.members([{ type: 'picked-up', channelId: 'other', callId: 'customer', at: NOW, byChannelId: 'picker', byCallId: 'picker' }])
  })

  it('is none where another application answers, where nobody is named, and where nothing rings any more', () => {
    expect([...pickedUp('bridge', 'customer'), ...pickedUp('intercept', ''), ...pickedUp('intercept', 'nobody')]).to.deep.equal([])
    for (const id of ['desk', 'other']) reader.read(eslEvent({ 'Event-Name': 'CHANNEL_HANGUP', ...rung(id), 'Answer-State': 'hangup', 'Hangup-Cause': 'PICKED_OFF' }))
    expect(pickedUp('intercept', 'customer')).to.deep.equal([])
  })

  it('leaves the reader unharmed by an id that is none', () => {
    expect(pickedUp('intercept', 'a\u0000b')).to.deep.equal([])
  })
})
