import { expect } from 'chai'
import { describe, it } from 'mocha'
import type { MediaObject } from '../../../../core/domain/media.ts'
import type { Recording } from '../../../../core/domain/recording.ts'
import { flacCoder, FlacMeasure } from '../../../../core/ingest/flac-coder.ts'
import { isHoldfastError } from '../../../../core/domain/errors.ts'
import { wavBytes } from '../../../../core/library/playback/played-bytes.ts'
import { fileOf } from '../../../support/audio/flac-file.ts'
import { collect } from '../../../support/bytes.ts'
import { MemoryBlobReader } from '../../../support/fakes/memory-blob-store.ts'
import { IngestFixture, RATE, spoolWav, tone } from './ingest-fixture.ts'

const PAUSE = { fromMs: 1200, toMs: 2400 }

/** Two segments with a gap between them, a pause in the first; the same call for either format. */
async function ingested(mediaFormat: 'wav' | 'flac', rate = RATE): Promise<{ readonly recording: Recording; readonly media: MediaObject; readonly file: Buffer }> {
  const fixture = await IngestFixture.open()
  const paused = (hz: number) => (frame: number): number => frame >= (PAUSE.fromMs * rate) / 1000 && frame < (PAUSE.toMs * rate) / 1000 ? 0 : tone(hz)(frame)
  fixture.spool(spoolWav(3001, paused(440), { rate }), spoolWav(3001, paused(1000), { rate }))
  fixture.spool(spoolWav(1003, tone(440), { rate }), spoolWav(1003, tone(700), { rate }), { index: 1 })
  await fixture.told({ mediaFormat, segments: [{ startMs: 0, endMs: 3001 }, { startMs: 5000, endMs: 6003 }], endMs: 6003, pauses: [PAUSE] })
  const recording = await fixture.ingest()
  if (recording.media === null) throw new Error('it is not stored')
  return { recording, media: recording.media, file: (await fixture.stored()).file }
}

describe('a recording that is to be stored as FLAC', () => {
  for (const rate of [8000, 16_000]) {
    it(`holds each sample that its WAV of ${rate} Hz would hold, in less space, with the same waveform and findings`, async () => {
      const [wav, flac] = [await ingested('wav', rate), await ingested('flac', rate)]
      expect(flac.media).to.deep.include({ format: 'flac', sampleRateHz: rate, durationMs: wav.media.durationMs, sizeBytes: flac.file.length })
      expect(flac.file.length).to.be.below(wav.file.length * 0.9)
      const decoded = await collect(wavBytes(new MemoryBlobReader(flac.file), flac.media))
      expect(decoded.subarray(44, wav.file.length).equals(wav.file.subarray(44))).to.equal(true)
      expect(flac.media.peaks).to.deep.equal(wav.media.peaks)
      expect(flac.recording.findings.map(({ code, details }) => ({ code, details }))).to.deep.equal(wav.recording.findings.map(({ code, details }) => ({ code, details })))
    })
  }

  it('is refused when its sound is another than the one that its head was made of', () => {
    const block = (value: number): { readonly received: Int16Array; readonly transmitted: Int16Array } => ({ received: new Int16Array(5000).fill(value), transmitted: new Int16Array(5000) })
    const measure = new FlacMeasure(RATE)
    fileOf(measure, [block(1)])
    const head = measure.head()
    expect(fileOf(flacCoder(head), [block(1)]).length).to.be.above(80)
    for (const blocks of [[block(2)], [block(1), block(1)], []]) {
      expect(() => fileOf(flacCoder(head), blocks)).to.throw().that.satisfies((error: unknown) => isHoldfastError(error, 'SPOOL_FILE_INCOMPLETE'))
    }
  })
})
