import { expect } from 'chai'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { checkSecrets } from '../../../../cli/doctor/check-secrets.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

async function statuses(yaml: string, modes: { readonly settings: number; readonly secret: number }): Promise<readonly string[]> {
  const directory = await temporaryDirectory()
  const file = join(directory, 'holdfast.yaml')
  await writeFile(file, yaml)
  await writeFile(join(directory, 'ami.secret'), 's3cret')
  await chmod(file, modes.settings)
  await chmod(join(directory, 'ami.secret'), modes.secret)
  return (await checkSecrets(file)).map(({ status, found }) => `${status} ${found.replace(`${directory}/`, '').split(' ')[0] ?? ''}`)
}

describe('the examination of secrets', () => {
  const IN_FILE = 'pbxs: [{ id: main, ami: { secretFile: ami.secret } }]'
  const INLINE = 'pbxs: [{ id: main, ami: { secret: s3cret } }]'

  it('is content with files that a group may read', async () => {
    expect(await statuses(IN_FILE, { settings: 0o644, secret: 0o640 })).to.deep.equal(['ok what'])
    expect(await statuses(INLINE, { settings: 0o640, secret: 0o644 })).to.deep.equal(['ok what'])
  })

  it('warns of what everybody may read: the file of a secret, and settings that hold one', async () => {
    expect(await statuses(IN_FILE, { settings: 0o644, secret: 0o644 })).to.deep.equal(['warn ami.secret'])
    expect(await statuses(INLINE, { settings: 0o644, secret: 0o600 })).to.deep.equal(['warn holdfast.yaml'])
  })

  it('looks at the key by which lots are drawn, which the policy names', async () => {
    const directory = await temporaryDirectory()
    const file = join(directory, 'holdfast.yaml')
    const policy = join(directory, 'policy.yaml')
    const key = join(directory, 'sampling.key')
    await writeFile(file, 'policyFile: policy.yaml')
    await writeFile(policy, 'sampling: { keyFile: sampling.key }\nrules: []')
    await writeFile(key, 'x'.repeat(40))
    await chmod(key, 0o644)
    expect((await checkSecrets(file)).map(({ status, found }) => `${status} ${found}`)[0]).to.include('warn').and.to.include('sampling.key')
    await chmod(key, 0o600)
    expect((await checkSecrets(file)).map(({ status }) => status)).to.deep.equal(['ok'])
    await writeFile(policy, 'rules: [')
    expect((await checkSecrets(file)).map(({ status }) => status), 'what is wrong with the policy is told elsewhere').to.deep.equal(['ok'])
  })
})
