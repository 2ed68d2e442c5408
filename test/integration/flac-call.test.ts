import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { parseWav } from '../../adapters/phone/wav-file.ts'
import { playbackAddress } from '../../cli/demo/demo-recording.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { CALL_PBXS, type CallBench, openCallBench } from '../support/call-bench.ts'
import { type Flac, requireFlac } from '../support/flac-command.ts'
import { FreeLines } from '../support/number-plan.ts'
import { suiteDirectory } from '../support/suite-directory.ts'
import { talkFor } from '../support/talk-for.ts'
import { AGENT_HZ, CUSTOMER_HZ, ToneCall } from '../support/tone-call.ts'

const TONES = { customer: CUSTOMER_HZ, agent: AGENT_HZ }
/** Longer than what fills a channel before anybody speaks. */
const MIN_SILENCE_SAMPLES = 4000
const PAUSE_MS = { from: 2000, to: 4000 } as const
const TALK_MS = 5500
/** From the request over the link to the first packet that is masked, and back. */
const CONTROL_SLACK_MS = 1000

interface Told {
  readonly recording: { readonly media: { readonly format: string }; readonly decision: { readonly wantedFormat: string } }
}

for (const pbx of CALL_PBXS) {
  describe(`a call on a real ${pbx} that its rule wants stored as FLAC`, () => {
    const directory = suiteDirectory()
    let bench: CallBench
    let flac: Flac
    let id: string
    let stored: Buffer
    let channels: readonly [Int16Array, Int16Array]

    before(async function () {
      flac = await requireFlac(this)
      const policyFile = join(directory(), 'policy.yaml')
      await writeFile(policyFile, 'rules: [{ name: smaller, record: as-asked, mediaFormat: flac }]\n')
      bench = await openCallBench(this, pbx, { attachedKeys: [], settings: { policyFile, attachedData: {} } })
      await talk()
      const [recording] = await bench.settled(1, { state: 'STORED' })
      id = recording?.id ?? ''
      const answer = await fetch(await playbackAddress(bench.client, bench.url, id))
      expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([200, 'audio/flac'])
      stored = Buffer.from(await answer.arrayBuffer())
      channels = await decoded(stored)
    })
    after(() => bench?.[Symbol.asyncDispose]())

    async function talk(): Promise<void> {
      await using call = await ToneCall.place(bench, { line: new FreeLines().take(), kind: 'source' })
      const spoken = async (ms: number): Promise<void> => await talkFor(call.agent, ms - call.talkedMs)
      await spoken(PAUSE_MS.from)
      expect(await bench.control('pause', call.caller)).to.equal('DONE')
      await spoken(PAUSE_MS.to)
      expect(await bench.control('resume', call.caller)).to.equal('DONE')
      await spoken(TALK_MS)
      await call.hangUp()
    }

    /** By the command of somebody else, which proves each frame and the MD5 on its way. */
    async function decoded(file: Buffer): Promise<readonly [Int16Array, Int16Array]> {
      const [source, wav] = [join(directory(), 'call.flac'), join(directory(), 'call.wav')]
      await writeFile(source, file)
      await flac('--test', source)
      await flac('--decode', '-o', wav, source)
      const { channels: [left, right] } = parseWav(await readFile(wav))
      if (left === undefined || right === undefined) throw new Error('it has not two channels')
      return [left, right]
    }

    it('has the customer in channel 1 and the agent in channel 2, each alone', () => {
      const [recorded, other] = channels
      expect(heardMs(audioSpans(recorded, TONES), 'customer'), describeAudio(recorded, TONES)).to.be.above(2500)
      expect(heardMs(audioSpans(other, TONES), 'agent'), describeAudio(other, TONES)).to.be.above(2500)
      expect(heardMs(audioSpans(recorded, TONES), 'agent') + heardMs(audioSpans(other, TONES), 'customer')).to.equal(0)
    })

    it('is exact zeros in the pause, in both channels', () => {
      const silences = exactSilence([...channels], MIN_SILENCE_SAMPLES)
      expect(silences.map(({ start, end }) => Math.round((end - start) / SAMPLES_PER_MS)), describeAudio(channels[0], TONES)).to.have.length(1)
      const [{ start, end } = { start: 0, end: 0 }] = silences
      expect((end - start) / SAMPLES_PER_MS, 'milliseconds of zeros').to.be.within(PAUSE_MS.to - PAUSE_MS.from - CONTROL_SLACK_MS, PAUSE_MS.to - PAUSE_MS.from + CONTROL_SLACK_MS)
    })

    it('takes less space than its WAV, and is told as FLAC', async () => {
      expect(stored.length).to.be.below(channels[0].length * 4 * 0.8)
      const { recording } = await bench.client.request<Told>('query Q($id: ID!) { recording(id: $id) { media { format } decision { wantedFormat } } }', { id })
      expect(recording).to.deep.equal({ media: { format: 'FLAC' }, decision: { wantedFormat: 'FLAC' } })
    })
  })
}
