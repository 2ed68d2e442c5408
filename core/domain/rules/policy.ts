import type { KeyObject } from 'node:crypto'
import { PARTITIONS_KEY, RECORD_KEY } from '../attached-data.ts'
import { HoldfastError } from '../errors.ts'
import { canonicalJson, sha256Hex } from './canonical-json.ts'
import { fieldName, namesLookedAt } from './condition.ts'
import type { FactKeys } from './decision-input.ts'
import { samplingKeyId } from './draw.ts'
import type { PolicyContent } from './policy-content.ts'
import { faultsOfContent } from './policy-faults.ts'
import { type KeptTerms, type NeverRule, NO_RULE, type Rule, termsOfKept } from './rule.ts'

/** The same as it was kept, also by versions of before. */
interface KeptContent extends Omit<PolicyContent, 'rules'> {
  readonly rules: readonly KeptRule[]
}

type KeptRule = Omit<Rule, 'terms'> & { readonly terms: KeptTerms }

/** Rules in force. Made by {@link makePolicy} and by nothing else. */
export interface Policy extends PolicyContent {
  /** SHA-256 of {@link canonicalPolicy}, hexadecimal. */
  readonly version: string
  readonly samplingKey: KeyObject
  readonly samplingKeyId: string
  /** Per `never` and `rules` in turn: names of all fields that have been looked at when this one has been asked. */
  readonly lookedAt: readonly (readonly string[])[]
}

/**
 * A policy ready to decide.
 * @param samplingKey - secret that `percent` draws with; the same on every node. Its name is part of the version: other draws are another policy.
 * @throws HoldfastError `POLICY_INVALID` with the first fault; the file's reader (config/policy) tells all, with their places
 */
export function makePolicy(content: PolicyContent, samplingKey: KeyObject): Policy {
  const [fault] = faultsOfContent(content)
  if (fault !== undefined) throw new HoldfastError('POLICY_INVALID', `${fault.rule}: ${fault.message}`, { rule: fault.rule })
  const keyId = samplingKeyId(samplingKey)
  return {
    ...content,
    version: sha256Hex(canonicalPolicy(content, keyId)),
    samplingKey,
    samplingKeyId: keyId,
    lookedAt: lookedAtInTurn(content),
  }
}

/**
 * What is hashed, and what is kept of every version that ever decided: content and the name of its key, never the key. A rule without a word of
 * its own for the format is written as before there was one: its policy keeps its version.
 */
export function canonicalPolicy({ timeZone, factKeys, never, rules }: PolicyContent, keyId: string): string {
  return canonicalJson({ format: 1, samplingKeyId: keyId, timeZone, factKeys, never, rules: rules.map((rule) => ({ ...rule, terms: { ...rule.terms, mediaFormat: rule.terms.mediaFormat ?? undefined } })) })
}

/**
 * A policy of before, from the text that was kept.
 * @throws HoldfastError `POLICY_INVALID` when the text is not what the version names, or the key is not the one of then
 */
export function restorePolicy(kept: { readonly version: string; readonly canonical: string }, samplingKey: KeyObject): Policy {
  if (sha256Hex(kept.canonical) !== kept.version) {
    throw new HoldfastError('POLICY_INVALID', 'the kept text is not that of this policy version', { version: kept.version })
  }
  // The hash says that the text is what makePolicy once wrote.
  const { timeZone, factKeys, never, rules } = JSON.parse(kept.canonical) as KeptContent
  const policy = makePolicy({ timeZone, factKeys, never, rules: rules.map(ruleOfKept) }, samplingKey)
  if (policy.version !== kept.version) {
    throw new HoldfastError('POLICY_INVALID', 'this policy version drew lots with another key', { version: kept.version, samplingKeyId: policy.samplingKeyId })
  }
  return policy
}

function ruleOfKept({ terms, ...rule }: KeptRule): Rule {
  return { ...rule, terms: termsOfKept(terms) }
}

/** No rules: the dialplan decides alone. */
export function emptyContent(timeZone: string, factKeys: FactKeys): PolicyContent {
  return { timeZone, factKeys, never: [], rules: [] }
}

/** What is looked at whichever rule decides: the dialplan's own words. */
const ALWAYS_LOOKED_AT = [RECORD_KEY, PARTITIONS_KEY].map((key) => fieldName({ type: 'attached', key }))

function lookedAtInTurn({ never, rules }: PolicyContent): readonly (readonly string[])[] {
  const names = new Set(ALWAYS_LOOKED_AT)
  let known: readonly string[] = []
  return [...never, ...rules, NO_RULE].map((rule) => {
    for (const name of namesOf(rule)) names.add(name)
    if (names.size > known.length) known = [...names].sort()
    return known
  })
}

function namesOf(rule: NeverRule | Rule): readonly string[] {
  const quotas = 'selection' in rule ? [rule.selection.atMost, rule.selection.atLeast].filter((quota) => quota !== null) : []
  const subjects = quotas.flatMap(({ per }) => (per === 'everyone' ? ['time'] : ['time', per]))
  return [...namesLookedAt(rule.when), ...subjects]
}
