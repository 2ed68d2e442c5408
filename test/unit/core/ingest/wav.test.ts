import { describe, it } from 'mocha'
import { expect } from 'chai'
import fc from 'fast-check'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { parseWavHead } from '../../../../core/ingest/wav.ts'
import { wavHeader } from '../../../../core/domain/wav-header.ts'

describe('the head of a WAV file', () => {
  it('is read as it is written', () => {
    expect(parseWavHead(wavHeader({ channels: 1, sampleRateHz: 16_000, dataBytes: 320 }), 1)).to.deep.equal({ sampleRateHz: 16_000, dataOffset: 44, declaredDataBytes: 320 })
  })

  it('may have other chunks before its samples, of odd length too', () => {
    const plain = Buffer.from(wavHeader({ channels: 1, sampleRateHz: 8000, dataBytes: 6 }))
    const list = Buffer.concat([Buffer.from('LIST'), Buffer.from([3, 0, 0, 0]), Buffer.from('abc\0')])
    const head = Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36)])
    expect(parseWavHead(head, 1)).to.deep.equal({ sampleRateHz: 8000, dataOffset: 56, declaredDataBytes: 6 })
  })

  it('has as many channels as its file is said to have, or is refused', () => {
    const stereo = wavHeader({ channels: 2, sampleRateHz: 8000, dataBytes: 400 })
    expect(parseWavHead(stereo, 2)).to.deep.equal({ sampleRateHz: 8000, dataOffset: 44, declaredDataBytes: 400 })
    expect(() => parseWavHead(good, 2), 'voices that are mixed cannot be told apart any more').to.throw(HoldfastError).with.property('code', 'SPOOL_FILE_BROKEN')
  })

  it('says "up to the end" of a file that is too long for its numbers', () => {
    const header = Buffer.from(wavHeader({ channels: 2, sampleRateHz: 8000, dataBytes: 2 ** 33 }))
    expect([header.readUInt32LE(4), header.readUInt32LE(40)]).to.deep.equal([0xffff_ffff, 0xffff_ffff])
  })

  const good = Buffer.from(wavHeader({ channels: 1, sampleRateHz: 8000, dataBytes: 0 }))
  const bad = {
    'nothing': Buffer.alloc(0),
    'another file': Buffer.from('OggS'.repeat(20)),
    'a head that is cut off': good.subarray(0, 30),
    'no samples': good.subarray(0, 36),
    'two channels': changed(22, 2),
    'no rate': changed(24, 0, 4),
    'a rate at which a second of silence fills a disk': changed(24, 0xffff_ffff, 4),
    'more than Opus has': changed(24, 48_001, 4),
    'less than a telephone has': changed(24, 7999, 4),
    'A-law': changed(20, 6),
    'eight bits': changed(34, 8),
    'samples before their format': Buffer.concat([good.subarray(0, 12), good.subarray(36)]),
  }
  for (const [name, bytes] of Object.entries(bad)) {
    it(`is refused: ${name}`, () => {
      expect(() => parseWavHead(bytes, 1)).to.throw(HoldfastError).with.property('code', 'SPOOL_FILE_BROKEN')
    })
  }

  it('never makes the reader fail in another way, whatever stands there', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
      try {
        parseWavHead(Buffer.concat([Buffer.from('RIFF....WAVE'), tail]), 1)
      } catch (error) {
        expect(error).to.be.instanceOf(HoldfastError)
      }
    }))
  })

  function changed(offset: number, value: number, width = 2): Buffer {
    const copy = Buffer.from(good)
    copy.writeUIntLE(value, offset, width)
    return copy
  }
})
