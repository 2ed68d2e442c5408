import { type ErrorCode, HoldfastError } from '../../core/domain/errors.ts'
import type { AmiMessage } from './ami-message.ts'

/** What Asterisk says when it refuses, and what it means. Everything else is `PBX_REFUSED`. Source: seen with Asterisk 22.10 */
const REFUSALS: Readonly<Record<string, ErrorCode>> = {
  'No such channel': 'CHANNEL_GONE',
}

/** The recorder with this id is not, or no longer, on the channel. Source: Asterisk 22 app_mixmonitor.c; seen */
const NO_SUCH_RECORDER: ReadonlySet<string> = new Set(['Could not stop monitoring channel', 'Cannot set mute flag'])

/** Whether a refusal means that the recorder has ended already. */
export function isRecorderGone(error: HoldfastError): boolean {
  return error.code === 'CHANNEL_GONE' || error.details['recorder'] === 'gone'
}

/**
 * The reply, unless it is a refusal: the one place where Asterisk's words become codes.
 * @throws HoldfastError `CHANNEL_GONE`; `PBX_REFUSED`
 */
export function accepted(action: string, reply: AmiMessage): AmiMessage {
  if (reply.get('Response')?.toLowerCase() !== 'error') return reply
  const message = reply.get('Message') ?? ''
  const code = REFUSALS[message] ?? 'PBX_REFUSED'
  throw new HoldfastError(code, `Asterisk refused ${action}: ${message}`, { action, ...(NO_SUCH_RECORDER.has(message) ? { recorder: 'gone' } : {}) })
}
