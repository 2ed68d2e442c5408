import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import { GraphqlClient } from '../../cli/demo/graphql-client.ts'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { CALL_PBXS, type CallBench, openCallBench, openLinkProxy } from '../support/call-bench.ts'
import type { MaskProxy } from '../support/mask-proxy.ts'
import { FreeLines } from '../support/number-plan.ts'
import { AGENT_HZ, CUSTOMER_HZ, ToneCall } from '../support/tone-call.ts'

const TONES = { customer: CUSTOMER_HZ, agent: AGENT_HZ }
const TALK_MS = 1200
const PAUSE_MS = 2000
/** The time of a mask, the frame that it takes, and what a machine without a free core adds. */
const EDGE_MS = 250

interface Spoken {
  readonly recording: DemoRecording
  readonly recorded: Int16Array
  readonly other: Int16Array
  /** What the API answered to the pause. */
  readonly answer: string
}

for (const pbx of CALL_PBXS) describe(`a pause that the PBX does not keep, on a real ${pbx}`, () => {
  let bench: CallBench
  let proxy: MaskProxy
  const lines = new FreeLines()

  before(async function () {
    bench = await openCallBench(this, pbx, { between: async (port) => {
      proxy = await openLinkProxy(pbx, port)
      return proxy.port
    } })
  })
  after(async () => {
    await bench?.[Symbol.asyncDispose]()
    await proxy?.[Symbol.asyncDispose]()
  })

  /**
   * Some talk, a pause, a resume, some talk. A PBX that had no turn for long writes files in which no place can be told for the pause:
   * the recording is then quarantined, which is right, and nothing of it can be listened to. The same is said once more.
   */
  async function spoken(options: { readonly afterPauseMs?: number } = {}): Promise<Spoken> {
    const { fault } = proxy
    const first = await spokenOnce(options)
    if (first !== null) return first
    console.error('    the PBX dropped sound, and the recording was quarantined: once more')
    proxy.fault = fault
    const second = await spokenOnce(options)
    if (second === null) throw new Error('the PBX dropped sound twice: this machine cannot run it')
    return second
  }

  /** `null`: quarantined, because the files of the PBX have lost time. */
  async function spokenOnce({ afterPauseMs = PAUSE_MS }: { readonly afterPauseMs?: number }): Promise<Spoken | null> {
    await using call = await ToneCall.place(bench, { line: lines.take(), kind: 'source' })
    await delay(TALK_MS)
    const answer = await bench.control('pause', call.caller)
    await delay(afterPauseMs)
    proxy.fault = null
    await bench.control('resume', call.caller)
    await delay(TALK_MS)
    await call.hangUp()
    const [recording] = await bench.settled(1, { caller: call.caller })
    if (recording === undefined) throw new Error('unreachable: one is settled')
    if (recording.findings.includes('PAUSE_NOT_LOCATED')) {
      expect(recording).to.include({ state: 'FAILED', reason: 'QUARANTINED' })
      return null
    }
    return { recording, answer, ...await bench.channels(recording.id) }
  }

  function silentMs(samples: Int16Array): number {
    return heardMs(audioSpans(samples, TONES), 'zeros')
  }

  it('and pretends to keep is caught: silenced in what is stored, counted, and audited as an incident', async () => {
    proxy.fault = 'pretended'
    const { recording, answer, recorded, other } = await spoken()
    expect(answer).to.equal('DONE')
    expect(recording.state).to.equal('STORED')
    expect(recording.findings).to.include('PAUSE_NOT_SILENT')
    const [pause] = recording.pauses
    const lengthMs = Date.parse(pause?.resumedAt ?? '') - Date.parse(pause?.effectiveAt ?? '')
    for (const [samples, name] of [[recorded, 'customer'], [other, 'agent']] as const) {
      expect(silentMs(samples), describeAudio(samples, TONES)).to.be.within(lengthMs - EDGE_MS, lengthMs + EDGE_MS)
      expect(heardMs(audioSpans(samples, TONES), name), 'the words before and after').to.be.above(2 * TALK_MS - 4 * EDGE_MS)
    }
    const administrator = new GraphqlClient(`${bench.url}/graphql`, await bench.token('administrator'))
    const { auditEntries } = await administrator.request<{ readonly auditEntries: { readonly nodes: readonly { readonly action: string; readonly reason: string | null }[] } }>(
      'query A($id: String!) { auditEntries(filter: { objectId: $id }, first: 200) { nodes { action reason } } }', { id: recording.id })
    expect(auditEntries.nodes).to.deep.include({ action: 'RECORDING_INCIDENT', reason: 'pause-not-silent' })
    const metrics = await fetch(`${bench.url}/metrics`, { headers: { authorization: `Bearer ${await bench.token('administrator')}` } })
    expect(await metrics.text()).to.match(/^holdfast_findings_total\{code="pause-not-silent"\} 1$/m)
  })

  // FreeSWITCH tells nothing of a mask but its yes: what it does not keep is found when it is stored.
  if (pbx === 'Asterisk') it('and only says that it does is not told as a pause: the recording goes on with sound, and nothing is silenced', async () => {
    proxy.fault = 'acknowledged'
    const { recording, answer, recorded, other } = await spoken()
    expect(answer).to.match(/FAILED/)
    expect(recording.pauses.map(({ effectiveAt }) => effectiveAt)).to.deep.equal([null])
    for (const samples of [recorded, other]) expect(silentMs(samples), describeAudio(samples, TONES)).to.be.below(2 * EDGE_MS)
  })

  it('for which it has no answer is told as failed, and the recording goes on with sound', async () => {
    proxy.fault = 'unanswered'
    const { recording, answer, recorded } = await spoken({ afterPauseMs: TALK_MS })
    expect(answer).to.match(/FAILED|confirm/)
    expect(recording.pauses.map(({ effectiveAt }) => effectiveAt)).to.deep.equal([null])
    expect(silentMs(recorded), describeAudio(recorded, TONES)).to.be.below(2 * EDGE_MS)
  })

  it('at once is told when it is kept, and not before: what was said until then was not in it', async () => {
    proxy.fault = 'late'
    proxy.lateMs = 800
    const { recording, answer, recorded } = await spoken()
    expect(answer).to.equal('DONE')
    expect(recording.findings).to.not.include('PAUSE_NOT_SILENT')
    const [pause] = recording.pauses
    const lengthMs = Date.parse(pause?.resumedAt ?? '') - Date.parse(pause?.effectiveAt ?? '')
    expect(silentMs(recorded), describeAudio(recorded, TONES)).to.be.within(lengthMs - EDGE_MS, lengthMs + EDGE_MS)
    expect(heardMs(audioSpans(recorded, TONES), 'customer')).to.be.above(2 * TALK_MS + proxy.lateMs - 4 * EDGE_MS)
  })

  it('until it has been told as failed, and does then, is taken back', async () => {
    proxy.fault = 'late'
    proxy.lateMs = 5600
    const { recording, answer, recorded } = await spoken({ afterPauseMs: 3 * TALK_MS })
    expect(answer).to.match(/FAILED|confirm/)
    expect(recording.pauses.map(({ effectiveAt }) => effectiveAt)).to.deep.equal([null])
    expect(silentMs(recorded), describeAudio(recorded, TONES)).to.be.below(TALK_MS)
    expect(heardMs(audioSpans(recorded, TONES).filter(({ startMs }) => startMs > 7500), 'customer'), describeAudio(recorded, TONES)).to.be.above(TALK_MS)
  })

  // On the event socket answers belong to questions by their order alone, which is lost.
  if (pbx === 'FreeSWITCH') it('twice over is told as failed, and the link is made anew: after it no answer could be told from another', async () => {
    proxy.fault = 'answered-twice'
    const { recording, answer, recorded } = await spoken()
    expect(answer).to.match(/FAILED/)
    expect(recording.findings).to.not.include('PAUSE_NOT_SILENT')
    expect(recording.pauses.map(({ effectiveAt }) => effectiveAt)).to.deep.equal([null])
    expect(heardMs(audioSpans(recorded, TONES), 'customer'), describeAudio(recorded, TONES)).to.be.above(2 * TALK_MS + PAUSE_MS - 4 * EDGE_MS)
  })
  else it('twice over is one pause', async () => {
    proxy.fault = 'answered-twice'
    const { recording, answer, recorded } = await spoken()
    expect(answer).to.equal('DONE')
    expect(recording.findings.filter((code) => code !== 'DRIFT')).to.deep.equal([])
    expect(recording.pauses).to.have.length(1)
    expect(silentMs(recorded), describeAudio(recorded, TONES)).to.be.within(PAUSE_MS - EDGE_MS, PAUSE_MS + 5 * EDGE_MS)
  })
})
