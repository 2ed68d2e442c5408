import { expect } from 'chai'
import { describe, it } from 'mocha'
import { heardOf, SentBytes } from '../../../../core/domain/heard.ts'

const MEDIA = { format: 'wav-pcm16', sizeBytes: 44 + 320_000, durationMs: 10_000 } as const

function sent(...ranges: readonly (readonly [number, number])[]): SentBytes {
  const bytes = new SentBytes()
  for (const [start, end] of ranges) bytes.add(start, end)
  return bytes
}

describe('what was heard of a recording', () => {
  it('is each of its seconds once, whatever the order and overlap of the ranges', () => {
    expect(sent([10, 20], [30, 40], [15, 32], [50, 50], [41, 45], [40, 41]).ranges).to.deep.equal([[10, 45]])
    expect(sent([50, 60], [10, 20], [20, 21], [59, 61]).ranges).to.deep.equal([[10, 21], [50, 61]])
    expect(heardOf(MEDIA, sent([44 + 64_000, 44 + 96_000], [0, 44 + 32_000], [44 + 16_000, 44 + 32_000]))).to.deep.equal({ seconds: 2, stretches: '0.0-1.0,2.0-3.0' })
  })

  it('is nothing where only the header was sent, and everything where all was', () => {
    expect(heardOf(MEDIA, sent([0, 44]))).to.deep.equal({ seconds: 0, stretches: '' })
    expect(heardOf(MEDIA, sent([0, MEDIA.sizeBytes]))).to.deep.equal({ seconds: 10, stretches: '0.0-10.0' })
    expect(heardOf({ ...MEDIA, sizeBytes: 44, durationMs: 0 }, sent([0, 44]))).to.deep.equal({ seconds: 0, stretches: '' })
  })

  it('names so many stretches, and counts all of them', () => {
    const ranges = Array.from({ length: 30 }, (_, index) => [44 + index * 10_000, 44 + index * 10_000 + 3200] as const)
    const { seconds, stretches } = heardOf(MEDIA, sent(...ranges))
    expect(seconds).to.equal(3)
    expect(stretches.split(',')).to.have.length(21)
    expect(stretches.endsWith(',…')).to.equal(true)
  })
})
