import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeG711, encodeG711 } from '../../adapters/phone/g711.ts'
import { decodeFrame } from '../../core/domain/flac/frame.ts'
import { flacHeadBytes } from '../../core/domain/flac/layout.ts'
import type { LaneBlock } from '../../core/ingest/lane-reader.ts'
import { wavCoder } from '../../core/ingest/sound-coder.ts'
import { fileOf, flacFile } from '../support/audio/flac-file.ts'
import { findFlac } from '../support/flac-command.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { type Bench, type BenchForm, timed } from './bench.ts'

const RATE = 8000
const MINUTES: Readonly<Record<BenchForm, number>> = { full: 20, quick: 1 }
/** Who speaks is loud for a while, and then quiet while the other one speaks. */
const TURN_SECONDS = 4

/** FLAC of two people who speak in turns: space and time beside the reference encoder. */
export const bench: Bench = async (folder, form) => {
  const seconds = MINUTES[form] * 60
  const flac = await findFlac()
  const rows: (readonly (string | number)[])[] = []
  for (const [name, line] of [['linear, as from a wideband codec', (samples: Int16Array) => samples], ['from G.711 A-law', (samples: Int16Array) => decodeG711('PCMA', encodeG711('PCMA', samples))]] as const) {
    const blocks = talk(seconds, line)
    const wav = fileOf(wavCoder('wav-pcm16', { sampleRateHz: RATE, frames: seconds * RATE }), blocks)
    let ours: Buffer = Buffer.alloc(0)
    const oursMs = await timed(async () => {
      ours = await Promise.resolve(flacFile(blocks))
    })
    const decodeMs = await timed(async () => await Promise.resolve(decoded(ours)))
    const [source, target] = [join(folder, 'a.wav'), join(folder, 'a.flac')]
    await writeFile(source, wav)
    rows.push([name, 'here', share(ours.length, wav.length), speed(seconds, oursMs), speed(seconds, decodeMs)])
    for (const level of ['-0', '-5', '-8']) {
      const ms = await timed(() => flac('--force', level, '-o', target, source))
      rows.push([name, `flac ${level}`, share((await stat(target)).size, wav.length), speed(seconds, ms), ''])
    }
  }
  return {
    title: `FLAC of ${MINUTES[form]} minutes`,
    columns: ['sound', 'encoder', 'size to WAV', 'encoding, times real time', 'decoding'],
    rows,
    notes: [
      'Made sound, not speech: voiced hum with noise and a syllable\'s loudness, in turns, over line noise. Two channels of 8 kHz.',
      'Here both passes are counted, the one that measures and the one that is sealed. The command has the start of its process in its time, and writes a file.',
    ],
  }
}

function talk(seconds: number, line: (samples: Int16Array) => Int16Array): readonly LaneBlock[] {
  const random = seededRandom(1)
  const second = (at: number, who: number): Int16Array => line(Int16Array.from({ length: RATE }, (_, frame) => {
    const time = at + frame / RATE
    const loud = Math.floor(time / TURN_SECONDS) % 2 === who ? 3000 * Math.max(0, Math.sin(2 * Math.PI * 3 * time)) : 0
    const hum = [1, 2, 3, 5, 8].reduce((sum, harmonic) => sum + Math.sin(2 * Math.PI * 130 * harmonic * time) / harmonic, 0)
    return Math.round(loud * (hum + 0.15 * (random() - 0.5)) + 20 * (random() - 0.5))
  }))
  return Array.from({ length: seconds }, (_, at) => ({ received: second(at, 0), transmitted: second(at, 1) }))
}

function decoded(file: Buffer): number {
  let at = flacHeadBytes(file) ?? file.length
  let samples = 0
  while (at < file.length) {
    const frame = decodeFrame(file.subarray(at, at + 20_000))
    if (frame === null) throw new Error('a frame is none')
    samples += frame.received.length
    at += frame.sizeBytes
  }
  return samples
}

function share(sizeBytes: number, ofBytes: number): string {
  return `${((100 * sizeBytes) / ofBytes).toFixed(1)} %`
}

function speed(seconds: number, ms: number): string {
  return `${Math.round((seconds * 1000) / ms)}×`
}
