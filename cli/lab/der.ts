/** Distinguished encoding of the few ASN.1 types that a certificate is made of. Source: ITU-T X.690 */

const TAGS = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, objectIdentifier: 0x06, utf8String: 0x0c, utcTime: 0x17, sequence: 0x30, set: 0x31,
} as const

/** Tag, length, content. */
export function derElement(tag: number, content: Uint8Array): Buffer {
  const size = content.byteLength
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), content])
  const bytes = Buffer.from(size.toString(16).padStart(size > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content])
}

export function derSequence(...items: readonly Uint8Array[]): Buffer {
  return derElement(TAGS.sequence, Buffer.concat(items))
}

export function derSet(...items: readonly Uint8Array[]): Buffer {
  return derElement(TAGS.set, Buffer.concat(items))
}

/** A positive number of any size, given by its bytes. */
export function derInteger(bytes: Uint8Array): Buffer {
  return derElement(TAGS.integer, (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

export function derTrue(): Buffer {
  return derElement(TAGS.boolean, Buffer.from([0xff]))
}

export function derBitString(bytes: Uint8Array): Buffer {
  return derElement(TAGS.bitString, Buffer.concat([Buffer.from([0]), bytes]))
}

export function derOctetString(bytes: Uint8Array): Buffer {
  return derElement(TAGS.octetString, bytes)
}

export function derUtf8String(text: string): Buffer {
  return derElement(TAGS.utf8String, Buffer.from(text))
}

/** Dotted numbers: the first two share a byte, the others have seven bits a byte. */
export function derObjectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number)
  const bytes = others.flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let rest = arc >>> 7; rest > 0; rest >>>= 7) groups.unshift((rest & 0x7f) | 0x80)
    return groups
  })
  return derElement(TAGS.objectIdentifier, Buffer.from([first * 40 + second, ...bytes]))
}

/** `YYMMDDhhmmssZ`: right until 2049. */
export function derUtcTime(instant: Date): Buffer {
  const digits = instant.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)
  return derElement(TAGS.utcTime, Buffer.from(`${digits}Z`))
}
