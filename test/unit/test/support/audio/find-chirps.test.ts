import { expect } from 'chai'
import { describe, it } from 'mocha'
import { tone, toneWithChirps } from '../../../../../adapters/phone/audio-source.ts'
import { decodeG711, encodeG711 } from '../../../../../adapters/phone/g711.ts'
import { findChirps } from '../../../../support/audio/find-chirps.ts'

describe('findChirps', () => {
  it('finds each chirp to the sample, shifted, companded and with another voice over it', () => {
    const sent = toneWithChirps(440).read(0, 26_000)
    const other = tone(1000, 4000).read(0, 26_000)
    const mixed = sent.map((sample, index) => sample + (other[index] ?? 0))
    const received = decodeG711('PCMU', encodeG711('PCMU', Int16Array.from([...new Int16Array(123), ...mixed])))
    expect(findChirps(received).map((chirp) => chirp.position)).to.deep.equal([123, 8123, 16_123, 24_123])
  })

  it('finds none in tones, silence and noise', () => {
    const noise = Int16Array.from({ length: 16_000 }, (_, index) => ((index * 7919) % 20_011) - 10_000)
    for (const samples of [tone(440).read(0, 16_000), tone(1700).read(0, 16_000), new Int16Array(16_000), noise]) expect(findChirps(samples)).to.deep.equal([])
  })

  it('finds none in what is shorter than a chirp', () => {
    expect(findChirps(new Int16Array(10))).to.deep.equal([])
  })
})
