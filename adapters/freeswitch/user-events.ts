import { INTERACTION_HEADER, PARTITIONS_KEY, RECORD_KEY } from '../../core/domain/attached-data.ts'
import { CODE_ACTIONS, CODE_WAYS } from '../../core/domain/feature-code.ts'
import type { CallId, ChannelId } from '../../core/domain/ids.ts'
import type { WantedData } from '../../core/ports/pbx-adapter.ts'
import type { PbxEvent } from '../../core/ports/pbx-event.ts'
import { directionOf } from '../wire/pbx-words.ts'
import { ANNOUNCED_EVENT, ANNOUNCING_VARIABLE, ATTACHED_EVENT, CODE_EVENT, NATIVE_EVENT, NATIVE_VARIABLE, PAUSE_EVENT, RECORD_EVENT } from './dialplan-names.ts'
import { epochMicroseconds } from './epoch.ts'
import type { EslMessage } from './esl-message.ts'
import { announcementOf, attachedEntry, nativeRecording, type RefusedWord } from './native-note.ts'
import { nativePause } from './pause-note.ts'

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

/** What holdfast.xml raises, by subclass. Channel variables come whole in each event: only those that are wanted are read. */
export const USER_EVENT_MAPPINGS: Readonly<Partial<Record<string, UserEventMapping>>> = {
  [RECORD_EVENT]: (message, context) => {
    const of = context.subject(message)
    const requestId = message.get('Holdfast-Request') ?? ''
    const direction = directionOf(message.get('Holdfast-Direction'))
    if (!REQUEST_ID.test(requestId)) return refuse(context, 'request')
    // The dialplan has checked it already; a call is not left unrecorded for one odd word.
    if (direction === null) context.refused('direction')
    const data = dataOf(message, context)
    const interactionId = message.get('Holdfast-Interaction') === 'trust' ? (data.headers[INTERACTION_HEADER] ?? null) : null
    return { type: 'recording-asked', ...of, requestId, direction: direction ?? 'inbound', dialled: message.known('Caller-Destination-Number'), ...data, interactionId }
  },
  [NATIVE_EVENT]: (message, context) => {
    const { at, callId } = context.subject(message)
    const native = nativeRecording(message.variable(NATIVE_VARIABLE) ?? '', null, { ...context, now: () => at })
    // What the leg's own variables say is newer than the note, and whole.
    return native === null ? null : { ...native, callId, dialled: message.known('Caller-Destination-Number') ?? native.dialled, ...dataOf(message, context) }
  },
  [CODE_EVENT]: (message, context) => {
    const of = context.subject(message)
    const requestId = message.get('Holdfast-Request') ?? ''
    const action = CODE_ACTIONS.find((known) => known === message.get('Holdfast-Action'))
    const way = CODE_WAYS.find((known) => known === message.get('Holdfast-Way'))
    if (!REQUEST_ID.test(requestId) || action === undefined || way === undefined) return refuse(context, 'code')
    return { type: 'code-pressed', ...of, requestId, action, way }
  },
  [PAUSE_EVENT]: (message, context) => {
    const { callId } = context.subject(message)
    const pause = nativePause(message.variable('holdfast_act_note') ?? '')
    return pause === null ? refuse(context, 'code') : { ...pause, callId }
  },
  [ANNOUNCED_EVENT]: (message, context) => {
    const of = context.subject(message)
    const announcement = announcementOf(message.get('Holdfast-Announced'))
    return announcement === null ? refuse(context, 'prompt') : { type: 'announced', ...of, announcement }
  },
  [ATTACHED_EVENT]: (message, context) => {
    const of = context.subject(message)
    const entry = attachedEntry(message.get('Key') ?? '', message.get('Value'), context.refused)
    return entry === null ? null : { type: 'attached-changed', ...of, change: { key: entry[0], value: entry[1], source: 'pbx', at: of.at } }
  },
}

/** At the end of a leg that hangs up while it is told: nothing of a dialplan runs after that. `null` when nothing was being played. @throws HoldfastError `MALFORMED_ID` */
export function announcementCut(message: EslMessage, { subject }: Pick<UserEventContext, 'subject'>): PbxEvent | null {
  const announcing = message.variable(ANNOUNCING_VARIABLE)
  if (announcing === null) return null
  const of = subject(message)
  const [prompt = '', started = null] = announcing.split(':')
  return { type: 'announced', ...of, announcement: { prompt, outcome: 'cut', startedAt: epochMicroseconds(started) ?? of.at, endedAt: of.at } }
}

/** It goes back to the PBX within a variable. */
const REQUEST_ID = /^[0-9A-Za-z._-]{1,200}$/
/** How sofia names what the caller's INVITE said. */
const HEADER_PREFIX = 'variable_sip_h_'

/** Wanted variables, and wanted headers by the keys that they fill. */
function dataOf(message: EslMessage, { wanted, refused }: UserEventContext): { readonly attached: Readonly<Record<string, string>>; readonly headers: Readonly<Record<string, string>> } {
  const keys = new Set([RECORD_KEY, PARTITIONS_KEY, ...wanted.keys])
  const wantedHeaders = new Map([...new Map([[INTERACTION_HEADER, INTERACTION_HEADER]]), ...wanted.headers].map(([header, key]) => [header.toLowerCase(), key]))
  // Whoever calls chooses how the name of a header is spelt.
  const said = [...message.entries()].flatMap(([name, value]) => {
    const key = name.startsWith(HEADER_PREFIX) ? wantedHeaders.get(name.slice(HEADER_PREFIX.length).toLowerCase()) : undefined
    return key === undefined || value === '' ? [] : [[key, value] as const]
  })
  const kept = (entries: Iterable<readonly [string, string | null]>): Readonly<Record<string, string>> =>
    Object.fromEntries([...entries].flatMap(([key, value]) => attachedEntry(key, value, refused) === null || value === null ? [] : [[key, value] as const]))
  return { attached: kept([...keys].map((key) => [key, message.variable(key)] as const)), headers: kept(said) }
}

function refuse(context: UserEventContext, reason: RefusedWord): null {
  context.refused(reason)
  return null
}
