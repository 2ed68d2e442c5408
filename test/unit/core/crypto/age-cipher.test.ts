import { describe, it } from 'mocha'
import { expect } from 'chai'
import { AgeCipher } from '../../../../core/crypto/age-cipher.ts'
import { KeyRing, type NewIdentity, newIdentity } from '../../../../core/crypto/key-ring.ts'
import { cipherContract } from '../../../contract/cipher.contract.ts'
import { collect, inPieces, patternBytes } from '../../../support/bytes.ts'
import { MemoryBlobReader } from '../../../support/fakes/memory-blob-store.ts'
import { expectCode } from '../../../support/rejection.ts'

const NOW = new Date('2026-01-01T00:00:00Z')

/** Made once: a key pair costs milliseconds, and no test changes one. */
const own = newIdentity(NOW)
const escrow = newIdentity(NOW)

cipherContract('AgeCipher', async () => cipherOf([await own], [await own]), async () => cipherOf([await escrow], []))

describe('AgeCipher', () => {
  it('refuses to seal to nobody', async () => {
    await expectCode((await cipherOf([], [await own])).seal(inPieces(patternBytes(1))), 'NO_RECIPIENT')
  })

  it('seals where nothing can be opened, and says so', async () => {
    const recorder = await cipherOf([await own, await escrow], [])
    expect(recorder.canOpen).to.equal('no')
    const { header, payload } = await recorder.seal(inPieces(patternBytes(10)))
    const sealed = new MemoryBlobReader(await collect(payload))
    expect(await recorder.open(header, sealed)).to.equal(null)
    for (const identity of [await own, await escrow]) {
      const reader = await cipherOf([], [identity])
      expect(reader.canOpen).to.equal('yes')
      using opened = await reader.open(header, sealed)
      expect(opened?.sizeBytes).to.equal(10)
    }
  })

  it('re-wraps for other recipients without touching the payload', async () => {
    const before = await cipherOf([await own], [await own])
    const { header, payload } = await before.seal(inPieces(patternBytes(100)))
    const sealed = new MemoryBlobReader(await collect(payload))
    const rotated = await (await cipherOf([await escrow], [await own])).rewrap(header)
    if (rotated === null) throw new Error('the old header belongs to this key ring')
    const after = await cipherOf([], [await escrow])
    using opened = await after.open(rotated.header, sealed)
    expect((await collect(opened?.read(0, 100) ?? inPieces(patternBytes(0)))).equals(patternBytes(100))).to.equal(true)
    expect(rotated.recipients).to.deep.equal([(await escrow).recipient])
    expect(await before.open(rotated.header, sealed)).to.equal(null)
  })

  it('re-wraps nothing that is not its own, and nothing that was altered', async () => {
    const { header } = await (await cipherOf([await escrow], [])).seal(inPieces(patternBytes(1)))
    const cipher = await cipherOf([await own], [await own])
    expect(await cipher.rewrap(header)).to.equal(null)
    await expectCode(cipher.rewrap(header.subarray(1)), 'INTEGRITY_MISMATCH')
  })
})

async function cipherOf(recipients: readonly NewIdentity[], identities: readonly NewIdentity[]): Promise<AgeCipher> {
  return new AgeCipher(await KeyRing.load({
    recipients: recipients.map(({ recipient }) => ({ place: 'recipients', text: recipient })),
    identities: identities.map(({ fileText }) => ({ place: 'identities', text: fileText })),
  }))
}
