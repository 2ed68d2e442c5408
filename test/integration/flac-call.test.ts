import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { toneWithChirps } from '../../adapters/phone/audio-source.ts'
import { parseWav } from '../../adapters/phone/wav-file.ts'
import { playbackAddress } from '../../cli/demo/demo-recording.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { type Flac, requireFlac } from '../support/flac-command.ts'
import { until } from '../support/hooks.ts'
import { LabBench } from '../support/lab-bench.ts'
import { suiteDirectory } from '../support/suite-directory.ts'

const TONES = { customer: 440, agent: 1000 }
const SAMPLES_PER_MS = 8
const PAUSE_MS = { from: 2000, to: 3500 } as const
const TALK_MS = 5000
const EXTENSIONS = `
[from-customer]
exten => 100,1,Set(record=source)
 same => n,Gosub(holdfast-record,s,1(direction=inbound))
 same => n,Dial(PJSIP/agent,20)
 same => n,Hangup()
[from-agent]
`

describe('a call on a real Asterisk that its rule wants stored as FLAC', () => {
  const directory = suiteDirectory()
  let bench: LabBench
  let flac: Flac
  let stored: Buffer
  let channels: readonly [Int16Array, Int16Array]

  before(async function () {
    flac = await requireFlac(this)
    const policyFile = join(directory(), 'policy.yaml')
    await writeFile(policyFile, 'rules: [{ name: smaller, record: as-asked, mediaFormat: flac }]\n')
    bench = await LabBench.open({ extensions: EXTENSIONS, phones: [{ name: 'customer', context: 'from-customer' }, { name: 'agent', context: 'from-agent' }], attachedKeys: [], settings: { policyFile, attachedData: {} } })
    await talk()
    const [recording] = await bench.settled(1, { state: 'STORED' })
    const answer = await fetch(await playbackAddress(bench.client, bench.url, recording?.id ?? ''))
    expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([200, 'audio/flac'])
    stored = Buffer.from(await answer.arrayBuffer())
    channels = await decoded(stored)
  })
  after(() => bench?.[Symbol.asyncDispose]())

  async function talk(): Promise<void> {
    await using customerPhone = await bench.phone('customer', toneWithChirps(TONES.customer))
    await using agentPhone = await bench.phone('agent', toneWithChirps(TONES.agent))
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

  /** By the command of somebody else, which proves each frame and the MD5 on its way. */
  async function decoded(file: Buffer): Promise<readonly [Int16Array, Int16Array]> {
    const [source, wav] = [join(directory(), 'call.flac'), join(directory(), 'call.wav')]
    await writeFile(source, file)
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
    expect(exactSilence([...channels], 8000), describeAudio(channels[0], TONES)).to.have.length(1)
  })

  it('takes less space than its WAV, and is told as FLAC', async () => {
    expect(stored.length).to.be.below(channels[0].length * 4 * 0.8)
    const { recordings: { nodes: [node] } } = await bench.client.request<{ readonly recordings: { readonly nodes: readonly { readonly media: { readonly format: string }; readonly decision: { readonly wantedFormat: string } }[] } }>('{ recordings(first: 1) { nodes { media { format } decision { wantedFormat } } } }')
    expect(node).to.deep.equal({ media: { format: 'FLAC' }, decision: { wantedFormat: 'FLAC' } })
  })
})
