const SKIPPED_SAMPLES = 312
const SAMPLES_PER_MS = 48
const MAX_BODY_BYTES = 255 * 255

interface OggPage {
  readonly sample: number
  readonly flags: number
  readonly body: Uint8Array
}

/** A file as an encoder of Opus lays it out, with pages of nothing: so long, and so large. */
export function oggOpus(ms: number, bodyBytes = 100): Buffer {
  const head = Buffer.alloc(19)
  head.write('OpusHead', 0, 'latin1')
  head.writeUInt16LE(SKIPPED_SAMPLES, 10)
  const pages: Buffer[] = [page({ sample: 0, flags: 2, body: head }), page({ sample: 0, flags: 0, body: Buffer.from('OpusTags') })]
  const last = SKIPPED_SAMPLES + ms * SAMPLES_PER_MS
  for (let at = 0; at < bodyBytes; at += MAX_BODY_BYTES) {
    const end = Math.min(bodyBytes, at + MAX_BODY_BYTES)
    pages.push(page({ sample: Math.floor(last * end / bodyBytes), flags: end === bodyBytes ? 4 : 0, body: Buffer.alloc(end - at, 7) }))
  }
  return Buffer.concat(pages)
}

/** Source: RFC 3533 §6; the check is nobody's concern here. */
function page({ sample, flags, body }: OggPage): Buffer {
  const segments = Buffer.alloc(Math.min(255, Math.floor(body.length / 255) + 1), 255)
  if (body.length < MAX_BODY_BYTES) segments[segments.length - 1] = body.length % 255
  const head = Buffer.alloc(27)
  head.write('OggS', 0, 'latin1')
  head.writeUInt8(flags, 5)
  head.writeBigInt64LE(BigInt(sample), 6)
  head.writeUInt8(segments.length, 26)
  return Buffer.concat([head, segments, body])
}
