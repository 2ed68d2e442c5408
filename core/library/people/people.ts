import { randomBytes } from 'node:crypto'
import type { Requester } from '../../domain/actor.ts'
import type { AuditAction } from '../../domain/audit-entry.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import { parseUserId, type UserId } from '../../domain/ids.ts'
import type { EditMoment, PeopleEdit } from '../../domain/people-edit.ts'
import type { People } from '../../domain/person.ts'
import type { PeopleStore, Restamp } from '../../ports/people-store.ts'
import type { Clock } from '../../ports/runtime.ts'
import { scopeFor } from '../access/access.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import { applyEdits, type EditFault, type IsTold, type PlannedPeople, planPeople } from './people-plan.ts'

const USER_ID_BYTES = 8

/** Users, roles and the organisation, for whoever manages them. */
export class PeopleAdministration {
  readonly #store: PeopleStore
  readonly #audit: AuditWriter
  readonly #clock: Clock

  constructor({ people, audit, clock }: { readonly people: PeopleStore; readonly audit: AuditWriter; readonly clock: Clock }) {
    this.#store = people
    this.#audit = audit
    this.#clock = clock
  }

  /** Everybody, as it stands. @throws HoldfastError `FORBIDDEN` */
  async read(requester: Requester): Promise<People> {
    this.#allow(requester)
    return await this.#store.read()
  }

  /**
   * All edits or none, with their audit. What is so already changes nothing and leaves no trace.
   * @throws HoldfastError `FORBIDDEN`, also for rights of one's own; `PEOPLE_INVALID`; `PEOPLE_NOT_FOUND`; `STORE_FAILED` (retry)
   */
  async edit(requester: Requester, edits: readonly PeopleEdit[]): Promise<PlannedPeople> {
    try {
      this.#allow(requester)
      return await this.#store.change((now) => planPeople(now, edits, { requester, moment: this.#moment() }))
    } catch (error) {
      if (isHoldfastError(error)) await this.#tellRefusal(requester, edits, error)
      throw error
    }
  }

  /** What the edits would come to; nothing is changed. @throws as {@link edit} */
  async preview(requester: Requester, edits: readonly PeopleEdit[]): Promise<PlannedPeople> {
    return planPeople(await this.read(requester), edits, { requester, moment: this.#moment() })
  }

  /** Every fault of the edits but those that come of what is told already; none: they may be done. @throws HoldfastError `FORBIDDEN` */
  async faults(requester: Requester, edits: readonly PeopleEdit[], isTold: IsTold): Promise<readonly EditFault[]> {
    return applyEdits(await this.read(requester), edits, { moment: this.#moment(), isTold }).faults
  }

  /** What is left of looking at recordings again after a correction of the tree; `null`: nothing. @throws HoldfastError `FORBIDDEN` */
  async restamp(requester: Requester): Promise<Restamp | null> {
    this.#allow(requester)
    return await this.#store.restamp()
  }

  /** People are of no partition and no unit: who reaches a part of the recordings alone has no say about them. */
  #allow(requester: Requester): void {
    if (scopeFor(requester, 'manage-users').type === 'all') return
    throw new HoldfastError('FORBIDDEN', 'users, roles and units are for those whom no partition and no unit narrows', { role: requester.role.name })
  }

  #moment(): EditMoment {
    return { now: this.#clock.now(), newId: newUserId }
  }

  async #tellRefusal(requester: Requester, [first]: readonly PeopleEdit[], { code }: HoldfastError): Promise<void> {
    if (first === undefined) return
    await this.#audit.attempt(requester, { action: actionOf(first), object: { type: 'query', id: first.type }, outcome: 'refused', reason: code, details: {}, personal: 'name' in first && first.type !== 'unit-placed' ? { name: first.name } : {} })
  }
}

function newUserId(): UserId {
  return parseUserId(randomBytes(USER_ID_BYTES).toString('hex'))
}

function actionOf({ type }: PeopleEdit): AuditAction {
  if (type === 'user' || type === 'user-removed') return 'user.changed'
  return type === 'role' || type === 'role-removed' ? 'role.changed' : 'org.changed'
}
