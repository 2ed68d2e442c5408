import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { parse, stringify } from 'yaml'
import { toneWithChirps } from '../../adapters/phone/audio-source.ts'
import type { G711Codec } from '../../adapters/phone/g711.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { playbackAddress } from '../../cli/demo/demo-recording.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { type G711Wav, parseG711 } from '../support/audio/parse-g711.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { PLAIN_CALL_LAB } from '../support/plain-call-lab.ts'

const TONES = { customer: 440, agent: 1000 }
const PAUSE_MS = { from: 2000, to: 3500 } as const
const TALK_MS = 5000

/** What the API tells of the recording. */
interface Stored {
  readonly media: { readonly format: string }
  readonly decision: { readonly wantedFormat: string | null }
}

/** One request of a page that seeks. */
interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

async function get(address: string, range?: string): Promise<Answer> {
  const response = await fetch(address, { headers: range === undefined ? {} : { range } })
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) }
}

type Chooser = 'pbx' | 'rule'

/** In the settings file, or in the policy that it names, as an operator writes it. */
async function wantG711(settingsFile: string, by: Chooser): Promise<void> {
  const settings = parse(await readFile(settingsFile, 'utf8')) as { readonly pbxs: readonly Readonly<Record<string, unknown>>[] }
  const policyFile = join(dirname(settingsFile), 'formats.yaml')
  await writeFile(policyFile, stringify({ rules: [{ name: 'small', record: 'as-asked', mediaFormat: 'g711' }] }))
  await writeFile(settingsFile, stringify(by === 'pbx' ? { ...settings, pbxs: [{ ...settings.pbxs[0], mediaFormat: 'g711' }] } : { ...settings, attachedData: {}, policyFile }))
}

const STORED = { PCMU: { format: 'WAV_MULAW', silence: 0xff, by: 'pbx' }, PCMA: { format: 'WAV_ALAW', silence: 0xd5, by: 'rule' } } as const satisfies Record<G711Codec, { readonly format: string; readonly silence: number; readonly by: Chooser }>

for (const [codec, { format, silence, by }] of Object.entries(STORED)) {
  describe(`a call in ${codec} on a real Asterisk that is to be stored as G.711, by the ${by}'s word`, () => {
    let bench: LabBench
    let id: string
    let address: string
    let whole: Answer
    let sound: G711Wav

    before(async () => {
      bench = await LabBench.open({
        ...PLAIN_CALL_LAB,
        prepare: async ({ settingsFile }) => await wantG711(settingsFile, by),
      })
      await talk()
      const [settled] = await bench.settled(1, { state: 'STORED' })
      id = settled?.id ?? ''
      address = await playbackAddress(bench.client, bench.url, id)
      whole = await get(address)
      const { recording } = await bench.client.request<{ readonly recording: Stored }>('query Q($id: ID!) { recording(id: $id) { media { format } decision { wantedFormat } } }', { id })
      expect(recording).to.deep.equal({ media: { format }, decision: { wantedFormat: by === 'rule' ? 'G711' : null } })
      sound = parseG711(whole.body)
    })

    after(async () => {
      await bench[Symbol.asyncDispose]()
    })

    async function phone(name: 'customer' | 'agent'): Promise<SipPhone> {
      return await SipPhone.open({ name, proxy: bench.lab.asterisk.sipAddress, source: toneWithChirps(TONES[name]), codecs: [codec as G711Codec] })
    }

    async function talk(): Promise<void> {
      await using customerPhone = await phone('customer')
      await using agentPhone = await phone('agent')
      await agentPhone.register()
      const customer = await customerPhone.call('100')
      const agent = await agentPhone.incoming()
      await agent.answer({ afterMs: 300 })
      await customer.answered()
      const spoken = async (ms: number): Promise<void> => {
        await until(() => expect(agent.sentSamples / SAMPLES_PER_MS).to.be.above(ms), { withinMs: 15_000 })
      }
      await spoken(PAUSE_MS.from)
      expect(await bench.control('pause', 'customer')).to.equal('DONE')
      await spoken(PAUSE_MS.to)
      expect(await bench.control('resume', 'customer')).to.equal('DONE')
      await spoken(TALK_MS)
      await customer.hangUp()
      await agent.ended()
    }

    it('is a WAV of that law, of its exact size, which a browser may play', () => {
      expect(whole.status).to.equal(200)
      expect(whole.headers.get('content-type')).to.equal('audio/wav')
      expect(sound).to.include({ law: codec, sampleRateHz: 8000 })
      expect(whole.body).to.have.length(58 + 2 * sound.frames)
    })

    it('has the customer in channel 1 and the agent in channel 2, each alone', () => {
      const [recorded, other] = sound.channels
      expect(heardMs(audioSpans(recorded, TONES), 'customer'), describeAudio(recorded, TONES)).to.be.above(2500)
      expect(heardMs(audioSpans(other, TONES), 'agent'), describeAudio(other, TONES)).to.be.above(2500)
      expect(heardMs(audioSpans(recorded, TONES), 'agent') + heardMs(audioSpans(other, TONES), 'customer')).to.equal(0)
    })

    it('is one code alone in the pause, that of silence, in both channels', () => {
      const longest = longestRun(sound.codes, silence) / 2 / SAMPLES_PER_MS
      expect(longest, 'milliseconds of silence').to.be.within(PAUSE_MS.to - PAUSE_MS.from - 300, PAUSE_MS.to - PAUSE_MS.from + 1500)
    })

    it('serves every range as the slice of the whole: a time is a byte', async () => {
      const last = whole.body.length - 1
      const second = 58 + 2 * 8000
      for (const [from, to] of [[0, 57], [57, 58], [second, second + 15_999], [12_345, 23_456], [last, last], [0, last]] as const) {
        const { status, headers, body } = await get(address, `bytes=${from}-${to}`)
        expect({ status, range: headers.get('content-range') }).to.deep.equal({ status: 206, range: `bytes ${from}-${to}/${whole.body.length}` })
        expect(createHash('sha256').update(body).digest('hex'), `${from}-${to}`).to.equal(createHash('sha256').update(whole.body.subarray(from, to + 1)).digest('hex'))
      }
      const beyond = await get(address, `bytes=${last + 1}-`)
      expect(beyond.status).to.equal(416)
    })
  })
}

function longestRun(codes: Buffer, silence: number): number {
  let [longest, run] = [0, 0]
  for (const code of codes) {
    run = code === silence ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}
