import { expect } from 'chai'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { checkSettings, loadSettings } from '../../../config/load-settings.ts'
import type { Settings } from '../../../config/settings.ts'
import { isHoldfastError } from '../../../core/domain/errors.ts'
import { temporaryDirectory } from '../../support/hooks.ts'

const PBX = `
pbxs:
  - id: main
    type: asterisk
    ami: { username: holdfast, secret: s3cret }
    spool: { type: directory, path: /var/spool/asterisk/recording }
`

/** The settings of a file with this text, in a folder of its own. */
async function load(text: string, environment: Record<string, string> = {}, others: Record<string, string> = {}): Promise<Settings> {
  return loadSettings(await fileOf(text, others), environment)
}

/** Every problem as `line:column path: message`. */
async function problems(text: string, environment: Record<string, string> = {}, others: Record<string, string> = {}): Promise<readonly string[]> {
  const result = checkSettings(await fileOf(text, others), environment)
  if (result.outcome === 'valid') return []
  return result.problems.map(({ path, message, position }) => `${position === null ? '' : `${position.line}:${position.column} `}${path}: ${message}`)
}

async function fileOf(text: string, others: Record<string, string>): Promise<string> {
  const directory = await temporaryDirectory()
  for (const [name, content] of Object.entries(others)) writeFileSync(join(directory, name), content)
  const file = join(directory, 'holdfast.yaml')
  writeFileSync(file, text)
  return file
}

describe('the settings', () => {
  it('need no more than a PBX', async () => {
    const settings = await load(PBX)
    expect(settings.node).to.deep.equal({ name: 'node-1', number: 0 })
    expect(settings.catalogue).to.deep.equal({ type: 'sqlite', file: '/var/lib/holdfast/holdfast.db' })
    expect(settings.objects).to.deep.equal({ type: 'directory', path: '/var/lib/holdfast/objects' })
    expect(settings.policyFile).to.equal(null)
    expect(settings.policy.rules).to.deep.equal([])
    expect([...settings.attached.keys.keys()]).to.deep.equal(['X-Interaction-ID', 'record', 'GRECORD_PARTITIONS', 'agent', 'QUEUE', 'BUSINESS_UNIT', 'CUSTOMER_TYPE', 'LANGUAGE'])
    expect(settings.pbxs[0]).to.deep.include({ id: 'main', ari: null, recordingDirectory: '/var/spool/asterisk/recording', transferFault: 'auto' })
    expect(settings.pbxs[0]).to.have.property('ami').that.deep.equals({ host: '127.0.0.1', port: 5038, username: 'holdfast', secret: 's3cret', tls: null })
  })

  it('of an identity provider need its name, ours and one role, and are refused over links that anybody may change', async () => {
    const roles = 'roles: [{ claim: leads, role: supervisor }]'
    const { signIn } = await load(`${PBX}\nsignIn: { oidc: { issuer: https://id.example.com/realms/main, audience: holdfast, ${roles} } }`)
    expect(signIn.oidc).to.deep.equal({
      issuer: 'https://id.example.com/realms/main', audience: 'holdfast', jwksUrl: null, algorithms: ['RS256', 'ES256', 'EdDSA'], skewMs: 60_000, keepKeysMs: 600_000, refetchAfterMs: 30_000,
      claims: { name: 'preferred_username', roles: 'roles', partitions: null, units: null, agent: null }, roles: [{ claim: 'leads', role: 'supervisor' }],
    })
    expect((await load(PBX)).signIn.oidc).to.equal(null)
    const faults = async (oidc: string): Promise<string> => (await problems(`${PBX}\nsignIn: { oidc: { audience: holdfast, ${oidc} } }`)).join('\n')
    expect(await faults(`issuer: http://id.example.com, ${roles}`)).to.include('signIn.oidc.issuer: http to the remote host')
    expect(await faults(`issuer: https://id.example.com, jwksUrl: http://127.0.0.1/keys, ${roles}`)).to.include('over https alone')
    expect(await faults(`issuer: https://id.example.com, algorithms: [HS256], ${roles}`)).to.include('RS256, ES256, EdDSA')
    expect(await faults('issuer: https://id.example.com, roles: []')).to.include('at least one role')
    expect(await faults('issuer: https://id.example.com, roles: [{ claim: leads, role: KING }]')).to.include('signIn.oidc.roles[0].role')
    expect(await problems(`${PBX}\nsignIn: { oidc: { issuer: http://127.0.0.1:8080, audience: holdfast, ${roles} } }`)).to.deep.equal([])
  })

  it('that are the example shipped are valid', () => {
    const example = new URL('../../../config/holdfast.example.yaml', import.meta.url).pathname
    const result = checkSettings(example, {})
    const told = result.outcome === 'invalid' ? result.problems.map(({ path }) => path) : []
    expect(told, 'only the secret, which nobody ships, is missing').to.deep.equal(['pbxs[0].ami.secretFile'])
    expect(checkSettings(example, { HOLDFAST_PBX_MAIN_AMI_SECRET: 'x' }).outcome).to.equal('valid')
  })

  it('tell every fault at once, with its place, and what is allowed', async () => {
    const told = await problems(`node: { name: Node 1, number: 64 }
pbxs:
  - id: main
    type: asterisk
    ami:
      port: 70000
      secret: x
    spool: { type: ari }
    transferFault: segmant
policyFile: policy.yaml
http: { port: '8480' }
log: loud
`, {}, { 'policy.yaml': 'rules: [{ name: a, record: sometimes }, { name: a, record: both }]' })
    expect(told).to.deep.equal([
      '1:15 node.name: "Node 1" is not allowed; allowed: 1 to 32 of a-z 0-9 -, beginning with a letter or digit',
      '1:31 node.number: 64 is not allowed; allowed: a whole number, 0 to 63',
      '3:5 pbxs[0].ari: is missing: a spool of type `ari` needs it',
      '6:7 pbxs[0].ami.username: is missing; allowed: text of one line, 1 to 512 characters',
      '6:13 pbxs[0].ami.port: 70000 is not allowed; allowed: a port, 1 to 65535',
      '9:20 pbxs[0].transferFault: "segmant" is not allowed; allowed: auto, segment, ignore',
      '10:13 policyFile: line 1, column 28: rules[0].record: "sometimes" is not allowed; allowed: source, destination, both, no, as-asked',
      '10:13 policyFile: line 1, column 49: rules[1].name: "a" is taken already: each rule has a name of its own',
      '11:15 http.port: "8480" is not allowed; allowed: a port, 1 to 65535, or 0 for any free one',
      '12:6 log: "loud" is not allowed; allowed: a map of settings',
    ])
  })

  it('are refused as one error that holds all lines', async () => {
    const file = await fileOf('pbxs: []\nnodde: {}\n', {})
    expect(() => loadSettings(file, {})).to.throw().that.satisfies((error: unknown) => isHoldfastError(error, 'CONFIG_INVALID')
      && error.message === `${file}: 2 problems\n  line 1, column 7: pbxs: an empty list is not allowed; allowed: a list of at least one PBX\n  line 2, column 1: nodde: there is no such setting; did you mean \`node\`?\nEvery setting is described in docs/settings.md.`)
  })

  it('refuse what they do not know, and guess what was meant', async () => {
    expect(await problems(`${PBX}    transferfault: auto\n    colour: blue\n`)).to.deep.equal([
      '7:5 pbxs[0].transferfault: there is no such setting; did you mean `transferFault`?',
      '8:5 pbxs[0].colour: there is no such setting; known here: id, type, site, store, ami, ari, spool, recordingDirectory, spoolFormat, mediaFormat, transferFault, trunks, trustedTrunks',
    ])
  })

  it('name the trunks as endpoints', async () => {
    expect(await problems(`${PBX}    trunks: [carrier]\n`)).to.have.length(1)
    expect(await problems(`${PBX}    trunks: ['PJSIP/carrier*', 'IAX2/?']\n`)).to.deep.equal([])
  })

  it('refuse trunks by names that no leg of such a PBX has', async () => {
    const fs = (trunk: string): string => `pbxs:\n  - id: fs\n    type: freeswitch\n    esl: { password: s }\n    spool: { type: directory, path: /rec }\n    trustedTrunks: ['${trunk}']\n`
    for (const trunk of ['sofia/gateway/carrier', 'PJSIP/carrier']) expect((await problems(fs(trunk))).join()).to.match(/^6:21 pbxs\[0\]\.trustedTrunks\[0\]: ".*" is not allowed; allowed: such as gateway\/carrier, .* without sofia\//)
    for (const trunk of ['gateway/carrier', 'user/200@example.org', 'internal/*@10.0.0.7', 'sofia-a/*']) expect(await problems(fs(trunk))).to.deep.equal([])
    for (const trunk of ['gateway/carrier', 'user/200', 'sofia/gateway/a']) expect((await problems(`${PBX}    trustedTrunks: ['${trunk}']\n`)).join()).to.match(/is not allowed; allowed: such as PJSIP\/carrier/)
  })

  it('refuse two PBXs that are one, or that share a recordings directory', async () => {
    const more = (ami: string, folder: string): string => `${PBX}  - { id: other, type: asterisk, ami: { username: u, secret: s${ami} }, spool: { type: directory, path: ${folder} } }\n`
    expect(await problems(more('', '/other'))).to.deep.equal(['7:39 pbxs[1].ami.port: is that of the PBX "main": each call would be recorded twice'])
    expect((await problems(more(', port: 5039', '/var/spool/asterisk/recording/'))).join()).to.match(/^7:\d+ pbxs\[1\]\.spool\.path: is that of the PBX "main": each PBX has a recordings directory of its own/)
    expect(await problems(more(', port: 5039', '/var/spool/asterisk/recording2'))).to.deep.equal([])
    expect(await problems(more(', host: pbx2, tls: {}', '/other'))).to.deep.equal([])
  })

  it('never repeat a secret, neither a wrong nor a misplaced one', async () => {
    const told = (await problems(`
pbxs:
  - { id: a, type: asterisk, ami: { username: u, secret: 123456 }, spool: { type: directory, path: /s } }
  - { id: b, type: asterisk, ami: { username: u, secrret: hunter2 }, spool: { type: directory, path: /s } }
  - { id: c, type: asterisk, ami: { username: u, secret: x }, ari: { url: 'http://me:hunter3@pbx:8088', username: u, password: [hunter4] }, spool: { type: directory, path: /s } }
keys: { recipients: [AGE-SECRET-KEY-1QQQQ] }
`)).join('\n')
    expect(told).to.include('pbxs[0].ami.secret: (hidden value) is not allowed').and.to.include('did you mean `secret`?').and.to.include('is an identity, which is secret')
    expect(told).not.to.match(/123456|hunter|1QQQQ/)
  })

  it('name recipients and where a passphrase is, in a long form or as before', async () => {
    const age1 = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'
    const { keys } = await load(`${PBX}keys: { recipients: [${age1}, { recipient: ${age1}, name: Safe, purpose: escrow, retired: true }], identityFiles: [/a.txt, { file: /b.age, passphraseVariable: KEYS_PASS }, { file: /c.age, passphraseFile: p }] }\n`, {}, { p: 'secret' })
    expect(keys.recipients).to.deep.equal([
      { recipient: age1, name: null, purpose: 'operational', standing: 'current' },
      { recipient: age1, name: 'Safe', purpose: 'escrow', standing: 'retired' },
    ])
    expect(keys.identityFiles.map(({ file, passphrase }) => [file, passphrase?.type ?? null])).to.deep.equal([['/a.txt', null], ['/b.age', 'environment'], ['/c.age', 'file']])
    expect((await problems(`${PBX}keys: { recipients: [{ recipient: age1, purpose: spare }] }\n`)).join()).to.include('keys.recipients[0]').and.to.include('a map of `recipient`')
    expect((await problems(`${PBX}keys: { identityFiles: [{ file: /b, passphraseVariable: lower }] }\n`)).join()).to.include('keys.identityFiles[0]')
    expect((await problems(`${PBX}keys: { identityFiles: [{ file: /b, passphraseVariable: A, passphraseFile: p }] }\n`, { p: 'x' })).join()).to.include('both given: keep one')
    expect((await problems(`${PBX}keys: { identityFiles: [{ file: /b, passphraseFile: /not/there }] }\n`)).join()).to.include('passphraseFile').and.to.include('there is no such file')
  })

  it('say how to write text that YAML takes for a number', async () => {
    expect(await problems(`${PBX}    site: 0041\n`)).to.deep.equal([
      "7:11 pbxs[0].site: 41 is not allowed here: to be read as text it needs quotes, '0041'; allowed: text of one line, 1 to 512 characters",
    ])
  })

  it('take the rules, and what may be attached, from the policy file', async () => {
    const rules = 'attachedData: { keys: { CASE: {} } }\nrules: [{ name: all, record: both, percent: 50 }]\n'
    const { policyFile, policy, attached } = await load(`${PBX}policyFile: p.yaml\n`, {}, { 'p.yaml': rules })
    expect(policyFile).to.match(/^\/.*\/p\.yaml$/)
    expect(policy.rules.map(({ name }) => name)).to.deep.equal(['all'])
    expect(attached.keys.has('CASE')).to.equal(true)
  })

  it('refuse a list of keys that a policy file makes void, and a policy file that is not there', async () => {
    expect(await problems(`${PBX}policyFile: p.yaml\nattachedData: { keys: [CASE] }\n`, {}, { 'p.yaml': 'rules: []' })).to.deep.equal([
      '8:23 attachedData.keys: is not read where there is a `policyFile`: list the keys in its own `attachedData.keys`',
    ])
    expect((await problems(`${PBX}policyFile: p.yaml\n`)).join()).to.match(/^7:13 policyFile: .*p\.yaml cannot be read: there is no such file$/)
  })

  for (const [what, text, place] of [
    ['a broken notation', 'pbxs: [\n', '2:1'],
    ['a key that stands twice', 'node: {}\nnode: {}\n', '2:1'],
    ['two documents', `${PBX}---\n{}\n`, '7:1'],
    ['references that grow without end', `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`, '1:1'],
    ['an unknown tag', 'node: !!js/function x\n', '1:7'],
  ] as const) {
    it(`tell the place of ${what}`, async () => {
      const told = await problems(text)
      expect(told).not.to.have.length(0)
      expect(told[0]).to.match(new RegExp(`^${place} : `))
    })
  }

  it('that are empty, or no map, or not there are told plainly', async () => {
    expect(await problems('')).to.deep.equal(['1:1 pbxs: is missing; allowed: a list of at least one PBX'])
    expect(await problems('hello')).to.deep.equal(['1:1 : "hello" is not allowed; allowed: a map of settings'])
    const result = checkSettings('/nowhere/holdfast.yaml', {})
    expect(result.outcome === 'invalid' && result.problems[0]?.message).to.match(/^cannot be read: there is no such file\. .*--config.*holdfast\.example\.yaml/)
  })
})

describe('links to other hosts', () => {
  const remote = (ami: string): string => `pbxs: [{ id: main, type: asterisk, ami: { username: u, secret: s, ${ami} }, spool: { type: directory, path: /s } }]`

  for (const host of ['127.0.0.1', '127.8.8.8', 'localhost', '"::1"']) {
    it(`may be plain to ${host}`, async () => {
      expect(await problems(remote(`host: ${host}`))).to.deep.equal([])
    })
  }

  for (const host of ['10.0.0.5', 'pbx.example.com', '128.0.0.1', 'localhost.example.com', '127.example.com']) {
    it(`are refused without TLS to ${host}, unless it is allowed by name`, async () => {
      expect((await problems(remote(`host: ${host}`))).join()).to.include(`a link without TLS to the remote host ${host} is refused`)
      expect(await problems(remote(`host: ${host}, allowPlaintextTo: other.example.com`))).to.have.length(1)
      expect(await problems(remote(`host: ${host}, allowPlaintextTo: ${host}`))).to.deep.equal([])
      expect(await problems(remote(`host: ${host}, tls: {}`))).to.deep.equal([])
    })
  }

  it('hold for ARI and for our own API, too', async () => {
    const told = await problems(`
pbxs: [{ id: main, type: asterisk, ami: { username: u, secret: s }, ari: { url: 'http://pbx:8088', username: u, password: p }, spool: { type: ari } }]
http: { host: 0.0.0.0 }
`)
    expect(told.map((line) => line.split(' ')[1])).to.deep.equal(['pbxs[0].ari.url:', 'http.tls:'])
  })

  for (const url of ['ftp://pbx', 'http://pbx:8088/prefix', 'http://', 'pbx:8088', 'http://pbx:8088?x=1']) {
    it(`refuse ${url} as an address of ARI`, async () => {
      expect(await problems(`pbxs: [{ id: main, type: asterisk, ami: { username: u, secret: s }, ari: { url: '${url}', username: u, password: p, allowPlaintextTo: pbx }, spool: { type: ari } }]`)).to.have.length(1)
    })
  }
})

describe('the settings of a FreeSWITCH', () => {
  const freeSwitch = (esl: string, more = ''): string => `pbxs:\n  - id: fs\n    type: freeswitch\n    esl: { ${esl} }\n    spool: { type: directory, path: /var/lib/freeswitch/recordings }\n${more}`

  it('need no more than its password and its recordings', async () => {
    const { pbxs } = await load(freeSwitch('password: s3cret'))
    expect(pbxs).to.deep.equal([{
      id: 'fs', type: 'freeswitch', site: null, store: null, esl: { host: '127.0.0.1', port: 8021, password: 's3cret' },
      spool: { type: 'directory', path: '/var/lib/freeswitch/recordings' }, recordingDirectory: '/var/lib/freeswitch/recordings', spoolFormat: 'wav', mediaFormat: 'wav', trunks: null, trustedTrunks: null,
    }])
  })

  it('name the store in which its recordings lie', async () => {
    const there = `${PBX}    store: munich\n`
    expect(await problems(`${there}stores: [{ name: munich, path: /srv/munich }]\n`)).to.deep.equal([])
    expect(await problems(there)).to.have.length(1)
    expect(await problems(`${there}stores: [{ name: munich, path: /srv/a }, { name: munich, path: /srv/b }]\n`)).to.have.length(1)
    expect(await problems(`${PBX}stores: [{ name: 7, path: /srv/a }]\n`)).to.have.length(1)
  })

  it('stand beside those of an Asterisk', async () => {
    const { pbxs } = await load(`${PBX}${freeSwitch('password: s3cret').replace('pbxs:\n', '')}`)
    expect(pbxs.map(({ id, type }) => `${id} ${type}`)).to.deep.equal(['main asterisk', 'fs freeswitch'])
  })

  it('tell every fault at once, with its place', async () => {
    expect(await problems(`pbxs:
  - id: fs
    type: freeswitch
    esl: { port: 0, secret: x }
    spool: { type: ari }
    recordingDirectory: recordings
    transferFault: auto
  - { id: other, type: yate }
`)).to.deep.equal([
      '4:10 pbxs[0].esl.password: is missing: give `passwordFile`, `password` or the environment variable (docs/settings.md)',
      '4:18 pbxs[0].esl.port: 0 is not allowed; allowed: a port, 1 to 65535',
      '4:21 pbxs[0].esl.secret: there is no such setting; known here: host, port, password, passwordFile, allowPlaintextTo',
      '5:20 pbxs[0].spool.type: "ari" is not allowed; allowed: directory: FreeSWITCH serves no files, so the spool of one on another machine has to be mounted here',
      '6:25 pbxs[0].recordingDirectory: "recordings" is not allowed; allowed: an absolute path on the PBX, of 0-9 A-Z a-z . _ - and /, without ..',
      '7:5 pbxs[0].transferFault: there is no such setting; known here: id, type, site, store, esl, spool, recordingDirectory, spoolFormat, mediaFormat, trunks, trustedTrunks',
      '8:24 pbxs[1].type: "yate" is not allowed; allowed: asterisk, freeswitch',
    ])
  })

  it('take the password from a file, or from the environment before it', async () => {
    const byFile = freeSwitch('passwordFile: esl.password')
    expect((await load(byFile, {}, { 'esl.password': 'from file\n' })).pbxs[0]).to.have.nested.property('esl.password', 'from file')
    expect((await load(byFile, { HOLDFAST_PBX_FS_ESL_PASSWORD: 'from outside' })).pbxs[0]).to.have.nested.property('esl.password', 'from outside')
    expect((await problems(freeSwitch('password: 123'))).join()).to.include('(hidden value)').and.not.to.include('123')
  })

  for (const host of ['127.0.0.1', '127.8.0.1', '::1', 'localhost']) {
    it(`let the event socket be on ${host}`, async () => {
      expect(await problems(freeSwitch(`password: s, host: '${host}'`))).to.deep.equal([])
    })
  }

  for (const host of ['10.0.0.5', '0.0.0.0', '::', '::ffff:127.0.0.1', 'pbx.example.com', 'localhost.example.com', '127.example.com']) {
    it(`refuse a link to ${host}, unless it is allowed by name, and tell of tunnels`, async () => {
      expect((await problems(freeSwitch(`password: s, host: '${host}'`))).join()).to.match(/^4:31 pbxs\[0\]\.esl\.host: a link to the remote host .* is refused.*stunnel.*allowPlaintextTo.*docs\/freeswitch\.md/)
      expect(await problems(freeSwitch(`password: s, host: '${host}', allowPlaintextTo: other.example.com`))).to.have.length(1)
      expect(await problems(freeSwitch(`password: s, host: '${host}', allowPlaintextTo: '${host}'`))).to.deep.equal([])
    })
  }
})

describe('secrets', () => {
  const byFile = PBX.replace('secret: s3cret', 'secretFile: ami.secret')

  it('come from a file, without its line end', async () => {
    for (const content of ['from file', 'from file\n', 'from file\r\n']) {
      expect((await load(byFile, {}, { 'ami.secret': content })).pbxs[0]).to.have.nested.property('ami.secret', 'from file')
    }
  })

  it('come from the environment before value and file', async () => {
    for (const text of [PBX, byFile, PBX.replace(', secret: s3cret', '')]) {
      expect((await load(text, { HOLDFAST_PBX_MAIN_AMI_SECRET: 'from outside' })).pbxs[0]).to.have.nested.property('ami.secret', 'from outside')
    }
  })

  it('are missed when they are nowhere, and refused when they are twice', async () => {
    expect((await problems(PBX.replace(', secret: s3cret', ''))).join()).to.include('pbxs[0].ami.secret: is missing: give `secretFile`, `secret` or the environment variable')
    expect((await problems(PBX.replace('secret: s3cret', 'secret: a, secretFile: ami.secret'), {}, { 'ami.secret': 'b' })).join()).to.include('are both given: keep one')
  })

  for (const [what, content] of [['is empty', ''], ['has two lines', 'a\nb\n'], ['is large', 'x'.repeat(10_000)]] as const) {
    it(`in a file that ${what} are refused`, async () => {
      expect((await problems(byFile, {}, { 'ami.secret': content })).join()).to.include('does not hold a secret')
    })
  }

  it('in a file that is not there are told with its whole path', async () => {
    expect((await problems(byFile)).join()).to.match(/5:44 pbxs\[0\]\.ami\.secretFile: \/.*\/ami\.secret cannot be read: there is no such file/)
  })

  it('of a mistyped variable are not passed over', async () => {
    expect(await problems(PBX, { HOLDFAST_PBX_MIAN_AMI_SECRET: 'x', HOLDFAST_CONFIG: '/x', OTHER: 'y' })).to.deep.equal(['environment variable HOLDFAST_PBX_MIAN_AMI_SECRET: overrides no setting of this file'])
  })
})

describe('other nodes', () => {
  const SECRET = 'a-secret-of-more-than-32-characters'
  const peers = (text: string): string => `${PBX}nodes:\n  secret: ${SECRET}\n  peers:\n    - ${text}\n`
  const LOCAL = '{ name: munich, url: \'http://127.0.0.1:8481\', pbxs: [b] }'

  it('are known by name, place and PBXs', async () => {
    expect((await load(PBX)).nodes).to.equal(null)
    expect((await load(peers(LOCAL))).nodes).to.deep.equal({
      host: '127.0.0.1', port: 8481, tls: null, secret: SECRET, peers: [{ name: 'munich', url: 'http://127.0.0.1:8481', pbxs: ['b'], caFile: null }],
    })
  })

  it('are reached, and reach this one, in clear over loopback alone, unless the host is named', async () => {
    const remote = LOCAL.replace('127.0.0.1', 'munich.example.com')
    expect((await problems(peers(remote))).join()).to.include('http to the remote host munich.example.com is refused')
    expect(await problems(peers(remote.replace('pbxs:', 'allowPlaintextTo: munich.example.com, pbxs:')))).to.deep.equal([])
    expect(await problems(peers(remote.replace('http:', 'https:')))).to.deep.equal([])
    expect((await problems(`${peers(LOCAL)}  host: 0.0.0.0\n`)).join()).to.include('plain HTTP on 0.0.0.0 is refused')
    expect(await problems(`${peers(LOCAL)}  host: 10.99.0.1\n  allowPlaintextOn: 10.99.0.1\n`)).to.deep.equal([])
  })

  it('share a secret that is not short, from one place', async () => {
    expect((await problems(peers(LOCAL).replace(SECRET, 'short'))).join()).to.include('nodes.secret: is shorter than 32')
    expect((await problems(peers(LOCAL).replace(`  secret: ${SECRET}\n`, ''))).join()).to.include('nodes.secret: is missing')
    expect((await load(peers(LOCAL).replace(`  secret: ${SECRET}\n`, ''), { HOLDFAST_NODES_SECRET: SECRET })).nodes?.secret).to.equal(SECRET)
    expect((await problems(PBX, { HOLDFAST_NODES_SECRET: SECRET })).join()).to.include('HOLDFAST_NODES_SECRET: overrides no setting')
  })

  it('have names of their own, and PBXs of their own', async () => {
    expect((await problems(peers(LOCAL.replace('munich', 'node-1')))).join()).to.include('"node-1" is taken already')
    expect((await problems(peers(LOCAL.replace('[b]', '[main]')))).join()).to.include('"main" is taken already: a PBX belongs to one node')
  })
})

describe('folders', () => {
  it('that are relative begin at the settings file', async () => {
    const file = await fileOf(`${PBX.replace('/var/spool/asterisk/recording', 'spool')}dataDirectory: data\nkeys: { identityFiles: [keys/identity.txt] }\n`, {})
    const settings = loadSettings(file, {})
    const base = file.replace('/holdfast.yaml', '')
    expect(settings.dataDirectory).to.equal(`${base}/data`)
    expect(settings.catalogue).to.deep.equal({ type: 'sqlite', file: `${base}/data/holdfast.db` })
    expect(settings.keys.identityFiles).to.deep.equal([{ file: `${base}/keys/identity.txt`, passphrase: null }])
    expect(settings.pbxs[0]?.recordingDirectory).to.equal(`${base}/spool`)
  })

  for (const directory of ['/srv/a,b', '/srv/a b', '/srv/../etc', 'srv', '/srv/$(id)', '/srv/a;b']) {
    it(`named ${directory} are never sent to a PBX`, async () => {
      expect((await problems(PBX.replace('/var/spool/asterisk/recording', `"${directory}"`) + `    recordingDirectory: "${directory}"\n`)).join()).to.include('pbxs[0].recordingDirectory')
    })
  }

  it('of a spool that the PBX could not be told need another name', async () => {
    expect((await problems(PBX.replace('/var/spool/asterisk/recording', '/srv/a b'))).join()).to.include('/srv/a b cannot be sent to the PBX: give `recordingDirectory`')
  })
})
