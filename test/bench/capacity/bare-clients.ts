import { setAcknowledgement as setAsteriskAcknowledgement, setHeartbeat as setAsteriskHeartbeat, startRecorder } from '../../../adapters/asterisk/ami-actions.ts'
import { AmiConnection } from '../../../adapters/asterisk/ami-connection.ts'
import type { AmiMessage } from '../../../adapters/asterisk/ami-message.ts'
import { RECORD_EVENT } from '../../../adapters/freeswitch/dialplan-names.ts'
import { armRecorder, setAcknowledgement, setHeartbeat } from '../../../adapters/freeswitch/esl-commands.ts'
import { EslConnection } from '../../../adapters/freeswitch/esl-connection.ts'
import type { EslMessage } from '../../../adapters/freeswitch/esl-message.ts'
import { subscribe } from '../../../adapters/freeswitch/esl-subscription.ts'
import { SUBSCRIPTION } from '../../../adapters/freeswitch/event-reader.ts'
import { parseChannelId } from '../../../core/domain/ids.ts'
import type { PlayedPbx } from './load.ts'

/** Dialplans ask as long as the bench lasts. */
const untilEpochSeconds = (): number => Math.floor(Date.now() / 1000) + 3600

/** A request that is answered too late, or not at all, is counted by whoever plays the calls. */
const counted = (): undefined => undefined

/** Sends what Holdfast sends to answer a request, and does nothing else. Gives what ends it. */
export const BARE_CLIENTS: Readonly<Record<PlayedPbx, (port: number, recordings: string) => Promise<() => void>>> = {
  Asterisk: async (port) => {
    const connection: AmiConnection = await AmiConnection.open({ host: '127.0.0.1', port, username: 'bare', secret: 'bare', tls: null }, { event: (message) => void answer(message).catch(counted), fault: () => undefined })
    async function answer(message: AmiMessage): Promise<void> {
      if (message.get('UserEvent') !== 'HoldfastRecord') return
      const channelId = parseChannelId(message.get('Uniqueid') ?? '')
      await connection.request(startRecorder(channelId, { received: `/${channelId}.rx.wav`, transmitted: `/${channelId}.tx.wav` }))
      await connection.request(setAsteriskAcknowledgement(channelId, message.get('Request') ?? '', 'no'))
    }
    await connection.request(setAsteriskHeartbeat(untilEpochSeconds()))
    return () => connection.close('measured')
  },
  FreeSWITCH: async (port, recordings) => {
    const connection: EslConnection = await EslConnection.open({ host: '127.0.0.1', port, password: 'bare' }, { event: (message) => void answer(message).catch(counted), fault: () => undefined })
    async function answer(message: EslMessage): Promise<void> {
      if (message.get('Event-Subclass') !== RECORD_EVENT) return
      const channelId = parseChannelId(message.get('Unique-ID') ?? '')
      await connection.api(armRecorder({ channelId, path: `${recordings}/${channelId}.wav`, id: channelId, sampleRateHz: 8000 }))
      await connection.api(setAcknowledgement(channelId, message.get('Holdfast-Request') ?? '', 'no'))
    }
    await subscribe(connection, SUBSCRIPTION)
    await connection.api(setHeartbeat(untilEpochSeconds()))
    return () => connection.close('measured')
  },
}
