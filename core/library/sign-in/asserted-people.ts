import { createHash } from 'node:crypto'
import type { Requester, RoleName } from '../../domain/actor.ts'
import { isHoldfastError } from '../../domain/errors.ts'
import { parseUnitId, parseUserId, type UnitId, type UserId } from '../../domain/ids.ts'
import { parseAgent } from '../../domain/desk.ts'
import { parsePartition } from '../../domain/partition.ts'
import { parseUserName } from '../../domain/person.ts'
import type { AssertedPerson, IdentityProvider } from '../../ports/identity-provider.ts'
import type { PeopleStore } from '../../ports/people-store.ts'
import type { Runtime } from '../../ports/runtime.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import { requesterOfUser } from '../access/requester.ts'

/** Which claim makes which role; the first that fits. */
export type RoleMapping = readonly { readonly claim: string; readonly role: RoleName }[]

export interface AssertedParts {
  readonly provider: IdentityProvider
  readonly mapping: RoleMapping
  readonly people: Pick<PeopleStore, 'findRole'>
  readonly audit: AuditWriter
  readonly runtime: Runtime
}

/** More than these at once are not remembered: who falls out is asked for her token again, which she sends with each request anyway. */
const MAX_REMEMBERED = 10_000

export type AssertionFault = 'assertion-invalid' | 'assertion-expired' | 'provider-unreachable' | 'no-role'

interface Remembered {
  readonly person: AssertedPerson
  readonly role: RoleName
}

/** People whom an identity provider vouches for: they have no account here, and their claims say what they may. */
export class AssertedPeople {
  readonly #parts: AssertedParts
  readonly #seen = new Map<UserId, Remembered>()

  constructor(parts: AssertedParts) {
    this.#parts = parts
  }

  /** Whoever the token is of, or why nobody. What was not seen before stands in the audit. @throws HoldfastError `AUDIT_UNAVAILABLE` */
  async prove(token: string, address: string): Promise<Requester | AssertionFault> {
    const proved = await this.#parts.provider.prove(token)
    if (proved.outcome !== 'proved') return FAULTS[proved.outcome]
    const { person } = proved
    const id = userIdOf(person)
    const role = this.#parts.mapping.find(({ claim }) => person.roles.includes(claim))?.role
    if (role === undefined) return 'no-role'
    const requester = await this.#requester(id, { person, role }, address)
    if (requester === null) return 'no-role'
    if (this.#seen.get(id)?.person.until.getTime() !== person.until.getTime()) {
      await this.#parts.audit.require(requester, { action: 'sign-in.accepted', object: { type: 'user', id }, outcome: 'ok', reason: null, details: { method: 'oidc', role: requester.role.name }, personal: { subject: person.subject } })
    }
    this.#remember(id, { person, role })
    return requester
  }

  /** The same person with the rights of now; `null`: her token is over, or she never came. */
  async again(id: UserId, address: string): Promise<Requester | null> {
    const known = this.#seen.get(id)
    return known === undefined || known.person.until <= this.#parts.runtime.clock.now() ? null : await this.#requester(id, known, address)
  }

  async #requester(id: UserId, { person, role: name }: Remembered, address: string): Promise<Requester | null> {
    const role = await this.#parts.people.findRole(name)
    if (role === null) return null
    try {
      const { partitions, units, agent } = person
      return requesterOfUser({
        id, name: parseUserName(person.name), role: name, agent: agent === null ? null : parseAgent(agent), partitions: partitions.map((path) => parsePartition(path)), units: units.map((unit): UnitId => parseUnitId(unit)), createdAt: person.until, disabledAt: null,
      }, role, address)
    } catch (error) {
      // A claim that cannot be meant gives no rights at all, instead of those that are left.
      if (isHoldfastError(error)) return null
      throw error
    }
  }

  #remember(id: UserId, remembered: Remembered): void {
    this.#seen.delete(id)
    this.#seen.set(id, remembered)
    const oldest = this.#seen.keys().next()
    if (this.#seen.size > MAX_REMEMBERED && oldest.done !== true) this.#seen.delete(oldest.value)
  }
}

const FAULTS = { invalid: 'assertion-invalid', expired: 'assertion-expired', unreachable: 'provider-unreachable' } as const

/** A name of ours that stays hers, whatever the provider calls her, and tells nothing of her. */
function userIdOf({ issuer, subject }: AssertedPerson): UserId {
  return parseUserId(createHash('sha256').update(JSON.stringify([issuer, subject])).digest('hex').slice(0, 16))
}

/** Whether a bearer text has the shape of a JSON Web Token in compact form. Source: RFC 7515 §7.1 */
export function looksAsserted(bearer: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(bearer)
}
