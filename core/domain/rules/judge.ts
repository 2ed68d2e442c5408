import { holds, type Scene } from './holds.ts'
import { bucketOf, type Draw, isDrawn } from './draw.ts'
import type { Policy } from './policy.ts'
import { type Quota, type QuotaCounts, quotaKey, type QuotaUse } from './quota.ts'
import type { NeverRule, Rule } from './rule.ts'
import { isAsked } from './telephone-rules.ts'

/** What one rule says of one call. */
export type Verdict =
  | { readonly type: 'takes'; readonly draw: Draw | null; readonly quotas: readonly QuotaUse[] }
  | { readonly type: 'conditions-unmet' }
  /** No route asked about this call, and the rule names no telephone. */
  | { readonly type: 'not-asked-for' }
  /** A quota is counted for somebody who is not known yet, such as the agent before a queue has found one. */
  | { readonly type: 'subject-unknown'; readonly quota: Quota }
  | { readonly type: 'quota-reached'; readonly quotas: readonly QuotaUse[] }
  | { readonly type: 'not-drawn'; readonly draw: Draw; readonly quotas: readonly QuotaUse[] }

/** A call before the rules: what it is, and what has been counted. */
export interface Hearing {
  readonly policy: Policy
  readonly scene: Scene
  readonly counts: QuotaCounts
}

/** One rule's say. Whether it is asked at all, then its conditions, then `atMost`, then `atLeast` and the lot. */
export function judge(rule: Rule | NeverRule, hearing: Hearing): Verdict {
  if (!isAsked(rule, hearing.scene.input)) return { type: 'not-asked-for' }
  if (!holds(rule.when, hearing.scene)) return { type: 'conditions-unmet' }
  return 'selection' in rule ? select(rule, hearing) : { type: 'takes', draw: null, quotas: [] }
}

function select({ name, selection }: Rule, hearing: Hearing): Verdict {
  const { atMost, atLeast, percent } = selection
  const most = atMost === null ? null : useOf({ rule: name, quota: atMost, kind: 'at-most' }, hearing)
  if (atMost !== null && most === null) return { type: 'subject-unknown', quota: atMost }
  const least = atLeast === null ? null : useOf({ rule: name, quota: atLeast, kind: 'at-least' }, hearing)
  const quotas = [most, least].filter((use) => use !== null)
  if (most !== null && isReached(most)) return { type: 'quota-reached', quotas }
  if (percent === 100 || (least !== null && !isReached(least))) return { type: 'takes', draw: null, quotas }
  const draw = drawFor(name, percent, hearing)
  return isDrawn(draw) ? { type: 'takes', draw, quotas } : { type: 'not-drawn', draw, quotas }
}

function drawFor(rule: string, percent: number, { policy, scene }: Hearing): Draw {
  const hashedId = scene.input.interactionId
  return { rule, hashedId, keyId: policy.samplingKeyId, bucket: bucketOf(policy.samplingKey, hashedId, rule), percent }
}

interface Account {
  readonly rule: string
  readonly quota: Quota
  readonly kind: QuotaUse['kind']
}

/** The state of a quota for this call; `null` when it is not known for whom to count. */
function useOf(account: Account, hearing: Hearing): QuotaUse | null {
  const key = keyOf(account, hearing)
  return key === null ? null : { ...account, key, counted: hearing.counts.get(key) ?? null }
}

function keyOf({ rule, quota }: Pick<Account, 'rule' | 'quota'>, { policy, scene }: Omit<Hearing, 'counts'>): string | null {
  const subject = quota.per === 'everyone' ? '' : scene.input[quota.per]
  return subject === null ? null : quotaKey({ rule, quota, subject }, scene.local(policy.timeZone))
}

/** What nobody counted counts as none: a catalogue that does not answer must not cost a recording. */
function isReached({ counted, quota }: QuotaUse): boolean {
  return (counted ?? 0) >= quota.calls
}

/** The accounts whose counts a decision on this call may ask for. */
export function accountsAsked(hearing: Omit<Hearing, 'counts'>): readonly string[] {
  const keys = hearing.policy.rules.flatMap(({ name, selection }) => [selection.atMost, selection.atLeast]
    .map((quota) => (quota === null ? null : keyOf({ rule: name, quota }, hearing))))
  return [...new Set(keys.filter((key) => key !== null))]
}
