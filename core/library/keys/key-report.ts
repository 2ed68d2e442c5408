import type { Requester } from '../../domain/actor.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import type { KeyCheck } from '../../domain/key-check.ts'
import { type NamedRecipient, recipientNamed } from '../../domain/recipients.ts'
import type { KeyCatalogue, RecipientSet } from '../../ports/key-catalogue.ts'
import type { KeyStanding } from '../../ports/key-standing.ts'
import type { Clock } from '../../ports/runtime.ts'
import { scopeFor } from '../access/access.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'

/** Counting walks every header, seconds at a million recordings: who asks again within this time gets the same count. */
export const COUNTED_FOR_MS = 60_000

export const RECIPIENT_STANDINGS = ['current', 'retired', 'not-named'] as const
/** `not-named`: recordings are sealed to it, and the settings of this node do not name it. */
export type RecipientStanding = (typeof RECIPIENT_STANDINGS)[number]

export interface RecipientReport extends Omit<NamedRecipient, 'standing'> {
  readonly standing: RecipientStanding
  /** Stored recordings that its identity opens. */
  readonly recordings: number
  readonly openedHere: boolean
  /** `null`: its backup was never tried. */
  readonly lastCheck: KeyCheck | null
}

export interface KeyReport {
  readonly recipients: readonly RecipientReport[]
  readonly sets: readonly RecipientSet[]
  /** Recordings that no identity of this node opens. */
  readonly unopened: number
  /** Why nothing can be played here, and what to do; `null` when something can. */
  readonly playbackHindrance: string | null
}

export interface KeyReportParts {
  readonly catalogue: Pick<KeyCatalogue, 'recipientSets' | 'lastChecks'>
  readonly standing: KeyStanding
  readonly audit: AuditWriter
  readonly clock: Clock
}

export const NO_IDENTITY_HERE = 'No identity is on this node: it serves everything but sound. Listen on a node that has one, or name the file of an identity in `keys.identityFiles` of its settings and start it again (docs/keys.md).'

/** What is sealed to whom, for whoever manages the keys: it counts recordings of every partition. */
export class KeyReports {
  readonly #parts: KeyReportParts
  #counted: { readonly sets: Promise<readonly RecipientSet[]>; readonly untilMs: number } | null = null

  constructor(parts: KeyReportParts) {
    this.#parts = parts
  }

  /** @throws HoldfastError `FORBIDDEN`; `AUDIT_UNAVAILABLE` (retry) */
  async read(requester: Requester): Promise<KeyReport> {
    const about = { action: 'keys.read', object: { type: 'keys', id: 'report' }, details: {}, personal: {} } as const
    try {
      if (scopeFor(requester, 'manage-keys').type !== 'all') throw new HoldfastError('FORBIDDEN', 'keys open recordings of every partition, and this actor reaches only some')
    } catch (error) {
      if (isHoldfastError(error, 'FORBIDDEN')) await this.#parts.audit.attempt(requester, { ...about, outcome: 'refused', reason: error.code })
      throw error
    }
    await this.#parts.audit.require(requester, { ...about, outcome: 'ok', reason: null })
    const sets = await this.#sets()
    const checks = await this.#parts.catalogue.lastChecks()
    const openable = new Set(this.#parts.standing.openable)
    return {
      recipients: this.#everybody(sets).map((each) => ({
        recipient: each.recipient, name: each.name, purpose: each.purpose, standing: each.standing, openedHere: openable.has(each.recipient),
        recordings: counted(sets.filter(({ recipients }) => recipients.includes(each.recipient))),
        lastCheck: checks.find(({ recipient }) => recipient === each.recipient) ?? null,
      })),
      sets,
      unopened: counted(sets.filter(({ recipients }) => !recipients.some((recipient) => openable.has(recipient)))),
      playbackHindrance: openable.size === 0 ? NO_IDENTITY_HERE : null,
    }
  }

  #everybody(sets: readonly RecipientSet[]): readonly (Omit<NamedRecipient, 'standing'> & { readonly standing: RecipientStanding })[] {
    const { recipients } = this.#parts.standing
    const named = new Set(recipients.map(({ recipient }) => recipient))
    const others = new Set(sets.flatMap((set) => set.recipients).filter((recipient) => !named.has(recipient)))
    return [...recipients, ...[...others].sort().map(notNamed)]
  }

  #sets(): Promise<readonly RecipientSet[]> {
    const now = this.#parts.clock.now().getTime()
    if (this.#counted === null || this.#counted.untilMs <= now) {
      const sets = this.#parts.catalogue.recipientSets()
      const counting = { sets, untilMs: now + COUNTED_FOR_MS }
      this.#counted = counting
      // A failure is told to whoever asked, and is not kept.
      sets.catch(() => {
        if (this.#counted === counting) this.#counted = null
      })
    }
    return this.#counted.sets
  }
}

function notNamed(recipient: string): Omit<NamedRecipient, 'standing'> & { readonly standing: RecipientStanding } {
  return { ...recipientNamed(recipient), standing: 'not-named' }
}

function counted(sets: readonly RecipientSet[]): number {
  return sets.reduce((sum, { recordings }) => sum + recordings, 0)
}
