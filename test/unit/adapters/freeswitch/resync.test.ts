import { expect } from 'chai'
import { beforeEach, describe, it } from 'mocha'
import { Legs } from '../../../../adapters/freeswitch/legs.ts'
import { newLeg } from '../../../../adapters/freeswitch/new-leg.ts'
import { type SnapshotContext, type Snapshot, takeSnapshot } from '../../../../adapters/freeswitch/resync.ts'
import { parsePbxId } from '../../../../core/domain/ids.ts'
import { eslEvent } from '../../../support/hostile/esl-fixture.ts'
import { rejection } from '../../../support/rejection.ts'

const NOW = new Date('2026-11-22T06:00:00Z')
const ANSWERED_AT = '1795327862843925'
type Dump = Readonly<Record<string, string | readonly string[]>>

describe('the snapshot of a FreeSWITCH', () => {
  let dumps: Map<string, string>
  let targets: Map<string, string>
  let legs: Legs
  let refused: number
  /** As FreeSWITCH counts them; `null`: as many as are listed. */
  let sessions: number | null
  let onPause: () => void
  let asked: string[]

  beforeEach(() => {
    dumps = new Map()
    targets = new Map()
    legs = new Legs()
    refused = 0
    sessions = null
    onPause = () => undefined
    asked = []
  })

  it('finds nothing in a list without rows, and tells since when the switch runs', async () => {
    const { channels, found, pbxStartedAt } = await snapshot('{"row_count":0}')
    expect([channels, found]).to.deep.equal([[], []])
    expect(pbxStartedAt).to.deep.equal(new Date(NOW.getTime() - 61_000))
  })

  it('refuses what is no list: a switch without its database', async () => {
    for (const text of ['-ERR Database error!\n', '', 'null', '[]', '{"rows":[]}']) expect(await rejection(snapshot(text))).to.include({ code: 'PBX_REFUSED' })
  })

  it('joins two legs that are bound to each other, and none that only rings', async () => {
    has('a', { variable_signal_bond: 'b' })
    has('b', { 'Call-Direction': 'outbound', variable_signal_bond: 'a', variable_originator: 'a', 'Channel-Call-UUID': 'a' })
    has('c', { variable_bridge_uuid: 'gone' })
    has('d', { 'Call-Direction': 'outbound', 'Answer-State': 'ringing', 'Caller-Channel-Answered-Time': '0', variable_signal_bond: 'c', variable_originator: 'c' })
    expect(await bridges()).to.deep.equal({ a: 'a+b', b: 'a+b', c: null, d: null })
  })

  it('knows who consults, and that she belongs to her first call too', async () => {
    has('customer', { variable_signal_bond: 'agent' })
    has('agent', { variable_signal_bond: 'third' })
    has('third', { variable_signal_bond: 'agent' })
    const { found } = await snapshot()
    expect(found.map(({ leg, bridges: all }) => [leg.channel.channelId, all.map(({ bridgeId }) => bridgeId)])).to.deep.equal([
      ['customer', ['agent+customer']], ['agent', ['agent+customer', 'agent+third']], ['third', ['agent+third']],
    ])
  })

  it('leaves a leg alone that waits, whatever it was bound to', async () => {
    has('a', { variable_signal_bond: 'c' })
    has('b', { variable_signal_bond: 'c', 'Channel-State': 'CS_PARK' })
    has('c', { variable_signal_bond: 'a' })
    expect(await bridges()).to.deep.equal({ a: 'a+c', b: null, c: 'a+c' })
  })

  it('finds the members of a conference together, and a parked leg alone', async () => {
    for (const id of ['a', 'b']) has(id, { 'Channel-State': 'CS_EXECUTE', variable_current_application: 'conference', variable_conference_uuid: 'm' })
    has('c', { 'Channel-State': 'CS_EXECUTE', variable_current_application: 'valet_park', variable_conference_uuid: 'm' })
    has('d', { 'Channel-State': 'CS_EXECUTE', variable_current_application: 'playback', variable_conference_uuid: 'm' })
    expect(await bridges()).to.deep.equal({ a: 'conference/m', b: 'conference/m', c: 'parked/c', d: null })
  })

  it('names the file of ours that is written on a leg, or armed for its answer; none that has ended, and no other program\'s', async () => {
    const path = '/rec/holdfast/1.wav'
    for (const id of ['running', 'ended']) has(id, { variable_HOLDFAST_RECORDING: path })
    has('foreign', { variable_HOLDFAST_RECORDING: '/elsewhere/1.wav' })
    has('armed', { variable_HOLDFAST_RECORDING: path, 'Answer-State': 'ringing', variable_api_on_answer_holdfast: `uuid_record armed start ${path} 0 {}` })
    has('beside', { variable_HOLDFAST_RECORDING: '/rec/other.wav' })
    has('none', {})
    targets.set('beside', '/rec/other.wav').set('running', path).set('ended', '/rec/other.wav').set('foreign', '/elsewhere/1.wav')
    const { channels } = await snapshot()
    expect(Object.fromEntries(channels.map(({ channel, recorderId }) => [channel.channelId, recorderId]))).to.deep.equal({ running: 'holdfast/1.wav', ended: null, foreign: null, armed: 'holdfast/1.wav', beside: null, none: null })
    expect(asked.filter((line) => line.startsWith('uuid_buglist'))).to.deep.equal(['uuid_buglist running', 'uuid_buglist ended'])
  })

  it('believes what it knew of a leg: FreeSWITCH names call, number and person after where the leg has come since', async () => {
    const description = { 'Unique-ID': 'a', 'Channel-Name': 'sofia/internal/0049@10.0.0.1', 'Call-Direction': 'inbound', 'Channel-Call-UUID': 'first', 'Caller-Caller-ID-Number': '0049', 'Caller-Destination-Number': '100' }
    legs.add(newLeg(eslEvent(description), { pbxId: parsePbxId('lab'), at: NOW, legs }))
    has('a', { ...description, 'Channel-Call-UUID': 'second', 'Caller-Caller-ID-Number': '200', 'Caller-Destination-Number': 'third' })
    const [live] = (await snapshot()).channels
    expect(live?.channel).to.deep.include({ callId: 'first', caller: { number: '0049', name: null }, dialled: '100', answeredAt: new Date(1795327862843) })
  })

  it('asks for legs that it knew, though the list has not got them yet: it is a moment behind', async () => {
    for (const id of ['a', 'gone']) legs.add(newLeg(eslEvent({ 'Unique-ID': id, 'Channel-Name': 'sofia/internal/0049@10.0.0.1', 'Call-Direction': 'inbound' }), { pbxId: parsePbxId('lab'), at: NOW, legs }))
    has('a', {})
    expect((await snapshot('{"row_count":0}')).channels.map(({ channel }) => channel.channelId)).to.deep.equal(['a'])
  })

  it('passes over legs that have hung up meanwhile, and ids that are none', async () => {
    has('a', { 'Answer-State': 'hangup' })
    has('b', { 'Unique-ID': 'other' })
    dumps.set('c', '-ERR No such channel!\n').set('d', '{"broken":').set('x y', '{}')
    has('e', { variable_list: ['1', '2'] })
    expect(Object.keys(await bridges())).to.deep.equal(['e'])
    expect(refused).to.equal(1)
    expect(asked).not.to.include('uuid_dump x y json')
  })

  it('reads the list again while it has fewer than there are, and not for ever', async () => {
    has('a', {})
    sessions = 2
    onPause = () => has('b', {})
    expect(Object.keys(await bridges())).to.deep.equal(['a', 'b'])
    sessions = 3
    let pauses = 0
    onPause = () => { pauses += 1 }
    expect(Object.keys(await bridges())).to.deep.equal(['a', 'b'])
    expect(pauses).to.equal(4)
  })

  it('asks of thousands of legs a bounded number of questions at once', async () => {
    for (let leg = 0; leg < 5000; leg += 1) has(`leg-${leg}`, { variable_signal_bond: `leg-${leg % 2 === 0 ? leg + 1 : leg - 1}` })
    const { channels } = await snapshot()
    expect(channels.filter(({ bridgeId }) => bridgeId !== null)).to.have.length(5000)
    expect(channels.map(({ channel }) => channel.channelId).slice(0, 3)).to.deep.equal(['leg-0', 'leg-1', 'leg-2'])
    expect(most).to.be.above(1).and.below(100)
  })

  function has(id: string, more: Dump): void {
    dumps.set(id, JSON.stringify({ 'Unique-ID': id, 'Channel-Name': `sofia/internal/${id}@10.0.0.1`, 'Call-Direction': 'inbound', 'Channel-State': 'CS_EXCHANGE_MEDIA', 'Channel-Call-UUID': id, 'Answer-State': 'answered', 'Caller-Channel-Answered-Time': ANSWERED_AT, ...more }))
  }

  let most = 0

  function listed(): string {
    return JSON.stringify({ row_count: dumps.size, rows: [...dumps.keys()].map((uuid) => ({ uuid })) })
  }

  function snapshot(list: string | null = null): Promise<Snapshot> {
    let open = 0
    most = 0
    const api = async (line: string): Promise<string> => {
      asked.push(line)
      open += 1
      most = Math.max(most, open)
      await Promise.resolve()
      open -= 1
      const [command, id = ''] = line.split(/ (?=\S)/)
      if (command === 'uptime') return '60\n'
      if (command === 'status') return `UP 0 years\n12 session(s) since startup\n${sessions ?? dumps.size} session(s) - peak 9, last 5min 2\n`
      if (command === 'uuid_buglist') return `<media-bugs>\n <media-bug>\n  <function>session_record</function>\n  <target>${targets.get(id) ?? ''}</target>\n </media-bug>\n</media-bugs>\n`
      return dumps.get(line.slice('uuid_dump '.length, -' json'.length)) ?? ''
    }
    const context: SnapshotContext = { pbxId: parsePbxId('lab'), now: () => NOW, recordingDirectory: '/rec', remembered: (id) => legs.find(id), known: legs.ids(), attachedKeys: new Set(['crm']), refused: () => { refused += 1 }, pause: () => Promise.resolve(onPause()) }
    return takeSnapshot({ api, list: () => Promise.resolve(list ?? listed()) }, context)
  }

  async function bridges(): Promise<Readonly<Record<string, string | null>>> {
    return Object.fromEntries((await snapshot()).channels.map(({ channel, bridgeId }) => [channel.channelId, bridgeId]))
  }
})
