import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { EslConnection } from '../../adapters/freeswitch/esl-connection.ts'
import { freePorts } from '../../cli/lab/free-ports.ts'
import type { FreeSwitchInstallation } from '../../cli/lab/freeswitch-launch.ts'
import { PrivateFreeSwitch } from '../../cli/lab/private-freeswitch.ts'
import { runCommand } from '../../cli/lab/run-command.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'
import { expectCode } from '../support/rejection.ts'

const DOCUMENT = join(import.meta.dirname, '../../docs/freeswitch.md')
const SILENT = { event: () => undefined, fault: () => undefined }

/** The two files that the document shows, with addresses and paths of this test in place of its own. */
async function documented(change: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const text = await readFile(DOCUMENT, 'utf8')
  const files = [...text.matchAll(/```ini\n(\[esl[\s\S]*?)```/g)].map((match) => match[1] ?? '')
  return files.map((file) => Object.entries(change).reduce((changed, [from, to]) => changed.replaceAll(from, to), file))
}

class Stunnel implements AsyncDisposable {
  readonly #child: ReturnType<typeof spawn>

  constructor(file: string) {
    this.#child = spawn('stunnel', [file], { stdio: 'ignore' })
  }

  /** In the foreground, so that it ends with its process. */
  static async open(directory: string, name: string, text: string): Promise<Stunnel> {
    const file = join(directory, `${name}.conf`)
    await writeFile(file, `foreground = yes\npid =\n${text}`)
    return new Stunnel(file)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }
}

/** Whether somebody listens there already. */
async function isTaken(port: number): Promise<boolean> {
  const server = createServer()
  const taken = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(true))
    server.listen(port, '127.0.0.1', () => resolve(false))
  })
  server.close()
  return taken
}

describe('an event socket behind stunnel, as docs/freeswitch.md shows it', function () {
  this.timeout(60_000)
  let installation: FreeSwitchInstallation

  before(async function () {
    installation = await requireFreeSwitch(this)
    const { stderr, stdout } = await runCommand(['stunnel', '-version'], { timeoutMs: 10_000 })
    if (`${stdout}${stderr}`.includes('stunnel 5')) return
    console.error('    SKIPPED: there is no stunnel 5 on the PATH (apt-get install stunnel4)')
    this.skip()
  })

  it('answers whoever knows the key, and nobody else', async () => {
    const directory = await temporaryDirectory()
    await using freeSwitch = await PrivateFreeSwitch.start({ installation, directory: join(directory, 'fs'), contexts: { public: '' } })
    const { tcp: [far = 0, near = 0, wrong = 0] } = await freePorts({ tcp: 3, udp: 0 })
    const key = join(directory, 'holdfast.psk')
    const otherKey = join(directory, 'other.psk')
    await writeFile(key, `holdfast:${'a1'.repeat(32)}\n`, { mode: 0o600 })
    await writeFile(otherKey, `holdfast:${'b2'.repeat(32)}\n`, { mode: 0o600 })
    const ends = { '10.0.0.5:8022': `127.0.0.1:${far}`, '/etc/stunnel/holdfast.psk': key }
    const [pbx = ''] = await documented({ ...ends, 'connect = 127.0.0.1:8021': `connect = 127.0.0.1:${freeSwitch.eventSocketPort}` })
    const [, ours = ''] = await documented({ ...ends, 'accept = 127.0.0.1:8021': `accept = 127.0.0.1:${near}` })
    const [, stranger = ''] = await documented({ ...ends, '/etc/stunnel/holdfast.psk': otherKey, 'accept = 127.0.0.1:8021': `accept = 127.0.0.1:${wrong}` })
    await using atPbx = await Stunnel.open(directory, 'pbx', pbx)
    await using atHoldfast = await Stunnel.open(directory, 'ours', ours)
    await using atStranger = await Stunnel.open(directory, 'stranger', stranger)
    expect([atPbx, atHoldfast, atStranger]).to.have.length(3)
    await until(async () => expect(await Promise.all([far, near, wrong].map(isTaken))).to.deep.equal([true, true, true]))

    const connection = await EslConnection.open({ host: '127.0.0.1', port: near, password: freeSwitch.password }, SILENT)
    expect(await connection.api('version short')).to.include(installation.version)
    connection.close('done')
    await expectCode(EslConnection.open({ host: '127.0.0.1', port: wrong, password: freeSwitch.password }, SILENT), 'PBX_UNREACHABLE')
    // What is spoken in between is TLS: an event socket's greeting is not heard there.
    await expectCode(EslConnection.open({ host: '127.0.0.1', port: far, password: freeSwitch.password }, SILENT), 'PBX_TIMEOUT')
  })
})
