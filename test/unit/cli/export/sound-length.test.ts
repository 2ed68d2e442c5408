import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { OpusLength, WavLength } from '../../../../cli/export/sound-length.ts'
import { wavCoder } from '../../../../core/ingest/sound-coder.ts'
import { wavHeader } from '../../../../core/domain/wav-header.ts'
import { oggOpus } from '../../../support/audio/ogg-opus.ts'
import { patternBytes } from '../../../support/bytes.ts'
import { runs } from '../../../support/property-runs.ts'

function msOf(length: WavLength | OpusLength, bytes: Uint8Array, pieceBytes: number): number | null {
  for (let at = 0; at < bytes.length; at += pieceBytes) length.take(bytes.subarray(at, at + pieceBytes))
  return length.ms
}

describe('the length of sound that goes by', () => {
  const piece = fc.integer({ min: 1, max: 70_000 })

  it('is that of the head of a WAV, in whatever format, rate and pieces', () => {
    fc.assert(fc.property(fc.constantFrom(8000, 16_000), fc.constantFrom(1, 2), piece, (sampleRateHz, channels, pieceBytes) => {
      const header = wavHeader({ channels, sampleRateHz, dataBytes: sampleRateHz * channels * 5 })
      expect(msOf(new WavLength(), header, pieceBytes)).to.equal(2500)
    }), runs(50))
    for (const format of ['wav-pcm16', 'wav-mulaw', 'wav-alaw'] as const) {
      expect(msOf(new WavLength(), wavCoder(format, { sampleRateHz: 8000, frames: 12_000 }).header(), 7), format).to.equal(1500)
    }
  })

  it('is that of what came where a WAV is longer than its head can say', () => {
    const header = wavHeader({ channels: 2, sampleRateHz: 8000, dataBytes: 2 ** 32 })
    expect(msOf(new WavLength(), Buffer.concat([header, Buffer.alloc(48_000)]), 999)).to.equal(1500)
  })

  it('is that of the last page of Opus, in whatever pieces', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 300_000 }), piece, (ms, bodyBytes, pieceBytes) => {
      expect(msOf(new OpusLength(), oggOpus(ms, bodyBytes), pieceBytes)).to.equal(ms)
    }), runs(100))
  })

  it('is not known of anything else, nor of Opus that ends within a page', () => {
    const opus = oggOpus(1000, 100_000)
    for (const bytes of [new Uint8Array(), patternBytes(100_000), opus.subarray(0, opus.length - 1), opus.subarray(0, 30), opus.subarray(1), Buffer.concat([opus, patternBytes(100)])]) {
      expect(msOf(new OpusLength(), bytes, 5000), `${bytes.length} bytes`).to.equal(null)
    }
    for (const bytes of [new Uint8Array(), patternBytes(100_000), wavHeader({ channels: 2, sampleRateHz: 8000, dataBytes: 9 }).subarray(0, 39)]) expect(msOf(new WavLength(), bytes, 5000)).to.equal(null)
  })
})
