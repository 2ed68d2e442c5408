import { expect } from 'chai'
import { describe, it } from 'mocha'
import { decodeG711, encodeG711, type G711Codec } from '../../../../adapters/phone/g711.ts'
import { WAV_FORMATS, type WantedFormat } from '../../../../core/domain/media.ts'
import { heardOf, SentBytes } from '../../../../core/domain/heard.ts'
import { SAMPLE_LAYOUTS } from '../../../../core/domain/own-parts.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'
import { CHANNELS, SOUND_ENCODINGS } from '../../../../core/ingest/sound-encoding.ts'
import type { Recording } from '../../../../core/domain/recording.ts'
import { parseG711 } from '../../../support/audio/parse-g711.ts'
import { IngestFixture, RATE, samples, type Sound, spoolWav, tone } from './ingest-fixture.ts'

const MS = RATE / 1000
const LENGTH_MS = 5000
/** What a mask may take beside a pause, in frames: half a second. */
const MASK_EDGE = 500 * MS

/** As a PBX expands it after it came over the line. */
function overLine(codec: G711Codec, sound: Sound): Sound {
  return (frame) => decodeG711(codec, encodeG711(codec, Int16Array.of(sound(frame))))[0] ?? 0
}

interface Spooled {
  readonly left: Sound
  readonly right: Sound
  readonly rate?: number
  readonly pauses?: readonly { readonly fromMs: number; readonly toMs: number }[]
}

async function ingested({ left, right, rate = RATE, pauses = [] }: Spooled): Promise<{ readonly fixture: IngestFixture; readonly recording: Recording; readonly file: Buffer }> {
  const fixture = await IngestFixture.open()
  fixture.spool(spoolWav(LENGTH_MS, left, { rate }), spoolWav(LENGTH_MS, right, { rate }))
  await fixture.told({ endMs: LENGTH_MS, pauses })
  const recording = await fixture.ingest({ formatOf: () => 'g711' })
  return { fixture, recording, file: (await fixture.stored()).file }
}

/** A pause as the PBX writes it. */
const PAUSE = { fromMs: 1500, toMs: 3000 }
function paused(sound: Sound): Sound {
  return (frame) => (frame >= PAUSE.fromMs * MS && frame < PAUSE.toMs * MS ? 0 : sound(frame))
}

describe('a recording that is to be stored as G.711', () => {
  for (const [codec, format] of [['PCMU', 'wav-mulaw'], ['PCMA', 'wav-alaw']] as const) {
    it(`of a call in ${codec} is ${format}, each sample as it was, in half the space, with the same waveform`, async () => {
      const [left, right] = [overLine(codec, tone(440)), overLine(codec, tone(1000, 4000))]
      const { recording, file } = await ingested({ left, right })
      const { law, sampleRateHz, frames, channels } = parseG711(file)
      expect({ format: recording.media?.format, law, sampleRateHz, frames }).to.deep.equal({ format, law: codec, sampleRateHz: RATE, frames: LENGTH_MS * MS })
      expect(channels).to.deep.equal([samples(LENGTH_MS, left), samples(LENGTH_MS, right)])
      expect(file).to.have.length(58 + LENGTH_MS * MS * 2)
      expect(recording.media).to.deep.include({ sizeBytes: file.length, durationMs: LENGTH_MS })

      const pcm = await IngestFixture.open()
      pcm.spool(spoolWav(LENGTH_MS, left), spoolWav(LENGTH_MS, right))
      await pcm.told({ endMs: LENGTH_MS })
      expect(recording.media?.peaks).to.deep.equal((await pcm.ingest()).media?.peaks)
    })

    it(`of a call in ${codec} holds in a pause one code alone, that of silence, and beside it every word`, async () => {
      const left = paused(overLine(codec, tone(440)))
      const { recording, file } = await ingested({ left, right: paused(overLine(codec, tone(1000))), pauses: [PAUSE] })
      expect(recording.media?.format).to.equal(format)
      const { codes, channels } = parseG711(file)
      const silence = { PCMU: 0xff, PCMA: 0xd5 }[codec]
      expect([...new Set(codes.subarray(PAUSE.fromMs * MS * 2, PAUSE.toMs * MS * 2))]).to.deep.equal([silence])
      expect(channels[0].subarray(PAUSE.toMs * MS + MASK_EDGE)).to.deep.equal(samples(LENGTH_MS, left).subarray(PAUSE.toMs * MS + MASK_EDGE))
      expect(codes.subarray(0, 1000 * MS * 2).filter((code) => code === silence).length, 'sound before it').to.be.below(1000 * MS)
    })
  }

  it('is what its rule says, before what the settings of its PBX say', async () => {
    const sound = overLine('PCMU', tone(440))
    const formatOf = async (mediaFormat: WantedFormat | null, pbx: WantedFormat): Promise<string | undefined> => {
      const fixture = await IngestFixture.open()
      fixture.spool(spoolWav(LENGTH_MS, sound), spoolWav(LENGTH_MS, sound))
      await fixture.told({ endMs: LENGTH_MS, mediaFormat })
      return (await fixture.ingest({ formatOf: () => pbx })).media?.format
    }
    expect(await formatOf('g711', 'wav')).to.equal('wav-mulaw')
    expect(await formatOf('wav', 'g711')).to.equal('wav-pcm16')
    expect(await formatOf(null, 'g711')).to.equal('wav-mulaw')
    expect(await formatOf(null, 'wav')).to.equal('wav-pcm16')
  })

  it('is G.711 also where FreeSWITCH wrote samples of -1 for a voice that did not come, and those can be told from silence in µ-law', async () => {
    const filled = (codec: G711Codec): Sound => (frame) => (frame < 320 ? -1 : frame < 480 ? 0 : overLine(codec, tone(440))(frame))
    const codesOf = async (codec: G711Codec): Promise<readonly number[]> => [...new Set(parseG711((await ingested({ left: filled(codec), right: overLine(codec, tone(1000)) })).file).codes.subarray(0, 960).filter((_, index) => index % 2 === 0))]
    expect(await codesOf('PCMU')).to.deep.equal([0x7f, 0xff])
    expect(await codesOf('PCMA')).to.deep.equal([0x55, 0xd5])
  })

  it('is PCM where a single sample of one lane is none of G.711', async () => {
    const sound = overLine('PCMU', tone(440))
    const { fixture, recording } = await ingested({ left: sound, right: (frame) => (frame === 39_000 ? 3 : sound(frame)) })
    expect(recording.media?.format).to.equal('wav-pcm16')
    expect((await fixture.stored()).transmitted[39_000]).to.equal(3)
  })

  it('is PCM where one lane came in A-law and the other in µ-law', async () => {
    const { recording } = await ingested({ left: overLine('PCMU', tone(440)), right: overLine('PCMA', tone(440)) })
    expect(recording.media?.format).to.equal('wav-pcm16')
  })

  it('is PCM at another rate, whatever its samples are', async () => {
    const { recording } = await ingested({ left: overLine('PCMU', tone(440)), right: overLine('PCMU', tone(440)), rate: 16_000 })
    expect(recording.media).to.deep.include({ format: 'wav-pcm16', sampleRateHz: 16_000 })
  })
})

describe('each stored WAV', () => {
  const BLOCK = { received: Int16Array.of(0, 0, 0), transmitted: Int16Array.of(0, 0, 0) }

  it('has the header, the samples and the silence that a listener to a part of it is told of', () => {
    for (const format of WAV_FORMATS) {
      const { headerBytes, sampleBytes, header, encode } = SOUND_ENCODINGS[format]
      const silence = encode(BLOCK)
      expect({ headBytes: header({ sampleRateHz: RATE, frames: 3 }).length, sampleBytes: silence.length / 3 / CHANNELS, silence: silence[0] }, format).to.deep.equal(SAMPLE_LAYOUTS[format])
      expect(new Set(silence).size, format).to.equal(1)
      expect({ headBytes: headerBytes, sampleBytes }).to.deep.include({ headBytes: SAMPLE_LAYOUTS[format].headBytes, sampleBytes: SAMPLE_LAYOUTS[format].sampleBytes })
    }
  })

  it('tells of the bytes that were sent how many seconds they are', () => {
    for (const format of WAV_FORMATS) {
      const { headerBytes, sampleBytes } = SOUND_ENCODINGS[format]
      const secondBytes = RATE * CHANNELS * sampleBytes
      const header = new SentBytes()
      header.add(0, headerBytes)
      expect(heardOf({ format, sizeBytes: headerBytes + 10 * secondBytes, durationMs: 10_000 }, header), format).to.deep.equal({ seconds: 0, stretches: '' })
      const sent = new SentBytes()
      sent.add(headerBytes + 2 * secondBytes, headerBytes + 5 * secondBytes)
      expect(heardOf({ format, sizeBytes: headerBytes + 10 * secondBytes, durationMs: 10_000 }, sent), format).to.deep.equal({ seconds: 3, stretches: '2.0-5.0' })
    }
  })

  it('of G.711 refuses a sample that was not there when the format was chosen, rather than store another one', () => {
    for (const format of ['wav-mulaw', 'wav-alaw'] as const) {
      expect(() => SOUND_ENCODINGS[format].encode({ ...BLOCK, transmitted: Int16Array.of(0, 3, 0) })).to.throw().that.satisfies((error: unknown) => isHoldfastError(error, 'SPOOL_FILE_INCOMPLETE'))
    }
  })
})
