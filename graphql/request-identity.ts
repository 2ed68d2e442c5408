import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Requester } from '../core/domain/actor.ts'
import { HoldfastError } from '../core/domain/errors.ts'
import { withReason } from '../core/library/access/given-reason.ts'
import type { Library } from '../core/library/library.ts'
import type { Believed } from '../core/library/sign-in/authentication.ts'
import type { HttpOptions } from './http-options.ts'
import { mustBeOurs } from './same-origin.ts'
import { clearSessionCookie, type CookieTransport, sessionCookie, setSessionCookie } from './session-cookie.ts'

const REASON_HEADER = 'x-holdfast-reason'

export interface IdentityParts {
  readonly services: Pick<Library, 'authentication' | 'sessions'>
  readonly options: Pick<HttpOptions, 'publicOrigin'>
  readonly transport: 'tls' | 'plain'
}

/** A request, and where it came from. */
export interface Arrival {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly address: string
}

/** What cookies are like: those of browsers that come through a proxy over https, too. */
export function cookieTransport({ options, transport }: Pick<IdentityParts, 'options' | 'transport'>): CookieTransport {
  return options.publicOrigin?.startsWith('https:') === true ? 'tls' : transport
}

/**
 * Whoever sent the request: by the token in its header, else by its session.
 * What she looks at recordings for, the header says.
 * @throws HoldfastError `UNAUTHENTICATED`; `STORE_FAILED`: nobody knows now (retry); `RATE_LIMITED`; `FORBIDDEN` for a session from a foreign page; `REASON_REQUIRED` for a reason that is none
 */
export async function identify(parts: IdentityParts, arrival: Arrival, believed: Believed = 'now'): Promise<Requester> {
  const requester = await somebody(parts, arrival, believed)
  const reason = arrival.request.headers[REASON_HEADER]
  return withReason(requester, typeof reason === 'string' ? headerText(reason) : null, REASON_HEADER)
}

async function somebody(parts: IdentityParts, arrival: Arrival, believed: Believed): Promise<Requester> {
  const { request, address } = arrival
  // Whoever names a token means it: a cookie that comes along by itself does not replace it.
  if (request.headers.authorization !== undefined) return await parts.services.authentication.authenticate(bearerOf(request), address, believed)
  return await identifyBySession(parts, arrival) ?? await parts.services.authentication.authenticate(null, address)
}

/** As {@link identify}, by the session alone; `null`: none came. */
export async function identifyBySession(parts: IdentityParts, { request, response, address }: Arrival): Promise<Requester | null> {
  const transport = cookieTransport(parts)
  const text = sessionCookie(request, transport)
  if (text === null) return null
  mustBeOurs(request, parts.options.publicOrigin)
  const resumed = await parts.services.sessions.resume(text, address)
  if (resumed === null) {
    clearSessionCookie(response, transport)
    throw new HoldfastError('UNAUTHENTICATED', 'the session is over: sign in again')
  }
  if (resumed.renewed !== null) setSessionCookie(response, resumed.renewed, transport)
  return resumed.requester
}

function bearerOf({ headers }: IncomingMessage): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null
}

/** Browsers send no letters but Latin ones in a header: others come as `encodeURIComponent` writes them. */
function headerText(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
