import { expect } from 'chai'
import { describe, it } from 'mocha'
import { decodeG711, encodeG711, G711_CODECS, type G711Codec } from '../../../../adapters/phone/g711.ts'

/** Values of ITU-T G.711, tables 1 and 2: first and last step of either sign. */
const KNOWN: Readonly<Record<G711Codec, readonly (readonly [byte: number, sample: number])[]>> = {
  PCMU: [[0xff, 0], [0x7f, 0], [0xfe, 8], [0x80, 32_124], [0x00, -32_124]],
  PCMA: [[0xd5, 8], [0x55, -8], [0xaa, 32_256], [0x2a, -32_256]],
}

describe('G.711', () => {
  for (const codec of G711_CODECS) {
    it(`decodes the steps of the standard (${codec})`, () => {
      for (const [byte, sample] of KNOWN[codec]) expect(decodeG711(codec, Uint8Array.of(byte))[0], `0x${byte.toString(16)}`).to.equal(sample)
    })

    it(`encodes each decoded step to itself (${codec})`, () => {
      // µ-law has two zeros; the negative one is never sent.
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => codec === 'PCMA' || byte !== 0x7f)
      expect(encodeG711(codec, decodeG711(codec, bytes))).to.deep.equal(bytes)
    })

    it(`is never further from a sample than half a step (${codec})`, () => {
      const samples = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768)
      const decoded = decodeG711(codec, encodeG711(codec, samples))
      for (const [index, sample] of samples.entries()) {
        // Sixteen steps to a doubling, half a step of error, and the offset of the law that grows more slowly.
        const allowed = (Math.abs(sample) + 256) / 32
        if (Math.abs((decoded[index] ?? Number.NaN) - sample) > allowed) expect.fail(`${sample} became ${decoded[index]}`)
      }
    })
  }

  it('keeps digital silence exact on µ-law', () => {
    expect(decodeG711('PCMU', encodeG711('PCMU', new Int16Array(160)))).to.deep.equal(new Int16Array(160))
  })
})
