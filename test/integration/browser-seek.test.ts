import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { decodeG711, encodeG711, type G711Codec } from '../../adapters/phone/g711.ts'
import { MEDIA_FORMATS, type MediaFormat } from '../../core/domain/media.ts'
import { wavCoder } from '../../core/ingest/sound-coder.ts'
import { fileOf, flacFile } from '../support/audio/flac-file.ts'
import { BrowserPage } from '../support/browser-page.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { ServerBench } from '../unit/graphql/server-bench.ts'

const RATE = 8000
/** Long enough for some 40 MB: a browser reads far ahead, and would have all of a shorter one before it seeks. */
const MINUTES: Readonly<Record<MediaFormat, number>> = { 'wav-pcm16': 20, 'wav-mulaw': 40, 'wav-alaw': 40, flac: 30 }
/** Of the minute with this number, in channel 1: a place in the file can be heard. */
const hzOf = (minute: number): number => 300 + minute * 70
const SEEKS = [{ toSeconds: 15 * 60 + 10, minute: 15 }, { toSeconds: 30, minute: 0 }, { toSeconds: 18 * 60 + 40, minute: 18 }, { toSeconds: 7 * 60 + 5, minute: 7 }] as const
/** Bins of an analyser of 4096 samples at 8 kHz are 2 Hz wide. */
const NEAR_HZ = 8
const CODECS: Readonly<Record<MediaFormat, G711Codec | null>> = { 'wav-pcm16': null, 'wav-mulaw': 'PCMU', 'wav-alaw': 'PCMA', flac: null }

interface Seen {
  readonly seconds: number
  readonly places: readonly { readonly at: number; readonly hz: number }[]
}

describe('a browser that plays a recording', function () {
  this.timeout(300_000)
  let page: BrowserPage

  before(async function () {
    page = await BrowserPage.open(this)
  })
  after(() => page?.[Symbol.asyncDispose]())

  for (const format of MEDIA_FORMATS) {
    it(`of ${MINUTES[format]} minutes in ${format} knows its length, and hears what is at each place that it seeks, by ranges`, async () => {
      await using server = await ServerBench.open({ corsOrigins: [page.origin] })
      const plain = recordingIn(format)
      const asked = rangesAsked(server)
      const { id } = await server.bench.stored({ file: { plain, media: { format, durationMs: MINUTES[format] * 60_000 } } })
      const path = await server.ticketPath(await server.bench.token('supervisor'), id)
      const { seconds, places } = await page.run(playing(`${server.server.url}${path}`), seen)
      expect(seconds).to.be.closeTo(MINUTES[format] * 60, 0.1)
      expect(places).to.have.length(SEEKS.length)
      for (const [index, { toSeconds, minute }] of SEEKS.entries()) {
        expect(places[index]?.at, `${toSeconds} s`).to.be.within(toSeconds - 0.1, toSeconds + 10)
        expect(places[index]?.hz, `${toSeconds} s`).to.be.closeTo(hzOf(minute), NEAR_HZ)
      }
      expect(Math.max(...asked), 'it asked for a range in the middle of the file').to.be.above(plain.length / 4)
    })
  }
})

/** Where each answer with sound begins. */
function rangesAsked({ bench: { library: { playback } } }: ServerBench): readonly number[] {
  const asked: number[] = []
  const read = playback.read.bind(playback)
  playback.read = (found, start, end) => {
    asked.push(start)
    return read(found, start, end)
  }
  return asked
}

function recordingIn(format: MediaFormat): Buffer {
  const codec = CODECS[format]
  const random = seededRandom(MINUTES[format])
  const minutes = Array.from({ length: MINUTES[format] }, (_, minute) => {
    const sound = Int16Array.from({ length: 60 * RATE }, (__, frame) => Math.round(9000 * Math.sin((2 * Math.PI * hzOf(minute) * frame) / RATE)))
    const received = codec === null ? sound : decodeG711(codec, encodeG711(codec, sound))
    // Noise, of which FLAC has to keep every bit.
    return { received, transmitted: codec === null ? Int16Array.from(sound, () => Math.floor(random() * 2000) - 1000) : new Int16Array(received.length) }
  })
  return format === 'flac' ? flacFile(minutes) : fileOf(wavCoder(format, { sampleRateHz: RATE, frames: MINUTES[format] * 60 * RATE }), minutes)
}

/** Plays, seeks, and listens by the strongest frequency at each place. */
function playing(address: string): string {
  return `
const audio = new Audio()
audio.crossOrigin = 'anonymous'
const told = (name) => new Promise((resolve, reject) => { audio.addEventListener(name, resolve, { once: true }); audio.addEventListener('error', () => reject(new Error(audio.error.message)), { once: true }) })
const known = told('loadedmetadata')
audio.src = ${JSON.stringify(address)}
await known
const context = new AudioContext({ sampleRate: ${RATE} })
const analyser = new AnalyserNode(context, { fftSize: 4096, smoothingTimeConstant: 0 })
context.createMediaElementSource(audio).connect(analyser).connect(context.destination)
await context.resume()
await audio.play()
const places = []
for (const to of ${JSON.stringify(SEEKS.map(({ toSeconds }) => toSeconds))}) {
  const there = told('seeked')
  audio.currentTime = to
  await there
  const begun = audio.currentTime
  while (audio.currentTime < begun + 1.5) await new Promise((resolve) => setTimeout(resolve, 50))
  const levels = new Float32Array(analyser.frequencyBinCount)
  analyser.getFloatFrequencyData(levels)
  places.push({ at: audio.currentTime, hz: levels.indexOf(Math.max(...levels)) * ${RATE} / 4096 })
}
return { seconds: audio.duration, places }`
}

function seen(answer: unknown): Seen {
  if (typeof answer !== 'object' || answer === null || 'failed' in answer) throw new Error(JSON.stringify(answer))
  return answer as Seen
}
