import { link, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { toneWithChirps } from '../../adapters/phone/audio-source.ts'
import { decodeG711, type G711Codec } from '../../adapters/phone/g711.ts'
import { SipPhone } from '../../adapters/phone/sip-phone.ts'
import { parseWav } from '../../adapters/phone/wav-file.ts'
import { SPOOL_FOLDER } from '../../adapters/wire/spool-file-name.ts'
import { playbackAddress } from '../../cli/demo/demo-recording.ts'
import { freeSwitchPlaces } from '../../config/environment.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { parseG711 } from '../support/audio/parse-g711.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { FreeSwitchLabBench } from '../support/freeswitch-lab-bench.ts'
import { until } from '../support/hooks.ts'
import { requireFreeSwitch } from '../support/real-freeswitch.ts'
import { suiteDirectory } from '../support/suite-directory.ts'
import { talkFor } from '../support/talk-for.ts'

const PAUSE_MS = { from: 1200, to: 3200 } as const
const TALK_MS = 4500
/** Longer than what fills a channel before anybody speaks. */
const MIN_SILENCE_SAMPLES = 4000
/** From the request over the link to the first packet that is masked, and back. */
const CONTROL_SLACK_MS = 1000
const EXTENSIONS = `<extension name="in"><condition field="destination_number" expression="^100$">
<action application="set" data="record=source"/>
<action application="execute_extension" data="record:direction=inbound XML holdfast"/>
<action application="bridge" data="\${sofia_contact(internal/agent@127.0.0.1)}"/></condition></extension>`

/** What stands for FreeSWITCH's filling, samples of -1, and for zero. */
const STORED = { PCMU: { law: 'PCMU', filling: 0x7f, zero: 0xff }, PCMA: { law: 'PCMA', filling: 0x55, zero: 0xd5 } } as const satisfies Record<G711Codec, unknown>

describe('a call on a real FreeSWITCH that is to be stored as G.711, by its rule\'s word', function () {
  let bench: FreeSwitchLabBench
  const directory = suiteDirectory()

  before(async function () {
    await requireFreeSwitch(this)
    const policyFile = join(directory(), 'policy.yaml')
    await writeFile(policyFile, 'rules: [{ name: small, record: as-asked, mediaFormat: g711 }]\n')
    bench = await FreeSwitchLabBench.open({ places: freeSwitchPlaces(), extensions: EXTENSIONS, phones: ['customer', 'agent'], attachedKeys: [], settings: { policyFile, attachedData: {} } })
  })
  after(() => bench?.[Symbol.asyncDispose]())

  /** Two people talk; gives what FreeSWITCH wrote, which is kept beside the spool. */
  async function talk(codec: G711Codec): Promise<Buffer> {
    const phone = async (name: string, hz: number): Promise<SipPhone> => await SipPhone.open({ name, proxy: bench.lab.freeSwitch.sipAddress, source: toneWithChirps(hz), codecs: [codec] })
    await using customerPhone = await phone('customer', 440)
    await using agentPhone = await phone('agent', 1000)
    await agentPhone.register()
    await customerPhone.register()
    const customer = await customerPhone.call('100')
    const agent = await agentPhone.incoming()
    await agent.answer({ afterMs: 300 })
    await customer.answered()
    const spoken = async (ms: number): Promise<void> => await talkFor(agent, ms - agent.sentSamples / SAMPLES_PER_MS)
    await spoken(PAUSE_MS.from)
    expect(await bench.control('pause', 'customer')).to.equal('DONE')
    await spoken(PAUSE_MS.to)
    expect(await bench.control('resume', 'customer')).to.equal('DONE')
    await spoken(TALK_MS)
    const spool = join(bench.lab.freeSwitch.recordingsDirectory, SPOOL_FOLDER)
    const [name = ''] = await readdir(spool)
    const kept = join(directory(), `${codec}.wav`)
    await link(join(spool, name), kept)
    await customer.hangUp()
    await agent.ended()
    return await until(async () => {
      expect(await readdir(spool), 'the file is closed, brought in and removed').to.deep.equal([])
      return await readFile(kept)
    }, { withinMs: 60_000 })
  }

  for (const [index, codec] of (['PCMU', 'PCMA'] as const).entries()) {
    it(`is stored in the law of ${codec}, each sample that came as it was written, the filling as its own code`, async () => {
      const { channels: [left, right] } = parseWav(await talk(codec))
      const recording = (await bench.settled(index + 1, { state: 'STORED' })).at(-1)
      const file = Buffer.from(await (await fetch(await playbackAddress(bench.client, bench.url, recording?.id ?? ''))).arrayBuffer())
      const { law, codes } = parseG711(file)
      const { filling, zero } = STORED[codec]
      expect(law).to.equal(STORED[codec].law)
      for (const [channel, written] of [left, right].entries()) {
        const stored = codes.filter((_, at) => at % 2 === channel)
        expect(stored).to.have.length(written?.length ?? 0)
        const expected = Int16Array.from(stored, (code) => code === filling ? -1 : code === zero ? 0 : decodeG711(codec, Uint8Array.of(code))[0] ?? 0)
        // A-law: its smallest values were sent, too. They are as near as zero and the filling are, and are told apart by nobody.
        const told = codec === 'PCMU' ? written : written?.map((sample) => sample === 8 ? 0 : sample === -8 ? -1 : sample)
        expect(Buffer.from(expected.buffer).equals(Buffer.from(told?.slice().buffer ?? new ArrayBuffer(0))), `channel ${channel + 1}`).to.equal(true)
      }
      const silent = exactSilence([left, right].map((channel) => channel ?? new Int16Array()), MIN_SILENCE_SAMPLES)
      expect(silent, 'silences of both').to.have.length(1)
      const [{ start, end } = { start: 0, end: 0 }] = silent
      expect((end - start) / SAMPLES_PER_MS, 'milliseconds of the pause').to.be.within(PAUSE_MS.to - PAUSE_MS.from - CONTROL_SLACK_MS, PAUSE_MS.to - PAUSE_MS.from + CONTROL_SLACK_MS)
      expect(new Set(codes.subarray(start * 2, end * 2)), 'codes of the pause').to.deep.equal(new Set([zero]))
      expect(left?.filter((sample) => sample === -1).length, 'samples of filling').to.be.above(0)
    })
  }
})
