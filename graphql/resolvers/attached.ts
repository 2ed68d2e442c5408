import type { Resolvers } from '../generated/resolvers.ts'
import { attachedTargetOf } from '../inputs.ts'
import { asPayload } from '../user-errors.ts'

export const attachedResolvers: Resolvers = {
  Mutation: {
    attachedDataSet: (_parent, { input: { call, key, value } }, { library, requester }) => asPayload(async () => {
      const { recordings, kept } = await library.attachedSettings.set(requester, attachedTargetOf(call), { key, value })
      return { recordings, isMasked: kept === 'masked' }
    }, { recordings: null, isMasked: null }),
  },
}
