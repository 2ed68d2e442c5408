import type { AudioSource } from './audio-source.ts'
import type { RtpStream } from './rtp-stream.ts'
import { formatSdp, MIRRORED, OUR_EVENT_PAYLOAD_TYPE, parseSdp, type AudioDescription, type MediaDirection } from './sdp.ts'
import type { PhoneLine } from './phone-line.ts'

export type CallAudioOptions = {
  /** What the other party hears; silence when left out. */
  readonly source?: AudioSource
  /** RTP sequence number of the first packet, 0 to 65535; random when left out. */
  readonly sequenceNumber?: number
  /** Whether sent and received audio are kept or only counted; kept when left out. */
  readonly keeps?: 'audio' | 'counts'
}

/** The audio of one call: what is offered, what was agreed, and the stream. Source: RFC 3264 */
export class CallMedia {
  readonly stream: RtpStream
  readonly #line: PhoneLine
  readonly #sessionId = Date.now()
  #version = 0
  #held = false

  constructor(line: PhoneLine, stream: RtpStream) {
    this.#line = line
    this.stream = stream
  }

  offer(): string {
    return this.#describe({ codecs: this.#line.codecs, eventPayloadType: OUR_EVENT_PAYLOAD_TYPE, direction: this.#ownDirection })
  }

  /** Takes the peer's answer to our offer. False when there is no audio in it that we can join. */
  acceptAnswer(sdp: string): boolean {
    const answer = parseSdp(sdp)
    return answer !== null && this.#connect(answer)
  }

  /** Answers the peer's offer; null when there is no audio in it that we can join. */
  answer(sdp: string): string | null {
    const offer = parseSdp(sdp)
    if (offer === null || !this.#connect(offer)) return null
    const codecs = offer.codecs.filter((codec) => this.#line.codecs.includes(codec))
    return this.#describe({ codecs, eventPayloadType: offer.eventPayloadType, direction: this.#mirrored(offer.direction) })
  }

  /** What the next offer says, and whether audio is sent. */
  setHeld(held: 'held' | 'active'): void {
    this.#held = held === 'held'
    this.stream.setSending(this.#held ? 'off' : 'on')
  }

  get #ownDirection(): MediaDirection {
    return this.#held ? 'sendonly' : 'sendrecv'
  }

  #mirrored(offered: MediaDirection): MediaDirection {
    const mirrored = MIRRORED[offered]
    if (!this.#held) return mirrored
    return mirrored === 'sendrecv' || mirrored === 'sendonly' ? 'sendonly' : 'inactive'
  }

  #connect(remote: AudioDescription): boolean {
    const codec = remote.codecs.find((candidate) => this.#line.codecs.includes(candidate))
    if (codec === undefined || remote.port === 0) return false
    const listens = remote.direction === 'sendrecv' || remote.direction === 'recvonly'
    this.stream.connect({ host: remote.host, port: remote.port, codec, eventPayloadType: remote.eventPayloadType, listens })
    return true
  }

  #describe(description: Omit<AudioDescription, 'host' | 'port'>): string {
    this.#version += 1
    return formatSdp({ ...description, host: this.#line.transactions.host, port: this.stream.port }, { id: this.#sessionId, version: this.#version })
  }
}
