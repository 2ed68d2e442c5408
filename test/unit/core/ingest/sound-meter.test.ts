import { describe, it } from 'mocha'
import { expect } from 'chai'
import fc from 'fast-check'
import { SoundMeter, peakStretchMs } from '../../../../core/ingest/sound-meter.ts'

describe('SoundMeter', () => {
  it('keeps the loudest of each stretch, the last one shorter', () => {
    const meter = new SoundMeter(20, 100)
    meter.push(Int16Array.of(0, 128, -256, 5, 32_767))
    expect(meter.end()).to.deep.equal({ peaks: [1, 2, 255], loudest: 32_767 })
  })

  it('knows the loudest negative sample', () => {
    const meter = new SoundMeter(20, 100)
    meter.push(Int16Array.of(-32_768))
    expect(meter.end()).to.deep.equal({ peaks: [255], loudest: 32_768 })
  })

  it('hears the same however the sound is cut', () => {
    fc.assert(fc.property(fc.int16Array({ maxLength: 300 }), fc.integer({ min: 1, max: 50 }), (samples, cut) => {
      const [whole, pieces] = [new SoundMeter(70, 100), new SoundMeter(70, 100)]
      whole.push(samples)
      for (let at = 0; at < samples.length; at += cut) pieces.push(samples.subarray(at, at + cut))
      expect(pieces.end()).to.deep.equal(whole.end())
    }))
  })

  it('gives a waveform about 4,000 points at most, and none finer than a frame', () => {
    expect([0, 1000, 80_000, 80_001, 4 * 3_600_000].map((totalMs) => peakStretchMs(totalMs))).to.deep.equal([20, 20, 20, 21, 3600])
  })
})
