import { expect } from 'chai'
import { describe, it } from 'mocha'
import { CHIRP_SAMPLES, samplesSource, silence, tone, toneWithChirps } from '../../../../adapters/phone/audio-source.ts'

describe('an audio source', () => {
  it('gives the same samples however they are asked for', () => {
    for (const source of [tone(440), toneWithChirps(440)]) {
      const whole = source.read(0, 16_000)
      const parts = Array.from({ length: 100 }, (_, frame) => source.read(frame * 160, 160)).flatMap((frame) => Array.from(frame))
      expect(Int16Array.from(parts)).to.deep.equal(whole)
    }
  })

  it('has a chirp at each whole second and its tone elsewhere', () => {
    const chirping = toneWithChirps(440)
    const plain = tone(440)
    expect(chirping.read(CHIRP_SAMPLES, 8000 - CHIRP_SAMPLES)).to.deep.equal(plain.read(CHIRP_SAMPLES, 8000 - CHIRP_SAMPLES))
    expect(chirping.read(8000, CHIRP_SAMPLES)).to.deep.equal(chirping.read(16_000, CHIRP_SAMPLES))
    expect(chirping.read(8000, CHIRP_SAMPLES)).not.to.deep.equal(plain.read(8000, CHIRP_SAMPLES))
  })

  it('is silent after its end', () => {
    const source = samplesSource(Int16Array.of(7, 8, 9))
    expect(source.lengthSamples).to.equal(3)
    expect(source.read(2, 3)).to.deep.equal(Int16Array.of(9, 0, 0))
    expect(source.read(100, 2)).to.deep.equal(Int16Array.of(0, 0))
    expect(silence().read(5, 2)).to.deep.equal(Int16Array.of(0, 0))
  })
})
