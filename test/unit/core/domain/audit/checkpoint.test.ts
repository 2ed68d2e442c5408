import { expect } from 'chai'
import { describe, it } from 'mocha'
import { Ed25519CheckpointSigner, newCheckpointKey } from '../../../../../core/crypto/checkpoint-signer.ts'
import { type Checkpoint, checkpointText, formatCheckpointKey, isSignedBy, parseCheckpoint, parseCheckpointKey } from '../../../../../core/domain/audit/checkpoint.ts'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import { parseNodeName } from '../../../../../core/domain/ids.ts'

const CHECKPOINT: Checkpoint = { chain: parseNodeName('node-1'), sequence: 4711, head: 'ab'.repeat(32), root: '01'.repeat(32), at: new Date('2026-03-01T09:00:00.000Z') }
/** A key that is in every copy of this test, and nowhere else. */
const PEM = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n-----END PRIVATE KEY-----\n'
const signer = new Ed25519CheckpointSigner(parseNodeName('node-1'), PEM)

describe('a signed checkpoint', () => {
  it('is a note as transparency logs sign them', () => {
    const { note } = signer.sign(CHECKPOINT)
    const lines = note.split('\n')
    expect(lines.slice(0, 6)).to.deep.equal(['holdfast/audit/node-1', '4711', 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=', `head ${'ab'.repeat(32)}`, 'at 2026-03-01T09:00:00.000Z', ''])
    expect(lines[6]).to.match(/^— holdfast\/node-1 [A-Za-z0-9+/]{90}[A-Za-z0-9+/=]{2}$/)
  })

  it('is read back, and holds against its key alone', () => {
    const read = parseCheckpoint(signer.sign(CHECKPOINT).note)
    expect(read).to.deep.include(CHECKPOINT)
    const key = parseCheckpointKey(formatCheckpointKey(signer.publicKey))
    const stranger = new Ed25519CheckpointSigner(parseNodeName('node-1'), newCheckpointKey()).publicKey
    expect([isSignedBy(read, [key]), isSignedBy(read, [stranger]), isSignedBy(read, [stranger, key]), isSignedBy(read, [])]).to.deep.equal([true, false, true, false])
  })

  it('does not hold after any change of one character', () => {
    const { note } = signer.sign(CHECKPOINT)
    for (let at = 0; at < note.length; at += 1) {
      const changed = `${note.slice(0, at)}${note[at] === '7' ? '8' : '7'}${note.slice(at + 1)}`
      expect(holds(changed), `character ${at}`).to.equal(false)
    }
  })

  it('is no other for having blanks, zeros or lines more', () => {
    const { note } = signer.sign(CHECKPOINT)
    for (const other of [note.replace('4711', '04711'), note.replace('4711', '4711 '), `${note}\n`, ` ${note}`, note.replaceAll('\n', '\r\n'), note.replace('.000Z', 'Z'), note.slice(0, -1), '']) {
      expect(holds(other), JSON.stringify(other)).to.equal(false)
    }
  })

  it('has a public key whose name, id and bytes belong together', () => {
    const text = formatCheckpointKey(signer.publicKey)
    expect(text).to.match(/^holdfast\/node-1\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/)
    for (const other of [text.replace('node-1', 'node-2'), text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), text.slice(0, -8), 'age1qqq', '']) {
      expect(() => parseCheckpointKey(other), other).to.throw(HoldfastError).with.property('code', 'KEY_FILE_INVALID')
    }
  })
})

describe('a checkpoint key', () => {
  it('is refused when it is none of Ed25519, without a word of what stood there', () => {
    for (const pem of ['', 'secret words', PEM.replace('MC4C', 'MC5C')]) {
      expect(() => new Ed25519CheckpointSigner(parseNodeName('node-1'), pem)).to.throw(HoldfastError).with.property('code', 'KEY_FILE_INVALID')
    }
  })
})

function holds(note: string): boolean {
  try {
    const read = parseCheckpoint(note)
    return checkpointText(read) !== '' && isSignedBy(read, [signer.publicKey])
  } catch (error) {
    if (error instanceof HoldfastError) return false
    throw error
  }
}
