import { join } from 'node:path'
import type { CallScene } from './call-scenes.ts'
import { Cast, type IdPattern, readScene, type Scene } from './scene.ts'

const FOLDER = join(import.meta.dirname, '../../fixtures/asterisk/scenes')

/** Bridges first: the name of their id ends like that of a channel's. Of a channel's name the number alone is an id. */
const ASTERISK_IDS: readonly IdPattern[] = [
  { kind: 'b', pattern: /^\w*BridgeUniqueid: (\S+)$/gm },
  { kind: 'u', pattern: /^\w*(?:Uniqueid|Linkedid): (\S+)$/gm },
  { kind: 'c', pattern: /^\w*Channel: \w+\/[\w.]+-([0-9a-f]{8})/gm },
  { kind: 'r', pattern: /^Recorder: (0x[0-9a-f]+)$/gm },
]

export function asteriskScene(name: CallScene): Scene {
  return readScene(join(FOLDER, `${name}.txt`), ASTERISK_IDS)
}

let lastCast = 0

/** Ids that no other play has, in the form that Asterisk gives them. */
export function asteriskCast(): Cast {
  lastCast += 1
  const cast = lastCast
  const epochSeconds = Math.floor(Date.now() / 1000)
  return new Cast((kind, index) => {
    const number = cast * 32 + index
    if (kind === 'u') return `${epochSeconds}.${number}`
    if (kind === 'c') return number.toString(16).padStart(8, '0')
    if (kind === 'r') return `0x${(0x550000000000 + number * 16).toString(16)}`
    return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
  })
}
