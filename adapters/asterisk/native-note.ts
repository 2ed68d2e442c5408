import type { Announcement } from '../../core/domain/call.ts'
import type { CallId, ChannelId } from '../../core/domain/ids.ts'
import { parseCallId, parseChannelId } from '../../core/domain/ids.ts'
import { NATIVE_REASONS, type NativeRecording } from '../../core/ports/pbx-event.ts'
import { announcementOutcomeOf, directionOf } from '../wire/pbx-words.ts'
import type { EventContext } from './ami-events.ts'
import type { AmiMessage } from './ami-message.ts'
import { decodeHandedOver, uriDecode } from './ami-text.ts'
import { creationOf } from './channel-of.ts'
import { ASTDB_FAMILY } from './dialplan-names.ts'
import { type HandedData, type HandedFrom, type HandedPiece, HandOver } from './hand-over.ts'
import { nativeFiles } from './spool-names.ts'

/** What the dialplan noted about a recording of its own: the same words in its event and in the PBX's database. */
export interface NativeNote {
  readonly channelId: ChannelId
  readonly callId: CallId
  readonly attached: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** Numbers the native recordings of one channel from 1. */
  readonly number: string
  /** Values still encoded; `null` where nothing was noted. */
  readonly word: (name: string) => string | null
}

/** The recorder's own id. Source: Asterisk 22 app_mixmonitor.c: the address of its datastore */
const RECORDER_ID = /^0x[0-9a-f]{1,16}$/

/** Lenient, because the call is recorded already: what is missing or odd becomes `null` or the likeliest value. */
export function nativeRecording(note: NativeNote, now: Date): NativeRecording {
  const decoded = (name: string): string | null => emptyToNull(decodeHandedOver(note.word(name) ?? ''))
  return {
    type: 'native-recording',
    channelId: note.channelId,
    callId: note.callId,
    at: epochTime(note.word('Started')) ?? creationOf(note.channelId) ?? now,
    because: NATIVE_REASONS.find((reason) => reason === note.word('Because')) ?? 'stale-heartbeat',
    files: nativeFiles(note.channelId, note.number),
    recorderId: recorderIdOf(note.word('Recorder')),
    // It records from its note on: what rings is recorded ringing.
    began: 'yes',
    direction: directionOf(note.word('Direction')) ?? 'inbound',
    caller: { number: decoded('Caller'), name: decoded('CallerName') },
    dialled: decoded('Dialled'),
    attached: note.attached,
    headers: note.headers,
    interactionId: decoded('Interaction'),
    announcement: announcementOf(note.word('Announced')),
  }
}

export function recorderIdOf(text: string | null): string | null {
  return text !== null && RECORDER_ID.test(text) ? text : null
}

/** Epoch seconds with a fraction, as the dialplan's STRFTIME(,,%s.%3q) writes them. */
export function epochTime(text: string | null): Date | null {
  return text !== null && /^\d{9,11}(?:\.\d{1,6})?$/.test(text) ? new Date(Number(text) * 1000) : null
}

/** Numbers of native recordings become part of a file name. */
export function isNativeNumber(text: string): boolean {
  return /^[1-9]\d{0,3}$/.test(text)
}

/** `prompt:outcome:started:ended`, the prompt encoded. */
function announcementOf(text: string | null): Announcement | null {
  const [prompt = '', outcome = null, started = null, ended = null] = (text ?? '').split(':')
  const told = { prompt: uriDecode(prompt), outcome: announcementOutcomeOf(outcome), startedAt: epochTime(started), endedAt: epochTime(ended) }
  if (told.prompt === '' || told.outcome === null || told.startedAt === null || told.endedAt === null) return null
  return { prompt: told.prompt, outcome: told.outcome, startedAt: told.startedAt, endedAt: told.endedAt }
}

function emptyToNull(text: string): string | null {
  return text === '' ? null : text
}

interface TreeContext extends Pick<EventContext, 'now' | 'refused' | 'isHere'> {
  /** Whether the channel exists now. */
  readonly isLive: (channelId: ChannelId) => boolean
}

/** Words below which the parts of values lie, by who wrote them. */
const DATA_WORDS: Readonly<Partial<Record<string, HandedFrom>>> = { data: 'variable', headers: 'header' }
const NOTHING_HANDED: HandedData = { attached: {}, headers: {} }

interface Noted {
  readonly number: string
  readonly words: Map<string, string>
  readonly pieces: Omit<HandedPiece, 'requestId'>[]
}

/**
 * The native recordings that the PBX's database remembers, from the entries of its tree:
 * `/holdfast/<channel>/<number>/<word>` and `/holdfast/<channel>/<number>/<data or headers>/<key>/<part>`. A note that the dialplan of a live call
 * is still writing is passed over: its event follows, and a decision upon a part of it would be wrong.
 */
export function nativesFromTree(entries: readonly AmiMessage[], context: TreeContext): readonly NativeRecording[] {
  const noted = new Map<string, Noted>()
  for (const entry of entries) note(noted, entry)
  return [...noted.values()].flatMap((one) => {
    const native = fromNoted(one, context)
    return native === null ? [] : [native]
  })
}

function note(noted: Map<string, Noted>, entry: AmiMessage): void {
  const [, family, name, number, word, key, part] = (entry.get('Key') ?? '').split('/')
  if (family !== ASTDB_FAMILY || name === undefined || number === undefined || word === undefined || !isNativeNumber(number)) return
  const id = `${name}/${number}`
  const one = noted.get(id) ?? { number, words: new Map<string, string>(), pieces: [] }
  noted.set(id, one)
  const value = entry.get('Val') ?? ''
  const from = DATA_WORDS[word]
  if (from === undefined) one.words.set(word, value)
  else if (key !== undefined) one.pieces.push(part === 'cut' ? { key, from, part: Number.POSITIVE_INFINITY, encoded: '', completeness: 'cut' } : { key, from, part: Number(part), encoded: value, completeness: 'whole' })
}

function fromNoted({ number, words, pieces }: Noted, { now, refused, isLive, isHere }: TreeContext): NativeRecording | null {
  const word = (name: string): string | null => words.get(name) ?? null
  const channel = decodeHandedOver(word('Channel') ?? '')
  try {
    const channelId = parseChannelId(channel)
    if (isLive(channelId) && word('Whole') === null) return null
    if (!isHere(channelId, word('Directory'))) return null
    const handOver = new HandOver(refused)
    for (const piece of pieces.toSorted((a, b) => a.part - b.part)) handOver.add(channelId, { requestId: number, ...piece })
    return nativeRecording({ channelId, callId: parseCallId(decodeHandedOver(word('Call') ?? channel)), number, word, ...handOver.collected(channelId, number, 0) ?? NOTHING_HANDED }, now())
  } catch {
    // Not an entry of ours, or one that the call's end cut before its channel was noted: the spool's files are found all the same.
    refused('request')
    return null
  }
}
