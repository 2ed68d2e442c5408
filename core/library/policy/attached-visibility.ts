import type { Requester } from '../../domain/actor.ts'
import type { AttachedChange, AttachedData } from '../../domain/attached-data.ts'
import { HoldfastError } from '../../domain/errors.ts'
import { MASKED_VALUE, withoutCards } from '../../domain/rules/admit.ts'
import type { AttachedSchema, Visibility } from '../../domain/rules/attached-schema.ts'
import { FACTS_BY_KEY, type FactKeys } from '../../domain/rules/decision-input.ts'
import type { Policy } from '../../domain/rules/policy.ts'
import type { MaySee } from '../../domain/rules/shown-explanation.ts'

/** How an audit entry names a value of attached data in its personal part, and how rules name a field of it. */
const PREFIX = 'attached.'
/** The same where the value was asked for, and the entry is about the question. */
const ASKED_PREFIX = `asked.${PREFIX}`

/** What is let in, and which keys tell facts: of the rules in force. */
export interface RulesInForce {
  readonly policy: Pick<Policy, 'factKeys'>
  readonly attached: AttachedSchema
}

/** What is shown where nobody is known by a token: at the console. */
export const SEEN_AT_CONSOLE: readonly Visibility[] = ['open']

/** A key that is not, or no longer, on the list says nothing of who may see it: then only those who may see everything do. */
const UNLISTED: Visibility = 'confidential'

/** Whether a value under this key is shown to those who see so much. */
export function isSeen({ keys }: AttachedSchema, key: string, seen: readonly Visibility[]): boolean {
  return seen.includes(keys.get(key)?.visibility ?? UNLISTED)
}

/**
 * The same for the fields of rules. A fact that attached data tells is hidden with its key; agent and queue stand in every recording.
 * @param factKeys - of the policy whose decision is shown
 */
export function fieldsSeen({ attached, factKeys }: { readonly attached: AttachedSchema; readonly factKeys: FactKeys }, seen: readonly Visibility[]): MaySee {
  return (field) => {
    if (field.startsWith(PREFIX)) return isSeen(attached, field.slice(PREFIX.length), seen)
    const fact = FACTS_BY_KEY.find((known) => known === field && known !== 'agent' && known !== 'queue')
    const key = fact === undefined ? null : factKeys[fact]
    return key === null || isSeen(attached, key, seen)
  }
}

/** The one place that says who sees which attached data. Everything that leaves Holdfast asks here, by the rules in force now. */
export class AttachedVisibility {
  readonly #rules: () => RulesInForce

  constructor(rules: () => RulesInForce) {
    this.#rules = rules
  }

  /** The data without what this requester may not see. */
  data(requester: Requester, data: AttachedData): AttachedData {
    return Object.fromEntries(Object.entries(data).filter(([key]) => this.#sees(requester, key)))
  }

  changes(requester: Requester, changes: readonly AttachedChange[]): readonly AttachedChange[] {
    return changes.filter(({ key }) => this.#sees(requester, key))
  }

  /** The personal part of an audit entry, and how much of it is held back. */
  personal(requester: Requester, personal: Readonly<Record<string, string>>): { readonly shown: Readonly<Record<string, string>>; readonly hidden: number } {
    const all = Object.entries(personal)
    const shown = all.filter(([name]) => {
      const prefix = [PREFIX, ASKED_PREFIX].find((known) => name.startsWith(known))
      return prefix === undefined || this.#sees(requester, name.slice(prefix.length))
    })
    return { shown: Object.fromEntries(shown), hidden: all.length - shown.length }
  }

  /** @param factKeys - of the policy whose decision is shown */
  fields(requester: Requester, factKeys: FactKeys): MaySee {
    return fieldsSeen({ attached: this.#rules().attached, factKeys }, requester.role.sees)
  }

  /**
   * Those of these fields that come from a listed key which this requester may not see.
   * @param factKeys - of a draft: it may name any key as the one that tells the agent
   */
  hiddenFields(requester: Requester, { fields, factKeys }: { readonly fields: readonly string[]; readonly factKeys: FactKeys }): readonly string[] {
    return fields.filter((field) => {
      const fact = FACTS_BY_KEY.find((known) => known === field)
      const key = field.startsWith(PREFIX) ? field.slice(PREFIX.length) : fact === undefined ? null : factKeys[fact]
      return key !== null && this.#rules().attached.keys.has(key) && !this.#sees(requester, key)
    })
  }

  /**
   * A condition on what one may not see would tell it by yes and no. A key that is not listed is refused alike: the answer must not tell which it is.
   * Nor may anybody ask for what is never kept as it is: nothing is to be found, and the question itself would be the value.
   * @throws HoldfastError `FILTER_INVALID`
   */
  refuseHidden(requester: Requester, keys: readonly string[]): void {
    const hidden = keys.find((key) => !this.#sees(requester, key) || (this.#rules().attached.keys.get(key)?.store ?? 'always') !== 'always')
    if (hidden !== undefined) throw new HoldfastError('FILTER_INVALID', `attached: ${hidden} is no key that you may ask for`, { field: 'attached' })
  }

  /** A value that was asked for, as the audit may keep it: what the rules keep out of the catalogue stays out of the question too. */
  asked(key: string, value: string): string {
    const listed = this.#rules().attached.keys.get(key)
    return listed === undefined || listed.store !== 'always' ? MASKED_VALUE : withoutCards(listed, value)
  }

  #sees({ role }: Requester, key: string): boolean {
    return isSeen(this.#rules().attached, key, role.sees)
  }
}
