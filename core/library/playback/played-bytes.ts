import { HoldfastError } from '../../domain/errors.ts'
import { decodeFrame, type SoundFrame } from '../../domain/flac/frame.ts'
import { FLAC_CHANNELS, FLAC_PREFIX_BYTES, type FlacHead, flacHeadBytes, parseFlacHead, pointBefore } from '../../domain/flac/layout.ts'
import { type PlayedFile, wavOf } from '../../domain/flac/played-file.ts'
import type { MediaObject } from '../../domain/media.ts'
import { SAMPLE_BYTES, WAV_HEADER_BYTES, wavHeader } from '../../domain/wav-header.ts'
import type { OpenedBlob } from '../../ports/cipher.ts'

type Sealed = Pick<OpenedBlob, 'read' | 'sizeBytes'>

/** Bytes `[start, end)` of a file. */
interface ByteSpan {
  readonly start: number
  readonly end: number
}

interface Played extends ByteSpan {
  /** What is sent. */
  readonly file: PlayedFile
  /** What is stored. */
  readonly media: Pick<MediaObject, 'format'>
}

const SOUND_BYTES = FLAC_CHANNELS * SAMPLE_BYTES

/**
 * The bytes of the file that somebody is sent: as it is stored, or as the WAV that it holds.
 * @throws HoldfastError `INTEGRITY_MISMATCH` where FLAC is none that we wrote; what reading throws
 */
export function playedBytes(blob: Sealed, { file, media, start, end }: Played): AsyncIterable<Uint8Array> {
  return file.format === media.format ? blob.read(start, end) : wavOfFlac(blob, file.sizeBytes, { start, end })
}

/** The whole recording as WAV, whatever it is stored as. @throws as {@link playedBytes} */
export function wavBytes(blob: Sealed, media: MediaObject): AsyncIterable<Uint8Array> {
  const file = wavOf(media)
  return playedBytes(blob, { file, media, start: 0, end: file.sizeBytes })
}

/** Decodes from the point before the first byte that is asked for; behind the last sample there is silence. */
async function* wavOfFlac(blob: Sealed, sizeBytes: number, { start, end }: ByteSpan): AsyncGenerator<Uint8Array, void> {
  const { head, headBytes } = await headOf(blob)
  const header = wavHeader({ channels: FLAC_CHANNELS, sampleRateHz: head.sampleRateHz, dataBytes: sizeBytes - WAV_HEADER_BYTES })
  if (start < WAV_HEADER_BYTES) yield header.subarray(start, end)
  let at = Math.max(start, WAV_HEADER_BYTES)
  const point = pointBefore(head, Math.floor((at - WAV_HEADER_BYTES) / SOUND_BYTES))
  let place = WAV_HEADER_BYTES + point.sample * SOUND_BYTES
  if (at >= end) return
  for await (const frame of framesFrom(blob, headBytes + point.offset, head)) {
    const bytes = interleaved(frame)
    const [from, to] = [at - place, Math.min(end - place, bytes.length)]
    place += bytes.length
    if (from >= to) continue
    yield bytes.subarray(from, to)
    at += to - from
    if (at >= end) return
  }
  yield new Uint8Array(end - at)
}

async function headOf(blob: Sealed): Promise<{ readonly head: FlacHead; readonly headBytes: number }> {
  const headBytes = flacHeadBytes(await bytesOf(blob, Math.min(FLAC_PREFIX_BYTES, blob.sizeBytes)))
  if (headBytes === null || headBytes > blob.sizeBytes) throw notOurs()
  return { head: parseFlacHead(await bytesOf(blob, headBytes)), headBytes }
}

async function* framesFrom(blob: Sealed, from: number, { frameBytes }: FlacHead): AsyncGenerator<SoundFrame, void> {
  let waiting: Uint8Array = new Uint8Array()
  for await (const piece of blob.read(from, blob.sizeBytes)) {
    waiting = Buffer.concat([waiting, piece])
    while (waiting.length >= frameBytes.most) {
      const frame = decoded(waiting)
      waiting = waiting.subarray(frame.sizeBytes)
      yield frame
    }
  }
  while (waiting.length > 0) {
    const frame = decoded(waiting)
    waiting = waiting.subarray(frame.sizeBytes)
    yield frame
  }
}

function decoded(bytes: Uint8Array): SoundFrame & { readonly sizeBytes: number } {
  const frame = decodeFrame(bytes)
  if (frame === null) throw notOurs()
  return frame
}

async function bytesOf(blob: Sealed, count: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of blob.read(0, count)) pieces.push(piece)
  return Buffer.concat(pieces)
}

function interleaved({ received, transmitted }: SoundFrame): Uint8Array {
  const samples = new Int16Array(received.length * FLAC_CHANNELS)
  for (let frame = 0; frame < received.length; frame += 1) {
    samples[frame * FLAC_CHANNELS] = received[frame] ?? 0
    samples[frame * FLAC_CHANNELS + 1] = transmitted[frame] ?? 0
  }
  return new Uint8Array(samples.buffer)
}

function notOurs(): HoldfastError {
  return new HoldfastError('INTEGRITY_MISMATCH', 'a recording cannot be decoded: its FLAC is none that was written here')
}
