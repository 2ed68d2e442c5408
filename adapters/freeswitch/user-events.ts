import type { CallId, ChannelId } from '../../core/domain/ids.ts'
import type { WantedData } from '../../core/ports/pbx-adapter.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import type { EslMessage } from './esl-message.ts'

/** Words of a message of ours that were not usable, by what they stood for. */
export type RefusedWord = 'request' | 'direction' | 'code' | 'attached-key' | 'attached-value' | 'prompt'

/** What an event of our dialplan is read with. */
export interface UserEventContext {
  /** Whose event it is, and the switch's time of it. @throws HoldfastError `MALFORMED_ID` */
  readonly subject: (message: EslMessage) => { readonly channelId: ChannelId; readonly callId: CallId; readonly at: Date }
  /** What is read of a channel's variables; nothing else leaves this reader. */
  readonly wanted: WantedData
  readonly refused: (reason: RefusedWord) => void
  /** Whether what was recorded lies below our recording directory. */
  readonly isHere: (channelId: ChannelId, directory: string | null) => boolean
}

/** An event of our own dialplan; @throws HoldfastError `MALFORMED_ID` */
export type UserEventMapping = (message: EslMessage, context: UserEventContext) => PbxEvent | null

/** What holdfast.xml raises, by subclass. */
export const USER_EVENT_MAPPINGS: Readonly<Partial<Record<string, UserEventMapping>>> = {}
