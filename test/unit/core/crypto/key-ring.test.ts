import { describe, it } from 'mocha'
import { expect } from 'chai'
import { inspect } from 'node:util'
import { generateHybridIdentity, identityToRecipient } from 'age-encryption'
import { KeyRing, newIdentity } from '../../../../core/crypto/key-ring.ts'
import { expectCode } from '../../../support/rejection.ts'

const NOW = new Date('2026-01-01T00:00:00Z')

describe('KeyRing', () => {
  it('reads recipients and identities among comments and blank lines, each once', async () => {
    const [one, other] = [await newIdentity(NOW), await newIdentity(NOW)]
    const ring = await KeyRing.load({
      recipients: [{ place: 'operational', text: one.recipient }, { place: 'escrow', text: `# safe\r\n\r\n  ${other.recipient}  \r\n${one.recipient}` }],
      identities: [{ place: 'a', text: one.fileText + other.fileText }, { place: 'b', text: one.fileText }],
    })
    expect(ring.recipients).to.deep.equal([one.recipient, other.recipient])
    expect(ring.identityCount).to.equal(2)
    expect(await ring.openableRecipients()).to.deep.equal([one.recipient, other.recipient])
  })

  it('takes post-quantum keys', async () => {
    const identity = await generateHybridIdentity()
    const recipient = await identityToRecipient(identity)
    const ring = await KeyRing.load({ recipients: [{ place: 'r', text: recipient }], identities: [{ place: 'i', text: identity }] })
    expect(ring.recipients).to.deep.equal([recipient])
  })

  it('may be empty: whether that will do is decided where it is used', async () => {
    const ring = await KeyRing.load({ recipients: [], identities: [{ place: 'i', text: '# nothing yet\n' }] })
    expect(ring.recipients).to.deep.equal([])
    expect(ring.identityCount).to.equal(0)
  })

  it('names the place and the line of a bad key, and never repeats it', async () => {
    const { recipient, fileText } = await newIdentity(NOW)
    const identity = fileText.trim().split('\n').at(-1) ?? ''
    const damaged = `${identity.slice(0, -1)}${identity.endsWith('Q') ? 'P' : 'Q'}`
    const bad = [
      { kind: 'identities', text: `# one\n${damaged}\n`, line: 2, word: 'not an age identity' },
      { kind: 'identities', text: 'AGE-SECRET-KEY-1\n', line: 1, word: 'not an age identity' },
      { kind: 'identities', text: 'AGE-PLUGIN-YUBIKEY-1QQQ\n', line: 1, word: 'not an age identity' },
      { kind: 'identities', text: `${fileText}\n${recipient}`, line: 5, word: 'but a recipient' },
      { kind: 'identities', text: 'age-encryption.org/v1\n-> scrypt', line: 1, word: 'encrypted with a passphrase' },
      { kind: 'recipients', text: `${recipient}x`, line: 1, word: 'not an age recipient' },
      { kind: 'recipients', text: `${recipient}\nssh-ed25519 AAAA`, line: 2, word: 'not an age recipient' },
      { kind: 'recipients', text: identity, line: 1, word: 'but an identity' },
      { kind: 'recipients', text: 'age1', line: 1, word: 'not an age recipient' },
    ] as const
    for (const { kind, text, line, word } of bad) {
      const keys = { recipients: [], identities: [], [kind]: [{ place: 'keys/here.txt', text }] }
      const failure = await expectCode(KeyRing.load(keys), 'KEY_FILE_INVALID')
      expect(failure.message).to.include(`keys/here.txt, line ${line}`).and.include(word)
      expect(failure.details).to.include({ place: 'keys/here.txt', line })
      expect(inspect(failure)).to.not.include(identity.slice(20, 50))
    }
  })

  it('refuses a recipient that no file key can be wrapped for', async () => {
    // The point of order one: bech32 of 32 zero bytes. Source: RFC 7748 §6.1, an all-zero shared secret is refused
    const text = 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq0n50dx'
    await expectCode(KeyRing.load({ recipients: [{ place: 'r', text }], identities: [] }), 'KEY_FILE_INVALID')
  })

  it('shows its identities to no log', async () => {
    const { fileText } = await newIdentity(NOW)
    const ring = await KeyRing.load({ recipients: [], identities: [{ place: 'i', text: fileText }] })
    for (const shown of [inspect(ring, { depth: 9, showHidden: true }), JSON.stringify(ring)]) expect(shown).to.not.include('AGE-SECRET-KEY')
  })
})
