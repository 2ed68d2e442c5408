import { expect } from 'chai'
import { describe, it } from 'mocha'
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openCheckpointSigner } from '../../../../cli/audit/checkpoint-key-file.ts'
import { readPublicKeys } from '../../../../cli/audit/public-keys.ts'
import { formatCheckpointKey, isSignedBy, parseCheckpoint } from '../../../../core/domain/audit/checkpoint.ts'
import { parseNodeName } from '../../../../core/domain/ids.ts'
import { temporaryDirectory } from '../../../support/hooks.ts'
import { expectCode } from '../../../support/rejection.ts'

type Given = Parameters<typeof openCheckpointSigner>[0]

async function given(): Promise<Given & { readonly keyFile: string; readonly publicFile: string }> {
  const dataDirectory = await temporaryDirectory()
  const keyFile = join(dataDirectory, 'keys', 'audit.key')
  const audit = { customerIdKey: null, interactionTypeKey: null, keyFile, everyEntries: 1, everyMs: 1000, checkpointFile: null, syslog: null, webhook: null }
  return { dataDirectory, audit, node: { name: parseNodeName('node-1'), number: 0 }, keyFile, publicFile: join(dataDirectory, 'keys', 'audit.pub') }
}

describe('the key that signs the audit', () => {
  it('is made once, readable by its owner only, with its public half beside it', async () => {
    const settings = await given()
    const first = await openCheckpointSigner(settings)
    const second = await openCheckpointSigner(settings)
    expect([first.made, second.made]).to.deep.equal(['now', 'before'])
    expect((await stat(settings.keyFile)).mode & 0o777).to.equal(0o600)
    expect(await readFile(settings.publicFile, 'utf8')).to.equal(`${formatCheckpointKey(first.signer.publicKey)}\n`)
    const checkpoint = { chain: parseNodeName('node-1'), sequence: 1, head: 'ab'.repeat(32), root: 'cd'.repeat(32), at: new Date(0) }
    expect(isSignedBy(parseCheckpoint(second.signer.sign(checkpoint).note), await readPublicKeys(settings.publicFile))).to.equal(true)
  })

  it('leaves the public halves of keys before it where they are', async () => {
    const settings = await given()
    const first = await openCheckpointSigner(settings)
    await rm(settings.keyFile)
    const second = await openCheckpointSigner(settings)
    expect((await readPublicKeys(settings.publicFile)).map(formatCheckpointKey)).to.deep.equal([first, second].map(({ signer }) => formatCheckpointKey(signer.publicKey)))
  })

  it('is not used when others could read it, or when it is none', async () => {
    const settings = await given()
    await openCheckpointSigner(settings)
    await chmod(settings.keyFile, 0o640)
    await expectCode(openCheckpointSigner(settings), 'KEY_FILE_INVALID')
    await chmod(settings.keyFile, 0o600)
    await writeFile(settings.keyFile, 'no key')
    await expectCode(openCheckpointSigner(settings), 'KEY_FILE_INVALID')
  })
})
