import { actsForHerselfAlone, type Requester } from '../../domain/actor.ts'
import { type Desk, formatDesk, isSameDesk, parseAgent } from '../../domain/desk.ts'
import { HoldfastError, isHoldfastError } from '../../domain/errors.ts'
import { compileGlob, type Glob } from '../../domain/rules/glob.ts'
import { type Stay, staying } from '../../domain/seat.ts'
import type { DeskRegister } from '../../ports/desk-register.ts'
import type { PastSeat, SeatFilter, SeatHistory } from '../../ports/seat-history.ts'
import { mustBeKnownNow, scopeForControl } from '../access/access.ts'
import { askerOf } from '../access/requester.ts'
import type { AuditWriter } from '../audit/audit-writer.ts'
import { checkedPageSize } from '../search/filters.ts'

export interface DeskServiceParts {
  readonly register: DeskRegister
  readonly history: SeatHistory
  readonly audit: AuditWriter
  /** Desks that every agent may choose, besides those of her token: globs of endpoints, such as `PJSIP/desk-*`. */
  readonly free: readonly string[]
}

/** Who sits where: an agent says it of herself, at the desks that she may choose; a supervisor, an administrator or another system of everybody. */
export class DeskService {
  readonly #register: DeskRegister
  readonly #history: SeatHistory
  readonly #audit: AuditWriter
  readonly #free: readonly Glob[]

  constructor({ register, history, audit, free }: DeskServiceParts) {
    this.#register = register
    this.#history = history
    this.#audit = audit
    this.#free = free.map(compileGlob)
  }

  /**
   * From now on this agent sits at this desk; `agent` null: whoever asks. What was done is audited where it was done.
   * @throws HoldfastError `FORBIDDEN`; `MALFORMED_ID`; `PBX_UNKNOWN`; `DESK_IN_USE`, `STORE_FAILED` (retry)
   */
  async signIn(requester: Requester, { agent, desk }: { readonly agent: string | null; readonly desk: Desk }): Promise<Stay> {
    return await this.#told(requester, desk, async () => {
      const name = person(requester, agent)
      this.#refuseDesk(requester, desk)
      return staying(await this.#register.signIn(name, desk, askerOf(requester)))
    })
  }

  /** She sits nowhere any more by a sign-in. Idempotent. @throws HoldfastError `FORBIDDEN`; `MALFORMED_ID`; `STORE_FAILED` (retry) */
  async signOut(requester: Requester, agent: string | null): Promise<readonly Stay[]> {
    return await this.#told(requester, null, async () => await this.#register.signOut(person(requester, agent), askerOf(requester)))
  }

  /** Who sat where, newest first; an agent sees her own. @throws HoldfastError `FORBIDDEN`; `FILTER_INVALID` */
  async history(requester: Requester, filter: SeatFilter, first: number): Promise<readonly PastSeat[]> {
    mustBeKnownNow(requester)
    scopeForControl(requester)
    refuseNarrowed(requester)
    const own = actsForHerselfAlone(requester) ? { agent: person(requester, filter.agent) } : {}
    return await this.#history.seats({ ...filter, ...own }, checkedPageSize(first))
  }

  /** Who chooses her desk chooses whose calls she reaches. @throws HoldfastError `FORBIDDEN` */
  #refuseDesk(requester: Requester, desk: Desk): void {
    if (!actsForHerselfAlone(requester) || requester.binding?.desks.some((own) => isSameDesk(own, desk)) === true || this.#free.some((glob) => glob.matches(desk.endpoint))) return
    throw new HoldfastError('FORBIDDEN', 'an agent signs in at the telephones of her token, and at those that the settings name as free', { role: requester.role.name })
  }

  async #told<T>(requester: Requester, desk: Desk | null, act: () => Promise<T>): Promise<T> {
    // Who chooses her desk chooses whose calls she reaches: not by a token that may have been taken back.
    mustBeKnownNow(requester)
    try {
      scopeForControl(requester)
      refuseNarrowed(requester)
      return await act()
    } catch (error) {
      const object = { type: 'desk', id: desk === null ? 'sign-out' : formatDesk(desk) } as const
      if (isHoldfastError(error)) await this.#audit.attempt(requester, { action: desk === null ? 'desk.left' : 'desk.taken', object, outcome: 'refused', reason: error.code, details: {}, personal: {} })
      throw error
    }
  }
}

/** Agents and desks belong to no partition: who sees a part of the recordings alone has no say about all of them. */
function refuseNarrowed(requester: Requester): void {
  if (!actsForHerselfAlone(requester) && requester.reach !== 'all') throw new HoldfastError('FORBIDDEN', 'who sits where is for tokens that no partition narrows', { role: requester.role.name })
}

/** Whom it is about. An agent speaks for herself alone. */
function person(requester: Requester, agent: string | null): string {
  const { binding, role } = requester
  const name = agent === null ? binding?.agent ?? null : parseAgent(agent)
  if (name === null) throw new HoldfastError('FORBIDDEN', 'this token belongs to no agent: name the one whom it is about', { role: role.name })
  if (actsForHerselfAlone(requester) && name !== binding?.agent) throw new HoldfastError('FORBIDDEN', 'an agent speaks for herself alone', { role: role.name })
  return name
}
