import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { formatRtpPacket, parseRtpPacket } from '../../../../adapters/phone/rtp-packet.ts'

const PACKET = { payloadType: 101, marker: true, sequenceNumber: 65_535, timestamp: 0xffff_fff0, ssrc: 0x8000_0001, payload: Uint8Array.of(1, 2, 3) }

describe('parseRtpPacket', () => {
  it('reads back what formatRtpPacket wrote', () => {
    expect(parseRtpPacket(formatRtpPacket(PACKET))).to.deep.equal(PACKET)
  })

  it('passes over contributing sources, extension and padding', () => {
    const plain = formatRtpPacket({ ...PACKET, payload: Uint8Array.of() })
    const flags = 0x80 | 0x20 | 0x10 | 1
    const bytes = Buffer.concat([plain, Buffer.from([9, 9, 9, 9]), Buffer.from([0xbe, 0xde, 0, 1, 8, 8, 8, 8]), Buffer.from([7, 7]), Buffer.from([0, 0, 3])])
    bytes[0] = flags
    expect(parseRtpPacket(bytes)?.payload).to.deep.equal(bytes.subarray(24, 26))
  })

  it('gives null for what is shorter than its header says, and never throws', () => {
    expect(parseRtpPacket(Uint8Array.of(0x8f, ...new Uint8Array(11)))).to.equal(null)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void parseRtpPacket(bytes)))
  })
})
