import type { ChannelId } from '../../core/domain/ids.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import type { Bridges } from './bridges.ts'
import type { Consultations } from './consultations.ts'
import type { EslMessage } from './esl-message.ts'
import type { Leg, Legs } from './legs.ts'

/** What the mapping needs to know besides the message. */
export interface EventContext {
  readonly legs: Legs
  readonly bridges: Bridges
  readonly consultations: Consultations
  /** Whether a file is one of ours: other programs record, too. */
  readonly isOurs: (file: string) => boolean
  /** Its name below the spool's root; `null`: none that is given by us. */
  readonly fileOf: (path: string) => string | null
}

/** The leg of a message, and its time. */
export interface Subject {
  readonly leg: Leg
  readonly channelId: ChannelId
  readonly at: Date
}

/** What an event means to us, and what it changes in what is known. Who enters and leaves bridges is told from that. @throws HoldfastError `MALFORMED_ID` for ids that are none */
export type EventMapping = (message: EslMessage, of: Subject, context: EventContext) => readonly PbxEvent[]
