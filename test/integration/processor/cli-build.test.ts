import { expect } from 'chai'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'mocha'
import { freePorts } from '../../../cli/lab/free-ports.ts'
import { newIdentity } from '../../../core/crypto/key-ring.ts'
import { temporaryDirectory, until } from '../../support/hooks.ts'

const ROOT = join(import.meta.dirname, '../../..')
const MAIN = join(ROOT, 'dist/cli/main.js')

function command(...words: readonly string[]): Promise<{ readonly code: number | string; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...words], { cwd: '/', timeout: 60_000 }, (error, out, err) => resolve({ code: error === null ? 0 : (error.code ?? 'signal'), out, err }))
  })
}

async function settingsFile(port: number): Promise<string> {
  const directory = await temporaryDirectory()
  const { recipient } = await newIdentity(new Date())
  const file = join(directory, 'holdfast.yaml')
  await writeFile(file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret, port: 1 }, spool: { type: directory, path: ${directory} } }]
keys: { recipients: [${recipient}] }
http: { port: ${port} }
`)
  return file
}

describe('the built package', () => {
  before(async () => {
    const { code, out, err } = await command(join(ROOT, 'cli/build.ts'))
    expect(code, `${out}${err}`).to.equal(0)
  })

  it('has an executable command that tells what it can do', async () => {
    expect((await stat(MAIN)).mode & 0o111).to.equal(0o111)
    const { code, out } = await command(MAIN, '--help')
    expect(code).to.equal(0)
    expect(out).to.include('Usage: holdfast')
  })

  it('writes to its store without TypeScript', async () => {
    const { code, out, err } = await command(MAIN, 'token', 'create', '--role', 'integrator', '--label', 'built', '--config', await settingsFile(0))
    expect(code, err).to.equal(0)
    expect(out).to.match(/^hf_/)
  })

  it('serves, says that its PBX is away, and ends when it is told to', async () => {
    const [port = 0] = (await freePorts({ tcp: 1, udp: 0 })).tcp
    const child: ChildProcess = spawn(process.execPath, [MAIN, 'serve', '--config', await settingsFile(port)], { cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] })
    let log = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (log += text))
    try {
      await until(async () => expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status, log).to.equal(200), { withinMs: 20_000 })
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).to.equal(503)
      expect((await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query":"{__typename}"}' })).status).to.equal(401)
    } finally {
      child.kill('SIGTERM')
    }
    expect(await once(child, 'close', { signal: AbortSignal.timeout(15_000) }), log).to.deep.equal([0, null])
    expect(log).to.include('"event":"holdfast serves"').and.to.include('AMI link failed')
  })
})
