/** Source: RFC 3550 §5.1 */
export type RtpPacket = {
  readonly payloadType: number
  /** First packet after silence. */
  readonly marker: boolean
  readonly sequenceNumber: number
  readonly timestamp: number
  readonly ssrc: number
  readonly payload: Uint8Array
}

const HEADER_BYTES = 12

/** Null for anything that is not RTP version 2 with its whole header. */
export function parseRtpPacket(datagram: Uint8Array): RtpPacket | null {
  if (datagram.byteLength < HEADER_BYTES) return null
  const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)
  const flags = view.getUint8(0)
  if (flags >> 6 !== 2) return null
  let start = HEADER_BYTES + 4 * (flags & 0x0f)
  if (flags & 0x10) {
    if (start + 4 > datagram.byteLength) return null
    start += 4 + 4 * view.getUint16(start + 2)
  }
  const padding = flags & 0x20 ? view.getUint8(datagram.byteLength - 1) : 0
  const end = datagram.byteLength - padding
  if (start > end) return null
  return {
    payloadType: view.getUint8(1) & 0x7f,
    marker: (view.getUint8(1) & 0x80) !== 0,
    sequenceNumber: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: datagram.subarray(start, end),
  }
}

export function formatRtpPacket(packet: RtpPacket): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + packet.payload.byteLength)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 0x80)
  view.setUint8(1, packet.payloadType | (packet.marker ? 0x80 : 0))
  view.setUint16(2, packet.sequenceNumber)
  view.setUint32(4, packet.timestamp)
  view.setUint32(8, packet.ssrc)
  bytes.set(packet.payload, HEADER_BYTES)
  return bytes
}
