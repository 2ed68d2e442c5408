import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { decodeG711 } from '../../../../../adapters/phone/g711.ts'
import { crc16, crc8 } from '../../../../../core/domain/flac/crc.ts'
import { decodeFrame, encodeFrame } from '../../../../../core/domain/flac/frame.ts'
import { FRAME_SAMPLES } from '../../../../../core/domain/flac/layout.ts'
import { runs } from '../../../../support/property-runs.ts'

const LARGEST_INDEX = 2 ** 31 - 1
const sample = fc.integer({ min: -32_768, max: 32_767 })
const lengths = fc.constantFrom(1, 2, 3, 4, 5, 17, 64, 1000, 4095, FRAME_SAMPLES)

/** Sounds that go by each of the ways: constant, foretold, with wasted bits, and as they are. */
function channelOf(length: number): fc.Arbitrary<Int16Array> {
  const from = (value: (frame: number) => number): Int16Array => Int16Array.from({ length }, (_, frame) => value(frame))
  return fc.oneof(
    sample.map((value) => from(() => value)),
    fc.tuple(fc.integer({ min: 1, max: 32_000 }), fc.integer({ min: 2, max: 200 })).map(([loud, period]) => from((frame) => Math.round(loud * Math.sin(frame / period)))),
    fc.array(sample, { minLength: length, maxLength: length }).map((values) => Int16Array.from(values)),
    fc.uint8Array({ minLength: length, maxLength: length }).map((codes) => decodeG711('PCMA', codes)),
    fc.integer({ min: 0, max: length - 1 }).map((at) => from((frame) => (frame === at ? -32_768 : 0))),
    fc.constant(from((frame) => (frame % 2 === 0 ? 32_767 : -32_768))),
  )
}

const frames = lengths.chain((length) => fc.record({
  sound: fc.record({ received: channelOf(length), transmitted: channelOf(length) }),
  index: fc.integer({ min: 0, max: LARGEST_INDEX }),
  sampleRateHz: fc.constantFrom(8000, 16_000, 11_025, 48_000),
}))

describe('a frame of FLAC', () => {
  it('gives back every sample, its own number and its length, and is hardly longer than the samples', () => {
    fc.assert(fc.property(frames, ({ sound, index, sampleRateHz }) => {
      const bytes = Uint8Array.from(encodeFrame(sound, { index, sampleRateHz }))
      expect(bytes.length).to.be.at.most(sound.received.length * 4 + 24)
      const decoded = decodeFrame(Buffer.concat([bytes, Buffer.from('behind it')]))
      expect(decoded).to.deep.equal({ ...sound, index, sizeBytes: bytes.length })
    }), runs(200))
  })

  it('is refused when a single bit of it is another, or its end is missing', () => {
    fc.assert(fc.property(frames, fc.nat(), fc.nat(), ({ sound, index, sampleRateHz }, at, cut) => {
      const bytes = Uint8Array.from(encodeFrame(sound, { index, sampleRateHz }))
      expect(decodeFrame(bytes.subarray(0, cut % bytes.length))).to.equal(null)
      const bit = at % (bytes.length * 8)
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(decodeFrame(bytes)).to.equal(null)
    }), runs(200))
  })

  it('of bytes that anybody made up is refused, and not waited for', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(decodeFrame(Uint8Array.from([0xff, 0xf8, 0xc4, 0x18, ...bytes]))).to.equal(null)
    }), runs(200))
  })

  it('of silence takes a few bytes, and of G.711 fewer than its codes with a little beside them', () => {
    const silence = new Int16Array(FRAME_SAMPLES)
    expect(encodeFrame({ received: silence, transmitted: silence }, { index: 0, sampleRateHz: 8000 }).length).to.be.below(16)
    const codes = Uint8Array.from({ length: FRAME_SAMPLES }, (_, frame) => Math.round(127 + 60 * Math.sin(frame / 9)))
    const sound = decodeG711('PCMA', codes)
    expect(encodeFrame({ received: sound, transmitted: sound }, { index: 0, sampleRateHz: 8000 }).length).to.be.below(FRAME_SAMPLES * 2 * 1.5)
  })

  it('has the checks of the standard', () => {
    // The check values of CRC-8/SMBUS and CRC-16/UMTS. Source: CRC RevEng catalogue
    expect(crc8(Buffer.from('123456789'))).to.equal(0xf4)
    expect(crc16(Buffer.from('123456789'))).to.equal(0xfee8)
  })
})
