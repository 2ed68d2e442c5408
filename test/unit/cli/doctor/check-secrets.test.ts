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
})
