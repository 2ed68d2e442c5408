import type { DataSubject } from '../../core/ports/subject-index.ts'
import type { Resolvers, SubjectInput } from '../generated/resolvers.ts'
import { asPayload } from '../user-errors.ts'

/** A request has a deadline: what takes longer is done at the console. */
const MOST_AT_ONCE = 100
const NOTHING = { destroyed: null, underWay: null, prevented: null, auditEntries: null, receipt: null }

export const subjectResolvers: Resolvers = {
  Query: {
    subjectErasurePlan: (_parent, { subject }, { library, requester }) => library.subjectErasure.plan(requester, subjectOf(subject)),
  },
  Mutation: {
    subjectErase: (_parent, { input: { subject, planId, reason } }, { library, requester }) =>
      asPayload(() => library.subjectErasure.execute(requester, subjectOf(subject), { planId, reason, most: MOST_AT_ONCE }), NOTHING),
  },
  SubjectRecording: {
    preventedBy: ({ obstacle }) => obstacle?.outcome ?? null,
    keptUntil: ({ obstacle }) => obstacle?.outcome === 'kept' ? obstacle.until : null,
    holds: ({ obstacle }) => obstacle?.outcome === 'held' ? obstacle.holds : [],
  },
}

function subjectOf({ numbers, customerIds }: SubjectInput): DataSubject {
  return { numbers: numbers ?? [], customerIds: customerIds ?? [] }
}
