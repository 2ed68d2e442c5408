import { parseRecordingId } from '../../core/domain/ids.ts'
import type { PlacedHold } from '../../core/library/legal/legal-holds.ts'
import type { HoldMembers } from '../../core/ports/hold-register.ts'
import { COUNT_CAP, type RecordingFilter } from '../../core/ports/recording-repository.ts'
import { connection, placeAfter } from '../connection.ts'
import type { HoldExtendInput, HoldPlaceInput, Resolvers } from '../generated/resolvers.ts'
import { optional, recordingFilterOf } from '../inputs.ts'
import { holdIdOf, nodeId, recordingIdOf } from '../node-id.ts'
import { asPayload } from '../user-errors.ts'

const NOT_PLACED = { hold: null, tooLate: null, found: null }

export const holdResolvers: Resolvers = {
  Query: {
    holds: async (_parent, { which, first, after }, { library, requester }) => {
      const page = await library.legalHolds.list(requester, which, { first, before: optional(placeAfter(after), Number) })
      const places = new Map(page.holds.map(({ hold, place }) => [hold, place]))
      return connection(page.holds.map(({ hold }) => hold), page.hasMore, (hold) => String(places.get(hold) ?? 0))
    },
    hold: (_parent, { id }, { library, requester }) => library.legalHolds.find(requester, holdIdOf(id)),
    deletionReceipt: (_parent, { recordingId }, { library, requester }) => library.deletion.receipt(requester, recordingIdOf(recordingId)),
  },
  Mutation: {
    holdPlace: (_parent, { input }, { library, requester }) => asPayload(async () =>
      shown(await library.legalHolds.place(requester, { caseName: input.caseName, reason: input.reason, members: membersOf(input) })), NOT_PLACED),
    holdExtend: (_parent, { input }, { library, requester }) => asPayload(async () =>
      shown(await library.legalHolds.extend(requester, holdIdOf(input.holdId), { reason: input.reason, members: membersOf(input) })), NOT_PLACED),
    holdRelease: (_parent, { input }, { library, requester }) => asPayload(async () =>
      ({ hold: await library.legalHolds.release(requester, holdIdOf(input.holdId), input.reason) }), { hold: null }),
    recordingLabel: (_parent, { input: { recordingId, add, remove } }, { library, requester }) => asPayload(async () =>
      ({ recording: await library.labelling.change(requester, recordingIdOf(recordingId), { add: add ?? [], remove: remove ?? [] }) }), { recording: null }),
    recordingDelete: (_parent, { input }, { library, requester }) => asPayload(() =>
      library.deletion.delete(requester, recordingIdOf(input.recordingId), input.reason), { recording: null, receipt: null }),
  },
  Recording: {
    holds: (recording, _args, { library, requester }) => library.legalHolds.over(requester, recording),
  },
  Hold: {
    id: ({ id }) => nodeId('Hold', id),
    plainId: ({ id }) => id,
    namedCount: ({ named }) => named,
    recordings: async ({ id }, { first, after }, { library, requester }) => {
      const page = await library.legalHolds.named(requester, id, { first, before: optional(placeAfter(after), parseRecordingId) })
      return connection(page.recordings, page.hasMore, (recording) => recording.id)
    },
    release: ({ released }) => released,
  },
  HeldSearch: {
    conditions: ({ filter }, _args, { library, requester }) => conditionsOf(filter).filter(({ key, value }) => library.visibility.personal(requester, { [key]: value }).hidden === 0),
    addedBy: ({ by }) => by,
    addedAt: ({ at }) => at,
  },
}

function membersOf({ recordingIds, searches }: Pick<HoldPlaceInput | HoldExtendInput, 'recordingIds' | 'searches'>): HoldMembers {
  return { recordings: (recordingIds ?? []).map(recordingIdOf), searches: (searches ?? []).map(recordingFilterOf) }
}

function shown({ hold, tooLate, found }: PlacedHold): { readonly hold: PlacedHold['hold']; readonly tooLate: readonly string[]; readonly found: readonly { readonly count: number; readonly exact: boolean }[] } {
  return { hold, tooLate, found: found.map((count) => ({ count: Math.min(count, COUNT_CAP), exact: count <= COUNT_CAP })) }
}

/** As text, without what was not asked. */
function conditionsOf({ attached, ...filter }: RecordingFilter): readonly { readonly key: string; readonly value: string }[] {
  return [
    ...Object.entries(filter).flatMap(([key, value]) => value === null ? [] : [{ key, value: value instanceof Date ? value.toISOString() : String(value) }]),
    ...attached.map(({ key, value }) => ({ key: `attached.${key}`, value })),
  ]
}
