import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { CALL_PBXS, type CallBench, openCallBench, openLinkProxy } from '../support/call-bench.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { longestSilence } from '../support/expect-recording.ts'
import { until } from '../support/hooks.ts'
import type { MaskProxy } from '../support/mask-proxy.ts'
import { FreeLines } from '../support/number-plan.ts'
import { AGENT_HZ, CUSTOMER_HZ, type ToneCall, ToneCalls } from '../support/tone-call.ts'

const TONES = { customer: CUSTOMER_HZ, agent: AGENT_HZ }
/** The back-off's longest step, and a login. */
const LINK_UP_MS = 10_000
const LIMIT_MS = 4000
const WARN_BEFORE_MS = 2000
/** Pauses are looked at each second. */
const LATE_MS = 1300
const TALK_MS = 1200
/** A machine without a free core gives the PBX frames late, and it puts zeros in their place: 43 ms of 14 s were seen. */
const TOLERANCE_MS = 400

interface PauseTold {
  readonly limitMs: number | null
  readonly warnedAt: string | null
  readonly effectiveAt: string | null
  readonly resumedAt: string | null
  readonly resumeBy: string | null
}

for (const pbx of CALL_PBXS) describe(`a pause ends, on a real ${pbx},`, () => {
  let bench: CallBench
  let proxy: MaskProxy
  let directory: string
  const lines = new FreeLines()

  before(async function () {
    directory = await mkdtemp(join(tmpdir(), 'holdfast-pause-'))
    const policyFile = join(directory, 'policy.yaml')
    await writeFile(policyFile, 'rules:\n  - name: patient\n    when: { dialled: { prefix: "4" } }\n    record: source\n    pause: { maxDurationMs: 60000 }\n  - name: common\n    record: as-asked\n')
    bench = await openCallBench(this, pbx, {
      attachedKeys: [], settings: { policyFile, attachedData: { keys: [] }, pause: { maxDurationMs: LIMIT_MS, warnBeforeMs: WARN_BEFORE_MS } },
      between: async (port) => {
        proxy = await openLinkProxy(pbx, port)
        return proxy.port
      },
    })
  })
  after(async () => {
    await bench?.[Symbol.asyncDispose]()
    await proxy?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  async function pausesOf(id: string): Promise<readonly PauseTold[]> {
    const { recording } = await bench.client.request<{ readonly recording: { readonly pauses: readonly PauseTold[] } }>('query Q($id: ID!) { recording(id: $id) { pauses { limitMs warnedAt effectiveAt resumedAt resumeBy } } }', { id })
    return recording.pauses
  }

  async function onlyPause({ id }: DemoRecording): Promise<PauseTold & { readonly lengthMs: number }> {
    const [pause] = await pausesOf(id)
    if (pause === undefined) throw new Error('a pause')
    return { ...pause, lengthMs: Date.parse(pause.resumedAt ?? '') - Date.parse(pause.effectiveAt ?? '') }
  }

  async function ended(call: ToneCall): Promise<DemoRecording> {
    await call.hangUp()
    const [recording] = await bench.settled(1, { caller: call.caller })
    if (recording === undefined) throw new Error('unreachable: one is settled')
    return recording
  }

  it('by its limit, of which it is warned before; one under a rule with a limit of its own goes on', async () => {
    await using calls = new ToneCalls(bench, lines)
    const [call, patient] = await Promise.all([calls.place('source'), calls.place('announced')])
    await delay(TALK_MS)
    expect(await bench.control('pause', call.caller)).to.equal('DONE')
    expect(await bench.control('pause', patient.caller)).to.equal('DONE')
    await delay(LIMIT_MS + LATE_MS + TALK_MS)
    expect(await bench.control('resume', patient.caller)).to.equal('DONE')
    const recording = await ended(call)
    const pause = await onlyPause(recording)
    expect(pause).to.include({ limitMs: LIMIT_MS, resumeBy: 'pause-limit' })
    expect(Date.parse(pause.warnedAt ?? '') - Date.parse(pause.effectiveAt ?? '')).to.be.within(LIMIT_MS - WARN_BEFORE_MS - TOLERANCE_MS, LIMIT_MS - WARN_BEFORE_MS + LATE_MS)
    const silence = await longestSilence(bench, recording)
    expect(silence.toMs - silence.fromMs).to.be.within(LIMIT_MS - TOLERANCE_MS, LIMIT_MS + LATE_MS)
    expect(recording.findings).to.not.include('PAUSE_OVERRUN')
    const { recorded } = await bench.channels(recording.id)
    expect(heardMs(audioSpans(recorded, TONES).filter(({ endMs }) => endMs > silence.toMs), 'customer'), describeAudio(recorded, TONES)).to.be.above(TALK_MS / 2)
    const other = await ended(patient)
    const [longer] = await pausesOf(other.id)
    expect(longer).to.deep.include({ limitMs: 60_000, warnedAt: null })
    expect(Date.parse(longer?.resumedAt ?? '') - Date.parse(longer?.effectiveAt ?? '')).to.be.above(LIMIT_MS + LATE_MS)
    const metrics = await (await fetch(`${bench.url}/metrics`, { headers: { authorization: `Bearer ${await bench.token('administrator')}` } })).text()
    for (const line of ['holdfast_pauses_warned_total{pbx="lab"} 1', 'holdfast_pauses_expired_total{pbx="lab"} 1', 'holdfast_pauses_total{pbx="lab",way="api"} 2', 'holdfast_pauses_ended_total{pbx="lab",by="limit"} 1']) expect(metrics).to.include(line)
  })

  for (const [what, away] of [
    ['the link was cut', async (): Promise<void> => {
      proxy.cut()
      await delay(LIMIT_MS + 4000)
      proxy.mend()
    }],
    ['Holdfast was dead', async (): Promise<void> => {
      await bench.holdfast.kill()
      await delay(LIMIT_MS + 4000)
      await bench.start()
    }],
  ] as const) {
    it(`at once when its limit passed while ${what}, and the silence that was too much is named`, async () => {
      await using calls = new ToneCalls(bench, lines)
      const call = await calls.place('source')
      await delay(TALK_MS)
      expect(await bench.control('pause', call.caller)).to.equal('DONE')
      await away()
      const [{ id }] = await until(async () => {
        const { activeRecordings } = await bench.client.request<{ readonly activeRecordings: readonly { readonly plainId: string; readonly state: string; readonly caller: { readonly number: string } }[] }>('{ activeRecordings { plainId state caller { number } } }')
        const active = activeRecordings.find(({ caller }) => caller.number === call.caller)
        if (active?.state !== 'RECORDING') throw new Error(`it is ${active?.state ?? 'not active'}`)
        return [{ id: active.plainId }]
      }, { withinMs: 15_000 })
      await delay(TALK_MS)
      const recording = await ended(call)
      const pause = await onlyPause(recording)
      expect(recording.id).to.equal(id)
      expect(pause.resumeBy).to.equal('pause-limit')
      expect(recording.findings).to.include('PAUSE_OVERRUN').and.not.include('PAUSE_NOT_SILENT')
      const silence = await longestSilence(bench, recording)
      expect(silence.toMs - silence.fromMs, 'the pause was in force all the time').to.be.within(pause.lengthMs - TOLERANCE_MS, pause.lengthMs + TOLERANCE_MS)
      const { recorded } = await bench.channels(recording.id)
      expect(heardMs(audioSpans(recorded, TONES).filter(({ endMs }) => endMs > silence.toMs), 'customer'), describeAudio(recorded, TONES)).to.be.above(TALK_MS / 2)
    })
  }

  it('not with a link that is cut and mended: it is known and in force as before', async () => {
    await using calls = new ToneCalls(bench, lines)
    const call = await calls.place('source')
    await delay(TALK_MS)
    expect(await bench.control('pause', call.caller)).to.equal('DONE')
    const fromMs = call.talkedMs
    const asked = proxy.masks
    proxy.cut()
    await delay(TALK_MS)
    proxy.mend()
    // Nobody can ask a FreeSWITCH what is silent: it is told again.
    if (pbx === 'FreeSWITCH') await until(() => expect(proxy.masks).to.be.above(asked))
    await delay(TALK_MS)
    // Until the link is up again the answer is an honest FAILED, and the pause goes on.
    await until(async () => expect(await bench.control('resume', call.caller)).to.equal('DONE'), { withinMs: LINK_UP_MS })
    const toMs = call.talkedMs
    await delay(TALK_MS)
    const recording = await ended(call)
    expect(recording.findings.filter((code) => code !== 'DRIFT')).to.deep.equal([])
    const silence = await longestSilence(bench, recording)
    expect(silence.fromMs).to.be.within(fromMs - TOLERANCE_MS, fromMs + TOLERANCE_MS)
    expect(silence.toMs).to.be.within(toMs - TOLERANCE_MS, toMs + TOLERANCE_MS)
  })
})
