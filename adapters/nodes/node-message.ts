import { z } from 'zod'
import { ACTOR_TYPES } from '../../core/domain/audit-entry.ts'
import { ERROR_CODES, type ErrorCode } from '../../core/domain/errors.ts'
import { type NodeName, parseInteractionId, parseNodeName, parsePbxId, parseRecordingId } from '../../core/domain/ids.ts'
import { PAUSE_WAYS } from '../../core/domain/recording.ts'
import type { PeerOrder, PeerResult } from '../../core/ports/peer-node.ts'

/** Of either message: some hundred conversations with their ids, or results. More is no message of ours. */
export const MAX_MESSAGE_BYTES = 256 * 1024
/** Conversations that are one, or paused at once at one node: beyond this somebody plays tricks. */
const MAX_INTERACTIONS = 2000
/** Names of people, tokens and telephones are far shorter. */
const MAX_NAME = 512
/** A day: the longest limit of the settings. */
const MAX_LIMIT_MS = 86_400_000

/** An order on its way. */
export interface NodeMessage {
  /** Told again, it is the same command. */
  readonly commandId: string
  readonly from: NodeName
  readonly to: NodeName
  readonly sentAt: Date
  readonly order: PeerOrder
}

/** Text that one of our own parsers accepts. */
function id<Value>(parse: (text: string) => Value): z.ZodType<Value, string> {
  return z.string().max(MAX_NAME).transform((value, context): Value => {
    try {
      return parse(value)
    } catch {
      context.addIssue({ code: 'custom', message: 'no id' })
      return z.NEVER
    }
  })
}

const instant = z.iso.datetime().transform((text) => new Date(text))
const of = { interactions: z.array(id(parseInteractionId)).max(MAX_INTERACTIONS), at: instant }
const by = z.string().min(1).max(MAX_NAME)
/** Of whoever asked over the API of the sender: for the audit of the receiver. */
const client = z.strictObject({ type: z.enum(ACTOR_TYPES), address: z.string().max(MAX_NAME), label: z.string().max(MAX_NAME), knownAt: z.iso.datetime().exactOptional() }).exactOptional()
const order = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('pause'), ...of, asked: z.enum(['now', 'again']), by, how: z.enum(PAUSE_WAYS), client, pbxId: id(parsePbxId), limitMs: z.number().int().min(1).max(MAX_LIMIT_MS) }),
  z.strictObject({ action: z.literal('resume'), ...of, by, how: z.enum(PAUSE_WAYS), client }),
  z.strictObject({ action: z.literal('holding'), ...of }),
])
const message = z.strictObject({ commandId: z.uuid(), from: id(parseNodeName), to: id(parseNodeName), sentAt: instant, order })

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CODES, code)
const recording = { recordingId: id(parseRecordingId), pbxId: id(parsePbxId) }
const answer = z.strictObject({
  results: z.array(z.discriminatedUnion('outcome', [
    z.strictObject({ ...recording, outcome: z.enum(['done', 'already']), effectiveAt: instant }),
    z.strictObject({ ...recording, outcome: z.literal('waiting') }),
    z.strictObject({ ...recording, outcome: z.literal('failed'), code: z.string().refine(isErrorCode), message: z.string().max(MAX_NAME) }),
  ])),
})

/** An order as it is signed and sent; what `parseMessage` reads. */
export function messageText(content: NodeMessage): string {
  return JSON.stringify(content)
}

/** `null` for what is no message of ours. */
export function parseMessage(text: string): NodeMessage | null {
  return message.safeParse(json(text)).data ?? null
}

/** The answer to an order as it is signed and sent; what `parseAnswer` reads. */
export function answerText(results: readonly PeerResult[]): string {
  return JSON.stringify({ results })
}

/** `null` for what is no answer of ours. */
export function parseAnswer(text: string): readonly PeerResult[] | null {
  return answer.safeParse(json(text)).data?.results ?? null
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
