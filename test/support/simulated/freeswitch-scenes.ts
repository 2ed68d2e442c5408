import { join } from 'node:path'
import { Cast, type IdPattern, readScene, type Scene } from './scene.ts'
import type { CallScene } from './call-scenes.ts'
import { type Headers, wholeMessages } from './leg-changes.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/freeswitch/scenes')
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

/** Legs have the numbers of their appearance in every scene; how often an application ran is another matter each time. A time is an id: it is when it is first told. */
const FREESWITCH_IDS: readonly IdPattern[] = [
  { kind: 'a', pattern: new RegExp(`"Application-UUID":"(${UUID})"`, 'g') },
  { kind: 'u', pattern: new RegExp(`(?<!"Core-UUID":")\\b(${UUID})\\b`, 'g') },
  { kind: 't', pattern: /(?<![0-9A-Za-z])(1\d{15})(?![0-9A-Za-z])/g },
]

const read = new Map<CallScene, Scene>()

/** Messages are JSON. Source: capture-freeswitch.ts */
export function freeSwitchScene(name: CallScene): Scene {
  const known = read.get(name)
  if (known !== undefined) return known
  const { stages } = readScene(join(FOLDER, `${name}.txt`), FREESWITCH_IDS)
  const whole = wholeMessages()
  const scene = { stages: new Map([...stages].map(([stage, messages]) => [stage, messages.map((message) => JSON.stringify(whole(JSON.parse(message) as Headers)))])) }
  read.set(name, scene)
  return scene
}

let lastCast = 0

/** Ids that no other play has. */
export function freeSwitchCast(): Cast {
  lastCast += 1
  const cast = lastCast.toString(16).padStart(8, '0')
  return new Cast((kind, index) => {
    if (kind === 't') return String(Date.now() * 1000)
    return `${cast}-${kind === 'a' ? '0001' : '0000'}-4000-8000-${index.toString(16).padStart(12, '0')}`
  })
}

