import type { Demand } from '../recording.ts'
import type { Explanation } from './explain.ts'
import { type MaySee, type ShownCondition, shownExplanation, type ShownExplanation, type ShownRule } from './shown-explanation.ts'

/** Longest value that is shown; the rest is counted. */
const MAX_SHOWN = 60

/** An explanation for people, a line each; rules that were not asked are named at the end. */
export function explanationLines(explanation: Explanation, maySee: MaySee): readonly string[] {
  return shownLines(shownExplanation(explanation, maySee))
}

/**
 * The same of one whose hidden parts are gone already.
 * @param demands - what was asked for by hand, which no rule tells
 */
export function shownLines({ summary, policyVersion, rules }: ShownExplanation, demands: readonly Demand[] = []): readonly string[] {
  const asked = rules.filter(({ part }) => part !== 'not-asked')
  const rest = rules.filter(({ part, kind }) => part === 'not-asked' && kind !== 'no-rule')
  return [
    summary,
    ...demands.map(demandLine),
    ...asked.flatMap((shown) => [`  ${ruleWords(shown)}`].concat(shown.conditions.map(conditionLine))),
    ...(rest.length === 0 ? [] : [`  not asked any more: ${rest.map(({ rule }) => rule).join(', ')}`]),
    `  policy ${policyVersion}`,
  ]
}

/** The summary is the rules' word: a recording that somebody began by hand is one that they did not want. */
function demandLine({ action, by, how, askedAt, failedAt }: Demand): string {
  return `  by hand: ${action} asked for at ${askedAt.toISOString()} by ${by} (${how})${failedAt === null ? '' : '; the PBX did not confirm it'}`
}

function ruleWords({ rule, kind, part, words }: ShownRule): string {
  return `${part === 'decided' ? '✓' : '–'} ${kind === 'never' ? `never ${rule}` : rule}: ${words ?? 'what it says is hidden'}`
}

function conditionLine({ depth, field, wanted, saw, holds }: ShownCondition): string {
  const sign = holds === null ? '?' : holds ? '+' : '-'
  const indent = '  '.repeat(depth + 2)
  if (wanted === null) return `${indent}? ${field ?? ''} (hidden)`
  if (field === null) return `${indent}${sign} ${wanted}`
  return `${indent}${sign} ${field} ${wanted}; it is ${saw.length === 0 ? 'not there' : saw.map(shortened).join(', ')}`
}

function shortened(value: string): string {
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value)
}
