import { may, type Permission, type Requester } from '../../domain/actor.ts'
import { HoldfastError } from '../../domain/errors.ts'
import type { PolicyControl, PolicyReading, PolicyReload, PolicyStanding } from '../../ports/policy-control.ts'
import type { RecordingRepository } from '../../ports/recording-repository.ts'
import { scopeFor } from '../access/access.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import { checkedPageSize } from '../search/filters.ts'

/** A version that decided something once. */
export interface PolicyVersion {
  /** Among all versions, by the time of their first use: the first is 1. */
  readonly place: number
  readonly version: string
  readonly firstUsedAt: Date
  /** What the version is the hash of. */
  readonly canonical: string
}

export interface PolicyVersionPage {
  readonly versions: readonly PolicyVersion[]
  readonly hasMore: boolean
}

/** Whoever may read the audit has to know the rules by which it speaks. */
const MAY_READ: readonly Permission[] = ['manage-policy', 'read-audit']

/** Looking at the rules, trying their text, having them read again. */
export class PolicyReview {
  readonly #control: PolicyControl
  readonly #repository: Pick<RecordingRepository, 'policyVersions' | 'policyText'>
  readonly #audit: AuditWriter

  constructor({ control, repository, audit }: { readonly control: PolicyControl; readonly repository: Pick<RecordingRepository, 'policyVersions' | 'policyText'>; readonly audit: AuditWriter }) {
    this.#control = control
    this.#repository = repository
    this.#audit = audit
  }

  /** The rules in force here. @throws HoldfastError `FORBIDDEN` */
  standing(requester: Requester): PolicyStanding {
    refuseReading(requester)
    return this.#control.standing()
  }

  /** What is wrong with a draft, if anything. Nothing is kept of it. @throws HoldfastError `FORBIDDEN`; `QUERY_TIMEOUT` (retry) */
  async check(requester: Requester, draft: string): Promise<PolicyReading> {
    scopeFor(requester, 'manage-policy')
    return await this.#control.read(draft)
  }

  /** Versions that decided, the newest first. @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID` */
  async versions(requester: Requester, { first, before }: { readonly first: number; readonly before: number | null }): Promise<PolicyVersionPage> {
    refuseReading(requester)
    const size = checkedPageSize(first)
    const placed = (await this.#repository.policyVersions()).map(({ version, firstUsedAt }, index) => ({ version, firstUsedAt, place: index + 1 }))
    const older = placed.filter(({ place }) => before === null || place < before).toReversed()
    const versions = await Promise.all(older.slice(0, size).map(async ({ version, firstUsedAt, place }) => ({ version, firstUsedAt, place, canonical: (await this.#repository.policyText(version))?.canonical ?? '' })))
    return { versions, hasMore: older.length > size }
  }

  /** Reads the policy file again, as SIGHUP does. What comes of it is audited where it is done. @throws HoldfastError `FORBIDDEN` */
  async reload(requester: Requester): Promise<PolicyReload> {
    if (!may(requester, 'manage-policy')) {
      await this.#audit.attempt(requester, { action: 'policy.loaded', object: { type: 'policy', id: this.#control.standing().policy.version }, outcome: 'refused', reason: 'FORBIDDEN', details: {}, personal: {} })
    }
    scopeFor(requester, 'manage-policy')
    return await this.#control.reload(requester)
  }
}

function refuseReading(requester: Requester): void {
  if (MAY_READ.some((permission) => may(requester, permission))) return
  throw new HoldfastError('FORBIDDEN', `the role ${requester.role.name} may not look at the rules`, { role: requester.role.name })
}
