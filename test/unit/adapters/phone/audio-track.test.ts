import { expect } from 'chai'
import { describe, it } from 'mocha'
import { AudioTrack } from '../../../../adapters/phone/audio-track.ts'

describe('AudioTrack', () => {
  it('fills gaps with zeros and counts only what was written', () => {
    const track = new AudioTrack('audio')
    track.write(0, Int16Array.of(1, 2))
    track.write(4, Int16Array.of(5))
    expect(track.toSamples()).to.deep.equal(Int16Array.of(1, 2, 0, 0, 5))
    expect(track).to.include({ sampleCount: 3, lengthSamples: 5 })
  })

  it('shows its end', () => {
    const track = new AudioTrack('audio')
    for (let frame = 0; frame < 10; frame++) track.write(frame * 160, new Int16Array(160).fill(frame))
    expect(track.lastSamples(161)).to.deep.equal(Int16Array.of(8, ...new Int16Array(160).fill(9)))
  })

  it('keeps no audio when it only counts', () => {
    const track = new AudioTrack('counts')
    track.write(0, Int16Array.of(1, 2))
    expect(track.sampleCount).to.equal(2)
    expect(track.toSamples()).to.deep.equal(Int16Array.of(0, 0))
  })
})
