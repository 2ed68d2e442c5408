import { expect } from 'chai'
import { describe, it } from 'mocha'
import { armor, Encrypter } from 'age-encryption'
import { newIdentity } from '../../../../core/crypto/key-ring.ts'
import { isProtected, openProtected, protectText } from '../../../../core/crypto/protected-identity.ts'
import { expectCode } from '../../../support/rejection.ts'

const TEXT = '# a comment\nAGE-SECRET-KEY-…\n'
/** scrypt at age's own cost takes seconds; files with less are read as well. */
const CHEAP = 4

async function cheap(passphrase: string): Promise<Uint8Array> {
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(CHEAP)
  return await encrypter.encrypt(TEXT)
}

describe('a protected file of identities', () => {
  it('comes back with its passphrase', async () => {
    const file = await protectText(TEXT, 'correct horse')
    expect(file).to.match(/^-----BEGIN AGE ENCRYPTED FILE-----\n/).and.not.to.include('SECRET')
    expect(isProtected(Buffer.from(file))).to.equal(true)
    expect(await openProtected(Buffer.from(file), 'correct horse', 'f')).to.equal(TEXT)
  }).timeout(20_000)

  it('is read with and without armour, and after an editor put line ends of its own', async () => {
    const binary = await cheap('p')
    for (const file of [binary, Buffer.from(armor.encode(binary)), Buffer.from(`\n${armor.encode(binary).replaceAll('\n', '\r\n')}\n`)]) {
      expect(isProtected(file)).to.equal(true)
      expect(await openProtected(file, 'p', 'f')).to.equal(TEXT)
    }
  })

  it('stays closed to another passphrase, and after a bit was flipped', async () => {
    const binary = Buffer.from(await cheap('p'))
    expect(await openProtected(binary, 'P', 'f')).to.equal(null)
    binary[binary.length - 1] = (binary.at(-1) ?? 0) ^ 1
    expect(await openProtected(binary, 'p', 'f')).to.equal(null)
  })

  it('is refused when it is for a recipient, or its armour is torn', async () => {
    const encrypter = new Encrypter()
    encrypter.addRecipient((await newIdentity(new Date(0))).recipient)
    const sealed = await encrypter.encrypt(TEXT)
    await expectCode(openProtected(sealed, 'p', 'f'), 'KEY_FILE_INVALID')
    await expectCode(openProtected(Buffer.from(armor.encode(sealed).slice(0, 90)), 'p', 'f'), 'KEY_FILE_INVALID')
  })

  it('is told from one that is not protected', async () => {
    expect(isProtected(Buffer.from((await newIdentity(new Date(0))).fileText))).to.equal(false)
    expect(isProtected(new Uint8Array(0))).to.equal(false)
  })
})
