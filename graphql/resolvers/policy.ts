import type { BacktestAnswer } from '../../core/library/policy/policy-backtest.ts'
import type { PolicyProblem, PolicyReading } from '../../core/ports/policy-control.ts'
import { shownLines } from '../../core/domain/rules/explain-text.ts'
import { CHANGES } from '../../core/domain/rules/backtest.ts'
import { connection, placeAfter } from '../connection.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import { optional, recordingFilterOf } from '../inputs.ts'
import { recordingIdOf } from '../node-id.ts'
import { reloadPayload } from '../reload-payload.ts'

export const policyResolvers: Resolvers = {
  Query: {
    policy: (_parent, _args, { library, requester }) => library.policyReview.standing(requester),
    policyVersions: async (_parent, { first, after }, { library, requester }) => {
      const page = await library.policyReview.versions(requester, { first, before: optional(placeAfter(after), Number) })
      return connection(page.versions, page.hasMore, ({ place }) => String(place))
    },
    policyCheck: (_parent, { text }, { library, requester }) => library.policyReview.check(requester, text),
    policyBacktest: (_parent, { text, filter }, { library, requester, signal }) =>
      library.policyBacktests.tryDraft(requester, { text, filter: recordingFilterOf(filter) }, signal),
    recordingExplain: (_parent, { id }, { library, requester }) => library.explanations.explain(requester, recordingIdOf(id)),
  },
  Mutation: {
    policyReload: (_parent, _args, { library, requester }) => reloadPayload(() => library.policyReview.reload(requester), () => library.policyReview.standing(requester)),
  },
  Policy: {
    version: ({ policy }) => policy.version,
    inForceSince: ({ sinceAt }) => sinceAt,
    timeZone: ({ policy }) => policy.timeZone,
    never: ({ policy }) => policy.never.map(({ name }) => name),
    rules: ({ policy }) => policy.rules.map(({ name }) => name),
    samplingKeyId: ({ policy }) => policy.samplingKeyId,
    attachedKeys: ({ attached }) => [...attached.keys.values()],
  },
  PolicyProblem: {
    line: ({ position }) => position?.line ?? null,
    column: ({ position }) => position?.column ?? null,
  },
  PolicyCheck: {
    version: (reading) => reading.outcome === 'valid' ? reading.policy.version : null,
    problems: problemsOf,
  },
  PolicyVersion: {
    content: ({ canonical }) => canonical,
  },
  PolicyBacktest: {
    report: (answer) => answer.outcome === 'tried' ? answer.report : null,
    problems: problemsOf,
  },
  PolicyBacktestReport: {
    changes: ({ changes }) => CHANGES.map((change) => ({ change, calls: changes[change] })),
  },
  RecordingExplanation: {
    summary: ({ explanation }) => explanation.summary,
    text: ({ explanation, recording }) => shownLines(explanation, recording.demands).join('\n'),
    policyVersion: ({ explanation }) => explanation.policyVersion,
    isReproduced: ({ agreement }) => agreement === 'same',
    rules: ({ explanation }) => explanation.rules,
  },
}

function problemsOf(answer: BacktestAnswer | PolicyReading): readonly PolicyProblem[] {
  return answer.outcome === 'invalid' ? answer.problems : []
}
