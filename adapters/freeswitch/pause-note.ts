import { isHoldfastError } from '../../core/domain/errors.ts'
import { CODE_WAYS } from '../../core/domain/feature-code.ts'
import { parseCallId, parseChannelId } from '../../core/domain/ids.ts'
import type { NativePause } from '../../core/ports/pbx-event.ts'
import { epochMicroseconds } from './epoch.ts'
import { entriesOf, type NoteContext, NoteWords } from './native-note.ts'

const STAGES = ['begins', 'done', 'void', 'over'] as const
const ACTIONS = ['pause', 'resume'] as const

/** What the dialplan told of a pause of its own; `null` when it is none of ours. @throws HoldfastError `MALFORMED_ID` */
export function nativePause(text: string): NativePause | null {
  const words = new NoteWords(text)
  const askedAt = epochMicroseconds(words.raw('Id'))
  const stage = STAGES.find((known) => known === words.raw('Stage'))
  const action = ACTIONS.find((known) => known === words.raw('Action'))
  const way = CODE_WAYS.find((known) => known === words.raw('Way'))
  if (askedAt === null || stage === undefined || action === undefined || way === undefined) return null
  const channelId = parseChannelId(words.get('Leg') ?? '')
  const stoppedAt = epochMicroseconds(words.raw('At'))
  return {
    type: 'native-pause',
    channelId,
    callId: parseCallId(words.get('Call') ?? channelId),
    at: stoppedAt ?? askedAt,
    stage, action, way, askedAt, stoppedAt,
    by: { channelId: parseChannelId(words.get('By') ?? ''), endpoint: endpointIn(words.get('Name')) },
    recorder: 'goes-on',
    resumed: null,
  }
}

/** The profile and the address, as of a live leg whose user FreeSWITCH does not know; who names his own leg (X-FS-Channel-Name) becomes no user and no gateway by it. */
function endpointIn(name: string | null): string | null {
  const endpoint = name === null ? null : name.replace(/^sofia\//, '').replace(/:\d{1,5}$/, '')
  return endpoint === null || /^(?:user|gateway)\//.test(endpoint) ? null : endpoint
}

/**
 * The pauses that mod_hash remembers, oldest first: the answer of `hash_dump db holdfast-pauses`. Who asked may have hung up in the middle:
 * then whether it was done is not known, and it is told all the same.
 */
export function pausesFromDump(dump: string, { refused }: Pick<NoteContext, 'refused'>): readonly NativePause[] {
  const pauses = entriesOf(dump).flatMap(([, text]) => {
    try {
      const pause = nativePause(text)
      if (pause === null) refused('code')
      return pause === null ? [] : [{ ...pause, stage: 'done' as const }]
    } catch (error) {
      if (!isHoldfastError(error, 'MALFORMED_ID')) throw error
      refused('code')
      return []
    }
  })
  return pauses.toSorted((one, other) => one.askedAt.getTime() - other.askedAt.getTime())
}
