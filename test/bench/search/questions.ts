import { parseUnitId } from '../../../core/domain/ids.ts'
import { type AccessScope, ANY_RECORDING, type RecordingFilter } from '../../../core/ports/recording-repository.ts'
import { AGENTS, cardinalities, DEPARTMENTS, FIRST_AT, GROUPS, LAST_AT, LINES, pickedFor, TEAMS } from './load.ts'

/** One question as somebody asks it the `turn`th time: each time about other values. */
export interface Question {
  readonly name: string
  readonly asks: 'page' | 'count'
  /** Whether anything can match. */
  readonly finds: 'something' | 'nothing'
  of(turn: number): { readonly filter: RecordingFilter; readonly scope: AccessScope }
}

const ALL: AccessScope = { type: 'all' }
const WEEK_MS = 7 * 24 * 60 * 60 * 1000
/** Longer than any of the recordings. */
const TOO_LONG_MS = 60 * 60 * 1000

/** Typical ones first, then the worst we know: much that is common, and little or nothing that matches all of it. */
export function questionsAmong(rows: number): readonly Question[] {
  const values = cardinalities(rows)
  const pair = (key: string, turn: number): RecordingFilter['attached'][number] => ({ key, value: `${key}-${turn * 7919 % (values[key] ?? 1)}` })
  const pairs = (turn: number, ...keys: readonly string[]): RecordingFilter => ({ ...ANY_RECORDING, attached: keys.map((key) => pair(key, turn)) })
  const question = (name: string, of: (turn: number) => readonly [filter: Partial<RecordingFilter>, scope: AccessScope], rest: Partial<Question> = {}): Question => ({
    name, asks: 'page', finds: 'something', ...rest,
    of: (turn) => {
      const [filter, scope] = of(turn)
      return { filter: { ...ANY_RECORDING, ...filter }, scope }
    },
  })
  // A country's language is its number's rest by 5.
  const foreign = (turn: number): Partial<RecordingFilter> => ({ attached: [{ key: 'COUNTRY', value: `COUNTRY-${turn % 30}` }, { key: 'LANGUAGE', value: `LANGUAGE-${(turn + 1) % 5}` }] })
  return [
    question('newest; all', () => [{}, ALL]),
    question('newest; 3 partitions', (turn) => [{}, partitions(turn)]),
    question('newest; 2 units', (turn) => [{}, departments(turn)]),
    question('newest; an agent\'s own', (turn) => [{}, { type: 'agent', agent: `agent-${turn % AGENTS}` }]),
    question('a customer; 2 units and 3 partitions', (turn) => [pairs(turn, 'CUSTOMER_ID'), { ...departments(turn), partitions: ['/all'] }]),
    question('rare pair and common pair; all', (turn) => [{ attached: [pair('TICKET', turn), { key: 'PRIORITY', value: `PRIORITY-${pickedFor(turn * 7919 % rows, 'PRIORITY', 3)}` }] }, ALL]),
    question('a week and a product; 3 partitions', (turn) => [{ ...pairs(turn, 'PRODUCT'), ...week(turn) }, partitions(turn)]),
    question('stored; one team', (turn) => [{ states: ['stored'] }, team(turn)]),
    question('failed; everything by partition', () => [{ states: ['failed'] }, { type: 'named', partitions: ['/all'], units: [] }]),
    question('3 common pairs; 2 units', (turn) => [pairs(turn, 'PRIORITY', 'OUTCOME', 'LANGUAGE'), departments(turn)]),
    question('count: common pair; all', (turn) => [pairs(turn, 'LANGUAGE'), ALL], { asks: 'count' }),
    question('count: 2 common pairs; 2 units', (turn) => [pairs(turn, 'OUTCOME', 'PRIORITY'), departments(turn)], { asks: 'count' }),
    question('a value that nobody has; all', (turn) => [{ attached: [{ key: 'CUSTOMER_ID', value: `nobody ${turn}` }, pair('LANGUAGE', turn)] }, ALL], { finds: 'nothing' }),
    question('2 common pairs that never meet; all', (turn) => [foreign(turn), ALL], { finds: 'nothing' }),
    question('2 common pairs that never meet; 2 units', (turn) => [foreign(turn), departments(turn)], { finds: 'nothing' }),
    question('longer than any; all', () => [{ minDurationMs: TOO_LONG_MS }, ALL], { finds: 'nothing' }),
    question('longer than any; one team', (turn) => [{ minDurationMs: TOO_LONG_MS }, team(turn)], { finds: 'nothing' }),
  ]
}

function partitions(turn: number): AccessScope {
  return { type: 'named', partitions: [0, 1, 2].map((index) => (turn + index * 67) % GROUPS).map((group) => `/all/line-${group % LINES}/group-${group}`), units: [] }
}

function departments(turn: number): AccessScope & { readonly type: 'named' } {
  return { type: 'named', partitions: [], units: [turn % DEPARTMENTS, (turn + 9) % DEPARTMENTS].map((number) => parseUnitId(`department-${number}`)) }
}

function team(turn: number): AccessScope {
  return { type: 'named', partitions: [], units: [parseUnitId(`team-${turn % TEAMS}`)] }
}

function week(turn: number): Partial<RecordingFilter> {
  const weeks = Math.floor((LAST_AT.getTime() - FIRST_AT.getTime()) / WEEK_MS)
  const from = FIRST_AT.getTime() + (turn * 37 % weeks) * WEEK_MS
  return { startedFrom: new Date(from), startedTo: new Date(from + WEEK_MS) }
}
