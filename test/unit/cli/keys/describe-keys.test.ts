import { expect } from 'chai'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { identityFileAt, type KeysSettings } from '../../../../config/keys-settings.ts'
import type { Settings } from '../../../../config/settings.ts'
import { describeKeys } from '../../../../cli/keys/describe-keys.ts'
import { newIdentity } from '../../../../core/crypto/key-ring.ts'
import { protectText } from '../../../../core/crypto/protected-identity.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'
import { recipientNamed } from '../../../../core/domain/recipients.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

function settingsWith(keys: Partial<KeysSettings>): Pick<Settings, 'keys' | 'objects' | 'stores'> {
  return { keys: { recipients: [], recipientFiles: [], identityFiles: [], checkEveryDays: 180, ...keys }, objects: { type: 'directory', path: '/proc' }, stores: [] }
}

describe('the report of the keys', () => {
  it('says to whom is sealed, by what that is named, and what opens here', async () => {
    const directory = await temporaryDirectory()
    const here = await newIdentity(new Date())
    const escrow = await newIdentity(new Date())
    const identityFile = join(directory, 'identity.txt')
    const recipientFile = join(directory, 'recipients.txt')
    await writeFile(identityFile, here.fileText, { mode: 0o600 })
    await writeFile(recipientFile, `# kept in the safe\n${escrow.recipient}\n`)
    const report = await describeKeys(settingsWith({ recipients: [{ ...recipientNamed(here.recipient), name: 'daily' }], recipientFiles: [recipientFile], identityFiles: [identityFile, join(directory, 'lost.txt')].map(identityFileAt) }))
    expect(report.recipients).to.deep.equal([
      { recipient: here.recipient, name: 'daily', purpose: 'operational', standing: 'current', place: 'keys.recipients[0]', openedHere: 'yes' },
      { ...recipientNamed(escrow.recipient), place: recipientFile, openedHere: 'no' },
    ])
    expect(report.identityFiles.map(({ state, exposure }) => ({ state, exposure }))).to.deep.equal([
      { state: 'one identity', exposure: 'private' },
      { state: 'cannot be read: there is no such file or directory', exposure: 'unknown' },
    ])
    expect(JSON.stringify(report)).not.to.include('AGE-SECRET-KEY')
    await chmod(identityFile, 0o640)
    const [exposed] = (await describeKeys(settingsWith({ identityFiles: [identityFileAt(identityFile)] }))).identityFiles
    expect(exposed).to.include({ exposure: 'exposed', state: 'one identity, readable by others: chmod 600' })
  })

  it('opens a protected file with the passphrase that the settings name, and waits for one that stands nowhere', async () => {
    const directory = await temporaryDirectory()
    const { recipient, fileText } = await newIdentity(new Date())
    const file = join(directory, 'identity.age')
    const passphraseFile = join(directory, 'passphrase')
    await writeFile(file, await protectText(fileText, 'correct horse'), { mode: 0o600 })
    await writeFile(passphraseFile, 'correct horse\n', { mode: 0o600 })
    const recipients = [recipientNamed(recipient)]
    const opened = await describeKeys({ ...settingsWith({ recipients, identityFiles: [{ file, passphrase: { type: 'file', file: passphraseFile } }] }), objects: { type: 'directory', path: directory } })
    expect(opened.recipients.map(({ openedHere }) => openedHere)).to.deep.equal(['yes'])
    expect(opened.identityFiles).to.deep.equal([{ file, state: 'one identity, protected', readable: 'yes', recipients: [recipient], exposure: 'private', protection: 'passphrase', besideObjects: directory }])
    const waits = await describeKeys(settingsWith({ recipients, identityFiles: [identityFileAt(file)] }))
    expect(waits.recipients.map(({ openedHere }) => openedHere)).to.deep.equal(['unknown'])
    expect(waits.identityFiles.map(({ readable, besideObjects }) => ({ readable, besideObjects }))).to.deep.equal([{ readable: 'waits', besideObjects: null }])
    await writeFile(passphraseFile, 'correct hoarse')
    const [wrong] = (await describeKeys(settingsWith({ identityFiles: [{ file, passphrase: { type: 'file', file: passphraseFile } }] }))).identityFiles
    expect(wrong).to.include({ readable: 'no' })
    expect(wrong?.state).to.include('the passphrase is not the one').and.not.to.include('correct')
  }).timeout(20_000)

  it('refuses a recipient that is none, with its place', async () => {
    const refusal = await describeKeys(settingsWith({ recipients: [recipientNamed('age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq')] })).catch((error: unknown) => error)
    expect(isHoldfastError(refusal, 'KEY_FILE_INVALID') && refusal.message).to.include('keys.recipients[0]')
  })
})
