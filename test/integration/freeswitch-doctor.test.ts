import { expect } from 'chai'
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { stringify } from 'yaml'
import type { Check } from '../../cli/doctor/check.ts'
import { HOLDFAST_DIALPLAN } from '../../cli/lab/freeswitch-lab.ts'
import { PrivateFreeSwitch, type PrivateFreeSwitchOptions } from '../../cli/lab/private-freeswitch.ts'
import { run } from '../../cli/program.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

const FAULTY: Partial<PrivateFreeSwitchOptions> = {
  password: 'ClueCon',
  eventSocket: { 'listen-ip': '0.0.0.0', 'apply-inbound-acl': '0.0.0.0/0' },
  profile: { 'inbound-bypass-media': 'true', 'fire-transfer-events': 'false', 'inbound-codec-prefs': 'OPUS,G722,PCMU@60i,G729' },
  globals: { recording_follow_attxfer: 'true' },
  contexts: { public: '<extension name="agents"><condition field="destination_number" expression="^1$"><action application="set" data="recording_follow_transfer=true"/><action application="bridge" data="{x=1,proxy_media=${want}}user/1001"/></condition></extension>' },
}

describe('holdfast doctor on a real FreeSWITCH', function () {
  this.timeout(60_000)
  const suite = suiteDirectory('holdfast-doctor-')
  let directory: string
  let settings: object
  let well: PrivateFreeSwitch
  let faulty: PrivateFreeSwitch

  before(async function () {
    const installation = await requireFreeSwitch(this)
    directory = suite()
    const made = await Promise.all([newIdentity(new Date()), newIdentity(new Date())])
    await writeFile(join(directory, 'identity.txt'), made[0]?.fileText ?? '', { mode: 0o600 })
    settings = { dataDirectory: join(directory, 'data'), keys: { recipients: made.map(({ recipient }, index) => ({ recipient, purpose: index === 0 ? 'operational' : 'escrow' })), identityFiles: [join(directory, 'identity.txt')] }, http: { port: 0 }, audit: { checkpointFile: join(directory, 'checkpoints.jsonl') } }
    well = await PrivateFreeSwitch.start({ installation, directory: join(directory, 'well'), contexts: { public: '' }, includeFiles: [HOLDFAST_DIALPLAN] })
    await mkdir(join(well.recordingsDirectory, 'holdfast'))
    // Its owner is whom this FreeSWITCH runs as: the test's own user.
    await writeFile(join(well.recordingsDirectory, 'holdfast/native-1.wav'), '')
    faulty = await PrivateFreeSwitch.start({ contexts: {}, ...FAULTY, installation, directory: join(directory, 'faulty') })
  })

  after(async () => {
    await well?.stop()
    await faulty?.stop()
  })

  async function examine(freeSwitch: PrivateFreeSwitch, change: object = {}): Promise<{ readonly exitCode: number; readonly checks: readonly Check[] }> {
    const file = join(directory, 'holdfast.yaml')
    const pbx = { id: 'fs', type: 'freeswitch', esl: { port: freeSwitch.eventSocketPort, password: freeSwitch.password }, spool: { type: 'directory', path: freeSwitch.recordingsDirectory } }
    await writeFile(file, stringify({ ...settings, pbxs: [{ ...pbx, ...change }] }), { mode: 0o600 })
    const lines: string[] = []
    const exitCode = await run(['doctor', '--config', file, '--json'], { terminal: { out: (text) => void lines.push(text), err: (text) => void lines.push(text) } })
    return { exitCode, checks: JSON.parse(lines.join('\n')) as readonly Check[] }
  }

  function faults(checks: readonly Check[]): readonly string[] {
    return checks.filter(({ status }) => status !== 'ok').map(({ status, subject, found }) => `${status} ${subject}: ${found}`)
  }

  it('warns of nothing but its age where all is well, and sees what the PBX sees', async () => {
    const { exitCode, checks } = await examine(well)
    expect(faults(checks).filter((fault) => !/^warn pbx fs: version: 1\.10\.\d+-\w+ is older than 1\.11/.test(fault))).to.deep.equal([])
    expect(exitCode).to.equal(0)
    expect(checks.map(({ found }) => found)).to.include.members([
      'events come, and carry the PBX\'s own time', 'it listens on 127.0.0.1 alone; access list loopback.auto', 'its password is not the one that every FreeSWITCH comes with',
      `FreeSWITCH sees what lies in ${join(well.recordingsDirectory, 'holdfast')}`, 'holdfast.xml is the one of this Holdfast', 'it records by itself where the settings look',
      'recording_follow_transfer and recording_follow_attxfer are set nowhere that can be asked', 'bypass_media and proxy_media are set nowhere that can be asked',
    ])
  })

  it('leaves nothing behind: not in the spool, not in the globals', async () => {
    const before = await well.cli('global_getvar')
    await examine(well)
    expect(await readdir(join(well.recordingsDirectory, 'holdfast'))).to.deep.equal(['native-1.wav'])
    expect(await well.cli('global_getvar')).to.equal(before)
  })

  it('finds the password of everybody, the open door and what spoils recordings, and repeats no password', async () => {
    const { exitCode, checks } = await examine(faulty)
    const told = faults(checks).join('\n')
    expect(exitCode).to.equal(1)
    expect(told).to.include('fail pbx fs: event socket: its password is ClueCon')
      .and.to.include('fail pbx fs: dialplan: the context holdfast is not there')
      .and.to.include('fail pbx fs: event socket: it listens on 0.0.0.0, and its access list 0.0.0.0/0 lets every address in')
      .and.to.include('recording_follow_transfer (dialplan public/agents), recording_follow_attxfer (global variable)')
      .and.to.include('fail pbx fs: media: the sound of calls does not pass through FreeSWITCH: inbound-bypass-media in profile internal')
      .and.to.include('warn pbx fs: media: some calls may not be recorded, for their sound does not pass through FreeSWITCH: proxy_media (dialplan public/agents)')
      .and.to.include('warn pbx fs: transfers: nobody tells in profile internal who passes a call on')
      .and.to.include('warn pbx fs: codecs: profile internal offers G729')
      .and.to.include('warn pbx fs: codecs: profile internal offers OPUS, G722, and recordings have 8 kHz')
      .and.to.include('warn pbx fs: codecs: profile internal offers PCMU@60i')
      .and.to.include(`fail pbx fs: spool: ${join(faulty.recordingsDirectory, 'holdfast')} is not there: FreeSWITCH would make it`)
    const outside = Object.values(networkInterfaces()).flatMap((found) => found ?? []).some(({ internal, family }) => !internal && family === 'IPv4')
    if (outside) expect(told).to.include('fail pbx fs: event socket: tried: it asks for the password also on')
  })

  it('tells when the PBX is told to record elsewhere than we look', async () => {
    const { checks } = await examine(well, { recordingDirectory: faulty.recordingsDirectory })
    expect(faults(checks).join('\n')).to.include('fail pbx fs: spool: FreeSWITCH does not see a file that we made in')
  })

  it('tells a wrong password, and nobody there, and goes on with the spool', async () => {
    const wrong = await examine(well, { esl: { port: well.eventSocketPort, password: 'wrong' } })
    expect(faults(wrong.checks)).to.deep.equal(['fail pbx fs: ESL: FreeSWITCH refused the password of its event socket'])
    expect(wrong.checks.map(({ subject, status }) => `${status} ${subject}`)).to.include('ok pbx fs: spool')
    const nobody = await examine(well, { esl: { port: 1, password: 'x' } })
    expect(faults(nobody.checks).join('\n')).to.match(/fail pbx fs: ESL: .*ECONNREFUSED/)
  })

  it('warns when others can read the file of the password', async () => {
    const file = join(directory, 'esl.password')
    await writeFile(file, well.password)
    await chmod(file, 0o644)
    const { checks } = await examine(well, { esl: { port: well.eventSocketPort, passwordFile: file } })
    expect(faults(checks).join('\n')).to.include(`warn secrets: ${file} holds a secret`)
  })
})
