import { argv, exit } from 'node:process'
import type { CallScene } from '../../support/simulated/call-scenes.ts'
import type { Cast } from '../../support/simulated/scene.ts'
import { DIALPLAN_PATIENCE_MS, type Load, type Played, PLAYED_PBXS } from './load.ts'
import { SIMULATED } from './simulated-pbx.ts'

/** A process of its own that plays calls of a real PBX by a timetable, and notes when it is told what. */
interface PlayedCall {
  readonly cast: Cast
  readonly askedMs: number
  recorderMs: number | null
  /** `native`: its dialplan records it, and waits for nobody. */
  state: 'asked' | 'recorded' | 'native'
  answerMs: number | null
  /** How it ends. */
  scene: CallScene
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
    if (call?.state === 'asked') call.state = 'recorded'
  },
  answered: (leg) => {
    const call = calls.get(leg)
    if (call === undefined || call.answerMs !== null) return
    call.answerMs = performance.now() - call.askedMs
    // The dialplan has gone on without it.
    if (call.state !== 'native') pbx.play(call.cast, call.scene, 'answered')
  },
}, recordings)
process.on('message', (load: Load) => void playAll(load).then((played) => process.send?.(played)))
process.on('disconnect', () => exit(0))
process.send?.({ port: pbx.port })

async function playAll({ callsPerSecond, callMs, calls: count }: Load): Promise<Played> {
  const began = performance.now()
  const due: { readonly atMs: number; readonly id: string }[] = []
  const waiting: { readonly untilMs: number; readonly id: string }[] = []
  let placed = 0
  let ending = 0
  let despairing = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now()
      for (; placed < count && began + (placed * 1000) / callsPerSecond <= now; placed += 1) {
        behindMs = Math.max(behindMs, now - began - (placed * 1000) / callsPerSecond)
        const id = begin()
        due.push({ atMs: performance.now() + callMs, id })
        waiting.push({ untilMs: performance.now() + DIALPLAN_PATIENCE_MS, id })
      }
      for (; (waiting[despairing]?.untilMs ?? Infinity) <= now; despairing += 1) despair(waiting[despairing]?.id ?? '')
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
    native: ended.filter(({ state }) => state === 'native').length,
    recorderMs: known(ended.map(({ recorderMs }) => recorderMs)), answerMs: known(ended.map(({ answerMs }) => answerMs)),
  }
}

function begin(): string {
  const cast = pbx.cast()
  const isServed = pbx.isServed
  const call: PlayedCall = { cast, askedMs: performance.now(), recorderMs: null, answerMs: null, state: isServed ? 'asked' : 'native', scene: isServed ? 'plain-answered' : 'plain-unserved' }
  calls.set(cast.id('u', 0), call)
  pbx.play(cast, call.scene, 'asks')
  return cast.id('u', 0)
}

/** The dialplan waits no longer. */
function despair(id: string): void {
  const call = calls.get(id)
  if (call === undefined || call.state === 'native' || call.answerMs !== null) return
  call.state = 'native'
  call.scene = 'plain-unanswered'
  pbx.play(call.cast, call.scene, 'unanswered')
}

function end(id: string): void {
  const call = calls.get(id)
  if (call === undefined) return
  calls.delete(id)
  ended.push(call)
  pbx.play(call.cast, call.scene, 'ends')
}
