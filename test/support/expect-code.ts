import { expect } from 'chai'
import type { DemoRecording } from '../../cli/demo/demo-recording.ts'
import { audioSpans, describeAudio, heardMs } from './audio/describe-audio.ts'
import { CODE_TONES, type CodeCall } from './code-call.ts'
import type { CODES } from './code-plan.ts'
import type { HoldfastBench } from './holdfast-bench.ts'

export const TALK_MS = 1200
export const PAUSE_MS = 1500
/** Beside what was said in a pause there are its two tones, the dialplan's patience of 750 ms, and an agent and a console that a busy machine makes wait. */
export const LONGER_MS = 10_000
/** It is paused. */
export const ONE_TONE = { yes: 1, no: 0 }
/** It is recorded. */
export const TWO_TONES = { yes: 2, no: 0 }
/** It was not done. */
export const LOW_TONE = { yes: 0, no: 1 }

/** The agent presses one code and, after a while, the other; both are done, and the talk goes on. */
export async function expectInterrupted(call: CodeCall, [begin, end]: readonly [keyof typeof CODES, keyof typeof CODES] = ['pause', 'resume']): Promise<void> {
  expect(await call.press(begin)).to.deep.equal(ONE_TONE)
  await call.talk(PAUSE_MS)
  expect(await call.press(end)).to.deep.equal(TWO_TONES)
  await call.talk(TALK_MS)
}

/** Nothing of the codes reached the customer: no digit, no tone. */
export function expectUnheard({ customer }: CodeCall): void {
  const heard = customer.received.toSamples()
  const spans = audioSpans(heard, CODE_TONES)
  expect(customer.receivedDigits).to.equal('')
  expect(heardMs(spans, 'yes') + heardMs(spans, 'no'), describeAudio(heard, CODE_TONES)).to.equal(0)
}

/** A recording with its sound. */
export interface CodeRecording {
  readonly recorded: Int16Array
  readonly other: Int16Array
  /** All of it in words, for whoever reads a failure. */
  readonly told: string
}

export async function soundOf(bench: HoldfastBench, recording: DemoRecording): Promise<CodeRecording> {
  const { recorded, other } = await bench.channels(recording.id)
  return { recorded, other, told: `${recording.side} ${JSON.stringify(recording)}\n${describeAudio(recorded, CODE_TONES)}\n${describeAudio(other, CODE_TONES)}` }
}

/** One pause by the agent, in a stored recording; gives how long it was in force. */
export function expectAgentsPause(recording: DemoRecording, told: string): number {
  expect(recording, told).to.include({ state: 'STORED' })
  const [pause] = recording.pauses
  expect(recording.pauses, told).to.have.length(1)
  expect(pause?.by, told).to.match(/^(PJSIP|internal)\/agent-\d\d(@127\.0\.0\.1)?$/)
  const pausedMs = Date.parse(pause?.resumedAt ?? '') - Date.parse(pause?.effectiveAt ?? '')
  expect(pausedMs, told).to.be.at.least(PAUSE_MS)
  return pausedMs
}

/** Both sides of the call, each as `expectPaused` wants it. */
export async function expectBothPaused(bench: HoldfastBench, call: CodeCall, expectPaused: (bench: HoldfastBench, recording: DemoRecording) => Promise<void>): Promise<void> {
  const recordings = await bench.settled(2, { caller: call.caller })
  expect(recordings.map(({ side }) => side).toSorted()).to.deep.equal(['DESTINATION', 'SOURCE'])
  for (const recording of recordings) await expectPaused(bench, recording)
  expectUnheard(call)
}
