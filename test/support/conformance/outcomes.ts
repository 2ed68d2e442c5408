/** What the conformance table is about: real switches, and what stands in for them where there is none. */
export const PLACES = ['Asterisk', 'FreeSWITCH', 'replay of Asterisk', 'replay of FreeSWITCH', 'fake'] as const
export type Place = (typeof PLACES)[number]

export const OUTCOMES = ['passed', 'failed', 'not played'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** One test of the report, as a row of the table has it. */
export interface Played {
  /** What all of its rows are about. */
  readonly suite: string
  readonly flow: string
  readonly side: string
  readonly place: Place
  readonly outcome: Outcome
  /** Why it was not played. */
  readonly reason: string | null
}

interface ReportedTest {
  readonly title: string
  readonly fullTitle: string
}

/** The part of mocha's JSON report that is read. */
export interface MochaReport {
  readonly stats: { readonly start: string }
  readonly passes: readonly ReportedTest[]
  readonly failures: readonly ReportedTest[]
  readonly pending: readonly ReportedTest[]
}

const CONTRACT = 'PbxAdapter: '
const SUBJECTS: Readonly<Record<string, Place>> = {
  'real Asterisk': 'Asterisk', 'real FreeSWITCH': 'FreeSWITCH', FakePbxAdapter: 'fake',
  'a replay of what Asterisk sent, over TCP': 'replay of Asterisk', 'a replay of what FreeSWITCH sent, over TCP': 'replay of FreeSWITCH',
}
const REAL = /,? on a real (Asterisk|FreeSWITCH),?/
const REASON = / \[not played: (.*)\]$/
/** The side stands before the colon of a title, or in it with the numbers of RTP behind. */
const SIDE = /,? ?\b(source|destination|both sides)\b(?=[:, (]|$)/

/** What a report tells of switches; tests of anything else are left out. A hook that fails is no row: it fails the run. */
export function playedIn({ passes, failures, pending }: MochaReport): readonly Played[] {
  const of = (outcome: Outcome) => (test: ReportedTest): readonly Played[] => playedBy(test, outcome)
  return [...passes.flatMap(of('passed')), ...failures.flatMap(of('failed')), ...pending.flatMap(of('not played'))]
}

function playedBy({ title, fullTitle }: ReportedTest, outcome: Outcome): readonly Played[] {
  const suite = fullTitle.slice(0, fullTitle.length - title.length).trim()
  const where = placeOf(suite)
  if (where === null) return []
  const reason = REASON.exec(title)?.[1] ?? null
  const sentence = title.replace(REASON, '')
  const side = SIDE.exec(sentence.split(':')[0] ?? '')?.[1] ?? '–'
  return [{ ...where, flow: sentence, side, outcome, reason: outcome === 'not played' ? (reason ?? 'passed over') : null }]
}

function placeOf(suite: string): { readonly suite: string; readonly place: Place } | null {
  if (suite.startsWith(CONTRACT)) {
    const [subject, place] = Object.entries(SUBJECTS).find(([name]) => suite.startsWith(CONTRACT + name)) ?? []
    return subject === undefined || place === undefined ? null : { suite: `contract: ${suite.slice(CONTRACT.length + subject.length).trim()}`, place }
  }
  const place = REAL.exec(suite)?.[1]
  return place === 'Asterisk' || place === 'FreeSWITCH' ? { suite: suite.replace(REAL, ''), place } : null
}
