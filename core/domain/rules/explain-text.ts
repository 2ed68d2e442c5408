import type { Decision } from './decision.ts'
import type { ConditionTrace, Explanation, RuleTrace } from './explain.ts'
import type { Verdict } from './judge.ts'
import type { Quota, QuotaUse } from './quota.ts'

/** Longest value that is shown; the rest is counted. */
const MAX_SHOWN = 60

/** Whether the reader may see the values of this field: `attached.CUSTOMER_ID`, `caller`, `time`. */
export type MaySee = (field: string) => boolean

/** An explanation for people, a line each; rules that were not asked are named at the end. */
export function explanationLines({ decision, rules }: Explanation, maySee: MaySee): readonly string[] {
  const asked = rules.filter(({ part }) => part !== 'not-asked')
  const rest = rules.filter(({ part, kind }) => part === 'not-asked' && kind !== 'no-rule')
  return [
    outcomeWords(decision),
    ...asked.flatMap((trace) => [`  ${ruleWords(trace)}`].concat(conditionLines(trace.when, maySee, '    '))),
    ...(rest.length === 0 ? [] : [`  not asked any more: ${rest.map(({ rule }) => rule).join(', ')}`]),
    `  policy ${decision.policyVersion}`,
  ]
}

function outcomeWords({ sides, rule, sidesBy, asked, decider }: Decision): string {
  const what = sides.length === 0 ? 'not recorded' : `recorded, ${sides.join(' and ')}`
  const word = asked === 'unreadable' ? 'something unreadable' : asked
  if (decider === 'no-rule') return `${what}: no rule takes the call, and the dialplan asks for ${word}`
  if (sidesBy === 'dialplan') return `${what}: rule ${rule}, and by it what the dialplan asks for: ${word}`
  return `${what}: rule ${rule}${asked === 'nothing' ? '' : `, over the dialplan, which asks for ${word}`}`
}

function ruleWords({ rule, kind, verdict, part }: RuleTrace): string {
  const name = kind === 'never' ? `never ${rule}` : rule
  return `${part === 'decided' ? '✓' : '–'} ${name}: ${verdictWords(verdict)}`
}

type Say<T extends Verdict['type']> = (verdict: Extract<Verdict, { type: T }>) => string

const VERDICTS: { readonly [T in Verdict['type']]: Say<T> } = {
  takes: ({ draw, quotas }) => ['decides', ...quotas.map(useWords), ...(draw === null ? [] : [`drawn: ${percentWords(draw.bucket * 100)} is below ${draw.percent} %`])].join('; '),
  'conditions-unmet': () => 'its conditions do not hold',
  'subject-unknown': ({ quota }) => `${quotaWords(quota)}: the ${quota.per} is not known yet`,
  'quota-reached': ({ quotas }) => quotas.map(useWords).join('; '),
  'not-drawn': ({ draw, quotas }) => [...quotas.map(useWords), `not drawn: ${percentWords(draw.bucket * 100)} is not below ${draw.percent} %`].join('; '),
}

function verdictWords(verdict: Verdict): string {
  const say = VERDICTS[verdict.type] as Say<Verdict['type']>
  return say(verdict)
}

function useWords({ kind, quota, counted }: QuotaUse): string {
  return `${kind === 'at-most' ? 'at most' : 'at least'} ${quotaWords(quota)}: ${counted === null ? 'not counted' : `${counted} so far`}`
}

function quotaWords({ calls, per, period }: Quota): string {
  return `${calls} per ${per} per ${period}`
}

function percentWords(value: number): string {
  return `${value.toFixed(3)} %`
}

function conditionLines(trace: ConditionTrace, maySee: MaySee, indent: string): readonly string[] {
  const below = trace.within.flatMap((inner) => conditionLines(inner, maySee, `${indent}  `))
  return [`${indent}${conditionWords(trace, maySee)}`].concat(below)
}

/** Of a field that the reader may not see, neither the value is told nor whether the rule's word fits it: that would be the value. */
function conditionWords({ field, wanted, saw, holds }: ConditionTrace, maySee: MaySee): string {
  const sign = holds ? '+' : '-'
  if (field === null) return `${sign} ${wanted}`
  if (!maySee(field)) return `? ${field} (hidden)`
  return `${sign} ${field} ${wanted}; it is ${saw.length === 0 ? 'not there' : saw.map(shown).join(', ')}`
}

function shown(value: string): string {
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value)
}
