import { appendFileSync, linkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ACK_VARIABLE } from '../../../adapters/asterisk/dialplan-names.ts'
import { ACK_VARIABLE as FREESWITCH_ACK_VARIABLE, ARM_VARIABLE } from '../../../adapters/freeswitch/dialplan-names.ts'
import { asteriskCast, asteriskScene } from '../../support/simulated/asterisk-scenes.ts'
import { freeSwitchCast, freeSwitchScene } from '../../support/simulated/freeswitch-scenes.ts'
import type { Cast } from '../../support/simulated/scene.ts'
import { SimulatedAsterisk } from '../../support/simulated/simulated-asterisk.ts'
import { SimulatedFreeSwitch } from '../../support/simulated/simulated-freeswitch.ts'
import type { PlayedPbx } from './load.ts'

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
  cast(): Cast
  play(cast: Cast, stage: string): void
}

/** All recordings are one file, which grows: that is all that is looked at. */
const GROWS_EVERY_MS = 1000
const GROWTH = Buffer.alloc(1024)

/** A simulated PBX with calls that are recorded as their source. The leg that asks is the first of its cast. */
export const SIMULATED: Readonly<Record<PlayedPbx, (heard: Heard, recordings: string) => Promise<SimulatedPbx>>> = {
  Asterisk: async ({ commanded, began, answered }) => {
    const scene = asteriskScene('plain-answered')
    const asterisk = await SimulatedAsterisk.open({
      started: ({ uniqueId }) => {
        commanded(uniqueId)
        began(uniqueId)
      },
      variable: ({ uniqueId }, name) => (name === ACK_VARIABLE ? answered(uniqueId) : undefined),
    })
    return {
      port: asterisk.port, cast: asteriskCast,
      play: (cast, stage) => {
        for (const message of scene.stages.get(stage) ?? []) asterisk.play(cast.fill(message))
      },
    }
  },
  FreeSWITCH: async ({ commanded, began, answered }, recordings) => {
    const scene = freeSwitchScene('plain-answered')
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
    return {
      port: freeSwitch.port, cast: freeSwitchCast,
      play: (cast, stage) => {
        for (const message of scene.stages.get(stage) ?? []) freeSwitch.play(cast.fill(message))
      },
    }
  },
}
