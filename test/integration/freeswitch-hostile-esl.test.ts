import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import { EslConnection } from '../../adapters/freeswitch/esl-connection.ts'
import type { EslMessage } from '../../adapters/freeswitch/esl-message.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { apiResponse, commandReply, HostileEsl, jsonEvent, ordinaryAnswer } from '../support/hostile/hostile-esl.ts'
import { until } from '../support/hooks.ts'

/** Each sentence names the fault of modesl 1.2.1 that it guards against, by the line of its lib/esl where there is one. */
describe('a connection to a hostile event socket', () => {
  let server: HostileEsl
  let connection: EslConnection
  let events: EslMessage[]
  let faults: unknown[]

  beforeEach(async () => {
    server = await HostileEsl.open()
    events = []
    faults = []
    connection = await open()
  })
  afterEach(async () => {
    connection.close('the test is over')
    await server[Symbol.asyncDispose]()
  })

  it('refuses a line with line breaks, which would go out as a command of its own (Connection.js:172)', async () => {
    for (const evil of ['uuid_setvar u v x\n\napi fsctl shutdown', 'a\rb', 'a\0b', 'x'.repeat(20_000)]) {
      expect(await codeOf(connection.api(evil))).to.equal('FIELD_REFUSED')
      expect(await codeOf(connection.command(evil))).to.equal('FIELD_REFUSED')
    }
    expect(await connection.api('status')).to.equal('+OK Success\n')
    expect(server.lines).to.deep.equal(['api status'])
  })

  it('refuses a password with line breaks', async () => {
    expect(await codeOf(open('x\n\napi fsctl shutdown'))).to.equal('FIELD_REFUSED')
  })

  it('survives a reply that is no URI encoding, and ends the connection (Parser.js:110)', async () => {
    server.answer = () => commandReply('-ERR 100% busy')
    expect(await codeOf(connection.command('event json ALL'))).to.equal('PBX_UNREACHABLE')
    expect(await connection.closed).to.contain('cannot be read')
    expect(faults).to.have.length(1)
  })

  it('gives each question its own answer, also when events and other answers come between (Connection.js:715)', async () => {
    server.answer = (line) => line.startsWith('api ')
      ? jsonEvent('{"Event-Name":"HEARTBEAT"}') + apiResponse(line)
      : ordinaryAnswer(line)
    const answers = await Promise.all([connection.api('one'), connection.command('log 3'), connection.api('two'), connection.api('three')])
    expect([answers[0], answers[2], answers[3]]).to.deep.equal(['api one', 'api two', 'api three'])
    expect(events.map((event) => event.get('Event-Name'))).to.deep.equal(['HEARTBEAT', 'HEARTBEAT', 'HEARTBEAT'])
  })

  it('ends with an answer that nobody asked for: from there on each would be told for the one before it', async () => {
    server.answer = (line) => apiResponse(line) + apiResponse('+OK Success')
    expect(await connection.api('one')).to.equal('api one')
    expect(await connection.closed).to.contain('nobody asked for')
    expect(await codeOf(connection.api('two'))).to.equal('PBX_UNREACHABLE')
  })

  for (const how of ['end', 'reset'] as const) {
    it(`notices a connection that is broken by ${how}, and refuses what waits (Connection.js:101)`, async () => {
      server.answer = () => null
      const waiting = codeOf(connection.api('status'))
      await until(() => expect(server.lines).to.deep.equal(['api status']))
      server.drop(how)
      expect(await waiting).to.equal('PBX_UNREACHABLE')
      await connection.closed
      expect(await codeOf(connection.api('status'))).to.equal('PBX_UNREACHABLE')
    })
  }

  it('says that an access list refuses us (text/rude-rejection)', async () => {
    server.greeting = 'Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n'
    expect(await codeOf(open())).to.equal('PBX_REFUSED')
  })

  it('says that the password is wrong', async () => {
    server.answer = () => commandReply('-ERR invalid')
    expect(await codeOf(open())).to.equal('PBX_REFUSED')
  })

  it('passes over events that are no JSON, or no object, and reads the next', async () => {
    for (const json of ['{"Event-Name":', '[]', '"x"', 'null', '{"Event-Name":{"a":1},"b":["x"]}']) server.send(jsonEvent(json))
    server.event({ 'Event-Name': 'CHANNEL_ANSWER', 'variable_name': 'José 100% %41' })
    const event = await until(() => {
      const last = events.at(-1)
      expect(last?.get('Event-Name')).to.equal('CHANNEL_ANSWER')
      return last
    })
    expect(event?.variable('name')).to.equal('José 100% %41')
  })

  it('reads an event that comes byte by byte', async () => {
    const bytes = Buffer.from(jsonEvent('{"Event-Name":"CUSTOM","variable_x":"ä€"}'))
    for (const byte of bytes) server.send(Uint8Array.of(byte))
    await until(() => expect(events.at(-1)?.variable('x')).to.equal('ä€'))
  })

  it('keeps a value that FreeSWITCH takes for a list as the caller wrote it', async () => {
    server.event({ 'Event-Name': 'CUSTOM', 'Caller-Caller-ID-Name': ['a', 'b'], 'variable_x': [1], 'variable_y': { z: 'z' } })
    const event = await until(() => {
      expect(events).to.have.length(1)
      return events[0]
    })
    expect(event?.get('Caller-Caller-ID-Name')).to.equal('ARRAY::a|:b')
    expect([event?.variable('x'), event?.variable('y')]).to.deep.equal([null, null])
  })

  it('takes a list that is longer than any event', async () => {
    const list = 'x'.repeat(6 * 1024 * 1024)
    server.answer = (line) => (line === 'api show channels as json' ? apiResponse(list) : ordinaryAnswer(line))
    expect(await connection.list('show channels as json')).to.have.length(list.length)
    expect(await codeOf(connection.api('show channels as json'))).to.equal('PBX_UNREACHABLE')
  })

  it('ends a connection whose message has no end', async () => {
    server.send('Content-Length: 99999999999\nContent-Type: text/event-json\n\n')
    const block = 'x'.repeat(65_536)
    for (let sent = 0; sent < 80; sent += 1) server.send(block)
    expect(await connection.closed).to.equal('a message without end')
  })

  it('goes on when a listener throws', async () => {
    const broken = await EslConnection.open({ host: '127.0.0.1', port: server.port, password: 'secret' }, { event: () => { throw new Error('bug') }, fault: (error) => faults.push(error) })
    server.event({ 'Event-Name': 'HEARTBEAT' })
    await until(() => expect(faults).to.have.length(1))
    expect(await broken.api('status')).to.contain('+OK')
    broken.close('the test is over')
  })

  function open(password = 'secret'): Promise<EslConnection> {
    return EslConnection.open({ host: '127.0.0.1', port: server.port, password }, { event: (message) => events.push(message), fault: (error) => faults.push(error) })
  }
})

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'no error'
  } catch (error) {
    return isHoldfastError(error) ? error.code : String(error)
  }
}
