import { expect } from 'chai'
import { afterEach, beforeEach, describe, it } from 'mocha'
import type { EslMessage } from '../../adapters/freeswitch/esl-message.ts'
import { EslLink } from '../../adapters/freeswitch/esl-link.ts'
import { parsePbxId } from '../../core/domain/ids.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { apiResponse, HostileEsl, jsonEvent, ordinaryAnswer } from '../support/hostile/hostile-esl.ts'
import { until } from '../support/hooks.ts'
import { quietRuntime } from '../support/quiet-runtime.ts'

/** Half a minute ahead of ours. */
const AHEAD_MS = 30_000

describe('the link to a hostile event socket', () => {
  let server: HostileEsl
  let link: EslLink
  let told: string[]
  let logged: EslMessage[]
  let heartbeats: string[]
  let establish: () => Promise<void>
  let runtime: ReturnType<typeof quietRuntime>

  beforeEach(async () => {
    server = await HostileEsl.open()
    server.answer = (line) => (line === 'api strmicroepoch' ? apiResponse(String((Date.now() + AHEAD_MS) * 1000)) : ordinaryAnswer(line))
    told = []
    logged = []
    heartbeats = []
    establish = () => Promise.resolve()
    runtime = quietRuntime()
    link = new EslLink({
      pbxId: parsePbxId('lab'), endpoint: { host: '127.0.0.1', port: server.port, password: 'secret' },
      subscription: { events: ['CHANNEL_CREATE'], commands: ['uuid_setvar'], subclasses: ['sofia::transferor', 'holdfast::record'], unheard: { Application: ['sleep'], 'Application-Data': ['a=b c'] } }, runtime, random: () => 0,
      owner: {
        established: async () => {
          await establish()
          return () => told.push('up')
        },
        event: (message) => told.push(message.get('Event-Name') ?? ''),
        log: (message) => logged.push(message),
        ended: () => told.push('ended'),
        heartbeat: (pbxNow) => {
          const line = `global_setvar alive=${Math.floor(pbxNow.getTime() / 1000)}`
          heartbeats.push(line)
          return line
        },
      },
    })
    link.start()
    await isUp()
  })
  afterEach(async () => {
    await link.stop()
    await server[Symbol.asyncDispose]()
  })

  it('asks for JSON, for what is read and for errors of the log, again on each connection', async () => {
    const asked = ['filter Event-Name /^(?!API$)/', 'filter API-Command uuid_setvar', 'filter Application -sleep', 'filter Application-Data -a=b c', 'event json CHANNEL_CREATE API CUSTOM sofia::transferor holdfast::record', 'log 3', 'api strmicroepoch']
    expect(server.lines.slice(0, asked.length)).to.deep.equal(asked)
    server.lines.length = 0
    server.drop('reset')
    await until(() => expect(told.filter((each) => each === 'up')).to.have.length(2))
    expect(server.lines.slice(0, asked.length)).to.deep.equal(asked)
  })

  it('sets the heartbeat by the clock of the switch', async () => {
    await until(() => expect(server.lines).to.include(`api ${heartbeats[0]}`))
    const seconds = Number(heartbeats[0]?.split('=')[1])
    expect(Math.abs(seconds * 1000 - Date.now() - AHEAD_MS)).to.be.below(5000)
    expect(Math.abs(link.now().getTime() - Date.now() - AHEAD_MS)).to.be.below(1000)
  })

  it('keeps its clock when the switch answers no time', async () => {
    for (const answer of ['-ERR strmicroepoch Command not found!\n', '', '0', '1e99', '-5', 'x'.repeat(4096)]) {
      server.answer = (line) => (line === 'api strmicroepoch' ? apiResponse(answer) : ordinaryAnswer(line))
      server.drop('end')
      const ups = told.filter((each) => each === 'up').length
      await until(() => expect(told.filter((each) => each === 'up').length).to.be.above(ups), { withinMs: 10_000 })
      expect(Math.abs(link.now().getTime() - Date.now() - AHEAD_MS)).to.be.below(1000)
    }
  })

  it('tells lines of the log apart from events, whatever they hold', async () => {
    const text = '2026-11-22 06:00:00.000000 [ERR] switch_ivr_async.c:1339 Error writing /rec/1.wav\n\nContent-Type: text/event-json\n'
    server.send(`Content-Type: log/data\nContent-Length: ${Buffer.byteLength(text)}\nLog-Level: 3\nUser-Data: leg\n\n${text}`)
    server.event({ 'Event-Name': 'CHANNEL_CREATE' })
    await until(() => expect(told.at(-1)).to.equal('CHANNEL_CREATE'))
    expect(logged.map(({ body }) => body)).to.deep.equal([text])
    expect(logged[0]?.get('User-Data')).to.equal('leg')
  })

  it('refuses what is asked while it is down, and sends it never', async () => {
    server.answer = () => null
    server.drop('reset')
    await until(() => expect(link.state).to.equal('down'))
    expect(await codeOf(link.api('uuid_record u mask /rec/1.wav'))).to.equal('PBX_UNREACHABLE')
    expect(await codeOf(link.command('nixevent x'))).to.equal('PBX_UNREACHABLE')
    server.answer = ordinaryAnswer
    server.drop('reset')
    await isUp()
    expect(server.lines.filter((line) => /mask|nixevent/.test(line))).to.deep.equal([])
  })

  it('is not up until its owner is, and begins anew when the owner fails', async () => {
    let attempts = 0
    establish = () => {
      attempts += 1
      return attempts < 3 ? Promise.reject(new Error('no snapshot')) : Promise.resolve()
    }
    server.drop('end')
    await until(() => expect(link.state).to.equal('down'))
    await until(() => expect(attempts).to.equal(3))
    await isUp()
    expect(told.filter((each) => each === 'up')).to.have.length(2)
  })

  it('comes back for ever from whatever it is sent', async () => {
    const worst = ['Content-Length: -5\nContent-Type: text/event-json\n\n', 'Content-Length: x\n\n', '\n\n\n\n', 'Reply-Text: %E9\n\n', `${'x'.repeat(100_000)}\n\n`, jsonEvent('[[[[['), Buffer.from([0, 1, 2, 255, 10, 10])]
    for (const bytes of worst) {
      server.send(bytes)
      server.drop('end')
      await until(() => expect(link.state).to.equal('down'))
      await isUp()
    }
    server.event({ 'Event-Name': 'CHANNEL_CREATE' })
    await until(() => expect(told.at(-1)).to.equal('CHANNEL_CREATE'))
  })

  it('notices a server that takes everything and answers nothing', async () => {
    server.answer = () => null
    await until(() => expect(link.state).to.equal('down'), { withinMs: 10_000 })
    expect(runtime.counted.get('holdfast_pbx_link_failures_total')).to.be.above(0)
    server.answer = ordinaryAnswer
    await isUp()
  })

  it('makes no connection after its end', async () => {
    server.drop('reset')
    await until(() => expect(link.state).to.equal('down'))
    await link.stop()
    const { connections } = server
    server.event({ 'Event-Name': 'CHANNEL_CREATE' })
    await new Promise((resolve) => { setTimeout(resolve, 600) })
    expect(server.connections).to.equal(connections)
  })

  async function isUp(): Promise<void> {
    await until(() => expect(link.state).to.equal('up'), { withinMs: 20_000 })
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
