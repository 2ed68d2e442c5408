import type { AudioTrack } from './audio-track.ts'
import { decodeG711, SAMPLE_RATE_HZ, type G711Codec } from './g711.ts'
import type { RtpPacket } from './rtp-packet.ts'
import { PAYLOAD_TYPES } from './sdp.ts'
import { parseTelephoneEvent } from './telephone-event.ts'

/** A time stamp that is further away than this belongs to a new time line (and memory is not for a stranger to fill). */
const MAX_JUMP_SAMPLES = 10 * SAMPLE_RATE_HZ

const CODEC_OF_PAYLOAD_TYPE = new Map<number, G711Codec>([[PAYLOAD_TYPES.PCMU, 'PCMU'], [PAYLOAD_TYPES.PCMA, 'PCMA']])

/** Puts what arrives where its time stamp says; begins at the first packet. */
export class RtpReceiver {
  readonly track: AudioTrack
  readonly #eventPayloadType: () => number | null
  readonly #onDigit: (digit: string) => void
  #origin: { readonly ssrc: number; readonly timestamp: number; readonly position: number } | null = null
  #lastArrivalMs = 0
  #lastEventTimestamp: number | null = null

  constructor(options: { readonly track: AudioTrack; readonly eventPayloadType: () => number | null; readonly onDigit: (digit: string) => void }) {
    this.track = options.track
    this.#eventPayloadType = options.eventPayloadType
    this.#onDigit = options.onDigit
  }

  /** @param arrivedAtMs - on any clock that never goes back */
  receive(packet: RtpPacket, arrivedAtMs: number): void {
    if (packet.payloadType === this.#eventPayloadType()) {
      this.#receiveEvent(packet)
      return
    }
    const codec = CODEC_OF_PAYLOAD_TYPE.get(packet.payloadType)
    if (codec === undefined) return
    const position = this.#positionOf(packet, arrivedAtMs)
    this.#lastArrivalMs = arrivedAtMs
    if (position >= 0) this.track.write(position, decodeG711(codec, packet.payload))
  }

  #positionOf(packet: RtpPacket, arrivedAtMs: number): number {
    const origin = this.#origin
    if (origin !== null && origin.ssrc === packet.ssrc) {
      // The difference of two 32-bit time stamps, right also where they wrap.
      const position = origin.position + ((packet.timestamp - origin.timestamp) | 0)
      if (Math.abs(position - this.track.lengthSamples) <= MAX_JUMP_SAMPLES) {
        this.#origin = { ssrc: packet.ssrc, timestamp: packet.timestamp, position }
        return position
      }
    }
    const position = origin === null ? 0 : this.track.lengthSamples + this.#silenceSamples(arrivedAtMs)
    this.#origin = { ssrc: packet.ssrc, timestamp: packet.timestamp, position }
    return position
  }

  /** Between two time lines only the arrival tells how long nothing was sent. */
  #silenceSamples(arrivedAtMs: number): number {
    const gapMs = arrivedAtMs - this.#lastArrivalMs - 20
    return gapMs <= 0 ? 0 : Math.min(MAX_JUMP_SAMPLES, Math.round((gapMs * SAMPLE_RATE_HZ) / 1000))
  }

  /** All packets of one key press carry the time stamp of its begin. Source: RFC 4733 §2.3 */
  #receiveEvent(packet: RtpPacket): void {
    const event = parseTelephoneEvent(packet.payload)
    if (event === null || packet.timestamp === this.#lastEventTimestamp) return
    this.#lastEventTimestamp = packet.timestamp
    this.#onDigit(event.digit)
  }
}
