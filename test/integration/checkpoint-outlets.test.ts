import { expect } from 'chai'
import { describe, it } from 'mocha'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type SyslogTarget, SyslogOutlet } from '../../adapters/checkpoints/syslog-outlet.ts'
import { WebhookOutlet } from '../../adapters/checkpoints/webhook-outlet.ts'
import { temporaryDirectory } from '../support/hooks.ts'

const clock = { now: () => new Date('2026-03-01T09:00:00.000Z') }
const LINE = '{"chain":"node-1","note":"holdfast/audit/node-1\\n— x"}'
const MESSAGE = new RegExp(`^<109>1 2026-03-01T09:00:00\\.000Z [!-~]+ holdfast ${process.pid} audit-checkpoint - ${LINE.replaceAll(/[{}\\|.]/g, '\\$&')}$`)
const soon = (): AbortSignal => AbortSignal.timeout(2000)

describe('checkpoints go to syslog', () => {
  it('as one datagram', async () => {
    const server = createSocket('udp4')
    server.bind(0, '127.0.0.1')
    await once(server, 'listening')
    const heard = once(server, 'message')
    await new SyslogOutlet({ transport: 'udp', host: '127.0.0.1', port: server.address().port }, clock).write(LINE, soon())
    const [message] = await heard as [Buffer]
    server.close()
    expect(message.toString()).to.match(MESSAGE)
  })

  for (const kind of ['tcp', 'socket'] as const) {
    it(`counted, over ${kind}`, async () => {
      const chunks: Buffer[] = []
      const server = createServer((socket) => socket.on('data', (chunk) => chunks.push(chunk)))
      const path = join(await temporaryDirectory(), 'log')
      if (kind === 'tcp') server.listen(0, '127.0.0.1')
      else server.listen(path)
      await once(server, 'listening')
      const target: SyslogTarget = kind === 'tcp' ? { transport: 'tcp', host: '127.0.0.1', port: (server.address() as AddressInfo).port } : { transport: 'socket', path }
      await new SyslogOutlet(target, clock).write(LINE, soon())
      server.close()
      await once(server, 'close')
      const [, length = '', message = ''] = /^([0-9]+) (.*)$/s.exec(Buffer.concat(chunks).toString()) ?? []
      expect(message).to.match(MESSAGE)
      expect(Buffer.byteLength(message)).to.equal(Number(length))
    })
  }

  it('and a server that is away, or takes nothing, is told in time', async () => {
    const taken: Socket[] = []
    const server = createServer((socket) => taken.push(socket.on('error', () => undefined)))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await failure(new SyslogOutlet({ transport: 'tcp', host: '127.0.0.1', port }, clock).write(LINE, AbortSignal.timeout(200)))).to.match(/AbortError|TimeoutError/)
    for (const socket of taken) socket.destroy()
    server.close()
    await once(server, 'close')
    expect(await failure(new SyslogOutlet({ transport: 'tcp', host: '127.0.0.1', port }, clock).write(LINE, soon()))).to.equal('ECONNREFUSED')
  })
})

describe('checkpoints go to a webhook', () => {
  const serving = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<{ readonly url: URL; close(): Promise<void> }> => {
    const server = createHttpServer(answer)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return {
      url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/audit?from=node-1`),
      close: async () => {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      },
    }
  }

  it('as JSON, with the token', async () => {
    const heard: unknown[] = []
    const { url, close } = await serving((request, response) => {
      void request.toArray().then((chunks: Buffer[]) => {
        heard.push([request.method, request.url, request.headers['content-type'], request.headers.authorization, Buffer.concat(chunks).toString()])
        response.writeHead(204).end()
      })
    })
    await new WebhookOutlet({ url, token: 's3cret', caPem: null }).write(LINE, soon())
    await close()
    expect(heard).to.deep.equal([['POST', '/hooks/audit?from=node-1', 'application/json', 'Bearer s3cret', LINE]])
  })

  for (const status of [301, 404, 500]) {
    it(`and an answer of ${status} is a failure`, async () => {
      const { url, close } = await serving((_request, response) => response.writeHead(status, { location: '/elsewhere' }).end('no'))
      expect(await failure(new WebhookOutlet({ url, token: null, caPem: null }).write(LINE, soon()))).to.equal(`the webhook answered with status ${status}`)
      await close()
    })
  }

  it('and one that never answers is given up', async () => {
    const { url, close } = await serving(() => undefined)
    expect(await failure(new WebhookOutlet({ url, token: null, caPem: null }).write(LINE, AbortSignal.timeout(200)))).to.match(/AbortError|TimeoutError/)
    await close()
  })
})

async function failure(work: Promise<void>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if ('code' in error && error.code === 'ECONNREFUSED') return 'ECONNREFUSED'
    return ['AbortError', 'TimeoutError'].includes(error.name) ? error.name : error.message
  }
}
