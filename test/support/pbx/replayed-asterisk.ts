import { AsteriskAdapter } from '../../../adapters/asterisk/asterisk-adapter.ts'
import { ACK_VARIABLE, HEARTBEAT_VARIABLE } from '../../../adapters/asterisk/dialplan-names.ts'
import { parsePbxId } from '../../../core/domain/ids.ts'
import { quietRuntime } from '../quiet-runtime.ts'
import { asteriskCast, asteriskScene } from '../simulated/asterisk-scenes.ts'
import { SimulatedAsterisk } from '../simulated/simulated-asterisk.ts'
import { DialplanWords } from './asterisk-dialplan-words.ts'
import { SUBJECT_KEYS } from './pbx-subject.ts'
import type { Answered, ReplayedPbx } from './replayed-subject.ts'

const RECORDING_DIRECTORY = '/var/spool/asterisk/recording'

/** What a real Asterisk sent, for a simulated one. */
export async function replayedAsterisk(answered: Answered): Promise<ReplayedPbx> {
  const asterisk = await SimulatedAsterisk.open({ variable: ({ uniqueId }, name, value) => (name === ACK_VARIABLE ? answered(uniqueId, value) : undefined) })
  asterisk.queueMembers = [['Event: QueueMember', 'Queue: sales', 'Name: agent', 'Location: PJSIP/agent', 'StateInterface: PJSIP/agent']]
  return {
    get isServed() {
      return Number(asterisk.globals.get(HEARTBEAT_VARIABLE) ?? 0) > 0
    },
    cast: asteriskCast,
    customerOf: (cast) => cast.id('u', 0),
    play(cast, scene, stage) {
      const words = new DialplanWords(asterisk)
      for (const message of asteriskScene(scene).stages.get(stage) ?? []) {
        const said = words.said(cast.fill(message))
        if (said !== null) asterisk.play(said)
      }
    },
    adapter: () => new AsteriskAdapter({
      pbxId: parsePbxId('contract'),
      ami: { host: '127.0.0.1', port: asterisk.port, username: 'holdfast', secret: 'secret', tls: null },
      recordingDirectory: RECORDING_DIRECTORY, spoolFormat: 'wav', wanted: { keys: SUBJECT_KEYS, headers: new Map() }, eventFilter: 'own', runtime: quietRuntime(), random: Math.random,
    }),
    passBy: () => undefined,
    forgetNotes: () => asterisk.database.clear(),
    cut: () => asterisk.cut(),
    mend: () => asterisk.mend(),
    fallSilent: () => asterisk.fallSilent(),
    restart: () => asterisk.restart(),
    silencedMs: (received) => asterisk.silencedMs(`${RECORDING_DIRECTORY}/${received}`),
    [Symbol.asyncDispose]: async () => await asterisk[Symbol.asyncDispose](),
  }
}
