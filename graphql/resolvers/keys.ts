import { verdictOf } from '../../core/domain/key-check.ts'
import type { Resolvers } from '../generated/resolvers.ts'

export const keysResolvers: Resolvers = {
  Query: { keys: (_parent, _arguments, { library, requester }) => library.keys.read(requester) },
  KeyReport: { unopenedRecordings: ({ unopened }) => unopened },
  KeyCheck: { verdict: (check) => verdictOf(check) },
}
