import { expect } from 'chai'
import { describe, it } from 'mocha'
import { connect } from 'node:net'
import path from 'node:path'
import { asteriskConfigSnippets, managerRights } from '../../adapters/asterisk/pbx-config.ts'
import { findOrProvisionAsterisk } from '../../cli/lab/find-asterisk.ts'
import { PrivateAsterisk } from '../../cli/lab/private-asterisk.ts'
import { temporaryDirectory } from '../support/hooks.ts'

const CACHE = path.resolve(import.meta.dirname, '../../.cache/asterisk')
/** A login that is refused is answered after a second. */
const LOGIN_DEADLINE_MS = 10_000

describe('the manager user that we print, on a manager that listens on both families', () => {
  it('logs in from 127.0.0.1, and from nowhere else', async function () {
    this.timeout(60_000)
    const installation = await findOrProvisionAsterisk({ cacheDir: CACHE, report: (line) => console.error(`      ${line}`) })
    const printed = asteriskConfigSnippets({ ami: { username: 'holdfast', secret: 'secret', from: '127.0.0.1/32' }, ari: null, recordingDirectory: '/spool/recording', attachedKeys: [], sipHeaders: new Map() })
    const half = managerRights('127.0.0.1/32').filter(([, value]) => value !== '::/0').map(([key, value]) => `${key} = ${value}`).join('\n')
    const manager = printed['manager.conf'].replace('; in [general]:', '[general](+)').replace(/^bindaddr = .*$/m, 'bindaddr = ::')
    await using asterisk = await PrivateAsterisk.start({ installation, directory: await temporaryDirectory(), extensions: '', append: { 'manager.conf': `${manager}\n[half]\nsecret = secret\n${half}\n` } })
    const { amiPort } = asterisk
    expect(await login({ host: '127.0.0.1', port: amiPort, username: 'holdfast' })).to.equal('Success')
    expect(await login({ host: '::1', port: amiPort, username: 'holdfast' })).to.equal('Error')
    // What the second line of refusal is there for.
    expect(await login({ host: '::1', port: amiPort, username: 'half' })).to.equal('Success')
  })
})

interface Login {
  readonly host: string
  readonly port: number
  readonly username: string
}

/** The word of Asterisk's first reply. */
async function login({ host, port, username }: Login): Promise<string> {
  const socket = connect({ host, port })
  const signal = AbortSignal.timeout(LOGIN_DEADLINE_MS)
  try {
    socket.write(`Action: Login\r\nUsername: ${username}\r\nSecret: secret\r\n\r\n`)
    let heard = ''
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      signal.throwIfAborted()
      heard += String(chunk)
      const [, word] = /Response: (\w+)/.exec(heard) ?? []
      if (word !== undefined) return word
    }
    throw new Error(`no reply to the login: ${heard}`)
  } finally {
    socket.destroy()
  }
}
