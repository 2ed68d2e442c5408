import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { connect } from 'node:tls'
import type { AsteriskInstallation } from '../../cli/lab/asterisk-installation.ts'
import { findOrProvisionAsterisk } from '../../cli/lab/find-asterisk.ts'
import { PrivateAsterisk } from '../../cli/lab/private-asterisk.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'
import { rejection } from '../support/rejection.ts'

const CACHE = path.resolve(import.meta.dirname, '../../.cache/asterisk')
const LAB = path.resolve(import.meta.dirname, '../../cli/lab/private-asterisk.ts')

describe('a private Asterisk', function () {
  this.timeout(60_000)
  let installation: AsteriskInstallation

  before(async function () {
    // The first run fetches 80 MB.
    this.timeout(600_000)
    installation = await findOrProvisionAsterisk({ cacheDir: CACHE, report: (line) => console.error(`      ${line}`) })
  })

  it('runs beside another one, each on ports of its own', async () => {
    const directories = [await temporaryDirectory(), await temporaryDirectory()]
    const [first, second] = await Promise.all(directories.map((directory, index) => PrivateAsterisk.start({ installation, directory, extensions: '', systemName: `site${index}` })))
    await using one = first
    await using other = second
    expect(new Set([one?.amiPort, one?.ariPort, other?.amiPort, other?.ariPort]).size).to.equal(4)
    expect(await one?.cli('core show settings')).to.contain('site0')
    expect(await other?.cli('core show settings')).to.contain('site1')
  })

  it('keeps its ports and its spool over a restart', async () => {
    await using asterisk = await PrivateAsterisk.start({ installation, directory: await temporaryDirectory(), extensions: '' })
    const { amiPort, pid } = asterisk
    await asterisk.restart()
    expect(asterisk.amiPort).to.equal(amiPort)
    expect(asterisk.pid).not.to.equal(pid)
    expect(await asterisk.cli('manager show settings')).to.contain(String(amiPort))
  })

  it('works in a folder whose name is too long for a socket', async () => {
    const directory = path.join(await temporaryDirectory(), 'x'.repeat(100))
    await using asterisk = await PrivateAsterisk.start({ installation, directory, extensions: '' })
    expect(await asterisk.cli('core show uptime')).to.contain('System uptime')
  })

  it('is not started twice in one folder, and disturbs nobody by the attempt', async () => {
    const directory = await temporaryDirectory()
    await using asterisk = await PrivateAsterisk.start({ installation, directory, extensions: '' })
    expect(await rejection(PrivateAsterisk.start({ installation, directory, extensions: '' }))).to.have.property('code', 'LAB_FAILED')
    expect(await asterisk.cli('core show uptime')).to.contain('System uptime')
  })

  it('says with the words of its log why it did not start', async () => {
    const append = { 'asterisk.conf': '[options](+)\nrunuser = nobody-of-this-name' }
    const error = await rejection(PrivateAsterisk.start({ installation, directory: await temporaryDirectory(), extensions: '', append }))
    expect(error).to.have.property('code', 'LAB_FAILED')
    expect(String(error)).to.contain('nobody-of-this-name')
  })

  it('offers AMI and ARI over TLS with the certificate that it names', async () => {
    await using asterisk = await PrivateAsterisk.start({ installation, directory: await temporaryDirectory(), extensions: '', tls: 'self-signed' })
    const ca = await readFile(asterisk.tls?.certificateFile ?? '')
    for (const port of [asterisk.tls?.amiPort, asterisk.tls?.httpsPort]) {
      const socket = connect({ host: '127.0.0.1', port: port ?? 0, ca, servername: 'localhost' })
      await once(socket, 'secureConnect')
      expect(socket.authorized).to.equal(true)
      socket.end()
      await once(socket.resume(), 'close')
    }
  })

  it('does not outlive a process that was killed, and starts again in its folder', async () => {
    const directory = await temporaryDirectory()
    const options = JSON.stringify({ installation, directory, extensions: '' })
    const script = `import { PrivateAsterisk } from ${JSON.stringify(LAB)}\nconst a = await PrivateAsterisk.start(${options})\nconsole.log(a.pid)\nsetInterval(() => {}, 1000)`
    const owner = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(owner.stdout, 'data')
    owner.kill('SIGKILL')
    await once(owner, 'close')
    await using again = await PrivateAsterisk.start({ installation, directory, extensions: '' })
    expect(again.pid).not.to.equal(null)
    await until(async () => expect(await readFile(`/proc/${Number(String(line))}/cmdline`, 'utf8').catch(() => '')).to.equal(''))
  })
})
