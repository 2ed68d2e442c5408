import { expect } from 'chai'
import { describe, it } from 'mocha'
import { encodeG711 } from '../../../../../adapters/phone/g711.ts'
import { SAMPLE_LAYOUTS, silentBytes } from '../../../../../core/domain/own-parts.ts'
import { silenced } from '../../../../../core/library/access/hearing.ts'
import { g711Header } from '../../../../../core/ingest/wav.ts'
import { parseG711 } from '../../../../support/audio/parse-g711.ts'
import { collect, inPieces } from '../../../../support/bytes.ts'

const RATE = 8000
const SECONDS = 4
const PARTS = [{ from: 1000, to: 2500 }, { from: 3000, to: Infinity }]

describe('what is heard of parts of a recording in G.711', () => {
  for (const [format, { codec, law, quiet }] of Object.entries({ 'wav-mulaw': { codec: 'PCMU', law: 'mulaw', quiet: 0 }, 'wav-alaw': { codec: 'PCMA', law: 'alaw', quiet: 8 } } as const)) {
    it(`is in ${format} the very samples, and silence beside them on both channels, in every range`, async () => {
      const sound = Int16Array.from({ length: SECONDS * RATE * 2 }, (_, index) => (index % 2 === 0 ? 4000 : -9000))
      const file = Buffer.concat([g711Header({ law, channels: 2, sampleRateHz: RATE, frames: SECONDS * RATE }), encodeG711(codec, sound)])
      const layout = SAMPLE_LAYOUTS[format === 'wav-alaw' ? 'wav-alaw' : 'wav-mulaw']
      if (layout === null) throw new Error('parts of it can be silenced')
      const heard = { silent: silentBytes(PARTS, { channels: 2, sampleRateHz: RATE, sizeBytes: file.length }, layout), silence: layout.silence, version: 'v' }
      const whole = await collect(silenced(inPieces(file), 0, heard))
      const [before, after] = [parseG711(file), parseG711(whole)]
      for (const channel of [0, 1] as const) {
        const expected = before.channels[channel].map((sample, frame) => (PARTS.some(({ from, to }) => frame >= from * 8 && frame < to * 8) ? quiet : sample))
        expect(after.channels[channel]).to.deep.equal(expected)
      }
      for (const [start, end] of [[0, 59], [57, 16_060], [16_057, 40_100], [48_057, file.length]] as const) {
        expect(Buffer.compare(await collect(silenced(inPieces(file.subarray(start, end)), start, heard)), whole.subarray(start, end)), `${start}-${end}`).to.equal(0)
      }
    })
  }
})
