import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { heardOf, SentBytes } from '../../../../../core/domain/heard.ts'
import { decodeFrame } from '../../../../../core/domain/flac/frame.ts'
import { flacHeadBytes, parseFlacHead } from '../../../../../core/domain/flac/layout.ts'
import { wavOf } from '../../../../../core/domain/flac/played-file.ts'
import type { MediaObject } from '../../../../../core/domain/media.ts'
import { SAMPLE_LAYOUTS, silentBytes } from '../../../../../core/domain/own-parts.ts'
import { wavHeader } from '../../../../../core/domain/wav-header.ts'
import { silenced } from '../../../../../core/library/access/hearing.ts'
import { playedBytes, soundPlaces, wavBytes } from '../../../../../core/library/playback/played-bytes.ts'
import { flacFile } from '../../../../support/audio/flac-file.ts'
import { collect, inPieces } from '../../../../support/bytes.ts'
import { MemoryBlobReader } from '../../../../support/fakes/memory-blob-store.ts'
import { runs } from '../../../../support/property-runs.ts'
import { idAt, mediaOf } from '../../../../support/recording-facts.ts'
import { expectCode } from '../../../../support/rejection.ts'
import { seededRandom } from '../../../../support/seeded-random.ts'

const RATE = 8000
/** Several points, and a last frame that is neither whole nor a whole number of milliseconds. */
const SAMPLES = 9 * 4096 + 1237
const SOUND = soundOf(SAMPLES)
const FILE = flacFile([SOUND])
const MEDIA: MediaObject = { ...mediaOf(idAt(0)), format: 'flac', channels: 2, sampleRateHz: RATE, durationMs: Math.round((SAMPLES * 1000) / RATE), sizeBytes: FILE.length }
const WAV = wavOf(MEDIA)

function soundOf(samples: number): { readonly received: Int16Array; readonly transmitted: Int16Array } {
  const random = seededRandom(7)
  return { received: Int16Array.from({ length: samples }, (_, frame) => Math.round(9000 * Math.sin(frame / 7))), transmitted: Int16Array.from({ length: samples }, () => Math.floor(random() * 2000) - 1000) }
}

/** The WAV that holds these samples, up to a millisecond longer. */
function expectedWav(): Buffer {
  const wav = Buffer.alloc(WAV.sizeBytes)
  wav.set(wavHeader({ channels: 2, sampleRateHz: RATE, dataBytes: WAV.sizeBytes - 44 }))
  for (let frame = 0; frame < SAMPLES; frame += 1) {
    wav.writeInt16LE(SOUND.received[frame] ?? 0, 44 + frame * 4)
    wav.writeInt16LE(SOUND.transmitted[frame] ?? 0, 46 + frame * 4)
  }
  return wav
}

describe('the file that a listener is sent of FLAC', () => {
  const blob = new MemoryBlobReader(FILE)

  it('is that which is stored, byte by byte', async () => {
    expect((await collect(playedBytes(blob, { file: MEDIA, media: MEDIA, start: 100, end: 5000 }))).equals(FILE.subarray(100, 5000))).to.equal(true)
  })

  it('is the WAV of its samples where parts of it are silenced, at most a millisecond of silence longer', async () => {
    const wav = await collect(wavBytes(blob, MEDIA))
    expect((WAV.sizeBytes - 44) / 4 - SAMPLES).to.be.within(0, RATE / 1000)
    expect(wav.equals(expectedWav())).to.equal(true)
  })

  it('is in every range the slice of that WAV', async () => {
    const whole = expectedWav()
    const place = fc.oneof(fc.nat(whole.length), fc.constantFrom(0, 1, 43, 44, 45, 44 + 4096 * 4, 44 + 4096 * 16, 44 + 4096 * 16 - 1, 44 + SAMPLES * 4, whole.length))
    await fc.assert(fc.asyncProperty(place, place, async (one, other) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)]
      expect((await collect(playedBytes(blob, { file: WAV, media: MEDIA, start, end }))).equals(whole.subarray(start, end)), `${start}-${end}`).to.equal(true)
    }), runs(150))
  })

  it('does not tell by its length, nor by any byte, what is said in parts that are silent', async () => {
    const spans = [{ from: 1000, to: 3000 }]
    const other = { received: SOUND.received.map((sample, frame) => (frame >= 8000 && frame < 24_000 ? 0 : sample)), transmitted: SOUND.transmitted.map((sample, frame) => (frame >= 8000 && frame < 24_000 ? 1 : sample)) }
    const silent = silentBytes(spans, { ...MEDIA, sizeBytes: WAV.sizeBytes }, SAMPLE_LAYOUTS[WAV.format])
    const heardOf = async (file: Buffer): Promise<Buffer> => await collect(silenced(wavBytes(new MemoryBlobReader(file), { ...MEDIA, sizeBytes: file.length }), 0, { silent, silence: 0 }))
    const [one, two] = [await heardOf(FILE), await heardOf(flacFile([other]))]
    expect(one.equals(two)).to.equal(true)
    expect(one.subarray(44 + 8000 * 4, 44 + 24_000 * 4).every((byte) => byte === 0)).to.equal(true)
    expect(one.subarray(44, 44 + 8000 * 4).equals(expectedWav().subarray(44, 44 + 8000 * 4))).to.equal(true)
  })

  it('is none where it is not what was written here', async () => {
    const headBytes = flacHeadBytes(FILE) ?? 0
    const damaged = Buffer.from(FILE)
    damaged[headBytes + 200] = (damaged[headBytes + 200] ?? 0) ^ 4
    for (const bad of [damaged, Buffer.from('fLaC'), Buffer.alloc(0), FILE.subarray(0, FILE.length - 1), FILE.subarray(0, headBytes - 3)]) {
      await expectCode(collect(wavBytes(new MemoryBlobReader(bad), MEDIA)), 'INTEGRITY_MISMATCH')
    }
  })

  it('ends in a fault where sound is missing that its head or the catalogue tells, and is never silent instead', async () => {
    const headBytes = flacHeadBytes(FILE) ?? 0
    const { points } = parseFlacHead(FILE.subarray(0, headBytes))
    const [, second = 0, third = 0] = points.map((offset) => headBytes + offset)
    const half = { received: SOUND.received.subarray(0, SAMPLES / 2), transmitted: SOUND.transmitted.subarray(0, SAMPLES / 2) }
    const bad: Readonly<Record<string, readonly [Uint8Array, MediaObject]>> = {
      'no frame at all': [FILE.subarray(0, headBytes), MEDIA],
      'its last frames are missing': [FILE.subarray(0, third), MEDIA],
      'frames in its middle are missing': [Buffer.concat([FILE.subarray(0, second), FILE.subarray(third)]), MEDIA],
      'frames in another order': [Buffer.concat([FILE.subarray(0, headBytes), FILE.subarray(second, third), FILE.subarray(headBytes, second), FILE.subarray(third)]), MEDIA],
      'frames twice': [Buffer.concat([FILE, FILE.subarray(third)]), MEDIA],
      'a whole file, half as long as the catalogue tells': [flacFile([half]), MEDIA],
      'a catalogue that tells less': [FILE, { ...MEDIA, durationMs: MEDIA.durationMs / 2 }],
      'two milliseconds less than the catalogue tells': [FILE, { ...MEDIA, durationMs: MEDIA.durationMs + 2 }],
      'another rate than the catalogue tells': [flacFile([SOUND], 16_000), MEDIA],
    }
    for (const [what, [bytes, media]] of Object.entries(bad)) {
      const read = collect(wavBytes(new MemoryBlobReader(Buffer.from(bytes)), media))
      expect(await read.then(() => 'played', () => 'refused'), what).to.equal('refused')
      await expectCode(read, 'INTEGRITY_MISMATCH')
    }
  })

  it('ends in a fault from the place on from which it is missing, wherever the listener begins', async () => {
    const headBytes = flacHeadBytes(FILE) ?? 0
    const { points } = parseFlacHead(FILE.subarray(0, headBytes))
    const cut = new MemoryBlobReader(FILE.subarray(0, headBytes + (points[1] ?? 0)))
    const missing = 44 + 4 * 4096 * 4
    const read = (start: number, end: number): Promise<Buffer> => collect(playedBytes(cut, { file: WAV, media: MEDIA, start, end }))
    expect((await read(100, missing)).equals(expectedWav().subarray(100, missing))).to.equal(true)
    for (const start of [0, 100, missing, missing + 4 * 4096 * 4 + 3, WAV.sizeBytes - 1]) await expectCode(read(start, WAV.sizeBytes), 'INTEGRITY_MISMATCH')
  })

  it('is whole at every rate, of whatever length', async () => {
    for (const sampleRateHz of [8000, 11_025, 16_000, 44_100, 48_000]) {
      for (const samples of [1, 2, 11, 12, 23, 45, 4095, 4096, 4097, 16_385]) {
        const bytes = flacFile([soundOf(samples)], sampleRateHz)
        const media = { ...MEDIA, sampleRateHz, durationMs: Math.round((samples * 1000) / sampleRateHz), sizeBytes: bytes.length }
        expect((await collect(wavBytes(new MemoryBlobReader(bytes), media))).length, `${samples} at ${sampleRateHz}`).to.equal(wavOf(media).sizeBytes)
      }
    }
  })

  it('has a head that tells its rate, its samples, their MD5 and where frames begin', async () => {
    const { md5, points, ...head } = parseFlacHead(FILE.subarray(0, flacHeadBytes(FILE) ?? 0))
    expect(head).to.deep.include({ sampleRateHz: RATE, samples: SAMPLES })
    expect(Buffer.from(md5).toString('hex')).to.equal(createHash('md5').update(expectedWav().subarray(44, 44 + SAMPLES * 4)).digest('hex'))
    expect(points).to.have.length(Math.ceil(Math.ceil(SAMPLES / 4096) / 4))
    expect((await collect(inPieces(FILE))).length).to.be.below(expectedWav().length)
  })
})

describe('the seconds that are told of bytes of FLAC', () => {
  /** Two seconds and a bit at 8 kHz: what lies between two points of the seek table. */
  const SPAN_MS = 4 * 4096 / 8
  const LOUD = [[20, 30], [45, 60]] as const
  const random = seededRandom(3)
  const lane = (): Int16Array => Int16Array.from({ length: 70 * RATE }, (_, frame) => LOUD.some(([from, to]) => frame >= from * RATE && frame < to * RATE) ? Math.floor(random() * 8000) - 4000 : 0)
  const file = flacFile([{ received: lane(), transmitted: lane() }])
  const media = { format: 'flac', sizeBytes: file.length, durationMs: 70_000 } as const

  /** Where the frame with a byte begins, by reading every frame before it. */
  function frameStarts(): readonly { readonly byte: number; readonly ms: number }[] {
    const starts: { readonly byte: number; readonly ms: number }[] = []
    for (let at = flacHeadBytes(file) ?? 0; at < file.length;) {
      const frame = decodeFrame(file.subarray(at))
      if (frame === null) throw new Error('a frame is none')
      starts.push({ byte: at, ms: frame.index * 4096 / 8 })
      at += frame.sizeBytes
    }
    return starts
  }

  async function told(start: number, end: number): Promise<{ readonly seconds: number; readonly stretches: string }> {
    const sent = new SentBytes()
    sent.add(start, end)
    return heardOf(media, sent, await soundPlaces(new MemoryBlobReader(file), media))
  }

  it('lie at both ends within two points of the seek table of what was sent, however unevenly the bytes are spread', async () => {
    const starts = frameStarts()
    const last = { byte: file.length, ms: media.durationMs }
    const place = fc.constantFrom(...starts, last)
    await fc.assert(fc.asyncProperty(place, place, async (one, other) => {
      fc.pre(one !== other)
      const [from, to] = one.byte < other.byte ? [one, other] : [other, one]
      const { stretches } = await told(from.byte, to.byte)
      const [begins = Number.NaN, ends = Number.NaN] = stretches.split('-').map((text) => Number(text) * 1000)
      expect(Math.abs(begins - from.ms), `${stretches} for ${from.ms}`).to.be.at.most(SPAN_MS + 50)
      expect(Math.abs(ends - to.ms), `${stretches} for ${to.ms}`).to.be.at.most(SPAN_MS + 50)
    }), runs(200))
  })

  it('are exact at the points, and of the whole; the head says nothing', async () => {
    const head = flacHeadBytes(file) ?? 0
    const { points } = parseFlacHead(file.subarray(0, head))
    expect(await told(head + (points[10] ?? 0), head + (points[20] ?? 0))).to.deep.equal({ seconds: 20.48, stretches: '20.5-41.0' })
    expect(await told(0, file.length)).to.deep.equal({ seconds: 70, stretches: '0.0-70.0' })
    expect(await told(0, head)).to.deep.equal({ seconds: 0, stretches: '' })
  })

  it('are spread evenly over the bytes of a WAV', async () => {
    expect(await soundPlaces(new MemoryBlobReader(file), WAV)).to.deep.equal([])
  })
})
