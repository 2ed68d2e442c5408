import { type Outcome, type Place, type Played, PLACES } from './outcomes.ts'

/** What a switch does not have: its rows are marked so, with the reason. */
export interface NotThere {
  readonly place: Place
  readonly suite: string
  /** How the row begins; empty for all rows of the suite. */
  readonly flow: string
  readonly reason: string
}

/** On what the table was made. */
export interface TableHead {
  readonly at: Date
  /** Of each switch that was exercised. */
  readonly versions: Readonly<Partial<Record<Place, string>>>
  /** Git's names of the folders' contents then. */
  readonly trees: Readonly<Record<string, string>>
}

const WORDS: Readonly<Record<Outcome, string>> = { passed: 'yes', failed: '**FAILED**', 'not played': 'not played' }
const TREE = /^- `([\w/]+)`: ([0-9a-f]{40})$/gm
const REAL_PLACES = ['Asterisk', 'FreeSWITCH'] as const

/** The page: a table for each suite, a column for each place where it was played. */
export function conformancePage(head: TableHead, played: readonly Played[], notThere: readonly NotThere[]): string {
  const suites = [...new Set(played.map(({ suite }) => suite))]
  const failed = played.filter(({ outcome }) => outcome === 'failed').length
  return [
    '# Conformance', '',
    'What both switches did in the last whole run, flow by flow. Written by `npm run conformance` from the report of the tests, never by hand; `npm run check:release` refuses a table that was made before the last change of what it is about.', '',
    `Run at ${head.at.toISOString()}.`, '',
    ...REAL_PLACES.map((place) => `- ${place}: ${head.versions[place] ?? '**not exercised**'}`),
    `- failed: ${failed}`, '',
    'Of these contents:', '', ...Object.entries(head.trees).map(([folder, tree]) => `- \`${folder}\`: ${tree}`), '',
    ...suites.flatMap((suite) => section(suite, played.filter((each) => each.suite === suite), notThere.filter((each) => each.suite === suite))),
  ].join('\n')
}

/** The contents of which a page tells, by folder. */
export function treesOf(page: string): ReadonlyMap<string, string> {
  return new Map([...page.matchAll(TREE)].map(([, folder = '', tree = '']) => [folder, tree]))
}

/** What forbids a release: the table is older than what it is about, or tells of failures, or of a switch that nobody tried. */
export function releaseFaults(page: string, now: Readonly<Record<string, string>>): readonly string[] {
  const then = treesOf(page)
  const changed = Object.entries(now).filter(([folder, tree]) => then.get(folder) !== tree).map(([folder]) => `${folder} has changed since the table was made`)
  const failed = /^- failed: (\d+)$/m.exec(page)?.[1]
  return [
    ...changed,
    ...(failed === '0' ? [] : [`the table tells of ${failed ?? 'an unknown number of'} failures`]),
    ...REAL_PLACES.filter((place) => !new RegExp(`^- ${place}: \\d`, 'm').test(page)).map((place) => `real ${place} was not exercised`),
  ]
}

function section(suite: string, played: readonly Played[], notThere: readonly NotThere[]): readonly string[] {
  const isContract = suite.startsWith('contract: ')
  const places = PLACES.filter((place) => (!isContract && (place === 'Asterisk' || place === 'FreeSWITCH')) || played.some((each) => each.place === place))
  const flows = [...new Map(played.map(({ flow, side }) => [flow, side]))]
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`
  return [
    `## ${suite}`, '', line(['flow', 'side', ...places]), line(['---', '---', ...places.map(() => '---')]),
    ...flows.map(([flow, side]) => line([flow, side, ...places.map((place) => cell(played.filter((each) => each.flow === flow && each.place === place), notThere.find((each) => each.place === place && flow.startsWith(each.flow))))])), '',
  ]
}

/** A test that ran more than once counts as its worst outcome. */
function cell(played: readonly Played[], notThere: NotThere | undefined): string {
  const worst = played.find(({ outcome }) => outcome === 'failed') ?? played.find(({ outcome }) => outcome === 'not played') ?? played[0]
  if (worst === undefined) return notThere === undefined ? 'not exercised' : `has none: ${notThere.reason}`
  return worst.reason === null ? WORDS[worst.outcome] : `${WORDS[worst.outcome]}: ${worst.reason}`
}
