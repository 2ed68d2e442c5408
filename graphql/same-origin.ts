import type { IncomingMessage } from 'node:http'
import { HoldfastError } from '../core/domain/errors.ts'

/**
 * A request with a cookie must come from a page of ours: a browser sends cookies also for pages that somebody else wrote. `SameSite=Strict` keeps
 * other sites out, this the other hosts of our own site too. Browsers send `Origin` with every request but `GET` and `HEAD`.
 * Source: Fetch, "append a request Origin header"; OWASP CSRF Prevention Cheat Sheet, Verifying Origin
 * @param publicOrigin - where browsers see this server, where a proxy changes `Host`; `null`: `Host` says it
 * @throws HoldfastError `FORBIDDEN`
 */
export function mustBeOurs({ method, headers }: IncomingMessage, publicOrigin: string | null): void {
  const site = headers['sec-fetch-site']
  const reads = method === 'GET' || method === 'HEAD'
  const isOurs = headers.origin === undefined ? reads : publicOrigin === null ? hostOf(headers.origin) === headers.host?.toLowerCase() : headers.origin === publicOrigin
  // `none`: she typed the address herself.
  if (isOurs && (site === undefined || site === 'same-origin' || (site === 'none' && reads))) return
  throw new HoldfastError('FORBIDDEN', 'a session is of pages of this server alone: Origin is missing, or another')
}

function hostOf(origin: string): string | null {
  return URL.parse(origin)?.host ?? null
}
