import type { Requester } from '../core/domain/actor.ts'
import type { InteractionId } from '../core/domain/ids.ts'
import type { Library } from '../core/library/library.ts'
import type { FoundInteraction } from '../core/library/search/search.ts'

/** What the server knows of a request before it is read. */
export interface RequestContext {
  /** Perhaps by what the catalogue said a while ago: see `knownNow`. */
  readonly requester: Requester
  /** The same one, as the catalogue says it now. @throws HoldfastError as `identify` */
  readonly knownNow: () => Promise<Requester>
  /** Aborted when the client has gone or the server closes. */
  readonly signal: AbortSignal
}

/** What every resolver gets. */
export interface Context extends RequestContext {
  readonly library: Library
  /** Looks an interaction up once per request: a page of recordings asks for the same one again and again. */
  readonly interaction: (id: InteractionId) => Promise<FoundInteraction | null>
}

/** From here on the same operation goes by the rights of now, and forgets what it looked up by those of before: a subscription outlives them. */
export function renewContext(context: Context, requester: Requester): void {
  Object.assign(context, createContext({ ...context, requester }, context.library))
}

export function createContext({ requester, knownNow, signal }: RequestContext, library: Library): Context {
  const asked = new Map<InteractionId, Promise<FoundInteraction | null>>()
  const interaction = (id: InteractionId): Promise<FoundInteraction | null> => {
    const known = asked.get(id)
    if (known !== undefined) return known
    const answer = library.search.interaction(requester, id)
    asked.set(id, answer)
    return answer
  }
  return { requester, knownNow, signal, library, interaction }
}
