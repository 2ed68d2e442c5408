import { OBSTACLES, type RetentionObstacle } from '../../core/domain/retention/judge-retention.ts'
import type { RetentionDraftAnswer } from '../../core/library/legal/retention-review.ts'
import type { RetentionTotals } from '../../core/ports/retention-control.ts'
import { connection, placeAfter } from '../connection.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { recordingIdOf } from '../node-id.ts'

export const retentionResolvers: Resolvers = {
  Query: {
    retentionPlan: async (_parent, { samples }, { library, requester, signal }) => {
      const { totals, samples: planned, ...plan } = await library.retention.plan(requester, samples, signal)
      return { ...plan, looked: totals.looked, ...totals.does, rules: totals.rules, prevented: preventedOf(totals), samples: planned.map(({ verdict }) => verdict) }
    },
    retentionRuns: async (_parent, { first, after }, { library, requester }) => {
      const place = placeAfter(after)
      const { runs, hasMore } = await library.retention.runs(requester, { first, before: place === null ? null : new Date(Number(place)) })
      return connection(runs, hasMore, ({ begunAt }) => String(begunAt.getTime()))
    },
    retentionExplain: (_parent, { recordingId }, { library, requester }) => library.retention.explain(requester, recordingIdOf(recordingId)),
    retentionWhatIf: async (_parent, { rules, samples }, { library, requester, signal }) => shown(await library.retention.whatIf(requester, { text: rules, samples }, signal)),
  },
  RetentionObstacle: {
    cases: (obstacle) => (obstacle.type === 'hold' ? obstacle.cases : null),
    until: (obstacle) => (obstacle.type === 'minimum' ? obstacle.until : null),
    state: (obstacle) => (obstacle.type === 'state' ? obstacle.state : null),
  },
  RetentionRun: {
    plainId: ({ id }) => id,
    archive: ({ planned }) => planned.archive,
    purge: ({ planned }) => planned.purge,
    done: ({ done }) => (done === null ? null : Object.entries(done).map(([outcome, recordings]) => ({ outcome, recordings }))),
  },
}

function preventedOf({ prevented }: RetentionTotals): readonly { readonly by: RetentionObstacle['type']; readonly volume: RetentionTotals['prevented']['hold'] }[] {
  return OBSTACLES.filter((type) => prevented[type].recordings > 0).map((by) => ({ by, volume: prevented[by] }))
}

function shown(answer: RetentionDraftAnswer): {
  readonly version: string | null; readonly inForce: string | null; readonly looked: number | null
  readonly changes: Extract<RetentionDraftAnswer, { outcome: 'tried' }>['report']['differences']
  readonly problems: readonly { readonly path: string; readonly message: string; readonly line: number | null; readonly column: number | null }[]
} {
  if (answer.outcome === 'tried') return { ...answer.report, changes: answer.report.differences, problems: [] }
  return { version: null, inForce: null, looked: null, changes: [], problems: answer.problems.map(({ path, message, position }) => ({ path, message, line: position?.line ?? null, column: position?.column ?? null })) }
}
