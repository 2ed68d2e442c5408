import { CODE_ACTIONS, CODE_WAYS } from '../../core/domain/feature-code.ts'
import { isAttachedKey, MAX_ATTACHED_VALUE_BYTES } from '../../core/domain/attached-data.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import { announcementOutcomeOf, directionOf } from '../wire/pbx-words.ts'
import { type EventContext, type RefusedWord, subject } from './ami-events.ts'
import type { AmiMessage } from './ami-message.ts'
import { decodeHandedOver, uriDecode } from './ami-text.ts'
import { dialledNumber } from './channel-of.ts'
import type { HandOver } from './hand-over.ts'
import { nativePause } from './pause-note.ts'
import { epochTime, isNativeNumber, nativeRecording } from './native-note.ts'

/** An event of our own dialplan; @throws HoldfastError `MALFORMED_ID` */
export type UserEventMapping = (message: AmiMessage, context: EventContext, handOver: HandOver) => PbxEvent | null

/** What holdfast.conf raises, by the name given to UserEvent(). Values are URI-encoded there; the channel is Asterisk's own word. */
export const USER_EVENT_MAPPINGS: Readonly<Record<string, UserEventMapping>> = {
  HoldfastData: (message, context, handOver) => {
    const { channelId } = subject(message, context)
    handOver.add(channelId, {
      requestId: message.get('Request') ?? '',
      key: message.get('Key') ?? '',
      from: message.get('From') === 'header' ? 'header' : 'variable',
      part: Number(message.get('Part') ?? Number.NaN),
      encoded: message.get('Value') ?? '',
      completeness: message.get('Cut') === 'yes' ? 'cut' : 'whole',
    })
    return null
  },
  HoldfastRecord: (message, context, handOver) => {
    const of = subject(message, context)
    const requestId = message.get('Request') ?? ''
    const direction = directionOf(message.get('Direction'))
    if (!REQUEST_ID.test(requestId)) return refuse(context, 'request')
    // The dialplan has checked it already; a call is not left unrecorded for one odd word.
    if (direction === null) context.refused('direction')
    // No answer: the dialplan then records by itself, and notes everything for us.
    const handed = handOver.collected(of.channelId, requestId, piecesOf(message))
    if (handed === null) return refuse(context, 'hand-over')
    return { type: 'recording-asked', ...of, requestId, direction: direction ?? 'inbound', dialled: dialledNumber(decodeHandedOver(message.get('Dialled') ?? '')), ...handed, interactionId: decodedWord(message, 'Interaction') }
  },
  HoldfastNative: (message, context, handOver) => {
    const { channelId, callId } = subject(message, context)
    const number = message.get('Number') ?? ''
    if (!isNativeNumber(number)) return refuse(context, 'request')
    // Heard in part: its note in the PBX's database is older than our link, and comes with the resynchronisation.
    const handed = handOver.collected(channelId, message.get('Request') ?? '', piecesOf(message))
    if (handed === null) return refuse(context, 'hand-over')
    if (!context.isHere(channelId, message.get('Directory'))) return null
    return nativeRecording({ channelId, callId, ...handed, number, word: (name) => message.get(name) }, context.now())
  },
  HoldfastCode: (message, context) => {
    const of = subject(message, context)
    const requestId = message.get('Request') ?? ''
    const action = CODE_ACTIONS.find((known) => known === message.get('Action'))
    const way = CODE_WAYS.find((known) => known === message.get('Way'))
    if (!REQUEST_ID.test(requestId) || action === undefined || way === undefined) return refuse(context, 'code')
    return { type: 'code-pressed', ...of, requestId, action, way }
  },
  HoldfastAttached: (message, context) => {
    const of = subject(message, context)
    const key = message.get('Key') ?? ''
    const value = uriDecode(message.get('Value') ?? '')
    if (!isAttachedKey(key)) return refuse(context, 'attached-key')
    if (Buffer.byteLength(value) > MAX_ATTACHED_VALUE_BYTES) return refuse(context, 'attached-value')
    return { type: 'attached-changed', ...of, change: { key, value, source: 'pbx', at: of.at } }
  },
  HoldfastPause: (message, context) => {
    const { channelId: byChannelId } = subject(message, context)
    const pause = nativePause({ byChannelId, byName: message.get('Channel'), word: (name) => message.get(name) })
    if (pause === null) return refuse(context, 'code')
    return context.isHere(pause.channelId, message.get('Directory')) ? pause : null
  },
  HoldfastAnnounced: (message, context) => {
    const of = subject(message, context)
    const prompt = decodedWord(message, 'Prompt')
    const outcome = announcementOutcomeOf(message.get('Outcome'))
    if (prompt === null || outcome === null) return refuse(context, 'prompt')
    const startedAt = epochTime(message.get('Started')) ?? of.at
    return { type: 'announced', ...of, announcement: { prompt, outcome, startedAt, endedAt: epochTime(message.get('Ended')) ?? of.at } }
  },
}

/** It goes back to the PBX within a variable. */
const REQUEST_ID = /^[0-9A-Za-z._-]{1,200}$/

function decodedWord(message: AmiMessage, name: string): string | null {
  const encoded = message.get(name)
  return encoded === null || encoded === '' ? null : uriDecode(encoded)
}

function piecesOf(message: AmiMessage): number {
  const pieces = Number(message.get('Pieces') ?? Number.NaN)
  return Number.isInteger(pieces) ? pieces : 0
}

function refuse(context: EventContext, reason: RefusedWord): null {
  context.refused(reason)
  return null
}
