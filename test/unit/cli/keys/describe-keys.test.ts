import { expect } from 'chai'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'mocha'
import { describeKeys } from '../../../../cli/keys/describe-keys.ts'
import { newIdentity } from '../../../../core/crypto/key-ring.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'

describe('the report of the keys', () => {
  it('says to whom is sealed, by what that is named, and what opens here', async () => {
    const directory = await temporaryDirectory()
    const here = await newIdentity(new Date())
    const escrow = await newIdentity(new Date())
    const identityFile = join(directory, 'identity.txt')
    const recipientFile = join(directory, 'recipients.txt')
    await writeFile(identityFile, here.fileText, { mode: 0o600 })
    await writeFile(recipientFile, `# kept in the safe\n${escrow.recipient}\n`)
    const report = await describeKeys({ keys: { recipients: [here.recipient], recipientFiles: [recipientFile], identityFiles: [identityFile, join(directory, 'lost.txt')] } })
    expect(report.recipients).to.deep.equal([
      { recipient: here.recipient, place: 'keys.recipients[0]', openedHere: true },
      { recipient: escrow.recipient, place: recipientFile, openedHere: false },
    ])
    expect(report.identityFiles.map(({ state, exposure }) => ({ state, exposure }))).to.deep.equal([
      { state: 'one identity', exposure: 'private' },
      { state: 'cannot be read: ENOENT', exposure: 'unknown' },
    ])
    expect(JSON.stringify(report)).not.to.include('AGE-SECRET-KEY')
    await chmod(identityFile, 0o640)
    const [exposed] = (await describeKeys({ keys: { recipients: [], recipientFiles: [], identityFiles: [identityFile] } })).identityFiles
    expect(exposed).to.include({ exposure: 'exposed', state: 'one identity, readable by others: chmod 600' })
  })

  it('refuses a recipient that is none, with its place', async () => {
    const refusal = await describeKeys({ keys: { recipients: ['age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq'], recipientFiles: [], identityFiles: [] } }).catch((error: unknown) => error)
    expect(isHoldfastError(refusal, 'KEY_FILE_INVALID') && refusal.message).to.include('keys.recipients[0]')
  })
})
