import type { PbxId } from '../../core/domain/ids.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { PbxLink } from '../wire/pbx-link.ts'
import { epochMicroseconds } from './epoch.ts'
import { readClock } from './esl-commands.ts'
import { EslConnection, type EslEndpoint } from './esl-connection.ts'
import type { EslMessage } from './esl-message.ts'
import { type EslSubscription, subscribe } from './esl-subscription.ts'

/** What the owner of a link does with it. Nothing of it is called twice at a time. */
export interface EslLinkOwner {
  /** Logged in; events come already. The link ends when this rejects; else it is up, and what was resolved is called in that moment. */
  readonly established: (connection: EslConnection) => Promise<() => void>
  /** An event, in order. */
  readonly event: (message: EslMessage) => void
  /** A line of FreeSWITCH's log, of an error or worse: its text is the body, the channel in `User-Data`. */
  readonly log: (message: EslMessage) => void
  /** After each connection that was established, or was being so. */
  readonly ended: () => void
  /** The API command that is sent with every proof of life while the link is up. */
  readonly heartbeat: (pbxNow: Date) => string | null
}

export interface EslLinkOptions {
  readonly pbxId: PbxId
  readonly endpoint: EslEndpoint
  readonly subscription: EslSubscription
  readonly runtime: Runtime
  readonly random: () => number
  readonly owner: EslLinkOwner
}

/** Errors and worse. Source: FreeSWITCH switch_types.h, `SWITCH_LOG_ERROR` is 3 */
const LOG_LEVEL = 3

/** Keeps one connection to the event socket of one FreeSWITCH, for ever. */
export class EslLink extends PbxLink<EslConnection> {
  constructor({ pbxId, endpoint, subscription, runtime, random, owner }: EslLinkOptions) {
    super({
      pbxId, protocol: 'ESL', runtime, random,
      owner: {
        open: (fault) => EslConnection.open(endpoint, { event: (message) => (message.kind === 'log/data' ? owner.log(message) : owner.event(message)), fault }),
        subscribe: async (connection) => {
          await subscribe(connection, subscription)
          await connection.command(`log ${LOG_LEVEL}`)
        },
        probe: async (connection) => epochMicroseconds(await connection.api(readClock())),
        established: owner.established,
        beat: async (connection, pbxNow) => {
          const heartbeat = owner.heartbeat(pbxNow)
          if (heartbeat !== null) await connection.api(heartbeat)
        },
        ended: owner.ended,
      },
    })
  }

  /** What an API command printed, as it is: `-ERR` is an answer. Errors as `EslConnection.api`. Nothing is queued while the link is down. */
  async api(line: string): Promise<string> {
    return await this.connection.api(line)
  }

  /** What the event socket itself answered. Errors as `EslConnection.command`. */
  async command(line: string): Promise<EslMessage> {
    return await this.connection.command(line)
  }
}
