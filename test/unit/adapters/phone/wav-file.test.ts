import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { HoldfastError } from '../../../../core/domain/errors.ts'
import { formatWav, parseWav } from '../../../../adapters/phone/wav-file.ts'

const STEREO = { sampleRateHz: 16_000, channels: [Int16Array.of(1, -2, 32_767), Int16Array.of(4, 5, -32_768)] }

describe('parseWav', () => {
  it('reads back what formatWav wrote', () => {
    expect(parseWav(formatWav(STEREO))).to.deep.equal(STEREO)
  })

  it('takes the rest of the file when its writer died before it filled in the sizes', () => {
    const bytes = Buffer.from(formatWav(STEREO))
    bytes.writeUInt32LE(0, 4)
    bytes.writeUInt32LE(0, 40)
    expect(parseWav(bytes)).to.deep.equal(STEREO)
    bytes.writeUInt32LE(0xffff_ffff, 40)
    expect(parseWav(bytes)).to.deep.equal(STEREO)
  })

  it('passes over parts that it does not know', () => {
    const bytes = Buffer.from(formatWav(STEREO))
    const list = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1')
    expect(parseWav(Buffer.concat([bytes.subarray(0, 36), list, bytes.subarray(36)]))).to.deep.equal(STEREO)
  })

  it('leaves out half a sample at a torn end', () => {
    const bytes = formatWav(STEREO)
    expect(parseWav(bytes.subarray(0, bytes.length - 3)).channels.map((channel) => channel.length)).to.deep.equal([2, 2])
  })

  it('refuses what it cannot read with a foreseen error, whatever it is', () => {
    expect(() => parseWav(Buffer.from('RIFF\0\0\0\0WAVE'))).to.throw(HoldfastError, 'holds no audio')
    const start = formatWav(STEREO)
    fc.assert(
      fc.property(fc.nat(start.length - 1), fc.uint8Array({ maxLength: 12 }), (at, bytes) => {
        try {
          parseWav(Buffer.concat([start.subarray(0, at), bytes]))
        } catch (error) {
          expect(error).to.be.instanceOf(HoldfastError)
        }
      }),
    )
  })
})
