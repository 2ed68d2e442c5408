import { INTERACTION_HEADER, isAttachedKey, MAX_ATTACHED_VALUE_BYTES, PARTITIONS_KEY, RECORD_KEY } from '../../core/domain/attached-data.ts'
import type { Announcement } from '../../core/domain/call.ts'
import { isHoldfastError } from '../../core/domain/errors.ts'
import { type ChannelId, parseCallId, parseChannelId } from '../../core/domain/ids.ts'
import type { SegmentFiles } from '../../core/domain/recording.ts'
import type { WantedData } from '../../core/ports/pbx-adapter.ts'
import { NATIVE_REASONS, type NativeRecording } from '../../core/ports/pbx-event.ts'
import { announcementOutcomeOf, directionOf } from '../wire/pbx-words.ts'
import { uriDecode } from '../wire/percent-text.ts'
import { SPOOL_FOLDER, WANTED_REALM } from './dialplan-names.ts'
import { epochMicroseconds } from './epoch.ts'
import { knownText } from './esl-message.ts'

/** Headers that can be read from a channel: more would let an administrator's word out of its place in a command. */
const HEADER_NAME = /^[A-Za-z][-A-Za-z0-9]{0,63}$/
/** Microseconds since 1970, which become part of a file's name. */
const NUMBER = /^[1-9]\d{14,15}$/

/** Words of a message of ours that were not usable, by what they stood for. */
export type RefusedWord = 'request' | 'direction' | 'code' | 'attached-key' | 'attached-value' | 'prompt'

/** What a note is read with. */
export interface NoteContext {
  readonly now: () => Date
  readonly refused: (reason: RefusedWord) => void
  readonly isHere: (channelId: ChannelId, directory: string | null) => boolean
}

/** The words of a note: `Word:value&Word:value`, each value encoded. The first of a name is the dialplan's own. */
export class NoteWords {
  readonly #words = new Map<string, string>()

  constructor(text: string) {
    for (const part of text.split('&')) {
      const at = part.indexOf(':')
      const name = part.slice(0, Math.max(at, 0))
      if (!this.#words.has(name)) this.#words.set(name, part.slice(at + 1))
    }
  }

  /** Still encoded; `null` where nothing was noted. */
  raw(name: string): string | null {
    return knownText(this.#words.get(name) ?? null)
  }

  get(name: string): string | null {
    const raw = this.raw(name)
    return raw === null ? null : uriDecode(raw)
  }

  /** Values under names that begin so, which are keys of attached data. */
  data(prefix: 'data.' | 'header.', refused: NoteContext['refused']): Readonly<Record<string, string>> {
    const entries = [...this.#words.keys()].filter((name) => name.startsWith(prefix)).flatMap((name) => {
      const entry = attachedEntry(name.slice(prefix.length), this.get(name), refused)
      return entry === null ? [] : [entry]
    })
    return Object.fromEntries(entries)
  }
}

/** A value that may be kept, under its key; `null` where there is none. */
export function attachedEntry(key: string, value: string | null, refused: NoteContext['refused']): readonly [string, string] | null {
  if (value === null) return null
  if (!isAttachedKey(key)) refused('attached-key')
  else if (Buffer.byteLength(value) > MAX_ATTACHED_VALUE_BYTES) refused('attached-value')
  else return [key, value]
  return null
}

/**
 * The command that tells the dialplan what to note besides `record` and `GRECORD_PARTITIONS`. The value is a text that the switch expands
 * as it takes a note; variables are read by `uuid_getvar`, whose answer it does not expand again. A global variable could not hold it:
 * FreeSWITCH writes `%{` where `${` stood (seen with 1.10.12).
 */
export function tellWanted({ keys, headers }: WantedData): string {
  const variables = keys.filter((key) => isAttachedKey(key) && key !== RECORD_KEY && key !== PARTITIONS_KEY).map((key) => noted(`data.${key}`, key))
  const sip = [...headers].filter(([header, key]) => HEADER_NAME.test(header) && isAttachedKey(key)).map(([header, key]) => noted(`header.${key}`, `sip_h_${header}`))
  return `hash insert/${WANTED_REALM}/note/${[...variables, ...sip, 'end:'].join('&')}`
}

function noted(word: string, variable: string): string {
  return `${word}:\${url_encode(\${uuid_getvar(\${uuid} ${variable})})}`
}

/** Relative to the spool's root; as holdfast.xml names them. Both channels lie in one file. */
export function nativeFiles(channelId: ChannelId, number: string): SegmentFiles {
  const file = `${SPOOL_FOLDER}/native-${channelId}.${number}.wav`
  return { received: file, transmitted: file }
}

/**
 * A recording that the dialplan began by itself, from its note. Lenient, because the call is recorded already: what is missing or odd
 * becomes `null` or the likeliest value. `null` when it is no note of ours, or lies elsewhere.
 * @throws HoldfastError `MALFORMED_ID`
 */
export function nativeRecording(text: string, startedAt: Date | null, { now, refused, isHere }: NoteContext): NativeRecording | null {
  const words = new NoteWords(text)
  const channelId = parseChannelId(words.get('Channel') ?? '')
  const number = words.raw('Number') ?? ''
  if (!NUMBER.test(number)) {
    refused('request')
    return null
  }
  if (!isHere(channelId, words.get('Directory'))) return null
  const files = nativeFiles(channelId, number)
  const headers = words.data('header.', refused)
  return {
    type: 'native-recording',
    channelId,
    callId: parseCallId(words.get('Call') ?? channelId),
    at: startedAt ?? epochMicroseconds(number) ?? now(),
    because: NATIVE_REASONS.find((reason) => reason === words.raw('Because')) ?? 'stale-heartbeat',
    files,
    recorderId: files.received,
    began: startedAt === null ? 'unknown' : 'yes',
    direction: directionOf(words.raw('Direction')) ?? 'inbound',
    caller: { number: words.get('Caller'), name: words.get('CallerName') },
    dialled: words.get('Dialled'),
    attached: words.data('data.', refused),
    headers,
    interactionId: words.raw('Interaction') === 'trust' ? (headers[INTERACTION_HEADER] ?? null) : null,
    announcement: announcementOf(words.raw('Announced')),
  }
}

/** What mod_hash remembers of natives: the answers of `hash_dump db <realm>` for the notes and for when their recorders began. */
export function nativesFromDump(notes: string, started: string, context: NoteContext): readonly NativeRecording[] {
  const begun = new Map(entriesOf(started))
  return entriesOf(notes).flatMap(([key, text]) => {
    try {
      const native = nativeRecording(text, epochMicroseconds(begun.get(key) ?? null), context)
      return native === null ? [] : [{ ...native, began: begun.has(key) ? 'yes' : 'no' }]
    } catch (error) {
      if (!isHoldfastError(error, 'MALFORMED_ID')) throw error
      // Not an entry of ours: another program's realm may end in the same word.
      context.refused('request')
      return []
    }
  })
}

/** Lines `D/<realm>_<key>/<value>`. Source: FreeSWITCH 1.10 mod_hash.c, `hash_dump_function` */
export function entriesOf(dump: string): readonly (readonly [key: string, value: string])[] {
  return dump.split('\n').flatMap((line) => {
    const [, key, value] = /^D\/[^_/]+_([^/]+)\/(.*)$/.exec(line) ?? []
    return key === undefined || value === undefined ? [] : [[key, value] as const]
  })
}

/** `prompt:outcome:started:ended`. The prompt is the administrator's word, and holds no colon. */
export function announcementOf(text: string | null): Announcement | null {
  const [prompt = '', outcome = null, started = null, ended = null] = (text ?? '').split(':')
  const told = { outcome: announcementOutcomeOf(outcome), startedAt: epochMicroseconds(started), endedAt: epochMicroseconds(ended) }
  if (prompt === '' || told.outcome === null || told.startedAt === null || told.endedAt === null) return null
  return { prompt, outcome: told.outcome, startedAt: told.startedAt, endedAt: told.endedAt }
}
