import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { before, describe, it } from 'mocha'
import { decodeG711 } from '../../adapters/phone/g711.ts'
import { wavHeader } from '../../core/domain/wav-header.ts'
import { SOUND_ENCODINGS } from '../../core/ingest/sound-encoding.ts'
import { flacFile } from '../support/audio/flac-file.ts'
import { type Flac, requireFlac } from '../support/flac-command.ts'
import { temporaryDirectory } from '../support/hooks.ts'
import { seededRandom } from '../support/seeded-random.ts'

const BLOCK = 16_000
/** Sounds by each of the ways to code them; the last block is short. */
const SOUNDS: Readonly<Record<string, (random: () => number) => (frame: number) => number>> = {
  silence: () => () => 0,
  tones: () => (frame) => Math.round(12_000 * Math.sin(frame / 11) + 3000 * Math.sin(frame / 3)),
  noise: (random) => () => Math.floor(random() * 65_536) - 32_768,
  extremes: () => (frame) => (frame % 3 === 0 ? -32_768 : 32_767),
  'G.711': (random) => () => decodeG711('PCMU', Uint8Array.of(Math.floor(random() * 256)))[0] ?? 0,
  'sound after silence': () => (frame) => (frame < 9000 ? 0 : Math.round(8000 * Math.sin(frame / 20))),
}

describe('a recording in FLAC, and the flac command', () => {
  let flac: Flac

  before(async function () {
    flac = await requireFlac(this)
  })

  for (const [name, source] of Object.entries(SOUNDS)) {
    for (const rate of [8000, 16_000, 11_025]) {
      it(`of ${name} at ${rate} Hz is proved whole by it, decoded to each sample, and sought in`, async () => {
        const directory = await temporaryDirectory()
        const [one, other] = [source(seededRandom(rate)), source(seededRandom(rate + 1))]
        const blocks = [BLOCK, BLOCK, BLOCK, 1237].map((frames, index) => ({ received: Int16Array.from({ length: frames }, (_, frame) => one(index * BLOCK + frame)), transmitted: Int16Array.from({ length: frames }, (_, frame) => other(index * BLOCK + frame + 5)) }))
        const [stored, wav] = [join(directory, 'a.flac'), join(directory, 'a.wav')]
        await writeFile(stored, flacFile(blocks, rate))
        // Any warning is a failure: also one of the seek table, of sizes and of the MD5.
        await flac('--test', stored)
        await flac('--decode', '-o', wav, stored)
        const samples = Buffer.concat(blocks.map((block) => SOUND_ENCODINGS['wav-pcm16'].encode(block)))
        const expected = Buffer.concat([wavHeader({ channels: 2, sampleRateHz: rate, dataBytes: samples.length }), samples])
        expect((await readFile(wav)).equals(expected)).to.equal(true)
        await flac('--decode', '--force', '--skip=40000', '--until=40100', '-o', wav, stored)
        expect((await readFile(wav)).subarray(44).equals(samples.subarray(40_000 * 4, 40_100 * 4))).to.equal(true)
      })
    }
  }
})
