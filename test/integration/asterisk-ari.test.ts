import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { dirname } from 'node:path'
import type { AriEndpoint } from '../../adapters/asterisk/ari-endpoint.ts'
import { AriLink } from '../../adapters/asterisk/ari-link.ts'
import { AriRecordingSource } from '../../adapters/asterisk/ari-recording-source.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { recordingSourceContract } from '../contract/recording-source.contract.ts'
import { collect } from '../support/bytes.ts'
import { HostileHttp } from '../support/hostile/hostile-http.ts'
import { expectCode, rejection } from '../support/rejection.ts'
import { certificateOf, closeLab, type Lab, openLab, spoolPath } from './asterisk-lab.ts'

const NEVER = new AbortController().signal
const CLOCK = { now: () => new Date() }
const NAME = 'holdfast/891234567890123.0.rx.wav'

describe('ARI of a real Asterisk', () => {
  let lab: Lab
  let link: AriLink

  before(async () => {
    lab = await openLab('')
    link = new AriLink(await endpointOf(lab, 'http'))
    await link.information()
  })
  after(async () => {
    await link[Symbol.asyncDispose]()
    await closeLab(lab)
  })

  recordingSourceContract('AriRecordingSource', async () => {
    await rm(spoolPath(lab, ''), { recursive: true, force: true })
    // Asterisk makes it when it starts, and cannot list without it.
    await mkdir(spoolPath(lab, ''))
    return { source: new AriRecordingSource({ link, endpoint: await endpointOf(lab, 'http'), clock: CLOCK }), write }
  })

  it('tells its version, how it was built and when it was started', async () => {
    const information = await link.information()
    expect(information.version).to.match(/^2\d\./)
    expect(information.buildOptions).to.include('OPTIONAL_API')
    expect(Date.now() - (information.startedAt?.getTime() ?? 0)).to.be.within(0, 120_000)
  })

  it('is reached over TLS, which the driver cannot speak to a real Asterisk, and for files, with a certificate of our own', async () => {
    const endpoint = await endpointOf(lab, 'https')
    await using secure = new AriLink(endpoint)
    expect((await secure.information()).version).to.match(/^2\d\./)
    await write(NAME, Buffer.from('sound'))
    const source = new AriRecordingSource({ link: secure, endpoint, clock: CLOCK })
    expect((await collect((await source.open(NAME, NEVER)).bytes)).toString()).to.equal('sound')
    const stranger = new AriRecordingSource({ link: secure, endpoint: { ...endpoint, ca: null }, clock: CLOCK })
    await expectCode(stranger.stat(NAME, NEVER), 'SPOOL_UNREACHABLE')
  })

  it('keeps the credentials of two links apart, which the driver keeps for a whole process (:95)', async () => {
    const endpoint = await endpointOf(lab, 'http')
    await using wrong = new AriLink({ ...endpoint, password: 'wrong' })
    await expectCode(wrong.information(), 'PBX_REFUSED')
    expect((await link.information()).version).to.match(/^2\d\./)
    await expectCode(wrong.information(), 'PBX_REFUSED')
  })

  it('refuses files to a wrong password', async () => {
    const source = new AriRecordingSource({ link, endpoint: { ...(await endpointOf(lab, 'http')), password: 'wrong' }, clock: CLOCK })
    await expectCode(source.stat(NAME, NEVER), 'SPOOL_UNREACHABLE')
    await expectCode(source.remove(NAME, NEVER), 'SPOOL_UNREACHABLE')
  })

  it('prints nothing, though the driver complains about every Asterisk', async () => {
    const printed: string[] = []
    const { stdout } = process
    const writeOut = stdout.write.bind(stdout)
    stdout.write = (text: string | Uint8Array) => printed.push(String(text)) > 0
    try {
      await using another = new AriLink(await endpointOf(lab, 'http'))
      await another.information()
    } finally {
      stdout.write = writeOut
    }
    expect(printed).to.deep.equal([])
  })

  async function write(name: string, bytes: Uint8Array): Promise<void> {
    await mkdir(dirname(spoolPath(lab, name)), { recursive: true })
    await writeFile(spoolPath(lab, name), bytes)
  }
})

/** Each sentence names the fault of ari-client 2.2.0, or of what it is built on, that it guards against. */
describe('an ARI link to a hostile server', () => {
  it('outlives a refused login, which the driver throws where nobody can catch it', async () => {
    await using server = await HostileHttp.open((_, response) => response.writeHead(401).end())
    await using link = new AriLink(endpoint(server))
    await expectCode(link.information(), 'PBX_REFUSED')
    await expectCode(link.storedRecordings(), 'PBX_REFUSED')
  })

  it('outlives answers that are no descriptions, and asks anew each time', async () => {
    for (const body of ['', 'no JSON', '{}', '[]', 'null', '{"apis":[{"path":"/x"}]}', '{"apiVersion":"2","apis":null}']) {
      await using server = await HostileHttp.open((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body))
      await using link = new AriLink(endpoint(server))
      const failure = await rejection(link.information())
      expect(isHoldfastError(failure) ? failure.code : String(failure), body).to.be.oneOf(['PBX_UNREACHABLE', 'PBX_TIMEOUT'])
      expect(server.requests.length).to.be.greaterThan(0)
    }
  }).timeout(150_000)

  it('gives up a server that does not answer', async () => {
    await using server = await HostileHttp.open(() => undefined)
    await using link = new AriLink(endpoint(server))
    await expectCode(link.information(), 'PBX_TIMEOUT')
  }).timeout(30_000)

  it('names a port where nobody listens', async () => {
    const server = await HostileHttp.open(() => undefined)
    const closed = endpoint(server)
    await server[Symbol.asyncDispose]()
    await using link = new AriLink(closed)
    await expectCode(link.information(), 'PBX_UNREACHABLE')
  })
})

describe('a spool behind a hostile HTTP server', () => {
  const FAULTS: Readonly<Record<string, { readonly listener: RequestListener; readonly code: 'SPOOL_UNREACHABLE' | 'SPOOL_FILE_INCOMPLETE' | 'SPOOL_FILE_MISSING' }>> = {
    'an error of the server': { listener: (_, response) => response.writeHead(500).end('no'), code: 'SPOOL_UNREACHABLE' },
    'a redirection': { listener: (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), code: 'SPOOL_UNREACHABLE' },
    'a file without its length': { listener: (_, response) => response.writeHead(200, { 'transfer-encoding': 'chunked' }).end('sound'), code: 'SPOOL_UNREACHABLE' },
    'a connection that ends at once': { listener: (request) => request.socket.destroy(), code: 'SPOOL_UNREACHABLE' },
    'a body that ends early': { listener: (request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('sound', () => request.socket.destroy())
    }, code: 'SPOOL_UNREACHABLE' },
    'a file that became shorter': { listener: shrinking(), code: 'SPOOL_FILE_INCOMPLETE' },
    'a file that is gone': { listener: (_, response) => response.writeHead(404).end('{}'), code: 'SPOOL_FILE_MISSING' },
  }
  for (const [fault, { listener, code }] of Object.entries(FAULTS)) {
    it(`is told as ${code}: ${fault}`, async () => {
      await using server = await HostileHttp.open(listener)
      await using link = new AriLink(endpoint(server))
      const source = new AriRecordingSource({ link, endpoint: endpoint(server), clock: CLOCK })
      await expectCode((async () => collect((await source.open(NAME, NEVER)).bytes))(), code)
    })
  }

  it('is never asked for a name that leads elsewhere', async () => {
    await using server = await HostileHttp.open((_, response) => response.writeHead(204).end())
    await using link = new AriLink(endpoint(server))
    const source = new AriRecordingSource({ link, endpoint: endpoint(server), clock: CLOCK })
    await source.remove(NAME, NEVER)
    await expectCode(source.remove('holdfast/../x.wav', NEVER), 'FIELD_REFUSED')
    expect(server.requests.map((request) => `${request.method} ${request.url}`)).to.deep.equal(['DELETE /ari/recordings/stored/holdfast%2F891234567890123.0.rx'])
    expect(server.requests[0]?.headers.authorization).to.equal(`Basic ${Buffer.from('holdfast:secret').toString('base64')}`)
  })
})

function endpoint(server: HostileHttp): AriEndpoint {
  return { url: server.url, username: 'holdfast', password: 'secret', ca: null }
}

async function endpointOf(lab: Lab, scheme: 'http' | 'https'): Promise<AriEndpoint> {
  const port = scheme === 'http' ? lab.asterisk.ariPort : (lab.asterisk.tls?.httpsPort ?? 0)
  return { url: `${scheme}://127.0.0.1:${port}`, username: 'holdfast', password: 'ari', ca: scheme === 'http' ? null : await certificateOf(lab) }
}

/** Long at the first question, short at the next. */
function shrinking(): RequestListener {
  let asked = 0
  return (_, response) => {
    asked += 1
    response.writeHead(200, { 'content-length': asked === 1 ? '100' : '5' }).end('sound'.padEnd(asked === 1 ? 100 : 5, '.'))
  }
}
