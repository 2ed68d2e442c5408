import { expect } from 'chai'
import { describe, it } from 'mocha'
import { decodeG711, encodeG711 } from '../../../../adapters/phone/g711.ts'
import { A_LAW_SILENCE, codeTable, expanded, G711_LAWS, NO_CODE } from '../../../../core/ingest/g711.ts'

const CODECS = { mulaw: 'PCMU', alaw: 'PCMA' } as const
const CODES = Uint8Array.from({ length: 256 }, (_, code) => code)
const ALL_SAMPLES = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768)

for (const law of G711_LAWS) {
  describe(`G.711 ${law}`, () => {
    it('expands each code as our telephone does, whose tables are its own', () => {
      expect(Int16Array.from(CODES, (code) => expanded(law, code))).to.deep.equal(decodeG711(CODECS[law], CODES))
    })

    it('gives back exactly every sample that came from a code', () => {
      for (const sample of decodeG711(CODECS[law], CODES)) expect(expanded(law, codeTable(law)[sample & 0xffff] ?? NO_CODE)).to.equal(sample)
    })

    it('gives back the code, too, but for the second zero of µ-law', () => {
      const again = CODES.map((code) => codeTable(law)[expanded(law, code) & 0xffff] ?? 0)
      expect([...again]).to.deep.equal([...CODES].map((code) => (law === 'mulaw' && code === 0x7f ? 0xff : code)))
    })

    it('has no code for any sample that would be another one afterwards, but for the zero of A-law and FreeSWITCH\'s filling', () => {
      const kept = ALL_SAMPLES.filter((sample) => codeTable(law)[sample & 0xffff] !== NO_CODE)
      expect(kept).to.have.length(law === 'mulaw' ? 256 : 258)
      const changed = kept.filter((sample) => expanded(law, codeTable(law)[sample & 0xffff] ?? NO_CODE) !== sample)
      expect([...changed]).to.deep.equal(law === 'mulaw' ? [-1] : [-1, 0])
    })

    it('agrees with the encoder of our telephone wherever it has a code', () => {
      const kept = ALL_SAMPLES.filter((sample) => codeTable(law)[sample & 0xffff] !== NO_CODE)
      expect(Uint8Array.from(kept, (sample) => codeTable(law)[sample & 0xffff] ?? 0)).to.deep.equal(encodeG711(CODECS[law], kept))
    })
  })
}

describe('what FreeSWITCH writes where nothing came', () => {
  it('is the negative zero of µ-law, as which no other sample is stored, and beside the silence of A-law', () => {
    expect([codeTable('mulaw')[0xffff], expanded('mulaw', 0x7f)]).to.deep.equal([0x7f, 0])
    expect(ALL_SAMPLES.filter((sample) => codeTable('mulaw')[sample & 0xffff] === 0x7f)).to.deep.equal(Int16Array.of(-1))
    expect([codeTable('alaw')[0xffff], expanded('alaw', 0x55)]).to.deep.equal([0x55, -8])
  })
})

describe('silence in G.711', () => {
  it('is zero in µ-law, and the smallest value in A-law, which has no zero', () => {
    expect([codeTable('mulaw')[0], expanded('mulaw', 0xff)]).to.deep.equal([0xff, 0])
    expect([codeTable('alaw')[0], expanded('alaw', A_LAW_SILENCE)]).to.deep.equal([0xd5, 8])
    expect(Math.min(...decodeG711('PCMA', CODES).map(Math.abs))).to.equal(8)
  })
})
