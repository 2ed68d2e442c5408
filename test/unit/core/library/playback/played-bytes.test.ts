import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { flacHeadBytes, parseFlacHead } from '../../../../../core/domain/flac/layout.ts'
import { wavOf } from '../../../../../core/domain/flac/played-file.ts'
import type { MediaObject } from '../../../../../core/domain/media.ts'
import { SAMPLE_LAYOUTS, silentBytes } from '../../../../../core/domain/own-parts.ts'
import { wavHeader } from '../../../../../core/domain/wav-header.ts'
import { silenced } from '../../../../../core/library/access/hearing.ts'
import { playedBytes, wavBytes } from '../../../../../core/library/playback/played-bytes.ts'
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

  it('has a head that tells its rate, its samples, their MD5 and where frames begin', async () => {
    const { md5, points, ...head } = parseFlacHead(FILE.subarray(0, flacHeadBytes(FILE) ?? 0))
    expect(head).to.deep.include({ sampleRateHz: RATE, samples: SAMPLES })
    expect(Buffer.from(md5).toString('hex')).to.equal(createHash('md5').update(expectedWav().subarray(44, 44 + SAMPLES * 4)).digest('hex'))
    expect(points).to.have.length(Math.ceil(Math.ceil(SAMPLES / 4096) / 4))
    expect((await collect(inPieces(FILE))).length).to.be.below(expectedWav().length)
  })
})
