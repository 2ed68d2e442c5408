import { isExcused, isLoss } from '../../core/domain/coverage.ts'
import { parsePbxId } from '../../core/domain/ids.ts'
import { optional } from '../inputs.ts'
import type { Resolvers } from '../generated/resolvers.ts'

export const coverageResolvers: Resolvers = {
  Query: {
    coverage: (_parent, { since, until, pbx, worst }, { library, requester }) =>
      library.coverage.read(requester, { from: since, to: until ?? null, pbxId: optional(pbx, parsePbxId) }, worst),
  },
  CoverageReport: {
    since: ({ range }) => range.from,
    until: ({ range }) => range.to,
    legs: ({ totals }) => totals.legs,
    settledLegs: ({ totals }) => totals.settledLegs,
    waitingLegs: ({ totals }) => totals.waitingLegs,
    liveLegs: ({ totals }) => totals.liveLegs,
    gapLegs: ({ totals }) => totals.gapLegs,
    wantedMs: ({ totals }) => totals.wantedMs,
    coveredMs: ({ totals }) => totals.coveredMs,
    missingMs: ({ totals }) => totals.missingMs,
    missing: ({ totals }) => totals.missing,
    excused: ({ totals }) => totals.excused,
    unobserved: ({ windows }) => windows,
  },
  CoverageLeg: {
    pbx: ({ expectation }) => expectation.pbxId,
    channelId: ({ expectation }) => expectation.channelId,
    interactionId: ({ expectation }) => expectation.interactionId,
    side: ({ expectation }) => expectation.side,
    rule: ({ expectation }) => expectation.rule,
    evidence: ({ expectation }) => expectation.evidence,
    from: ({ expectation }) => expectation.fromAt,
    to: ({ toAt }) => toAt,
    wantedMs: ({ assessment }) => assessment.wantedMs,
    missingMs: ({ assessment }) => assessment.missingMs,
    gaps: ({ assessment }) => assessment.gaps,
  },
  CoverageGap: {
    cause: (gap) => isLoss(gap) ? gap.why : null,
    excuse: (gap) => isExcused(gap) ? gap.why : null,
  },
  UnobservedWindow: {
    pbx: ({ pbxId }) => pbxId,
    from: ({ fromAt }) => fromAt,
    to: ({ toAt }) => toAt,
  },
}
