import { expect } from 'chai'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { openCatalogueDatabase } from '../../cli/open-store.ts'
import { openConsoleStore } from '../../cli/console-store.ts'
import { run } from '../../cli/program.ts'
import { loadSettings } from '../../config/load-settings.ts'
import { newIdentity } from '../../core/crypto/key-ring.ts'
import { parseToken } from '../../core/library/sign-in/token-text.ts'
import { temporaryDirectory } from '../support/hooks.ts'

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A settings file in a folder of its own, and the command on it. */
async function workplace(more = ''): Promise<{ readonly directory: string; readonly file: string; holdfast(...words: string[]): Promise<Ran> }> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'holdfast.yaml')
  await writeFile(file, `
dataDirectory: data
pbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret }, spool: { type: directory, path: ${directory} } }]
attachedData: { keys: [CUSTOMER_TYPE] }
${more}`)
  return { directory, file, holdfast: (...words) => command([...words, '--config', file]) }
}

async function command(words: readonly string[]): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const code = await run(words, { terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text) } })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const COMMANDS = [
  [], ['serve'], ['config'], ['config', 'check'], ['doctor'],
  ['keys'], ['keys', 'generate'], ['keys', 'show'], ['keys', 'check'], ['keys', 'rotate'],
  ['token'], ['token', 'create'], ['token', 'list'], ['token', 'revoke'],
  ['pbx-config'], ['pbx-config', 'asterisk'], ['pbx-config', 'freeswitch'],
  ['audit'], ['audit', 'verify'],
  ['policy'], ['policy', 'check'], ['policy', 'explain'], ['policy', 'backtest'],
]

describe('the holdfast command', () => {
  for (const words of COMMANDS) {
    it(`explains \`holdfast ${words.join(' ')}\``, async () => {
      const { code, out } = await command([...words, '--help'])
      expect(code).to.equal(0)
      expect(out).to.include(`Usage: holdfast ${words.join(' ')}`.trim())
      if (words.length === 2 || words[0] === 'serve') expect(out).to.include('Examples:')
    })
  }

  for (const words of [['frob'], ['token', 'make'], ['token', 'create'], ['config', 'check', '--frob'], ['config', 'check', '--config']]) {
    it(`refuses \`holdfast ${words.join(' ')}\` with 2, and says nothing on standard output`, async () => {
      const { code, out, err } = await command(words)
      expect({ code, out }).to.deep.equal({ code: 2, out: '' })
      expect(err).to.match(/^error: /)
    })
  }

  it('tells its version', async () => {
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
    expect(await command(['--version'])).to.deep.equal({ code: 0, out: version, err: '' })
  })
})

describe('holdfast config check', () => {
  it('sums up what is valid, and warns of what is likely not meant', async () => {
    const { recipient } = await newIdentity(new Date())
    const { holdfast, file } = await workplace(`keys: { recipients: [${recipient}] }`)
    const { code, out, err } = await holdfast('config', 'check')
    expect(code).to.equal(0)
    expect(out).to.include(`${file}: valid`).and.to.include('attached data: X-Interaction-ID, record, GRECORD_PARTITIONS, agent, QUEUE, BUSINESS_UNIT, CUSTOMER_TYPE, LANGUAGE')
    expect(err).to.include('caution: no identity file is named')
    expect(out + err).not.to.include('s3cret')
  })

  it('ends with 2 and every problem, as lines or as JSON', async () => {
    const { holdfast } = await workplace('http: { port: 0.5 }\nlog: { levle: debug }\n')
    const lines = await holdfast('config', 'check')
    expect(lines.code).to.equal(2)
    expect(lines.err).to.include('http.port: 0.5 is not allowed').and.to.include('did you mean `level`?')
    const json = await holdfast('config', 'check', '--json')
    expect(json.code).to.equal(2)
    expect((JSON.parse(json.out) as { problems: { path: string }[] }).problems.map(({ path }) => path)).to.deep.equal(['http.port', 'log.levle'])
  })
})

describe('holdfast config check on keys', () => {
  it('says what serve would say: no recipient', async () => {
    const { holdfast } = await workplace()
    const { code, err } = await holdfast('config', 'check')
    expect(code).to.equal(2)
    expect(err).to.include('keys.recipients: no recipient is named').and.to.include('holdfast keys generate')
  })

  it('tells every broken recipient and every identity file that is missing or holds none', async () => {
    const { recipient } = await newIdentity(new Date())
    const broken = `${recipient.slice(0, -1)}${recipient.endsWith('q') ? 'p' : 'q'}`
    const { holdfast, directory } = await workplace(`keys: { recipients: [${recipient}, ${broken}], identityFiles: [missing.txt, nonsense.txt] }`)
    await writeFile(join(directory, 'nonsense.txt'), 'nonsense')
    const { code, out } = await holdfast('config', 'check', '--json')
    expect(code).to.equal(2)
    const told = JSON.parse(out) as { outcome: string; problems: { path: string; message: string }[] }
    expect(told.outcome).to.equal('invalid')
    expect(told.problems.map(({ path }) => path)).to.deep.equal(['keys.recipients[1]', 'keys.identityFiles[0]', 'keys.identityFiles[1]'])
    expect(told.problems[1]?.message).to.include('missing.txt cannot be read: there is no such file or directory')
    const lines = await holdfast('config', 'check')
    expect(lines.code).to.equal(2)
    expect(lines.out).to.equal('')
    for (const { message } of told.problems) expect(lines.err).to.include(message)
  })
})

describe('holdfast policy', () => {
  it('check tells what is in a file, or every fault with its place, and ends with 2', async () => {
    const { directory } = await workplace()
    const file = join(directory, 'policy.yaml')
    await writeFile(file, 'never: [{ name: doctor, when: { queue: doctor } }]\nrules: [{ name: all, record: both }]\n')
    const good = await command(['policy', 'check', file])
    expect(good).to.include({ code: 0, err: '' })
    expect(good.out).to.match(/policy\.yaml: valid\n {2}never: doctor\n {2}rules: all\n {2}version [0-9a-f]{64}$/)
    await writeFile(file, 'rules:\n  - { name: all, record: sometimes }\n  - { name: all, recrod: both }\n')
    const bad = await command(['policy', 'check', file, '--json'])
    expect(bad.code).to.equal(2)
    expect(bad.err).to.include('line 2, column 26: rules[0].record').and.to.include('rules[1].recrod')
    const { outcome, problems } = JSON.parse(bad.out) as { readonly outcome: string; readonly problems: readonly unknown[] }
    expect(outcome).to.equal('invalid')
    expect(problems).to.have.length.above(1)
  })

  it('explain says of a call that is made up what the rules would, and hides what not everybody may see', async () => {
    const { holdfast, file, directory } = await workplace()
    await writeFile(join(directory, 'policy.yaml'), 'attachedData: { keys: { CASE: { visibility: confidential }, PIN: { store: never } } }\nrules: [{ name: cases, when: { attached: { CASE: fraud } }, record: both, mandatory: true }]\n')
    await writeFile(file, (await readFile(file, 'utf8')).replace('attachedData: { keys: [CUSTOMER_TYPE] }', 'policyFile: policy.yaml'))
    const { code, out, err } = await holdfast('policy', 'explain', '--data', 'CASE=fraud', '--data', 'PIN=1', '--data', 'record=no')
    expect(code).to.equal(0)
    expect(out).to.match(/^recorded, source and destination: rule cases, over the dialplan, which asks for no\n/).and.to.include('? attached.CASE (hidden)').and.not.to.include('fraud')
    expect(err).to.include('caution: PIN is not let in (never-stored)')
    expect((await holdfast('policy', 'explain', '--data', 'CASE')).code).to.equal(2)
    expect((await holdfast('policy', 'explain', '--recording', '796749004804096')).err).to.include('there is no such recording')
  })

  it('backtest of no calls says so, and refuses a draft with faults', async () => {
    const { holdfast, directory } = await workplace()
    const file = join(directory, 'draft.yaml')
    await writeFile(file, 'rules: [{ name: all, record: both }]\n')
    expect((await holdfast('policy', 'backtest', file, '--last', '1d')).out).to.match(/^0 calls, decided again by /)
    await writeFile(file, 'rules: [{}]\n')
    expect((await holdfast('policy', 'backtest', file)).code).to.equal(2)
  })
})

describe('holdfast keys', () => {
  it('generate writes an identity that only its owner reads, and prints the recipient alone', async () => {
    const { holdfast, directory } = await workplace('keys: { identityFiles: [keys/identity.txt] }')
    const { code, out, err } = await holdfast('keys', 'generate')
    const file = join(directory, 'keys/identity.txt')
    expect(code).to.equal(0)
    expect(out).to.match(/^age1[0-9a-z]{58}$/)
    expect(err).to.include('A lost identity is a lost recording')
    expect((await stat(file)).mode & 0o777).to.equal(0o600)
    expect((await stat(join(directory, 'keys'))).mode & 0o777).to.equal(0o700)
    const text = await readFile(file, 'utf8')
    expect(text).to.include(out).and.to.match(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/m)
    expect(out + err).not.to.include('AGE-SECRET-KEY')
  })

  it('generate never writes over a file', async () => {
    const { holdfast, directory } = await workplace()
    const file = join(directory, 'mine.txt')
    await writeFile(file, 'mine')
    const { code, err } = await holdfast('keys', 'generate', '--out', file)
    expect(code).to.equal(2)
    expect(err).to.include('is there already; a key is never overwritten')
    expect(await readFile(file, 'utf8')).to.equal('mine')
  })

  it('generate is told to the audit, also when the file cannot be written', async () => {
    const { holdfast, directory, file } = await workplace()
    await writeFile(join(directory, 'blocked'), '')
    expect((await holdfast('keys', 'generate')).code).to.equal(0)
    const { code, err } = await holdfast('keys', 'generate', '--out', join(directory, 'blocked/identity.txt'))
    expect(code).to.equal(2)
    expect(err).to.include('cannot be written: ')
    await using store = await openConsoleStore(loadSettings(file, {}))
    const { entries } = await store.audit.read({ objectId: null, actorId: null, action: 'keys.generated', from: null, to: null }, { first: 10, before: null })
    expect(entries.map(({ entry }) => entry.outcome)).to.deep.equal(['failed', 'ok', 'ok'])
  })

  it('show lists recipients and identities, no secrets', async () => {
    const { holdfast, directory, file } = await workplace()
    const { out: recipient } = await holdfast('keys', 'generate')
    await writeFile(file, `${await readFile(file, 'utf8')}\nkeys: { recipients: [${recipient}], identityFiles: [data/keys/identity.txt] }\n`)
    const text = await holdfast('keys', 'show')
    expect(text.out).to.match(new RegExp(`${recipient} +operational +keys\\.recipients\\[0\\] +yes`)).and.to.include(`${directory}/data/keys/identity.txt`)
    const json = await holdfast('keys', 'show', '--json')
    expect(JSON.parse(json.out)).to.have.nested.property('recipients[0].openedHere', 'yes')
    expect(text.out + json.out).not.to.include('AGE-SECRET-KEY')
  })
})

describe('holdfast token', () => {
  it('create prints the token alone; list and revoke know it', async () => {
    const { holdfast } = await workplace()
    const created = await holdfast('token', 'create', '--role', 'supervisor', '--partition', '/sales', '--partition', '/support/gold', '--label', 'supervisor of sales', '--expires', '30d')
    const parts = parseToken(created.out)
    expect(created.code).to.equal(0)
    expect(parts).not.to.equal(null)
    const listed = JSON.parse((await holdfast('token', 'list', '--json')).out) as Record<string, unknown>[]
    expect(listed).to.have.length(1)
    expect(listed[0]).to.deep.include({ id: parts?.id, role: 'supervisor', label: 'supervisor of sales', partitions: ['/sales', '/support/gold'], state: 'valid' })
    expect(JSON.stringify(listed)).not.to.match(/secret/i)
    expect((await holdfast('token', 'revoke', parts?.id ?? '')).code).to.equal(0)
    expect((await holdfast('token', 'revoke', parts?.id ?? '')).code, 'again: the same').to.equal(0)
    expect((await holdfast('token', 'list')).out).to.match(/supervisor of sales.*revoked/)
  })

  it('create binds an agent\'s token to her, to telephones, or to both, and list shows it', async () => {
    const { holdfast } = await workplace()
    await holdfast('token', 'create', '--role', 'agent', '--agent', 'anna', '--endpoint', 'main:PJSIP/200', '--endpoint', 'main:PJSIP/201', '--label', 'desktop of anna', '--own-recordings')
    const [listed] = JSON.parse((await holdfast('token', 'list', '--json')).out) as Record<string, unknown>[]
    expect(listed).to.deep.include({ role: 'agent', agent: 'anna', desks: ['main:PJSIP/200', 'main:PJSIP/201'], sees: 'own', partitions: [] })
    expect((await holdfast('token', 'list')).out).to.match(/anna main:PJSIP\/200 main:PJSIP\/201 \(own recordings\)/)
  })

  it('revoke ends with 1 for a token that is not there, and with 2 for text that is none', async () => {
    const { holdfast } = await workplace()
    expect((await holdfast('token', 'revoke', '0123456789abcdef')).code).to.equal(1)
    expect((await holdfast('token', 'revoke', '../../etc')).code).to.equal(2)
  })

  for (const words of [['--role', 'supervisor', '--label', 'x'], ['--role', 'administrator', '--label', 'x', '--partition', '/a'], ['--role', 'integrator', '--label', 'a\nb'], ['--role', 'integrator', '--label', ' '], ['--role', 'integrator', '--label', 'x', '--partition', 'sales'], ['--role', 'integrator', '--label', 'x', '--expires', 'soon'],
    ['--role', 'agent', '--label', 'x'], ['--role', 'agent', '--label', 'x', '--agent', 'anna', '--partition', '/a'], ['--role', 'agent', '--label', 'x', '--agent', 'PJSIP/200'], ['--role', 'agent', '--label', 'x', '--endpoint', 'PJSIP/200'],
    ['--role', 'agent', '--label', 'x', '--endpoint', 'main:PJSIP/200', '--own-recordings'], ['--role', 'integrator', '--label', 'x', '--agent', 'anna']]) {
    it(`create refuses ${JSON.stringify(words.join(' '))}`, async () => {
      const { holdfast } = await workplace()
      const { code, out } = await holdfast('token', 'create', ...words)
      expect({ code, out }).to.deep.equal({ code: 2, out: '' })
    })
  }
})

describe('holdfast audit verify', () => {
  it('proves a whole chain, and ends with 1 where an entry was changed', async () => {
    const { holdfast, file } = await workplace()
    await holdfast('token', 'create', '--role', 'integrator', '--label', 'one')
    await holdfast('token', 'create', '--role', 'integrator', '--label', 'two')
    const whole = await holdfast('audit', 'verify', '--json')
    expect({ code: whole.code, chains: JSON.parse(whole.out) as unknown }).to.deep.equal({ code: 0, chains: [{ chain: 'node-1', checked: 2, firstBroken: null, fault: null, checkpoints: 0, signedTo: null }] })
    const database = await openCatalogueDatabase(loadSettings(file, {}))
    await database.change((tx) => tx.updateTable('audit_entries').set({ outcome: 'refused' }).where('sequence', '=', 1).execute())
    await database.close()
    const broken = await holdfast('audit', 'verify')
    expect(broken.code).to.equal(1)
    expect(broken.out).to.include('altered at entry 1').and.to.include('node-1, entry 1: the content of entry 1 is not what its hash says')
  })
})

describe('holdfast pbx-config asterisk', () => {
  it('prints the sections that fit the settings', async () => {
    const { holdfast, directory } = await workplace()
    const { code, out } = await holdfast('pbx-config', 'asterisk')
    expect(code).to.equal(0)
    expect(out).to.include('[holdfast]\nsecret = s3cret').and.to.include('permit = 127.0.0.1/32').and.to.include('method(exact)) = __CUSTOMER_TYPE').and.to.include(`HOLDFAST_SPOOL = ${directory}`)
    expect(out).not.to.match(/originate|command|config,/)
    expect(Object.keys(JSON.parse((await holdfast('pbx-config', 'asterisk', '--json')).out) as object)).to.include('manager.conf')
  })

  it('asks for our address where the PBX is another machine, and for the PBX where there are several', async () => {
    const { holdfast, file } = await workplace()
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('secret: s3cret', 'secret: s3cret, host: pbx.example.com, tls: {}'))
    const { code, err } = await holdfast('pbx-config', 'asterisk')
    expect(code).to.equal(2)
    expect(err).to.include('give --from')
    expect((await holdfast('pbx-config', 'asterisk', '--from', '10.0.0.7')).out).to.include('permit = 10.0.0.7/32')
    expect((await holdfast('pbx-config', 'asterisk', '--pbx', 'other')).err).to.include('--pbx has to name one of: main')
  })
})
