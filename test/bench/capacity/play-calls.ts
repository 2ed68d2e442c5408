import { argv, exit } from 'node:process'
import type { Cast } from '../../support/simulated/scene.ts'
import { DIALPLAN_PATIENCE_MS, type Load, type Played, PLAYED_PBXS } from './load.ts'
import { SIMULATED } from './simulated-pbx.ts'

/** A process of its own that plays calls of a real PBX by a timetable, and notes when it is told what. */
interface PlayedCall {
  readonly cast: Cast
  readonly askedMs: number
  recorderMs: number | null
  state: 'asked' | 'recorded'
  answerMs: number | null
}

const TICK_MS = 5
const calls = new Map<string, PlayedCall>()
const ended: PlayedCall[] = []
let atOnce = 0
let behindMs = 0

const [, , wanted, recordings = ''] = argv
const kind = PLAYED_PBXS.find((known) => known === wanted)
if (kind === undefined) throw new Error(`nobody plays ${wanted}`)
const pbx = await SIMULATED[kind]({
  commanded: (leg) => {
    const call = calls.get(leg)
    if (call !== undefined) call.recorderMs ??= performance.now() - call.askedMs
  },
  began: (leg) => {
    const call = calls.get(leg)
    if (call !== undefined) call.state = 'recorded'
  },
  answered: (leg) => {
    const call = calls.get(leg)
    if (call === undefined || call.answerMs !== null) return
    call.answerMs = performance.now() - call.askedMs
    pbx.play(call.cast, 'answered')
  },
}, recordings)
process.on('message', (load: Load) => void playAll(load).then((played) => process.send?.(played)))
process.on('disconnect', () => exit(0))
process.send?.({ port: pbx.port })

async function playAll({ callsPerSecond, callMs, calls: count }: Load): Promise<Played> {
  const began = performance.now()
  const due: { readonly atMs: number; readonly id: string }[] = []
  let placed = 0
  let ending = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now()
      for (; placed < count && began + (placed * 1000) / callsPerSecond <= now; placed += 1) {
        behindMs = Math.max(behindMs, now - began - (placed * 1000) / callsPerSecond)
        due.push({ atMs: performance.now() + callMs, id: begin() })
      }
      atOnce = Math.max(atOnce, calls.size)
      for (; (due[ending]?.atMs ?? Infinity) <= now; ending += 1) end(due[ending]?.id ?? '')
      if (ending < count) return
      clearInterval(timer)
      resolve()
    }, TICK_MS)
  })
  const known = (values: readonly (number | null)[]): readonly number[] => values.filter((value) => value !== null)
  return {
    calls: ended.length, atOnce, behindMs, unrecorded: ended.filter(({ state }) => state === 'asked').length,
    late: ended.filter(({ answerMs }) => answerMs === null || answerMs > DIALPLAN_PATIENCE_MS).length,
    recorderMs: known(ended.map(({ recorderMs }) => recorderMs)), answerMs: known(ended.map(({ answerMs }) => answerMs)),
  }
}

function begin(): string {
  const cast = pbx.cast()
  const call: PlayedCall = { cast, askedMs: performance.now(), recorderMs: null, answerMs: null, state: 'asked' }
  calls.set(cast.id('u', 0), call)
  pbx.play(cast, 'asks')
  return cast.id('u', 0)
}

function end(id: string): void {
  const call = calls.get(id)
  if (call === undefined) return
  calls.delete(id)
  ended.push(call)
  pbx.play(call.cast, 'ends')
}
