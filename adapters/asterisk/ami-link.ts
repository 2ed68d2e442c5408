import type { PbxId } from '../../core/domain/ids.ts'
import type { Runtime } from '../../core/ports/runtime.ts'
import { PbxLink } from '../wire/pbx-link.ts'
import type { AmiAction } from './ami-action.ts'
import { chooseEvents, ping } from './ami-actions.ts'
import { AmiConnection } from './ami-connection.ts'
import type { AmiMessage } from './ami-message.ts'
import type { AmiEndpoint } from './ami-route.ts'
import { timeOf } from './channel-of.ts'

/** What the owner of a link does with it. Nothing of it is called twice at a time. */
export interface AmiLinkOwner {
  /** Logged in; events come already. The link ends when this rejects; else it is up, and what was resolved is called in that moment. */
  readonly established: (connection: AmiConnection) => Promise<() => void>
  /** An event, in order. */
  readonly event: (message: AmiMessage) => void
  /** After each connection that was established, or was being so. */
  readonly ended: () => void
  /** Sent with every proof of life while the link is up. */
  readonly heartbeat: (pbxNow: Date) => AmiAction | null
}

export interface AmiLinkOptions {
  readonly pbxId: PbxId
  readonly endpoint: AmiEndpoint
  readonly runtime: Runtime
  readonly random: () => number
  readonly owner: AmiLinkOwner
}

/** Keeps one AMI connection to one Asterisk, for ever: a new one after each end, with back-off. */
export class AmiLink extends PbxLink<AmiConnection> {
  constructor({ pbxId, endpoint, runtime, random, owner }: AmiLinkOptions) {
    const withheld = (message: AmiMessage): void => {
      runtime.metrics.count('holdfast_pbx_events_forged_total', { pbx: pbxId })
      runtime.log.warn({ pbxId, event: message.get('Event') }, 'an event with its end torn off: somebody writes line breaks into a call')
    }
    super({
      pbxId, protocol: 'AMI', runtime, random,
      owner: {
        open: (fault) => AmiConnection.open(endpoint, { event: owner.event, fault, withheld }),
        subscribe: async (connection) => { await connection.request(chooseEvents()) },
        probe: async (connection) => timeOf(await connection.request(ping())),
        established: owner.established,
        beat: async (connection, pbxNow) => {
          const heartbeat = owner.heartbeat(pbxNow)
          if (heartbeat !== null) await connection.request(heartbeat)
        },
        ended: owner.ended,
      },
    })
  }

  /** Errors as `AmiConnection.request`. Nothing is queued while the link is down. */
  async request(action: AmiAction): Promise<AmiMessage> {
    return await this.connection.request(action)
  }
}
