import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { asteriskCast, asteriskScene } from '../../support/simulated/asterisk-scenes.ts'
import type { LinkName } from './links.ts'

const FREESWITCH_CALL = join(import.meta.dirname, '../../fixtures/freeswitch/freeswitch-1.10.12-one-call-utf8.jsonl')
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Captured events as their PBX puts them on the wire; each call has ids of its own. */
export interface CapturedCalls {
  readonly bytes: Buffer
  readonly events: number
}

/** As many whole calls as have this many events at least. */
export const CAPTURED_CALLS: Readonly<Record<LinkName, (atLeast: number) => CapturedCalls>> = {
  AMI: (atLeast) => {
    const scene = asteriskScene('plain-answered')
    const messages = ['asks', 'answered', 'ends'].flatMap((stage) => scene.stages.get(stage) ?? [])
    return repeated(atLeast, () => {
      const cast = asteriskCast()
      return messages.map((message) => `${cast.fill(message).replaceAll('\n', '\r\n')}\r\n\r\n`)
    })
  },
  ESL: (atLeast) => {
    const lines = readFileSync(FREESWITCH_CALL, 'utf8').trim().split('\n')
    let call = 0
    return repeated(atLeast, () => {
      call += 1
      const tail = call.toString(16).padStart(8, '0')
      return lines.map((line) => {
        const json = line.replaceAll(UUID, (uuid) => tail + uuid.slice(8))
        return `Content-Length: ${Buffer.byteLength(json)}\nContent-Type: text/event-json\n\n${json}`
      })
    })
  },
}

function repeated(atLeast: number, call: () => readonly string[]): CapturedCalls {
  const pieces: string[] = []
  while (pieces.length < atLeast) pieces.push(...call())
  return { bytes: Buffer.from(pieces.join('')), events: pieces.length }
}
