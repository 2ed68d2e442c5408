import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { parseWav } from '../../adapters/phone/wav-file.ts'
import { FfmpegEncoder } from '../../cli/export/ffmpeg-encoder.ts'
import { wavHeader } from '../../core/domain/wav-header.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { collect, inPieces } from '../support/bytes.ts'
import { decodedByFfmpeg, requireFfmpeg } from '../support/ffmpeg-command.ts'
import { temporaryDirectory, until } from '../support/hooks.ts'
import { expectCode } from '../support/rejection.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

const NEVER = new AbortController().signal
const TONES = { customer: 440, agent: 1000 }
const TONE_OF_CHANNEL = ['customer', 'agent'] as const
const ENDLESS = join(import.meta.dirname, '../support/audio/encode-endlessly.ts')
/** What Opus is decoded to. */
const DECODED = { sampleRateHz: 48_000, windowMs: 20 } as const

/** A tone in each channel: its own second of each three, so that no two are heard at once. */
function wavOf({ sampleRateHz, channels, seconds }: { readonly sampleRateHz: number; readonly channels: 1 | 2; readonly seconds: number }): Buffer {
  const frames = Math.round(seconds * sampleRateHz)
  const data = Buffer.alloc(frames * channels * 2)
  for (let frame = 0; frame < frames; frame += 1) {
    const second = Math.floor(frame / sampleRateHz) % 3
    for (let channel = 0; channel < channels; channel += 1) {
      const hz = TONES[TONE_OF_CHANNEL[channel] ?? 'customer']
      if (second === channel) data.writeInt16LE(Math.round(9000 * Math.sin(2 * Math.PI * hz * frame / sampleRateHz)), (frame * channels + channel) * 2)
    }
  }
  return Buffer.concat([wavHeader({ channels, sampleRateHz, dataBytes: data.length }), data])
}

describe('Opus of a recording, and the ffmpeg command', () => {
  const directory = suiteDirectory()
  let ffmpeg: string

  before(async function () {
    ffmpeg = await requireFfmpeg(this, directory())
  })

  for (const sampleRateHz of [8000, 16_000]) {
    for (const channels of [1, 2] as const) {
      for (const seconds of [0.013, 6, 12.3457]) {
        it(`of ${channels === 1 ? 'one channel' : 'two channels'} at ${sampleRateHz} Hz is as long as its ${seconds} s, with each tone in its place`, async () => {
          const folder = await temporaryDirectory()
          const [file, wav] = [join(folder, 'a.opus'), join(folder, 'a.wav')]
          await writeFile(file, await collect(new FfmpegEncoder(ffmpeg).opus(inPieces(wavOf({ sampleRateHz, channels, seconds })), NEVER)))
          expect(await decodedByFfmpeg(ffmpeg, file, wav), 'warnings').to.equal('')
          const decoded = parseWav(await readFile(wav))
          expect(decoded.channels).to.have.length(channels)
          const frames = Math.round(seconds * sampleRateHz)
          for (const [channel, samples] of decoded.channels.entries()) {
            // To the sample, beside rounding to 48 kHz.
            expect(samples.length).to.be.within(frames * 48_000 / sampleRateHz - 48, frames * 48_000 / sampleRateHz + 48)
            if (seconds < 1) continue
            const spans = audioSpans(samples, TONES, DECODED)
            const [own, other] = channel === 0 ? ['customer', 'agent'] as const : ['agent', 'customer'] as const
            const expectedMs = Array.from({ length: Math.ceil(seconds) }, (_, second) => second % 3 === channel ? Math.min(1, seconds - second) * 1000 : 0).reduce((sum, ms) => sum + ms, 0)
            expect(heardMs(spans, own), describeAudio(samples, TONES, DECODED)).to.be.within(expectedMs - 100, expectedMs + 200)
            expect(heardMs(spans, other), describeAudio(samples, TONES, DECODED)).to.equal(0)
          }
        })
      }
    }
  }

  it('is refused where the sound ends before its head says: ffmpeg makes a shorter file, and says nothing', async () => {
    const whole = wavOf({ sampleRateHz: 8000, channels: 2, seconds: 5 })
    const { details } = await expectCode(collect(new FfmpegEncoder(ffmpeg).opus(inPieces(whole.subarray(0, whole.length - 40_000)), NEVER)), 'ENCODER_FAILED')
    expect(details).to.deep.equal({ soundMs: 5000, opusMs: 3750, said: '' })
  })

  it('tells what ffmpeg says of what is no sound', async () => {
    const { details } = await expectCode(collect(new FfmpegEncoder(ffmpeg).opus(inPieces(Buffer.alloc(10_000, 'no sound ')), NEVER)), 'ENCODER_FAILED')
    expect(details['said']).to.include('pipe:0')
  })

  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    it(`ends with the process that makes it, where that ends by ${signal} and can tell nothing to ffmpeg`, async () => {
      const made = spawn(execPath, [ENDLESS, ffmpeg], { stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(made, 'exit')
      await once(made.stdout, 'data')
      const children = (await readFile(`/proc/${made.pid}/task/${made.pid}/children`, 'utf8')).trim().split(' ')
      expect(children).to.have.length(1)
      expect(await readFile(`/proc/${children[0]}/comm`, 'utf8')).to.equal('ffmpeg\n')
      made.kill(signal)
      await ended
      await until(async () => expect(await readFile(`/proc/${children[0]}/status`, 'utf8').catch(() => 'State:\tX')).to.match(/^State:\s+[XZ]/m))
    })
  }
})
