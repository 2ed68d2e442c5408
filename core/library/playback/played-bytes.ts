import { HoldfastError } from '../../domain/errors.ts'
import type { SoundPlace } from '../../domain/heard.ts'
import { decodeFrame, type SoundFrame } from '../../domain/flac/frame.ts'
import { FLAC_CHANNELS, FLAC_PREFIX_BYTES, FRAME_SAMPLES, type FlacHead, flacHeadBytes, parseFlacHead, pointBefore, sampleOfPoint } from '../../domain/flac/layout.ts'
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
  readonly media: Pick<MediaObject, 'format' | 'sampleRateHz'>
}

type DecodedFrame = NonNullable<ReturnType<typeof decodeFrame>>

const SOUND_BYTES = FLAC_CHANNELS * SAMPLE_BYTES

/**
 * The bytes of the file that somebody is sent: as it is stored, or as the WAV that it holds.
 * @throws HoldfastError `INTEGRITY_MISMATCH` where FLAC is none that we wrote, or lacks some of its sound; what reading throws
 */
export function playedBytes(blob: Sealed, { file, media, start, end }: Played): AsyncIterable<Uint8Array> {
  return file.format === media.format ? blob.read(start, end) : wavOfFlac(blob, { sizeBytes: file.sizeBytes, sampleRateHz: media.sampleRateHz }, { start, end })
}

/** The whole recording as WAV, whatever it is stored as. @throws as {@link playedBytes} */
export function wavBytes(blob: Sealed, media: MediaObject): AsyncIterable<Uint8Array> {
  const file = wavOf(media)
  return playedBytes(blob, { file, media, start: 0, end: file.sizeBytes })
}

/**
 * Where its sound lies in a file that is sent as it is stored, by the seek table of FLAC; none: a byte alone tells it.
 * @throws HoldfastError `INTEGRITY_MISMATCH` where FLAC is none that we wrote; what reading throws
 */
export async function soundPlaces(blob: Sealed, { format }: Pick<PlayedFile, 'format'>): Promise<readonly SoundPlace[]> {
  if (format !== 'flac') return []
  const { head: { points, samples, sampleRateHz }, headBytes } = await headOf(blob)
  const msOf = (sample: number): number => sample * 1000 / sampleRateHz
  return [...points.map((offset, index) => ({ byte: headBytes + offset, ms: msOf(sampleOfPoint(index)) })), { byte: blob.sizeBytes, ms: msOf(samples) }]
}

/** Decodes from the point before the first byte that is asked for. Behind the last sample that the head tells there is silence, and before it never. */
async function* wavOfFlac(blob: Sealed, wav: { readonly sizeBytes: number; readonly sampleRateHz: number }, { start, end }: ByteSpan): AsyncGenerator<Uint8Array, void> {
  const { head, headBytes } = await headOf(blob)
  checkLength(head, wav)
  const header = wavHeader({ channels: FLAC_CHANNELS, sampleRateHz: head.sampleRateHz, dataBytes: wav.sizeBytes - WAV_HEADER_BYTES })
  if (start < WAV_HEADER_BYTES) yield header.subarray(start, end)
  let at = Math.max(start, WAV_HEADER_BYTES)
  if (at >= end) return
  const point = pointBefore(head, Math.floor((at - WAV_HEADER_BYTES) / SOUND_BYTES))
  let sample = point.sample
  for await (const frame of framesFrom(blob, headBytes + point.offset, head)) {
    if (frame.index * FRAME_SAMPLES !== sample) throw notWhole({ sample, frame: frame.index })
    const bytes = interleaved(frame)
    const place = WAV_HEADER_BYTES + sample * SOUND_BYTES
    sample += frame.received.length
    const [from, to] = [at - place, Math.min(end - place, bytes.length)]
    if (from >= to) continue
    yield bytes.subarray(from, to)
    at += to - from
    if (at >= end) return
  }
  if (sample !== head.samples) throw notWhole({ sample, samples: head.samples })
  yield new Uint8Array(end - at)
}

/** The catalogue knows the length to half a millisecond: more than {@link wavOf} adds is sound that is missing. */
function checkLength({ samples, sampleRateHz }: FlacHead, wav: { readonly sizeBytes: number; readonly sampleRateHz: number }): void {
  const silent = (wav.sizeBytes - WAV_HEADER_BYTES) / SOUND_BYTES - samples
  if (sampleRateHz !== wav.sampleRateHz || silent < 0 || silent > Math.ceil(sampleRateHz / 1000)) throw notWhole({ samples, silent })
}

async function headOf(blob: Sealed): Promise<{ readonly head: FlacHead; readonly headBytes: number }> {
  const headBytes = flacHeadBytes(await bytesOf(blob, Math.min(FLAC_PREFIX_BYTES, blob.sizeBytes)))
  if (headBytes === null || headBytes > blob.sizeBytes) throw notOurs()
  return { head: parseFlacHead(await bytesOf(blob, headBytes)), headBytes }
}

async function* framesFrom(blob: Sealed, from: number, { frameBytes }: FlacHead): AsyncGenerator<DecodedFrame, void> {
  if (from > blob.sizeBytes) throw notWhole({ from, sizeBytes: blob.sizeBytes })
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

function decoded(bytes: Uint8Array): DecodedFrame {
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

/** What is not there is told, as damage is: silence in its place would pass for what was said. */
function notWhole(details: Readonly<Record<string, number>>): HoldfastError {
  return new HoldfastError('INTEGRITY_MISMATCH', 'a recording lacks some of its sound: its FLAC is not as long as it should be', details)
}
