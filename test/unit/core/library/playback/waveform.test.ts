import { expect } from 'chai'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../../core/domain/errors.ts'
import type { MediaObject } from '../../../../../core/domain/media.ts'
import { waveform } from '../../../../../core/library/playback/waveform.ts'

function media(...peaks: readonly (readonly number[])[]): MediaObject {
  return {
    format: 'wav-pcm16', channels: peaks.length, sampleRateHz: 8000, beganAt: new Date('2026-11-22T08:00:00Z'), durationMs: 0, sizeBytes: 0, sha256: '', payloadName: '', payloadSizeBytes: 0, payloadSha256: '',
    headerVersion: 1, peaks, peakStretchMs: 100, storedAt: new Date(0),
  }
}

describe('a waveform', () => {
  it('is the stored peaks where they fit', () => {
    expect(waveform(media([1, 2], [3, 4]), 2)).to.deep.equal({ stretchMs: 100, channels: [[1, 2], [3, 4]] })
  })

  it('keeps the loudest of what is drawn together', () => {
    expect(waveform(media([1, 9, 2, 3, 7], [0, 0, 0, 0, 5]), 2)).to.deep.equal({ stretchMs: 300, channels: [[9, 7], [0, 5]] })
  })

  it('never has more points than asked, up to a day of sound', () => {
    const day = Array.from({ length: 864_000 }, (_, index) => index % 256)
    for (const maxPoints of [1, 999, 4000]) expect(waveform(media(day), maxPoints).channels[0]?.length).to.be.at.most(maxPoints)
  })

  it('is empty where there is no sound', () => {
    expect(waveform(media([], []), 10)).to.deep.equal({ stretchMs: 100, channels: [[], []] })
  })

  it('refuses a number of points that no screen has', () => {
    for (const maxPoints of [0, 4001, 1.5]) expect(() => waveform(media([1]), maxPoints)).to.throw(HoldfastError).with.property('code', 'FILTER_INVALID')
  })
})
