import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { HoldfastError } from '../../core/domain/errors.ts'
import type { AudioSource } from './audio-source.ts'
import { AudioTrack } from './audio-track.ts'
import { dueFrames } from './frame-pacer.ts'
import { encodeG711, FRAME_SAMPLES, type G711Codec } from './g711.ts'
import { formatRtpPacket, parseRtpPacket } from './rtp-packet.ts'
import { RtpReceiver } from './rtp-receiver.ts'
import { PAYLOAD_TYPES } from './sdp.ts'
import { telephoneEventPayloads } from './telephone-event.ts'

export type RtpStreamOptions = {
  readonly bindAddress: string
  readonly source: AudioSource
  /** Of the first packet, 0 to 65535; random when null. Debian's Asterisk loses audio when a later party's numbers are lower. */
  readonly sequenceNumber: number | null
  readonly keeps: 'audio' | 'counts'
}

export type RtpPeer = {
  readonly host: string
  readonly port: number
  readonly codec: G711Codec
  readonly eventPayloadType: number | null
  /** A peer that has put us on hold does not listen: nothing is sent to it. */
  readonly listens: boolean
}

/** Between two keys: long enough to be told apart, shorter than any feature timeout. */
const FRAMES_BETWEEN_DIGITS = 4

type Digit = { readonly payloads: readonly Uint8Array[]; sent: number; startPosition: number; pauseFrames: number; readonly done: () => void }

/** One side of an audio connection: sends a source frame by frame, keeps what was sent and what arrived. */
export class RtpStream {
  readonly sent: AudioTrack
  readonly received: AudioTrack
  readonly #socket: Socket
  readonly #receiver: RtpReceiver
  readonly #ssrc = randomUint32()
  readonly #firstTimestamp = randomUint32()
  readonly #digits: Digit[] = []
  #onDigit: (digit: string) => void = () => undefined
  #sequenceNumber: number
  #peer: RtpPeer | null = null
  #source: AudioSource
  #sourceStart = 0
  #sending = true
  #marker = true
  #startedAtMs: number | null = null
  #frame = 0
  #timer: NodeJS.Timeout | null = null

  private constructor(socket: Socket, options: RtpStreamOptions) {
    this.#socket = socket
    this.sent = new AudioTrack(options.keeps)
    this.received = new AudioTrack(options.keeps)
    this.#source = options.source
    this.#sequenceNumber = options.sequenceNumber ?? randomUint32() & 0xffff
    this.#receiver = new RtpReceiver({ track: this.received, eventPayloadType: () => this.#peer?.eventPayloadType ?? null, onDigit: (digit) => this.#onDigit(digit) })
    socket.on('message', (datagram, from) => this.#receive(datagram, from))
    // A datagram that cannot be delivered is lost, as on any network; the call's own signalling tells when the peer is gone.
    socket.on('error', () => undefined)
  }

  static async open(options: RtpStreamOptions): Promise<RtpStream> {
    const socket = createSocket(options.bindAddress.includes(':') ? 'udp6' : 'udp4')
    socket.bind(0, options.bindAddress)
    await once(socket, 'listening')
    return new RtpStream(socket, options)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** Listens to this peer, and sends to it once started; time line and numbers are kept when the peer changes. */
  connect(peer: RtpPeer): void {
    this.#peer = peer
  }

  /** The first frame is sent now. */
  start(): void {
    if (this.#startedAtMs !== null) return
    this.#startedAtMs = performance.now()
    this.#sendDueFrames()
  }

  /** Told of each key that the peer presses, once. */
  onDigit(listener: (digit: string) => void): void {
    this.#onDigit = listener
  }

  /** Replaces the source; its position 0 is the next frame. */
  play(source: AudioSource): void {
    this.#source = source
    this.#sourceStart = this.#frame * FRAME_SAMPLES
  }

  /** While nothing is sent the time line goes on, as if the telephone had been muted. */
  setSending(sending: 'on' | 'off'): void {
    if (sending === 'on' && !this.#sending) this.#marker = true
    this.#sending = sending === 'on'
  }

  /**
   * Presses keys, one after the other. Fulfilled when the last was sent or the stream was closed.
   * @throws HoldfastError `FIELD_REFUSED` for what is no key, `PHONE_CALL_FAILED` when the peer takes none
   */
  async sendDigits(digits: string): Promise<void> {
    if (this.#peer?.eventPayloadType === null) throw new HoldfastError('PHONE_CALL_FAILED', 'the other party takes no keys')
    const keys = Array.from(digits, (digit) => {
      const payloads = telephoneEventPayloads(digit)
      if (payloads === null) throw new HoldfastError('FIELD_REFUSED', `there is no key "${digit}" on a telephone`)
      return payloads
    })
    const done = keys.map(
      (payloads) =>
        new Promise<void>((resolve) => {
          this.#digits.push({ payloads, sent: 0, startPosition: 0, pauseFrames: FRAMES_BETWEEN_DIGITS, done: resolve })
        }),
    )
    await Promise.all(done)
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    for (const digit of this.#digits.splice(0)) digit.done()
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()))
  }

  #sendDueFrames(): void {
    if (this.#startedAtMs === null) return
    const due = dueFrames(performance.now() - this.#startedAtMs, this.#frame)
    for (this.#frame = due.from; this.#frame < due.to; this.#frame++) this.#sendFrame(this.#frame * FRAME_SAMPLES)
    this.#timer = setTimeout(() => this.#sendDueFrames(), due.waitMs)
  }

  #sendFrame(position: number): void {
    const peer = this.#peer
    if (peer === null) return
    if (this.#sendDigitFrame(peer, position) || !this.#sending || !peer.listens) return
    const codec = peer.codec
    const samples = this.#source.read(position - this.#sourceStart, FRAME_SAMPLES)
    this.#sendPacket(peer, { payloadType: PAYLOAD_TYPES[codec], position, marker: this.#marker, payload: encodeG711(codec, samples) })
    this.#marker = false
    this.sent.write(position, samples)
  }

  /** A key replaces the audio while it is pressed. */
  #sendDigitFrame(peer: RtpPeer, position: number): boolean {
    const digit = this.#digits[0]
    if (digit === undefined || peer.eventPayloadType === null) return false
    const payload = digit.payloads[digit.sent]
    if (payload !== undefined) {
      if (digit.sent === 0) digit.startPosition = position
      this.#sendPacket(peer, { payloadType: peer.eventPayloadType, position: digit.startPosition, marker: digit.sent === 0, payload })
      digit.sent += 1
      return true
    }
    digit.pauseFrames -= 1
    if (digit.pauseFrames <= 0) {
      this.#digits.shift()
      digit.done()
    }
    return false
  }

  #sendPacket(peer: RtpPeer, packet: { readonly payloadType: number; readonly position: number; readonly marker: boolean; readonly payload: Uint8Array }): void {
    const bytes = formatRtpPacket({
      payloadType: packet.payloadType,
      marker: packet.marker,
      sequenceNumber: this.#sequenceNumber,
      timestamp: (this.#firstTimestamp + packet.position) >>> 0,
      ssrc: this.#ssrc,
      payload: packet.payload,
    })
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff
    this.#socket.send(bytes, peer.port, peer.host)
  }

  #receive(datagram: Uint8Array, from: RemoteInfo): void {
    // Audio from anybody else than the negotiated peer would be heard in the call.
    if (this.#peer === null || from.port !== this.#peer.port || from.address !== this.#peer.host) return
    const packet = parseRtpPacket(datagram)
    if (packet !== null) this.#receiver.receive(packet, performance.now())
  }
}

function randomUint32(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
}
