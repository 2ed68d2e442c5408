/** Checks of FLAC frames. Source: RFC 9639 §9.1.8 (CRC-8, polynomial 0x07) and §9.3 (CRC-16, polynomial 0x8005), both from 0 */
const CRC8 = tableOf(0x07, 8)
const CRC16 = tableOf(0x8005, 16)

export function crc8(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = CRC8[crc ^ byte] ?? 0
  return crc
}

export function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = ((crc << 8) & 0xffff) ^ (CRC16[(crc >> 8) ^ byte] ?? 0)
  return crc
}

function tableOf(polynomial: number, width: 8 | 16): Uint16Array {
  const [top, mask] = [1 << (width - 1), (1 << width) - 1]
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (width - 8)
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ ((crc & top) === 0 ? 0 : polynomial)) & mask
    return crc
  })
}
