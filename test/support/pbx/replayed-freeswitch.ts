import { ACK_VARIABLE } from '../../../adapters/freeswitch/dialplan-names.ts'
import { FreeSwitchAdapter } from '../../../adapters/freeswitch/freeswitch-adapter.ts'
import { parsePbxId } from '../../../core/domain/ids.ts'
import { quietRuntime } from '../quiet-runtime.ts'
import { freeSwitchCast, freeSwitchScene } from '../simulated/freeswitch-scenes.ts'
import { SimulatedFreeSwitch } from '../simulated/simulated-freeswitch.ts'
import { SUBJECT_KEYS } from './pbx-subject.ts'
import type { Answered, ReplayedPbx } from './replayed-subject.ts'

const RECORDING_DIRECTORY = '/var/lib/freeswitch/recordings'
/** Of a file that grows as it should: 8 kHz, 16 bits, two channels. */
const BYTES_PER_MS = 32

/** What a real FreeSWITCH sent, for a simulated one. */
export async function replayedFreeSwitch(answered: Answered): Promise<ReplayedPbx> {
  const freeSwitch = await SimulatedFreeSwitch.open({ variable: ({ id }, name, value) => (name === ACK_VARIABLE ? answered(id, value) : undefined) })
  return {
    get isServed() {
      return freeSwitch.isServed
    },
    cast: freeSwitchCast,
    customerOf: (cast) => cast.id('u', 0),
    play(cast, scene, stage) {
      for (const message of freeSwitchScene(scene).stages.get(stage) ?? []) freeSwitch.play(cast.fill(message))
    },
    adapter: () => new FreeSwitchAdapter({
      pbxId: parsePbxId('contract'), esl: { host: '127.0.0.1', port: freeSwitch.port, password: 'secret' },
      recordingDirectory: RECORDING_DIRECTORY, spool: { stat: async (name) => await Promise.resolve({ name, sizeBytes: Date.now() * BYTES_PER_MS, modifiedAt: new Date() }) }, sampleRateHz: 8000,
      wanted: { keys: SUBJECT_KEYS, headers: new Map() }, runtime: quietRuntime(), random: Math.random,
    }),
    passBy: (customer) => void freeSwitch.unheard.add(customer),
    forgetNotes: () => freeSwitch.realms.clear(),
    cut: () => freeSwitch.cut(),
    mend: () => freeSwitch.mend(),
    fallSilent: () => freeSwitch.fallSilent(),
    restart: () => freeSwitch.restart(),
    silencedMs: (received) => freeSwitch.silencedMs(`${RECORDING_DIRECTORY}/${received}`),
    [Symbol.asyncDispose]: async () => await freeSwitch[Symbol.asyncDispose](),
  }
}
