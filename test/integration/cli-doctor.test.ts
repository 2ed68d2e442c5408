import { expect } from 'chai'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { stringify } from 'yaml'
import { eventFilters, managerRights } from '../../adapters/asterisk/pbx-config.ts'
import type { Check } from '../../cli/doctor/check.ts'
import { HOLDFAST_DIALPLAN } from '../../cli/lab/holdfast-lab.ts'
import { findOrProvisionAsterisk } from '../../cli/lab/find-asterisk.ts'
import { PrivateAsterisk } from '../../cli/lab/private-asterisk.ts'
import { run } from '../../cli/program.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'

const CACHE = join(import.meta.dirname, '../../.cache/asterisk')
const KEYS = ['CUSTOMER_TYPE']
const WAITING = 'native-1.1.rx.wav'
const RIGHTS = new Map(managerRights('127.0.0.1'))
const FILTERS = eventFilters(KEYS)

/** Users with what an administrator may have given: exactly enough, and too little or too much in several ways. */
const USERS = {
  exact: { read: RIGHTS.get('read') ?? '', write: RIGHTS.get('write') ?? '', eventFilters: FILTERS },
  generous: { read: 'all', write: 'all', eventFilters: [] },
  mute: { read: RIGHTS.get('read') ?? '', write: 'call', eventFilters: FILTERS },
  deaf: { read: 'call,user', write: RIGHTS.get('write') ?? '', eventFilters: FILTERS },
  filtered: { read: 'all', write: RIGHTS.get('write') ?? '', eventFilters: [['eventfilter(action(include),name(Hangup))', '']] as const },
} as const

describe('holdfast doctor on a real Asterisk', () => {
  let asterisk: PrivateAsterisk
  let directory: string
  let recipients: readonly { readonly recipient: string; readonly purpose: string }[]

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-doctor-'))
    const made = await Promise.all([newIdentity(new Date()), newIdentity(new Date())])
    recipients = made.map(({ recipient }, index) => ({ recipient, purpose: index === 0 ? 'operational' : 'escrow' }))
    await writeFile(join(directory, 'identity.txt'), made[0]?.fileText ?? '', { mode: 0o600 })
    asterisk = await PrivateAsterisk.start({
      installation: await findOrProvisionAsterisk({ cacheDir: CACHE, report: (line) => console.error(`      ${line}`) }),
      directory: join(directory, 'asterisk'),
      extensions: `[globals]\nHOLDFAST_KEYS=agent,QUEUE,BUSINESS_UNIT,LANGUAGE,${KEYS.join(',')}\nHOLDFAST_CLI=/usr/sbin/asterisk\n[calls]\nexten => s,1,NoOp()\n`,
      includeFiles: [HOLDFAST_DIALPLAN],
      managerUsers: Object.entries(USERS).map(([name, { read, write, eventFilters: filters }]) => ({ name, secret: 's3cret', read, write, eventFilters: filters })),
      ariUsers: [{ name: 'holdfast', password: 'ari-password' }],
    })
    await mkdir(join(asterisk.spoolDirectory, 'recording/holdfast'), { recursive: true })
    // Its owner is whom this Asterisk runs as: the test's own user.
    await writeFile(join(asterisk.spoolDirectory, 'recording/holdfast', WAITING), '')
  })

  after(async () => {
    await asterisk[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  async function examine(user: keyof typeof USERS | 'stranger', change: { readonly pbx?: object; readonly settings?: object } = {}): Promise<{ readonly exitCode: number; readonly checks: readonly Check[] }> {
    const file = join(directory, `${user}.yaml`)
    await writeFile(file, stringify({
      dataDirectory: join(directory, 'data'),
      pbxs: [{
        id: 'lab', type: 'asterisk', ami: { port: asterisk.amiPort, username: user, secret: 's3cret' },
        ari: { url: `http://127.0.0.1:${asterisk.ariPort}`, username: 'holdfast', password: 'ari-password' },
        spool: { type: 'directory', path: join(asterisk.spoolDirectory, 'recording') }, ...change.pbx,
      }],
      attachedData: { keys: KEYS },
      keys: { recipients, identityFiles: [join(directory, 'identity.txt')] },
      http: { port: 0 },
      audit: { checkpointFile: join(directory, 'checkpoints.jsonl') },
      ...change.settings,
    }), { mode: 0o600 })
    const lines: string[] = []
    const exitCode = await run(['doctor', '--config', file, '--json'], { terminal: { out: (text) => void lines.push(text), err: (text) => void lines.push(text) } })
    return { exitCode, checks: JSON.parse(lines.join('\n')) as readonly Check[] }
  }

  function faults(checks: readonly Check[]): readonly string[] {
    return checks.filter(({ status }) => status !== 'ok').map(({ status, subject, found }) => `${status} ${subject}: ${found}`)
  }

  it('finds nothing wrong with the rights that pbx-config prints', async () => {
    const { exitCode, checks } = await examine('exact')
    expect(faults(checks)).to.deep.equal([])
    expect(exitCode).to.equal(0)
    expect(checks.map(({ found }) => found)).to.include.members(['events carry the PBX\'s own time', 'what is sealed now can be opened here'])
  })

  it('warns where no checkpoint of the audit leaves the machine', async () => {
    const { exitCode, checks } = await examine('exact', { settings: { audit: {} } })
    expect(faults(checks)).to.deep.equal(['warn audit: checkpoints go nowhere outside: whoever owns this machine could write the audit anew, and nobody could prove it'])
    expect(exitCode).to.equal(0)
  })

  it('leaves nothing behind: not in the spool, not in the globals', async () => {
    const before = await asterisk.cli('dialplan show globals')
    await examine('exact')
    expect(await readdir(join(asterisk.spoolDirectory, 'recording/holdfast'))).to.deep.equal([WAITING])
    expect(await asterisk.cli('dialplan show globals')).to.equal(before)
  })

  it('asks the dialplan what it knows', async () => {
    const { checks } = await examine('exact', { settings: { attachedData: { keys: [...KEYS, 'REGION'] } } })
    expect(faults(checks)).to.deep.equal(['warn pbx lab: dialplan: the global HOLDFAST_KEYS does not name REGION: the dialplan does not hand them over'])
    expect(checks.map(({ found }) => found)).to.include.members(['holdfast-record and holdfast-announce are there', 'it records by itself where the settings look'])
  })

  it('names the rights that are too many', async () => {
    const { exitCode, checks } = await examine('generous')
    expect(faults(checks).join('\n')).to.include('warn pbx lab: AMI: the login also has the rights originate, command, config')
    expect(exitCode).to.equal(0)
  })

  it('names the rights that are missing', async () => {
    const { exitCode, checks } = await examine('mute')
    expect(faults(checks).join('\n')).to.include('fail pbx lab: AMI: the login may not send MixMonitor (system), CoreStatus (system)')
    expect(exitCode).to.equal(1)
  })

  for (const user of ['deaf', 'filtered'] as const) {
    it(`notices that no events come to a user who is ${user}`, async () => {
      // Filters can be tried with a variable that they let through, where it has a value.
      await asterisk.cli('dialplan set global GRECORD_PARTITIONS /from/globals')
      const { exitCode, checks } = await examine(user)
      expect(faults(checks).join('\n')).to.include('fail pbx lab: AMI: no event came for a variable that was set')
      expect(exitCode).to.equal(1)
    })
  }

  it('tells a refused login, and goes on with what does not depend upon it', async () => {
    const { exitCode, checks } = await examine('stranger')
    expect(faults(checks).join('\n')).to.include('fail pbx lab: AMI: Asterisk refused the AMI login: Authentication failed')
    expect(checks.map(({ subject, status }) => `${status} ${subject}`)).to.include.members(['ok pbx lab: ARI', 'ok pbx lab: spool', 'ok keys'])
    expect(exitCode).to.equal(1)
  })

  it('knows Debian\'s build by its own words', async () => {
    const { checks } = await examine('exact', { pbx: { transferFault: 'ignore' } })
    const version = await asterisk.cli('core show version')
    const status = /dfsg|deb/i.test(version) ? 'fail' : 'ok'
    expect(checks.find(({ subject }) => subject === 'pbx lab: transfers')?.status, version).to.equal(status)
  })

  it('tells a wrong password of ARI, and an ARI that is not there', async () => {
    const wrong = await examine('exact', { pbx: { ari: { url: `http://127.0.0.1:${asterisk.ariPort}`, username: 'holdfast', password: 'wrong' } } })
    expect(faults(wrong.checks).join('\n')).to.include('fail pbx lab: ARI: the login was refused')
    const other = await examine('exact', { pbx: { ari: { url: 'http://127.0.0.1:1', username: 'holdfast', password: 'x' } } })
    expect(faults(other.checks).join('\n')).to.match(/fail pbx lab: ARI: .*ECONNREFUSED/)
  })

  it('tells that recordings can be fetched and deleted over ARI', async () => {
    const { checks } = await examine('exact', { pbx: { spool: { type: 'ari' } } })
    expect(checks.map(({ found }) => found)).to.include('recordings may be fetched and deleted')
  })

  it('notices an identity that others can read, and a port that is taken', async () => {
    await chmod(join(directory, 'identity.txt'), 0o644)
    const { checks } = await examine('exact', { settings: { http: { port: asterisk.ariPort } } })
    await chmod(join(directory, 'identity.txt'), 0o600)
    expect(faults(checks).join('\n')).to.include('can be read by other users of this machine').and.to.include(`port ${asterisk.ariPort} on 127.0.0.1 is in use`)
  })
})
