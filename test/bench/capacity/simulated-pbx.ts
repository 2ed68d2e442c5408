import { appendFileSync, linkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACK_VARIABLE, HEARTBEAT_VARIABLE } from '../../../adapters/asterisk/dialplan-names.ts'
import { ACK_VARIABLE as FREESWITCH_ACK_VARIABLE, ARM_VARIABLE } from '../../../adapters/freeswitch/dialplan-names.ts'
import { DialplanWords } from '../../support/pbx/asterisk-dialplan-words.ts'
import { asteriskCast, asteriskScene } from '../../support/simulated/asterisk-scenes.ts'
import { freeSwitchCast, freeSwitchScene } from '../../support/simulated/freeswitch-scenes.ts'
import type { CallScene } from '../../support/simulated/call-scenes.ts'
import type { Cast, Scene } from '../../support/simulated/scene.ts'
import { SimulatedAsterisk } from '../../support/simulated/simulated-asterisk.ts'
import { SimulatedFreeSwitch } from '../../support/simulated/simulated-freeswitch.ts'
import type { PlayedPbx } from './load.ts'

/** As long as a heartbeat counts. Source: dialplan/asterisk/holdfast.conf */
const HEARTBEAT_FRESH_SECONDS = 10

/** What whoever answers does with the leg that asked. */
export interface Heard {
  /** The command that starts a recorder, or arms one for the answer. */
  readonly commanded: (leg: string) => void
  /** A recorder runs. */
  readonly began: (leg: string) => void
  readonly answered: (leg: string) => void
}

export interface SimulatedPbx {
  readonly port: number
  /** Whether the dialplan asks the service. */
  readonly isServed: boolean
  cast(): Cast
  play(cast: Cast, scene: CallScene, stage: string): void
}

/** All recordings are one file, which grows: that is all that is looked at. */
const GROWS_EVERY_MS = 1000
const GROWTH = Buffer.alloc(1024)
/** Where the scenes were captured. */
const CAPTURED_IN: Readonly<Record<PlayedPbx, string>> = { Asterisk: '/var/spool/asterisk/recording', FreeSWITCH: '/var/lib/freeswitch/recordings' }
/** A recorder that the dialplan began. */
const NATIVE_START = /"Event-Name":"RECORD_START".*"Record-File-Path":"([^"]+)"/s

/** A simulated PBX with calls that are recorded as their source. The leg that asks is the first of its cast. */
export const SIMULATED: Readonly<Record<PlayedPbx, (heard: Heard, recordings: string) => Promise<SimulatedPbx>>> = {
  Asterisk: async ({ commanded, began, answered }, recordings) => {
    const asterisk = await SimulatedAsterisk.open({
      started: ({ uniqueId }) => {
        commanded(uniqueId)
        began(uniqueId)
      },
      variable: ({ uniqueId }, name) => (name === ACK_VARIABLE ? answered(uniqueId) : undefined),
    })
    const messages = scenesIn('Asterisk', recordings, asteriskScene)
    return {
      port: asterisk.port, cast: asteriskCast,
      get isServed() {
        return Number(asterisk.globals.get(HEARTBEAT_VARIABLE) ?? 0) > Date.now() / 1000 - HEARTBEAT_FRESH_SECONDS
      },
      play: (cast, scene, stage) => {
        const words = new DialplanWords(asterisk)
        for (const message of messages(scene, stage)) {
          const said = words.said(cast.fill(message))
          if (said !== null) asterisk.play(said)
        }
      },
    }
  },
  FreeSWITCH: async ({ commanded, began, answered }, recordings) => {
    const sound = join(recordings, 'sound.wav')
    writeFileSync(sound, GROWTH)
    setInterval(() => appendFileSync(sound, GROWTH), GROWS_EVERY_MS)
    const freeSwitch = await SimulatedFreeSwitch.open({
      started: ({ id }, path) => {
        linkSync(sound, path)
        began(id)
      },
      variable: ({ id }, name) => {
        if (name.startsWith(ARM_VARIABLE)) commanded(id)
        if (name === FREESWITCH_ACK_VARIABLE) answered(id)
      },
    })
    const messages = scenesIn('FreeSWITCH', recordings, freeSwitchScene)
    return {
      port: freeSwitch.port, cast: freeSwitchCast,
      get isServed() {
        return freeSwitch.isServed
      },
      play: (cast, scene, stage) => {
        for (const message of messages(scene, stage)) {
          const filled = cast.fill(message)
          const native = scene === 'plain-answered' ? undefined : NATIVE_START.exec(filled)?.[1]
          if (native !== undefined) linkSync(sound, native)
          freeSwitch.play(filled)
        }
      },
    }
  },
}

/** Messages of scenes, as if they had been captured where these recordings are. */
function scenesIn(pbx: PlayedPbx, recordings: string, sceneOf: (name: CallScene) => Scene): (scene: CallScene, stage: string) => readonly string[] {
  const known = new Map<CallScene, ReadonlyMap<string, readonly string[]>>()
  const captured = CAPTURED_IN[pbx]
  const here = (message: string): string => message.replaceAll(captured, recordings).replaceAll(encodeURIComponent(captured), encodeURIComponent(recordings))
  return (name, stage) => {
    let stages = known.get(name)
    if (stages === undefined) known.set(name, stages = new Map([...sceneOf(name).stages].map(([each, messages]) => [each, messages.map((message) => here(message))] as const)))
    return stages.get(stage) ?? []
  }
}
