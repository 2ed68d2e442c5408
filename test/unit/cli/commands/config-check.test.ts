import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { describe, it } from 'mocha'
import { run } from '../../../../cli/program.ts'
import { newIdentity } from '../../../../core/crypto/key-ring.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

interface Checked {
  readonly code: number
  readonly err: string
  readonly problems: readonly { readonly path: string; readonly message: string }[]
}

/** What `config check` tells of these settings, with these files beside them. */
async function checked(settings: string, files: Readonly<Record<string, string>>): Promise<Checked> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'holdfast.yaml')
  const { recipient } = await newIdentity(new Date())
  await writeFile(file, `dataDirectory: data\nkeys: { recipients: [${recipient}] }\npbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret }, spool: { type: directory, path: ${directory} } }]\n${settings}`)
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text)
  const [out, err]: [string[], string[]] = [[], []]
  const check = async (...words: readonly string[]): Promise<number> => await run(['config', 'check', '--config', file, ...words], { terminal: { out: (text) => void out.push(text), err: (text) => void err.push(text) } })
  const code = await check()
  const lines = err.join('\n').replaceAll(directory, '')
  out.length = 0
  expect(await check('--json'), 'both forms end alike').to.equal(code)
  return { code, err: lines, problems: JSON.parse(out.join('\n').replaceAll(directory, '')).problems }
}

const RULES = 'retention: { rulesFile: retention.yaml }'
const OPERATIONS = 'http: { operationsFile: operations.json }'
const TLS = 'http: { tls: { certFile: cert.pem, keyFile: key.pem } }'

describe('holdfast config check on the files that settings name', () => {
  it('finds nothing in those that serve accepts', async () => {
    const { code, problems } = await checked(`${RULES}\n${OPERATIONS}`, {
      'retention.yaml': 'rules: []\ndefault: { name: all, purgeAfterDays: 90 }', 'operations.json': JSON.stringify({ '4c1eea59d212fb2b69da6de5dc4c5ee1435f2bd2669e9eb7262b767a616460fe': '{ viewer { label } }' }),
    })
    expect([code, problems]).to.deep.equal([0, []])
  })

  it('tells every fault of the retention rules with its place in their file', async () => {
    const missing = await checked(RULES, {})
    expect([missing.code, missing.problems]).to.deep.equal([2, [{ path: 'retention.rulesFile', message: '/retention.yaml: line 1, column 1: cannot be read: there is no such file', position: null }]])
    const broken = await checked(RULES, { 'retention.yaml': 'default: { name: all, purgeAfterDays: 90 }\nrules:\n  - name: old\n    when: { label: vip }\n    purgeAfterDays: never\n    frob: 1\n' })
    expect(broken.code).to.equal(2)
    expect(broken.problems.map(({ path }) => path)).to.deep.equal(['retention.rulesFile', 'retention.rulesFile'])
    expect(broken.err).to.include('/retention.yaml: line 5, column').and.to.include('rules[0].frob')
  })

  it('tells a file of operations that is none, and a certificate that serve could not use', async () => {
    expect((await checked(OPERATIONS, { 'operations.json': '{ "00": "{ viewer { label } }" }' })).problems.map(({ path }) => path)).to.deep.equal(['http.operationsFile'])
    const { code, problems, err } = await checked(TLS, { 'cert.pem': 'no certificate', 'key.pem': 'SECRET that nobody repeats' })
    expect([code, problems.map(({ path }) => path)]).to.deep.equal([2, ['http.tls']])
    expect(err).to.include('http.tls').and.not.include('SECRET')
  })

  it('tells all of them at once', async () => {
    expect((await checked(`${RULES}\n${OPERATIONS}`, { 'operations.json': '[]' })).problems.map(({ path }) => path)).to.deep.equal(['retention.rulesFile', 'http.operationsFile'])
  })
})
