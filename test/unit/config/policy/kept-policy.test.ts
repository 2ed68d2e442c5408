import { expect } from 'chai'
import { readdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { keepPolicy, keptPolicy } from '../../../../config/policy/kept-policy.ts'
import { loadServiceSettings, loadSettings, loadSettingsDespitePolicy } from '../../../../config/load-settings.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

const GOOD = 'sampling: { keyFile: sampling.key }\nattachedData: { keys: { NOTE: { visibility: restricted } } }\nrules: [{ name: good, percent: 10, record: both }]'
const SETTINGS = `
dataDirectory: .
pbxs: [{ id: main, type: asterisk, ami: { username: holdfast, secret: s3cret }, spool: { type: directory, path: /var/spool/asterisk/recording } }]
policyFile: policy.yaml
keys: { recipients: [age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p] }
`

/** A data directory with settings, and a policy that was in force. */
async function place(): Promise<{ readonly directory: string; readonly settings: string; readonly policy: string }> {
  const directory = await temporaryDirectory()
  const [settings, policy] = [join(directory, 'holdfast.yaml'), join(directory, 'policy.yaml')]
  await writeFile(settings, SETTINGS)
  await writeFile(policy, GOOD)
  await writeFile(join(directory, 'sampling.key'), 'k'.repeat(32))
  await keepPolicy(directory, { file: policy, text: GOOD })
  return { directory, settings, policy }
}

describe('the policy that is kept', () => {
  it('is the same policy, with its schema and its key, and nobody else reads it', async () => {
    const { directory, settings } = await place()
    const kept = keptPolicy(directory)
    const { policy, attached } = loadSettings(settings, {})
    expect(kept?.policy.version).to.equal(policy.version)
    expect(kept?.attached).to.deep.equal(attached)
    expect((await stat(join(directory, 'policy-kept.json'))).mode & 0o777).to.equal(0o600)
    expect((await readdir(directory)).filter((name) => name.endsWith('.part'))).to.deep.equal([])
  })

  it('serves a service whose policy file is wrong, or gone, and nobody else', async () => {
    const { settings, policy } = await place()
    for (const spoil of [() => writeFile(policy, 'rules:\n  - { name: bad, record: sometimes }'), () => unlink(policy)]) {
      await spoil()
      const loaded = loadServiceSettings(settings, {})
      expect(loaded.policy.rules.map(({ name }) => name)).to.deep.equal(['good'])
      expect(loaded.policyText).to.equal(GOOD)
      expect(loaded.policyProblems).to.have.length(1)
      expect(() => loadSettings(settings, {})).to.throw().that.satisfies((error: unknown) => isHoldfastError(error, 'CONFIG_INVALID'))
    }
  })

  it('tells the places of what is wrong in the file', async () => {
    const { settings, policy } = await place()
    await writeFile(policy, 'rules:\n  - { name: bad, record: sometimes }')
    expect(loadServiceSettings(settings, {}).policyProblems[0]?.position).to.deep.equal({ line: 2, column: 26 })
  })

  it('does not hide what else is wrong', async () => {
    const { settings, policy } = await place()
    await writeFile(policy, 'rules: [{}]')
    await writeFile(settings, `${SETTINGS}http: { port: 0, nothing: 1 }\n`)
    expect(() => loadServiceSettings(settings, {})).to.throw().with.property('message').that.includes('http.nothing').and.includes('policyFile')
  })

  it('is none where it cannot be used: cut short, changed, or without its key', async () => {
    const { directory, settings, policy } = await place()
    const file = join(directory, 'policy-kept.json')
    const whole = await readFile(file, 'utf8')
    await writeFile(policy, 'rules: [{}]')
    for (const text of [whole.slice(0, 40), '', 'null', '{"format":2}', JSON.stringify({ format: 1, file: policy, text: 'rules: [{}]' })]) {
      await writeFile(file, text)
      expect(keptPolicy(directory), text).to.equal(null)
      expect(() => loadServiceSettings(settings, {})).to.throw()
    }
    await writeFile(file, whole)
    await unlink(join(directory, 'sampling.key'))
    expect(keptPolicy(directory)).to.equal(null)
  })

  it('is not asked for where the file is in order', async () => {
    const { settings, policy } = await place()
    await writeFile(policy, 'rules: [{ name: newer, record: both }]')
    const loaded = loadServiceSettings(settings, {})
    expect(loaded.policy.rules.map(({ name }) => name)).to.deep.equal(['newer'])
    expect(loaded.policyProblems).to.deep.equal([])
  })

  it('keeps no command from working that asks nothing of the rules, kept or not', async () => {
    const { directory, settings, policy } = await place()
    await writeFile(policy, 'rules: [{}]')
    expect(loadSettingsDespitePolicy(settings, {}).policyProblems).to.have.length.above(0)
    await unlink(join(directory, 'policy-kept.json'))
    const bare = loadSettingsDespitePolicy(settings, {})
    expect(bare.policy.rules).to.deep.equal([])
    expect(bare.policyProblems[0]?.position?.line).to.equal(1)
    await writeFile(settings, `${SETTINGS}http: { port: 0, nothing: 1 }\n`)
    expect(() => loadSettingsDespitePolicy(settings, {}), 'what else is wrong').to.throw().with.property('message').that.includes('http.nothing')
  })
})
