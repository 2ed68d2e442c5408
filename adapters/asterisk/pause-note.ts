import { isHoldfastError } from '../../core/domain/errors.ts'
import { CODE_WAYS } from '../../core/domain/feature-code.ts'
import { type ChannelId, parseCallId, parseChannelId } from '../../core/domain/ids.ts'
import type { NativePause } from '../../core/ports/pbx-event.ts'
import type { EventContext } from './ami-events.ts'
import type { AmiMessage } from './ami-message.ts'
import { uriDecode } from './ami-text.ts'
import { endpointOf } from './channel-of.ts'
import { PAUSES_FAMILY } from './dialplan-names.ts'
import { epochTime, recorderIdOf } from './native-note.ts'
import { resumedFiles } from './spool-names.ts'

/** Milliseconds since 1970: they become part of a file's name, and tell when it was asked for. */
const ID = /^\d{13}$/
const STAGES = ['begins', 'done', 'void', 'over'] as const
const ACTIONS = ['pause', 'resume'] as const

/** What the dialplan told about a pause of its own: the same words in its event and in the PBX's database. */
export interface PauseNote {
  /** The leg on which it was asked for, and its name. */
  readonly byChannelId: ChannelId
  readonly byName: string | null
  /** `null` where nothing was noted. */
  readonly word: (name: string) => string | null
}

/** `null` when it is none of ours. @throws HoldfastError `MALFORMED_ID` */
export function nativePause({ byChannelId, byName, word }: PauseNote): NativePause | null {
  const id = word('Id') ?? ''
  const stage = STAGES.find((known) => known === word('Stage'))
  const action = ACTIONS.find((known) => known === word('Action'))
  const way = CODE_WAYS.find((known) => known === word('Way'))
  if (!ID.test(id) || stage === undefined || action === undefined || way === undefined) return null
  const channelId = parseChannelId(uriDecode(word('Leg') ?? ''))
  const askedAt = new Date(Number(id))
  const stoppedAt = epochTime(word('Stopped'))
  const startedAt = epochTime(word('Started'))
  return {
    type: 'native-pause',
    channelId,
    callId: parseCallId(uriDecode(word('Call') ?? '')),
    at: startedAt ?? stoppedAt ?? askedAt,
    stage, action, way, askedAt, stoppedAt,
    by: { channelId: byChannelId, endpoint: byName === null ? null : endpointOf(byName) },
    recorder: 'ended',
    resumed: action === 'pause' ? null : { files: resumedFiles(channelId, id), recorderId: recorderIdOf(word('Recorder')), startedAt },
  }
}

/**
 * The pauses that the PBX's database remembers, oldest first, from the entries of its tree: `/holdfast-pauses/<leg>/<id>/<word>`.
 * Who asked may have hung up in the middle: then what was done is not known, and it is told all the same.
 */
export function pausesFromTree(entries: readonly AmiMessage[], { refused, isHere }: Pick<EventContext, 'refused' | 'isHere'>): readonly NativePause[] {
  const noted = new Map<string, Map<string, string>>()
  for (const entry of entries) {
    const [, family, leg, id, word] = (entry.get('Key') ?? '').split('/')
    if (family !== PAUSES_FAMILY || leg === undefined || id === undefined || word === undefined) continue
    const key = `${leg}/${id}`
    const words = noted.get(key) ?? new Map([['Id', id]])
    noted.set(key, words.set(word, entry.get('Val') ?? ''))
  }
  const pauses = [...noted.values()].flatMap((words) => fromWords(words, { refused, isHere }))
  return pauses.toSorted((one, other) => one.askedAt.getTime() - other.askedAt.getTime())
}

function fromWords(words: ReadonlyMap<string, string>, { refused, isHere }: Pick<EventContext, 'refused' | 'isHere'>): readonly NativePause[] {
  const word = (name: string): string | null => name === 'Stage' ? (words.has('Void') ? 'void' : 'done') : (words.get(name) ?? null)
  try {
    const pause = nativePause({ byChannelId: parseChannelId(uriDecode(word('By') ?? '')), byName: uriDecode(word('Name') ?? ''), word })
    if (pause === null) refused('code')
    return pause === null || !isHere(pause.channelId, word('Directory')) ? [] : [pause]
  } catch (error) {
    // Not an entry of ours, or one that ended with its call before the leg was noted.
    if (!isHoldfastError(error, 'MALFORMED_ID')) throw error
    refused('code')
    return []
  }
}
