import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { after, before, describe, it } from 'mocha'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { SAMPLES_PER_MS } from '../support/audio/samples-per-ms.ts'
import { CALL_PBXS, type CallBench, type CallPbx, openCallBench } from '../support/call-bench.ts'
import { audioSpans, describeAudio, heardMs } from '../support/audio/describe-audio.ts'
import { exactSilence } from '../support/audio/exact-silence.ts'
import { FreeLines } from '../support/number-plan.ts'
import { AGENT_HZ, CUSTOMER_HZ, type ToneCall, ToneCalls } from '../support/tone-call.ts'

const TONES = { customer: CUSTOMER_HZ, agent: AGENT_HZ }
const TALK_MS = 1600
/** A mask acts within a frame; the telephones' own clocks are asked some milliseconds before or after. */
const TOLERANCE_MS = 300
/** Shorter is no pause. */
const LEAST_PAUSE_MS = 500
/** Both recorders may lack two frames beside a pause. */
const NEAR_MS = 200
/** A tenth of full scale: the tones are louder for two thirds of their time. */
const LOUD = 3000
/** A chirp of 40 ms in each second is no tone. */
const CHIRPS_SHARE = 0.08

/** Asterisk writes nothing while neither telephone sends; FreeSWITCH writes on, -1 for what it lacks. Seen with 22.10 and 1.10.12. */
const WRITES_ON: Readonly<Record<CallPbx, boolean>> = { Asterisk: false, FreeSWITCH: true }

/** Where it stands in the file: by what the agent had sent, and the time in which nobody did where that is written too. */
interface Span {
  readonly fromMs: number
  readonly toMs: number
}

for (const pbx of CALL_PBXS) describe(`a pause in a file that has lost time, on a real ${pbx}`, () => {
  let bench: CallBench
  const lines = new FreeLines()
  /** Of each call: how long nobody had sent, as far as it is in the file. */
  const unsentMs = new WeakMap<ToneCall, number>()

  before(async function () {
    bench = await openCallBench(this, pbx)
  })
  after(() => bench?.[Symbol.asyncDispose]())

  async function paused(call: ToneCall, ms: number, meanwhile: () => Promise<void> = async () => await delay(ms)): Promise<Span> {
    expect(await bench.control('pause', call.caller)).to.equal('DONE')
    const fromMs = placeOf(call)
    await meanwhile()
    expect(await bench.control('resume', call.caller)).to.equal('DONE')
    return { fromMs, toMs: placeOf(call) }
  }

  function placeOf(call: ToneCall): number {
    return call.talkedMs + (unsentMs.get(call) ?? 0)
  }

  /** Neither telephone sends anything. */
  async function nobodySends(call: ToneCall, ms: number): Promise<void> {
    const began = performance.now()
    call.customer.stopSending()
    call.agent.stopSending()
    await delay(ms)
    call.customer.startSending()
    call.agent.startSending()
    if (WRITES_ON[pbx]) unsentMs.set(call, (unsentMs.get(call) ?? 0) + performance.now() - began)
  }

  async function ended(call: ToneCall): Promise<DemoRecording> {
    await call.hangUp()
    const [recording] = await bench.settled(1, { caller: call.caller })
    if (recording === undefined) throw new Error('unreachable: one is settled')
    return recording
  }

  /** Exact zeros in both channels just there, and both voices everywhere else, up to the edges. */
  async function expectSilentOnly(recording: DemoRecording, pauses: readonly Span[], lackedMs: number): Promise<void> {
    expect(recording.state, JSON.stringify(recording)).to.equal('STORED')
    const { recorded, other } = await bench.channels(recording.id)
    const told = `${JSON.stringify(recording.findings)}\ncustomer: ${describeAudio(recorded, TONES)}\nagent: ${describeAudio(other, TONES)}\npauses: ${JSON.stringify(pauses)}`
    if (!WRITES_ON[pbx]) expect(recording.findings, told).to.include('DRIFT')
    expect(recording.findings, told).to.not.include('PAUSE_NOT_SILENT')
    const silent = exactSilence([recorded, other]).map(({ start, end }) => ({ fromMs: start / SAMPLES_PER_MS, toMs: end / SAMPLES_PER_MS })).filter(({ fromMs, toMs }) => toMs - fromMs > LEAST_PAUSE_MS)
    expect(silent, told).to.have.length(pauses.length)
    for (const [index, pause] of pauses.entries()) {
      expect(silent[index]?.fromMs, told).to.be.within(pause.fromMs - TOLERANCE_MS, pause.fromMs + TOLERANCE_MS)
      expect((silent[index]?.toMs ?? NaN) - (silent[index]?.fromMs ?? NaN), told).to.be.within(pause.toMs - pause.fromMs - TOLERANCE_MS, pause.toMs - pause.fromMs + TOLERANCE_MS)
    }
    const pausedMs = silent.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
    for (const [samples, name] of [[recorded, 'customer'], [other, 'agent']] as const) {
      const heard = heardMs(audioSpans(samples, TONES), name)
      expect(heard, `every word of the ${name}\n${told}`).to.be.above(samples.length / SAMPLES_PER_MS - pausedMs - lackedMs - CHIRPS_SHARE * heard - TOLERANCE_MS)
      for (const { fromMs, toMs } of silent) {
        for (const [from, to] of [[fromMs - NEAR_MS, fromMs], [toMs, toMs + NEAR_MS]] as const) {
          expect(samples.subarray(from * SAMPLES_PER_MS, to * SAMPLES_PER_MS).filter((sample) => Math.abs(sample) > LOUD).length / (NEAR_MS * SAMPLES_PER_MS), `${name} right beside the pause\n${told}`).to.be.above(0.5)
        }
      }
    }
  }

  it('is located: both telephones had sent nothing for two seconds before it, between two of them, and within one', async () => {
    await using calls = new ToneCalls(bench, lines)
    const [before, between, within] = await Promise.all([calls.place('source'), calls.place('source'), calls.place('source')])
    const spans = await Promise.all([
      (async () => {
        await delay(TALK_MS)
        await nobodySends(before, 2000)
        await delay(TALK_MS)
        return [await paused(before, 2000)]
      })(),
      (async () => {
        await delay(TALK_MS)
        const first = await paused(between, 1500)
        await delay(TALK_MS)
        await nobodySends(between, 2000)
        await delay(TALK_MS)
        return [first, await paused(between, 1200)]
      })(),
      (async () => {
        await delay(TALK_MS)
        return [await paused(within, 4000, async () => {
          await delay(1500)
          await nobodySends(within, 1200)
          await delay(1500)
        })]
      })(),
    ])
    await delay(TALK_MS)
    for (const [index, call] of [before, between, within].entries()) await expectSilentOnly(await ended(call), spans[index] ?? [], call === within ? 0 : (unsentMs.get(call) ?? 0))
  })

  if (WRITES_ON[pbx]) it('in which nobody sent anything is stored, with its silence', async () => {
    await using calls = new ToneCalls(bench, lines)
    const call = await calls.place('source')
    await delay(TALK_MS)
    const span = await paused(call, 2000, () => nobodySends(call, 2000))
    await delay(TALK_MS)
    await expectSilentOnly(await ended(call), [span], 0)
  })
  else it('in which nobody sent anything is quarantined: nothing is stored, nobody hears it, and somebody who listened lets it go', async () => {
    await using calls = new ToneCalls(bench, lines)
    const call = await calls.place('source')
    await delay(TALK_MS)
    const span = await paused(call, 2000, () => nobodySends(call, 2000))
    await delay(TALK_MS)
    const quarantined = await ended(call)
    expect(quarantined).to.include({ state: 'FAILED', reason: 'QUARANTINED' })
    expect(quarantined.findings).to.include('PAUSE_NOT_LOCATED')
    expect(await bench.channels(quarantined.id).catch((error: unknown) => String(error))).to.match(/MEDIA_ABSENT|refused|no sound|none/i)
    expect((await bench.spool()).filter((name) => name.startsWith(quarantined.id)), 'both files stay').to.have.length(2)
    expect(await bench.command('quarantine', 'list')).to.include(`${quarantined.id} `).and.to.include('segment 0: pause 0')
    const seconds = (ms: number): string => (ms / 1000).toFixed(3)
    await bench.command('quarantine', 'release', quarantined.id, '--silence', `0:${seconds(span.fromMs - 200)}-${seconds(span.toMs + 200)}`)
    const [released] = await bench.settled(1, { caller: call.caller, state: 'STORED' })
    expect(released?.findings).to.include('PAUSE_BY_HAND')
    expect((await bench.channels(quarantined.id)).recorded.length).to.be.above(TALK_MS * 2 * SAMPLES_PER_MS)
    expect((await bench.spool()).filter((name) => name.startsWith(quarantined.id))).to.deep.equal([])
  })
})
