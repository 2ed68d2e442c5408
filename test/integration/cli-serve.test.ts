import { expect } from 'chai'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, readdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, it } from 'mocha'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'

const MAIN = join(import.meta.dirname, '../../cli/main.ts')

/** A port of this machine that somebody holds, and how often it was called. */
class Held implements AsyncDisposable {
  calls = 0
  readonly #server: Server = createServer((socket) => {
    this.calls += 1
    socket.on('error', () => undefined)
    socket.destroy()
  })

  static async open(): Promise<Held> {
    const held = new Held()
    held.#server.listen(0, '127.0.0.1')
    await once(held.#server, 'listening')
    return held
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    await once(this.#server, 'close')
  }
}

/** Settings of a service whose PBX hangs up on whoever calls. */
async function settings({ amiPort, httpPort = 0 }: { readonly amiPort: number; readonly httpPort?: number }): Promise<{ readonly directory: string; readonly file: string }> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'holdfast.yaml')
  const { recipient } = await newIdentity(new Date())
  await writeFile(file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { port: ${amiPort}, username: holdfast, secret: s3cret }, spool: { type: directory, path: ${directory} } }]
attachedData: { keys: [CUSTOMER_TYPE] }
keys: { recipients: [${recipient}] }
http: { port: ${httpPort} }
`)
  return { directory, file }
}

function serve(file: string): ChildProcess {
  return spawn(process.execPath, [MAIN, 'serve', '--config', file], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function ended(child: ChildProcess): Promise<{ readonly code: number | null; readonly err: string }> {
  if (child.stdout === null || child.stderr === null) throw new Error('both are pipes')
  const [, err] = await Promise.all([text(child.stdout), text(child.stderr), child.exitCode === null ? once(child, 'close') : null])
  return { code: child.exitCode, err }
}

describe('holdfast serve', () => {
  it('ends with 1 and one plain line when its port is taken, before it has touched a PBX', async () => {
    await using pbx = await Held.open()
    await using other = await Held.open()
    const { directory, file } = await settings({ amiPort: pbx.port, httpPort: other.port })
    const { code, err } = await ended(serve(file))
    expect(code).to.equal(1)
    expect(err).to.equal(`holdfast: the API cannot listen on 127.0.0.1, port ${other.port}: another program holds the port. \`ss -ltnp\` shows which; end it, or choose another \`http.port\` [LISTEN_FAILED]\n`)
    expect(pbx.calls).to.equal(0)
    expect(await readdir(join(directory, 'data'))).not.to.include('serve.lock.pid')
  })

  it('is refused beside another on the same data directory, and goes on after one that was killed', async () => {
    await using pbx = await Held.open()
    const { file } = await settings({ amiPort: pbx.port })
    const first = serve(file)
    await until(() => expect(pbx.calls).to.be.above(0), { withinMs: 15_000 })
    const second = await ended(serve(file))
    expect(second.code).to.equal(1)
    expect(second.err).to.match(new RegExp(`another holdfast serves from .*/data \\(process ${first.pid ?? 0}\\).*\\[ALREADY_RUNNING\\]\\n$`))
    first.kill('SIGKILL')
    await once(first, 'close')
    const before = pbx.calls
    const third = serve(file)
    await until(() => expect(pbx.calls).to.be.above(before), { withinMs: 15_000 })
    third.kill('SIGTERM')
    expect((await ended(third)).code).to.equal(0)
  })

  it('as root is refused in another user\'s data directory', async function () {
    if (process.geteuid?.() !== 0) {
      console.error('      only root can be refused: not tried')
      return
    }
    const { directory, file } = await settings({ amiPort: 1 })
    await mkdir(join(directory, 'data'))
    await chown(join(directory, 'data'), 65534, 65534)
    const { code, err } = await ended(serve(file))
    expect(code).to.equal(2)
    expect(err).to.include('Run as that user: runuser -u nobody -- holdfast')
    expect(await readdir(join(directory, 'data'))).to.deep.equal([])
  })
})
