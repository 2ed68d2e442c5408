import { expect } from 'chai'
import { describe, it } from 'mocha'
import { resample } from '../../../../adapters/phone/resample.ts'
import { loudness, tonePower } from '../../../support/audio/tone-power.ts'

function sine(frequencyHz: number, sampleRateHz: number): Int16Array {
  return Int16Array.from({ length: sampleRateHz }, (_, index) => Math.round(10_000 * Math.sin((2 * Math.PI * frequencyHz * index) / sampleRateHz)))
}

describe('resample', () => {
  it('keeps pitch and loudness', () => {
    const telephone = resample(sine(1000, 22_050), 22_050, 8000)
    expect(telephone.length).to.equal(8000)
    expect(tonePower(telephone, 1000, 8000)).to.be.greaterThan(0.98)
    expect(loudness(telephone)).to.be.closeTo(10_000 / Math.SQRT2, 150)
  })

  it('takes away what does not fit into the new band instead of folding it', () => {
    expect(loudness(resample(sine(6000, 22_050), 22_050, 8000))).to.be.lessThan(50)
  })
})
