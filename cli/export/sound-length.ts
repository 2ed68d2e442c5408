import { MAX_SIZE } from '../../core/domain/wav-header.ts'

/** Longer than what stands before the sound in any WAV that is sent. */
const MAX_WAV_HEAD_BYTES = 4096
const RIFF_BYTES = 12
const CHUNK_BYTES = 8
const PAGE_BYTES = 27
/** Up to the number of samples that are to be skipped. Source: RFC 7845 §5.1 */
const OPUS_HEAD_BYTES = 12
/** Opus counts its samples at 48 kHz, whatever is in it. Source: RFC 7845 §4 */
const OPUS_SAMPLES_PER_MS = 48

/** How long the sound of a WAV is, by what its head says while it goes by. */
export class WavLength {
  #head = Buffer.alloc(0)
  #bytes = 0

  /** `null`: no WAV went by. */
  get ms(): number | null {
    return wavMs(this.#head, this.#bytes)
  }

  take(bytes: Uint8Array): void {
    this.#bytes += bytes.length
    if (this.#head.length < MAX_WAV_HEAD_BYTES) this.#head = Buffer.concat([this.#head, bytes.subarray(0, MAX_WAV_HEAD_BYTES - this.#head.length)])
  }
}

function wavMs(head: Buffer, fileBytes: number): number | null {
  if (head.toString('latin1', 0, 4) !== 'RIFF') return null
  let bytesPerSecond = 0
  for (let at = RIFF_BYTES; at + CHUNK_BYTES <= head.length;) {
    const [name, size] = [head.toString('latin1', at, at + 4), head.readUInt32LE(at + 4)]
    // The largest size: what comes is what there is.
    const dataBytes = size === MAX_SIZE ? fileBytes - at - CHUNK_BYTES : size
    if (name === 'data') return bytesPerSecond === 0 ? null : dataBytes * 1000 / bytesPerSecond
    if (name === 'fmt ' && at + CHUNK_BYTES + 12 <= head.length) bytesPerSecond = head.readUInt32LE(at + CHUNK_BYTES + 8)
    at += CHUNK_BYTES + size + size % 2
  }
  return null
}

/** How long the sound of Opus in Ogg is, by the last page that goes by: of one stream, as an encoder writes it. Source: RFC 3533 §6, RFC 7845 §4 and §5.1 */
export class OpusLength {
  /** From the beginning of a page on, as far as it is needed. */
  #waiting = Buffer.alloc(0)
  /** Bytes of the page before that did not come yet. */
  #skip = 0
  #skippedSamples: number | null = null
  #lastSample = 0
  #broken = false

  /** `null`: what went by is no Opus in Ogg, or ends within a page. */
  get ms(): number | null {
    if (this.#broken || this.#skippedSamples === null || this.#skip > 0 || this.#waiting.length > 0) return null
    return Math.max(0, this.#lastSample - this.#skippedSamples) / OPUS_SAMPLES_PER_MS
  }

  take(bytes: Uint8Array): void {
    if (this.#broken) return
    this.#waiting = Buffer.concat([this.#waiting, bytes])
    while (this.#nextPage()) { /* All that is there. */ }
  }

  #nextPage(): boolean {
    const skipped = Math.min(this.#skip, this.#waiting.length)
    this.#waiting = this.#waiting.subarray(skipped)
    this.#skip -= skipped
    const page = this.#waiting
    if (page.length < PAGE_BYTES) return false
    if (page.toString('latin1', 0, 4) !== 'OggS') {
      this.#broken = true
      return false
    }
    const headBytes = PAGE_BYTES + page.readUInt8(26)
    if (page.length < headBytes) return false
    const bodyBytes = page.subarray(PAGE_BYTES, headBytes).reduce((sum, segment) => sum + segment, 0)
    if (this.#skippedSamples === null) {
      // The first page holds the head of the stream alone.
      if (page.length < headBytes + OPUS_HEAD_BYTES) return false
      if (page.toString('latin1', headBytes, headBytes + 8) !== 'OpusHead') {
        this.#broken = true
        return false
      }
      this.#skippedSamples = page.readUInt16LE(headBytes + 10)
    }
    // -1: no packet ends on this page.
    const sample = page.readBigInt64LE(6)
    if (sample >= 0n) this.#lastSample = Number(sample)
    this.#skip = headBytes + bodyBytes
    return true
  }
}
