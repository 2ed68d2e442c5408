import { expect } from 'chai'
import { describe, it } from 'mocha'
import { decodeG711, encodeG711 } from '../../../../../adapters/phone/g711.ts'
import { tone } from '../../../../../adapters/phone/audio-source.ts'
import { audioSpans, describeAudio, heardMs } from '../../../../support/audio/describe-audio.ts'

const TONES = { C: 440, A: 1000, B: 1700 }

/** Tones one after the other; several names sound together. */
function sound(...parts: readonly (readonly [names: string, ms: number])[]): Int16Array {
  const frames = parts.flatMap(([names, ms]) => {
    const sources = names.split('+').flatMap((name) => Object.entries(TONES).filter(([known]) => known === name).map(([, hz]) => tone(hz, 5000).read(0, ms * 8)))
    return Array.from({ length: ms * 8 }, (_, index) => sources.reduce((sum, source) => sum + (source[index] ?? 0), 0))
  })
  return Int16Array.from(frames)
}

describe('describeAudio', () => {
  it('tells what is heard when', () => {
    expect(describeAudio(sound(['C', 200], ['', 100], ['A', 60], ['C+A', 100]), TONES)).to.equal('0.00-0.20 C · 0.20-0.30 zeros · 0.30-0.36 A · 0.36-0.46 C+A')
  })

  it('hears all tones of a conference, through companding', () => {
    const companded = decodeG711('PCMU', encodeG711('PCMU', sound(['C+A+B', 200])))
    expect(describeAudio(companded, TONES)).to.equal('0.00-0.20 C+A+B')
  })

  it('tells noise and other tones from those it looks for', () => {
    const noise = Int16Array.from({ length: 1600 }, (_, index) => ((index * 7919) % 4001) - 2000)
    expect(describeAudio(noise, TONES)).to.equal('0.00-0.20 other')
    expect(describeAudio(tone(620).read(0, 1600), TONES)).to.equal('0.00-0.20 other')
    expect(describeAudio(Int16Array.from({ length: 1600 }, (_, index) => (index % 3) - 1), TONES)).to.equal('0.00-0.20 quiet')
  })

  it('gives a window that holds the border of two sounds to the first', () => {
    expect(describeAudio(sound(['C', 110], ['A', 110]), TONES)).to.equal('0.00-0.12 C · 0.12-0.22 A')
  })

  it('never hides digital silence, not even of one window', () => {
    expect(describeAudio(sound(['C', 100], ['', 20], ['C', 100]), TONES)).to.equal('0.00-0.10 C · 0.10-0.12 zeros · 0.12-0.22 C')
  })

  it('sums up how long a tone was heard', () => {
    const spans = audioSpans(sound(['C', 200], ['C+A', 100], ['', 100], ['A', 40]), TONES)
    expect(heardMs(spans, 'C')).to.equal(300)
    expect(heardMs(spans, 'A')).to.equal(140)
    expect(heardMs(spans, 'zeros')).to.equal(100)
    expect(heardMs(spans, 'B')).to.equal(0)
  })
})
