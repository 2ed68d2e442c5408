import { parseExportId } from '../../core/domain/ids.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { recordingFilterOf } from '../inputs.ts'
import { recordingIdOf } from '../node-id.ts'
import { asPayload } from '../user-errors.ts'

const NO_TICKET = { path: null, expiresAt: null }

export const exportResolvers: Resolvers = {
  Query: {
    exports: (_parent, { first }, { library, requester }) => library.exports.list(requester, first),
    export: (_parent, { id }, { library, requester }) => library.exports.find(requester, parseExportId(id)),
  },
  Mutation: {
    exportRequest: (_parent, { input: { recordingIds, filter, audio = 'wav', recipient, reason } }, { library, requester }) => asPayload(async () => ({
      export: await library.exports.request(requester, { ids: recordingIds?.map(recordingIdOf) ?? null, filter: filter === undefined || filter === null ? null : recordingFilterOf(filter), audio, recipient: recipient ?? null, reason }),
    }), { export: null }),
    exportCancel: (_parent, { input }, { library, requester }) => asPayload(async () => ({ export: await library.exports.cancel(requester, parseExportId(input.exportId)) }), { export: null }),
    exportTicket: (_parent, { input }, { library, requester }) => asPayload(async () => {
      const { text, expiresAt } = await library.exports.ticket(requester, parseExportId(input.exportId))
      return { path: `/export/${text}`, expiresAt }
    }, NO_TICKET),
    recordingDownload: (_parent, { input: { recordingId, audio = 'wav', reason } }, { library, requester }) => asPayload(async () => {
      const { ticket, expiresAt } = await library.downloads.request(requester, recordingIdOf(recordingId), { audio, reason })
      return { path: `/download/${ticket}`, expiresAt }
    }, NO_TICKET),
  },
  Export: {
    progress: ({ state, done, recordings }) => state === 'ready' ? 1 : recordings === 0 ? 0 : done / (recordings + 1),
  },
}
