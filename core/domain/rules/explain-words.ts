import type { WantedFormat } from '../media.ts'
import type { Decision } from './decision.ts'
import type { Verdict } from './judge.ts'
import type { Quota, QuotaUse } from './quota.ts'

const FORMATS: Readonly<Record<WantedFormat, string>> = { wav: '16-bit PCM', g711: 'G.711 where that loses nothing', flac: 'FLAC' }

/** A decision in one line. */
export function outcomeWords(decision: Decision): string {
  const { sides, terms: { mediaFormat } } = decision
  return `${whoseWord(decision)}${sides.length === 0 || mediaFormat === null ? '' : `; to be stored as ${FORMATS[mediaFormat]}`}`
}

function whoseWord({ sides, rule, sidesBy, asked, decider }: Decision): string {
  const what = sides.length === 0 ? 'not recorded' : `recorded, ${sides.join(' and ')}`
  const word = asked === 'unreadable' ? 'something unreadable' : asked
  if (decider === 'no-rule') return `${what}: no rule takes the call, and the dialplan asks for ${word}`
  if (sidesBy === 'dialplan') return `${what}: rule ${rule}, and by it what the dialplan asks for: ${word}`
  return `${what}: rule ${rule}${asked === 'nothing' ? '' : `, over the dialplan, which asks for ${word}`}`
}

type Say<T extends Verdict['type']> = (verdict: Extract<Verdict, { type: T }>) => string

const VERDICTS: { readonly [T in Verdict['type']]: Say<T> } = {
  takes: ({ draw, quotas }) => ['decides', ...quotas.map(useWords), ...(draw === null ? [] : [`drawn: ${percentWords(draw.bucket * 100)} is below ${draw.percent} %`])].join('; '),
  'not-asked-for': () => 'the route did not ask for a recording, and the rule names no telephone',
  'conditions-unmet': () => 'its conditions do not hold',
  'subject-unknown': ({ quota }) => `${quotaWords(quota)}: the ${quota.per} is not known yet`,
  'quota-reached': ({ quotas }) => quotas.map(useWords).join('; '),
  'not-drawn': ({ draw, quotas }) => [...quotas.map(useWords), `not drawn: ${percentWords(draw.bucket * 100)} is not below ${draw.percent} %`].join('; '),
}

/** What a rule says of a call. Without the account of a quota, which names its subject. */
export function verdictWords(verdict: Verdict): string {
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
