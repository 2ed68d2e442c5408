import { expect } from 'chai'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { setTimeout as delay } from 'node:timers/promises'
import type { AmiAction } from '../../adapters/asterisk/ami-action.ts'
import { listChannels, ping, setAcknowledgement } from '../../adapters/asterisk/ami-actions.ts'
import { AmiConnection } from '../../adapters/asterisk/ami-connection.ts'
import type { AmiMessage } from '../../adapters/asterisk/ami-message.ts'
import { AsteriskAdapter } from '../../adapters/asterisk/asterisk-adapter.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { parseChannelId, parsePbxId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import { HostileAmi } from '../support/hostile/hostile-ami.ts'
import { until } from '../support/hooks.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'

const CHANNEL = parseChannelId('lab-1795326065.0')
const OF_CHANNEL = [`Uniqueid: ${CHANNEL}`, `Linkedid: ${CHANNEL}`, 'Channel: PJSIP/customer-00000000'] as const

/** Each sentence names the fault of asterisk-manager 0.2.0 that it guards against, by the line of its lib/ami.js where there is one. */
describe('an AMI connection to a hostile server', () => {
  let server: HostileAmi
  let connection: AmiConnection
  let events: AmiMessage[]
  let faults: unknown[]
  let withheld: AmiMessage[]
  let handle: (message: AmiMessage) => void

  beforeEach(async () => {
    server = await HostileAmi.open()
    events = []
    faults = []
    withheld = []
    handle = (message) => events.push(message)
    connection = await open()
  })
  afterEach(async () => {
    connection.close('the test is over')
    await server[Symbol.asyncDispose]()
  })

  it('refuses a value with line breaks, which would go out as an action of its own (:284)', async () => {
    for (const evil of ['a\r\n\r\nAction: Command\r\nCommand: core stop now', 'a\nb', 'a\rb', 'a\0b', 'x'.repeat(1200)]) {
      expect(await codeOf(connection.request(setAcknowledgement(CHANNEL, evil, 'no')))).to.equal('FIELD_REFUSED')
    }
    await connection.request(ping())
    expect(server.actions.map((fields) => fields['action'])).to.deep.equal(['login', 'Ping'])
  })

  it('refuses credentials with line breaks', async () => {
    expect(await codeOf(AmiConnection.open({ ...endpoint(), secret: 'x\r\n\r\nAction: Originate' }, { event: handle, fault: () => undefined }))).to.equal('FIELD_REFUSED')
  })

  it('reads the variable of a VarSet, which arrives as the key of an object (:145)', async () => {
    server.event('Event: VarSet', ...OF_CHANNEL, 'Variable: CUSTOMER_TYPE', 'Value: a=b: c')
    const [message] = await untilEvents(1)
    expect([message?.get('Variable'), message?.get('Value')]).to.deep.equal(['CUSTOMER_TYPE', 'a=b: c'])
  })

  it('reads headers that are called like members of Object (:157)', async () => {
    server.event('Event: UserEvent', 'constructor: x', 'toString: y', 'hasOwnProperty: z', '__proto__: w', 'valueOf: v', 'After: all')
    const [message] = await untilEvents(1)
    expect(['constructor', 'toString', 'hasOwnProperty', 'valueOf', 'After'].map((name) => message?.get(name))).to.deep.equal(['x', 'y', 'z', 'v', 'all'])
    expect(Object.prototype).not.to.have.property('after')
  })

  it('takes the last of a repeated header where Asterisk writes its own behind those of a caller, and else the first', async () => {
    server.event('Event: UserEvent', 'Channel: PJSIP/a-1', 'CallerIDNum: 5', 'Channel: forged', 'Uniqueid: forged', 'Event: Hangup', ...OF_CHANNEL, 'UserEvent: Mine')
    const [message] = await untilEvents(1)
    expect([message?.get('Event'), message?.get('Channel'), message?.get('Uniqueid')]).to.deep.equal(['UserEvent', 'PJSIP/a-1', CHANNEL])
  })

  it('hears on when a caller writes the begin of free text, which makes the package deaf', async () => {
    server.event('Event: Newchannel', 'CallerIDNum: 5', '', 'Response: follow', 'CallerIDName: x', 'Uniqueid: 1.1')
    server.event('Event: Hold', ...OF_CHANNEL)
    expect((await untilEvents(1)).map((message) => message.get('Event')), 'the broken one tells nothing').to.deep.equal(['Hold'])
    expect((await connection.request(ping())).get('Ping')).to.equal('Pong')
  })

  it('outlives events that are called like signals of the package: rawevent would loop for ever, close and error look like the end', async () => {
    const names = ['rawevent', 'close', 'end', 'error', 'connect', 'response', 'managerevent', 'asterisk', 'data']
    for (const name of names) server.event('Response: Success', `ActionID: ${name}`)
    for (const name of names) server.event(`Event: ${name}`)
    await untilEvents(9)
    expect((await connection.request(ping())).get('Ping')).to.equal('Pong')
  })

  it('holds back an event whose rest follows as another message: a caller wrote its end, and another\'s id into it', async () => {
    for (const breaks of ['\r\n\r\n', '\n\n', '\n\n\n\n', '\n\nResponse: x\n', '\n\nEvent: x\n']) {
      server.send(`Event: Newstate\r\nPrivilege: call,all\r\nExten: 1\nUniqueid: ${CHANNEL}\nLinkedid: 1${breaks}\r\nPriority: 1\r\nUniqueid: own-1.1\r\nLinkedid: own-1.1\r\n\r\n`)
    }
    server.event('Event: Hold', ...OF_CHANNEL)
    expect((await untilEvents(1)).map((message) => message.get('Event'))).to.deep.equal(['Hold'])
    expect(withheld.map((message) => message.get('Event'))).to.deep.equal([...Array<string>(5).fill('Newstate'), 'x'])
  })

  it('gives an answer only to the request that it belongs to', async () => {
    server.answer('Ping', () => null)
    const waiting = codeOf(connection.request(ping()))
    server.event('Response: Success', 'ActionID: holdfast-00000000-0000-4000-8000-000000000000')
    server.event('Response: Success')
    server.event('Response: Success', 'ActionID: constructor')
    connection.close('enough')
    expect(await waiting).to.equal('PBX_UNREACHABLE')
  })

  it('gives up a request that is not answered, and does not mistake a late answer for another (:313)', async function () {
    this.timeout(15_000)
    server.answer('Ping', () => null)
    expect(await codeOf(connection.request(ping()))).to.equal('PBX_TIMEOUT')
    server.event('Response: Error', `ActionID: ${server.actionsNamed('Ping')[0]?.['actionid'] ?? ''}`, 'Message: late')
    server.answer('Ping', () => 'Response: Success\r\nPing: Pong')
    expect((await connection.request(ping())).get('Ping')).to.equal('Pong')
  })

  it('refuses what waits, and what comes after, when the connection dies (:313)', async () => {
    server.answer('Ping', () => null)
    const waiting = codeOf(connection.request(ping()))
    await until(() => expect(server.actionsNamed('Ping')).to.have.length(1))
    server.drop()
    expect(await waiting).to.equal('PBX_UNREACHABLE')
    expect(await codeOf(connection.request(ping()))).to.equal('PBX_UNREACHABLE')
  })

  it('collects a list, of which the package gives the first message only', async () => {
    const item = (n: number): string => `Event: Status\r\nUniqueid: lab-${n}.1`
    server.answer('Status', () => ['Response: Success\r\nEventList: start', item(1), item(2), 'Event: StatusComplete\r\nEventList: Complete'])
    const listed = connection.list(listChannels())
    server.event('Event: Hangup', ...OF_CHANNEL)
    expect((await listed).map((message) => message.get('Uniqueid'))).to.deep.equal(['lab-1.1', 'lab-2.1'])
    expect((await untilEvents(1))[0]?.get('Event')).to.equal('Hangup')
  })

  it('is told apart: a refusal of a list, of an action, and of a channel that is gone', async () => {
    server.answer('Status', () => 'Response: Error\r\nMessage: Permission denied')
    server.answer('Ping', () => 'Response: Error\r\nMessage: No such channel')
    expect(await codeOf(connection.list(listChannels()))).to.equal('PBX_REFUSED')
    expect(await codeOf(connection.request(ping()))).to.equal('CHANNEL_GONE')
  })

  it('goes on after its listener threw, and with the very next event', async () => {
    handle = (message) => {
      events.push(message)
      if (message.get('Event') === 'Newchannel') throw new Error('a listener that fails')
    }
    server.event('Event: Newchannel', ...OF_CHANNEL)
    server.event('Event: Hangup', ...OF_CHANNEL)
    await untilEvents(2)
    expect(faults).to.have.length(1)
  })

  it('ends a connection whose message has no end, before it fills the memory', async () => {
    const flood = setInterval(() => server.send(`X-Header: ${'x'.repeat(60_000)}\r\n`), 1)
    try {
      expect(await connection.closed).to.equal('a message without end')
    } finally {
      clearInterval(flood)
    }
  })

  it('outlives any bytes', async () => {
    const words = fc.constantFrom('Event: ', 'Response: ', 'ActionID: ', 'Variable: a=b', 'Response: Follows', '--END COMMAND--', '\r\n', '\n', '\r\n\r\n', ': ', '=', '__proto__: x', '\0', '\uFFFD', 'Asterisk Call Manager')
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }), fc.uint8Array({ maxLength: 60 }), async (parts, bytes) => {
      server.send(parts.join(''))
      server.send(bytes)
      server.send('\r\n--END COMMAND--\r\n\r\n\r\n\r\n')
      expect((await connection.request(ping())).get('Ping')).to.equal('Pong')
    }), { numRuns: 150 })
  })

  it('keeps UTF-8 whole that comes in pieces, and reads on after bytes that are none', async () => {
    const bytes = Buffer.from('Event: UserEvent\r\nPrivilege: user,all\r\nName: Zürich 東京\r\n\r\n')
    for (const byte of bytes) server.send(Uint8Array.of(byte))
    server.send(Buffer.from('Event: UserEvent\r\nPrivilege: user,all\r\nName: \xff\xfe\r\n\r\n', 'latin1'))
    const [first, second] = await untilEvents(2)
    expect([first?.get('Name'), second?.get('Name')]).to.deep.equal(['Zürich 東京', '\uFFFD\uFFFD'])
  })

  it('names a login that is refused, which the package reports as if it were nothing (:57, :204)', async () => {
    server.answer('Login', () => 'Response: Error\r\nMessage: Authentication failed')
    expect(await codeOf(open())).to.equal('PBX_REFUSED')
  })

  it('gives up a login that is not answered, or ends while it waits', async function () {
    this.timeout(15_000)
    server.answer('Login', () => null)
    const silent = codeOf(open())
    await until(() => expect(server.actionsNamed('Login')).to.have.length(2))
    const dropped = codeOf(open())
    await until(() => expect(server.actionsNamed('Login')).to.have.length(3))
    expect(await silent).to.equal('PBX_TIMEOUT')
    server.drop()
    expect(await dropped).to.equal('PBX_UNREACHABLE')
  })

  it('names a port where nobody listens', async () => {
    await using other = await HostileAmi.open()
    const { port } = other
    await other[Symbol.asyncDispose]()
    expect(await codeOf(AmiConnection.open({ ...endpoint(), port }, { event: handle, fault: () => undefined }))).to.equal('PBX_UNREACHABLE')
  })

  it('sends every field once, so that the package may sort them (:287)', async () => {
    const action: AmiAction = { name: 'Setvar', fields: { Value: 'z', Channel: CHANNEL, Variable: 'a' } }
    await connection.request(action)
    expect(server.actionsNamed('Setvar')[0]).to.deep.include({ channel: CHANNEL, variable: 'a', value: 'z' })
  })

  function endpoint() {
    return { host: '127.0.0.1', port: server.port, username: 'holdfast', secret: 'secret', tls: null }
  }

  function open(): Promise<AmiConnection> {
    return AmiConnection.open(endpoint(), { event: (message) => handle(message), fault: (error) => faults.push(error), withheld: (message) => withheld.push(message) })
  }

  async function untilEvents(count: number): Promise<readonly AmiMessage[]> {
    // The login's own event is not of interest here.
    const own = (): AmiMessage[] => events.filter((message) => message.get('Event') !== 'FullyBooted')
    await until(() => expect(own()).to.have.length(count))
    return own()
  }
})

describe('the Asterisk adapter before a hostile server', () => {
  let server: HostileAmi
  let adapter: AsteriskAdapter
  let heard: PbxEvent[]
  let reading: Promise<void>
  let printed: string[]
  const log = console.log

  beforeEach(async () => {
    printed = []
    console.log = (...words: unknown[]) => void printed.push(words.join(' '))
    server = await HostileAmi.open()
    begin()
    await untilHeard('link-up')
  })
  afterEach(async () => {
    console.log = log
    await adapter[Symbol.asyncDispose]()
    await reading
    await server[Symbol.asyncDispose]()
  })

  it('chooses its events by an action of its own, because the header of the login is not the one that Asterisk reads (:212)', () => {
    expect(server.actionsNamed('Events')[0]).to.deep.include({ eventmask: 'call,user,dialplan,agent,system' })
  })

  it('starts each connection with a fresh parser: half an event and a new greeting would become one (:103)', async () => {
    server.send('Event: Hangup\r\nUniq')
    await delay(50)
    server.drop()
    await untilHeard('link-up', 2)
    server.channelEvent('Event: Newchannel', ...OF_CHANNEL, 'ChannelState: 4')
    await untilHeard('channel-created')
    expect(heard.map((event) => event.type)).to.deep.equal(['link-up', 'link-down', 'link-up', 'channel-created'])
  })

  it('sends nothing after a reconnection that was asked for while the link was down (:244 holds it)', async () => {
    server.drop()
    await untilHeard('link-down')
    expect(await codeOf(adapter.acknowledge(CHANNEL, 'request.1', 'no'))).to.equal('PBX_UNREACHABLE')
    expect(await codeOf(adapter.answerCode(CHANNEL, 'request.c1', 'paused'))).to.equal('PBX_UNREACHABLE')
    expect(await codeOf(adapter.tellPauseWays(CHANNEL, ['dtmf']))).to.equal('PBX_UNREACHABLE')
    await untilHeard('link-up', 2)
    expect(server.actionsNamed('Setvar').filter((fields) => fields['channel'] === CHANNEL)).to.deep.equal([])
  })

  it('notices a server that accepts everything and answers nothing', async function () {
    this.timeout(30_000)
    server.answer('Ping', () => null)
    server.answer('Setvar', () => null)
    await until(() => expect(heard.map((event) => event.type)).to.include('link-down'), { withinMs: 15_000 })
    server.answer('Ping', () => 'Response: Success')
    server.answer('Setvar', () => 'Response: Success')
    await until(() => expect(heard.filter((event) => event.type === 'link-up')).to.have.length(2), { withinMs: 15_000 })
  })

  it('comes back for ever, slower each time, and forgets the delay when it is up again', async () => {
    server.answer('Login', () => 'Response: Error\r\nMessage: Authentication failed')
    server.drop()
    const before = server.connections
    await until(() => expect(server.connections - before).to.be.at.least(3), { withinMs: 10_000 })
    expect(server.connections - before).to.be.lessThan(6)
    server.answer('Login', () => ['Response: Success', 'Event: FullyBooted\r\nUptime: 1'])
    await until(() => expect(heard.filter((event) => event.type === 'link-up')).to.have.length(2), { withinMs: 15_000 })
  }).timeout(30_000)

  it('makes no connection after its end, not even one that was due (:241)', async () => {
    server.drop()
    await untilHeard('link-down')
    await adapter[Symbol.asyncDispose]()
    const { connections } = server
    await delay(600)
    expect(server.connections).to.equal(connections)
  })

  it('prints nothing (:238, :324)', async () => {
    server.drop()
    await untilHeard('link-up', 2)
    expect(printed).to.deep.equal([])
  })

  it('counts ids that are none, and goes on', async () => {
    server.event('Event: Hangup', 'Uniqueid: ../../etc/passwd\u0001', 'Linkedid: x')
    server.event('Event: Hangup')
    server.event('Event: constructor')
    server.channelEvent('Event: UserEvent', ...OF_CHANNEL, 'UserEvent: __proto__')
    server.channelEvent('Event: UserEvent', ...OF_CHANNEL, 'UserEvent: HoldfastRecord', 'Request: a b')
    server.channelEvent('Event: UserEvent', ...OF_CHANNEL, 'UserEvent: HoldfastNative', 'Number: ../1')
    server.channelEvent('Event: Hangup', ...OF_CHANNEL, 'Timestamp: 99999999999999999999')
    server.channelEvent('Event: Hangup', ...OF_CHANNEL, 'Cause: 16')
    await untilHeard('hangup')
    expect(heard.map((event) => event.type)).to.deep.equal(['link-up', 'hangup'])
  })

  it('serves two Asterisks in one process, each with its own credentials', async () => {
    await using other = await HostileAmi.open()
    await using second = new AsteriskAdapter({ ...options(other.port), ami: { host: '127.0.0.1', port: other.port, username: 'second', secret: 'other', tls: null } })
    second.start()
    await until(() => expect(second.linkState).to.equal('up'))
    expect(server.actionsNamed('Login').map((fields) => [fields['username'], fields['secret']])).to.deep.equal([['holdfast', 'secret']])
    expect(other.actionsNamed('Login').map((fields) => [fields['username'], fields['secret']])).to.deep.equal([['second', 'other']])
  })

  it('tells what exists before anything that happened meanwhile', async () => {
    server.answer('Status', (fields) => {
      server.channelEvent('Event: Newchannel', ...OF_CHANNEL, 'ChannelState: 4')
      return ['Response: Success\r\nEventList: start', `Event: Status\r\nActionID: ${fields['actionid'] ?? ''}\r\nChannelState: 6\r\n${OF_CHANNEL.join('\r\n')}\r\nVariable: HOLDFAST_MMID=0xabc`, 'Event: StatusComplete\r\nEventList: Complete']
    })
    server.drop()
    await untilHeard('channel-created')
    expect(heard.map((event) => event.type)).to.deep.equal(['link-up', 'link-down', 'link-up', 'channel-created'])
    const up = heard[2]
    expect(up?.type === 'link-up' ? up.channels.map(({ channel, recorderId }) => [channel.channelId, recorderId]) : null).to.deep.equal([[CHANNEL, '0xabc']])
  })

  it('takes back its heartbeat when nobody reads its events, so that the dialplan records by itself', async () => {
    await using other = await HostileAmi.open()
    await using unread = new AsteriskAdapter(options(other.port))
    unread.start()
    const heartbeats = (): readonly number[] => other.actionsNamed('Setvar').filter((fields) => fields['variable'] === 'HOLDFAST_HEARTBEAT').map((fields) => Number(fields['value']))
    await until(() => expect(heartbeats().length).to.be.at.least(3), { withinMs: 15_000 })
    expect(heartbeats()[0]).to.be.closeTo(Date.now() / 1000, 20)
    expect(heartbeats().at(-1)).to.equal(0)
  }).timeout(30_000)

  function options(port: number) {
    return { pbxId: parsePbxId('lab'), ami: { host: '127.0.0.1', port, username: 'holdfast', secret: 'secret', tls: null }, recordingDirectory: '/spool/recording', spoolFormat: 'wav', wanted: { keys: [], headers: new Map() }, eventFilter: 'own', runtime: quietRuntime(), random: Math.random } as const
  }

  function begin(): void {
    adapter = new AsteriskAdapter(options(server.port))
    heard = []
    adapter.start()
    reading = (async () => {
      for await (const event of adapter.events()) heard.push(event)
    })()
  }

  async function untilHeard(type: PbxEvent['type'], times = 1): Promise<void> {
    await until(() => expect(heard.filter((event) => event.type === type).length, heard.map((event) => event.type).join(' ')).to.be.at.least(times))
  }
})

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => null, (reason: unknown) => reason)
  return isHoldfastError(error) ? error.code : String(error)
}
