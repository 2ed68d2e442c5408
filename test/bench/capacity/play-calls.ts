import { exit } from 'node:process'
import { ACK_VARIABLE } from '../../../adapters/asterisk/dialplan-names.ts'
import { asteriskCast, asteriskScene } from '../../support/simulated/asterisk-scenes.ts'
import type { Cast } from '../../support/simulated/scene.ts'
import { SimulatedAsterisk } from '../../support/simulated/simulated-asterisk.ts'
import { DIALPLAN_PATIENCE_MS, type Load, type Played } from './load.ts'

/** A process of its own that plays calls of a real Asterisk by a timetable, and notes when it is told what. */
interface PlayedCall {
  readonly cast: Cast
  readonly askedMs: number
  recorderMs: number | null
  answerMs: number | null
}

const TICK_MS = 5
const scene = asteriskScene('plain-answered')
const calls = new Map<string, PlayedCall>()
const ended: PlayedCall[] = []
let atOnce = 0
let behindMs = 0

const asterisk = await SimulatedAsterisk.open({
  started: ({ uniqueId }) => {
    const call = calls.get(uniqueId)
    if (call !== undefined) call.recorderMs ??= performance.now() - call.askedMs
  },
  variable: ({ uniqueId }, name) => {
    const call = calls.get(uniqueId)
    if (name !== ACK_VARIABLE || call === undefined || call.answerMs !== null) return
    call.answerMs = performance.now() - call.askedMs
    play(call, 'answered')
  },
})
process.on('message', (load: Load) => void playAll(load).then((played) => process.send?.(played)))
process.on('disconnect', () => exit(0))
process.send?.({ port: asterisk.port })

async function playAll({ callsPerSecond, callMs, calls: wanted }: Load): Promise<Played> {
  const began = performance.now()
  const due: { readonly atMs: number; readonly id: string }[] = []
  let placed = 0
  let ending = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now()
      for (; placed < wanted && began + (placed * 1000) / callsPerSecond <= now; placed += 1) {
        behindMs = Math.max(behindMs, now - began - (placed * 1000) / callsPerSecond)
        due.push({ atMs: performance.now() + callMs, id: begin() })
      }
      atOnce = Math.max(atOnce, calls.size)
      for (; (due[ending]?.atMs ?? Infinity) <= now; ending += 1) end(due[ending]?.id ?? '')
      if (ending < wanted) return
      clearInterval(timer)
      resolve()
    }, TICK_MS)
  })
  const known = (values: readonly (number | null)[]): readonly number[] => values.filter((value) => value !== null)
  return {
    calls: ended.length, atOnce, behindMs, unrecorded: ended.filter(({ recorderMs }) => recorderMs === null).length,
    late: ended.filter(({ answerMs }) => answerMs === null || answerMs > DIALPLAN_PATIENCE_MS).length,
    recorderMs: known(ended.map(({ recorderMs }) => recorderMs)), answerMs: known(ended.map(({ answerMs }) => answerMs)),
  }
}

function begin(): string {
  const cast = asteriskCast()
  const call: PlayedCall = { cast, askedMs: performance.now(), recorderMs: null, answerMs: null }
  calls.set(cast.id('u', 0), call)
  play(call, 'asks')
  return cast.id('u', 0)
}

function end(id: string): void {
  const call = calls.get(id)
  if (call === undefined) return
  calls.delete(id)
  ended.push(call)
  play(call, 'ends')
}

function play({ cast }: PlayedCall, stage: string): void {
  for (const message of scene.stages.get(stage) ?? []) asterisk.play(cast.fill(message))
}
