import { expect } from 'chai'
import { describe, it } from 'mocha'
import { AudioTrack } from '../../../../adapters/phone/audio-track.ts'
import { encodeG711, FRAME_SAMPLES } from '../../../../adapters/phone/g711.ts'
import { RtpReceiver } from '../../../../adapters/phone/rtp-receiver.ts'
import { telephoneEventPayloads } from '../../../../adapters/phone/telephone-event.ts'

const LOUD = encodeG711('PCMU', new Int16Array(FRAME_SAMPLES).fill(8000))

function open(): { track: AudioTrack; digits: string[]; frame: (at: { timestamp: number; ssrc?: number; arrivedAtMs?: number }) => void; key: (timestamp: number, digit: string) => void } {
  const track = new AudioTrack('audio')
  const digits: string[] = []
  const receiver = new RtpReceiver({ track, eventPayloadType: () => 101, onDigit: (digit) => digits.push(digit) })
  const packet = { marker: false, sequenceNumber: 0, ssrc: 1 }
  return {
    track,
    digits,
    frame: ({ timestamp, ssrc = 1, arrivedAtMs = 0 }) => receiver.receive({ ...packet, ssrc, payloadType: 0, timestamp: timestamp >>> 0, payload: LOUD }, arrivedAtMs),
    key: (timestamp, digit) => {
      for (const payload of telephoneEventPayloads(digit) ?? []) receiver.receive({ ...packet, payloadType: 101, timestamp, payload }, 0)
    },
  }
}

describe('RtpReceiver', () => {
  it('puts audio where its time stamp says, also when packets overtake each other', () => {
    const { track, frame } = open()
    frame({ timestamp: 1000 })
    frame({ timestamp: 1000 + 3 * FRAME_SAMPLES })
    frame({ timestamp: 1000 + FRAME_SAMPLES })
    const samples = track.toSamples()
    expect(samples.length).to.equal(4 * FRAME_SAMPLES)
    expect([0, 1, 2, 3].map((index) => samples[index * FRAME_SAMPLES] !== 0)).to.deep.equal([true, true, false, true])
  })

  it('goes on over the end of the 32-bit time stamps', () => {
    const { track, frame } = open()
    frame({ timestamp: 2 ** 32 - FRAME_SAMPLES })
    frame({ timestamp: 0 })
    expect(track.lengthSamples).to.equal(2 * FRAME_SAMPLES)
  })

  it('begins anew after the last sample when another source takes over, with the silence that passed', () => {
    const { track, frame } = open()
    frame({ timestamp: 5000, arrivedAtMs: 0 })
    frame({ timestamp: 77, ssrc: 2, arrivedAtMs: 20 })
    frame({ timestamp: 123_456, ssrc: 3, arrivedAtMs: 140 })
    expect(track.lengthSamples).to.equal((1 + 1 + 5 + 1) * FRAME_SAMPLES)
  })

  it('does not let a wild time stamp fill the memory', () => {
    const { track, frame } = open()
    frame({ timestamp: 0 })
    frame({ timestamp: 2_000_000_000 })
    expect(track.lengthSamples).to.equal(2 * FRAME_SAMPLES)
  })

  it('ignores what comes from before the first packet', () => {
    const { track, frame } = open()
    frame({ timestamp: 1000 })
    frame({ timestamp: 1000 - FRAME_SAMPLES })
    expect(track.lengthSamples).to.equal(FRAME_SAMPLES)
  })

  it('counts a key once, however many packets tell of it', () => {
    const { digits, key } = open()
    key(1000, '*')
    key(3000, '7')
    key(5000, '7')
    expect(digits.join('')).to.equal('*77')
  })
})
