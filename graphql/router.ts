import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Requester } from '../core/domain/actor.ts'
import { isHoldfastError } from '../core/domain/errors.ts'
import type { Library } from '../core/library/library.ts'
import type { Believed } from '../core/library/sign-in/authentication.ts'
import { RequestLimiter } from '../core/library/access/request-rates.ts'
import type { Runtime } from '../core/ports/runtime.ts'
import type { AuditRoute } from './audit-route.ts'
import { clientAddress } from './client-address.ts'
import type { GraphqlHandler } from './graphql-handler.ts'
import { sendError, sendRefusal } from './http-answer.ts'
import type { HttpOptions } from './http-options.ts'
import type { MediaRoute } from './media-route.ts'
import type { PackageRoute } from './package-route.ts'
import { isJson } from './json-body.ts'
import { answerHealth, answerMetrics, answerReadiness } from './probe-routes.ts'
import { sendQueryPage } from './query-page.ts'
import { identify } from './request-identity.ts'
import type { ReportRoute } from './report-route.ts'
import { answerPreflight, setCorsHeaders, setSecurityHeaders } from './response-headers.ts'
import { answerSession, SESSION_ALL_PATH, SESSION_PASSWORD_PATH, SESSION_PATH } from './session-routes.ts'

export interface RouterParts {
  readonly graphql: GraphqlHandler
  readonly media: MediaRoute
  readonly packages: PackageRoute
  readonly downloads: PackageRoute
  readonly auditExport: AuditRoute
  readonly report: ReportRoute
  readonly services: Library
  readonly runtime: Runtime
  readonly options: HttpOptions
  readonly closing: AbortSignal
  readonly transport: 'tls' | 'plain'
}

/** One request and what is known of it before it is answered. */
interface Visit {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly path: string
  readonly address: string
  /** Aborted when the client has gone. */
  readonly gone: AbortSignal
}

/** Every path that is answered; those with a slash at their end stand for all tickets. */
export const ROUTE_PATHS = ['/healthz', '/readyz', '/metrics', '/audit/export', '/reports', '/graphql', SESSION_PATH, SESSION_ALL_PATH, SESSION_PASSWORD_PATH, '/media/', '/export/', '/download/'] as const
export type RoutePath = (typeof ROUTE_PATHS)[number]

type Route = (visit: Visit) => Promise<void> | void

const MEDIA_PREFIX = '/media/'
const EXPORT_PREFIX = '/export/'
const DOWNLOAD_PREFIX = '/download/'
const TICKET_PREFIXES = [MEDIA_PREFIX, EXPORT_PREFIX, DOWNLOAD_PREFIX] as const
/** A ticket has 43 characters; anything much longer is not worth a digest. */
const MAX_TICKET_LENGTH = 128

/** Every request comes through here: headers first, then the one route that its path names, then one place for what goes wrong. */
export function createRouter(parts: RouterParts): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { options, runtime, transport } = parts
  const routes = routesOf(parts, new RequestLimiter(options.rates, runtime))
  return async (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    try {
      setSecurityHeaders(response, transport)
      const listed = setCorsHeaders(request, response, options.corsOrigins)
      if (request.method === 'OPTIONS' && listed) {
        answerPreflight(response)
        return
      }
      const known = ROUTE_PATHS.find((each) => each === path) ?? TICKET_PREFIXES.find((prefix) => path.startsWith(prefix))
      const route = known === undefined ? undefined : routes[known]
      if (route === undefined) sendRefusal(response, { status: 404, message: 'there is nothing here' })
      else await route({ request, response, path, address: clientAddress(request, options.trustedProxies), gone: gone.signal })
    } catch (error) {
      // A client that has gone needs no answer, and its going is no failure of ours.
      if (gone.signal.aborted) runtime.log.debug({ error }, 'client gone before the end of its answer')
      else sendError(response, error, runtime.log)
    }
  }
}

function routesOf(parts: RouterParts, limiter: RequestLimiter): Readonly<Record<RoutePath, Route>> {
  const { options } = parts
  return {
    '/healthz': ({ response }) => answerHealth(response),
    '/readyz': ({ response }) => answerReadiness(response, options, parts.runtime.log),
    '/metrics': async (visit) => {
      if (options.metricsAccess === 'token') await identify(parts, visit, 'lately')
      await answerMetrics(visit.response, options)
    },
    '/audit/export': async (visit) => parts.auditExport({ request: visit.request, response: visit.response, requester: await limited({ parts, limiter }, visit), signal: AbortSignal.any([visit.gone, parts.closing]) }),
    '/reports': async (visit) => parts.report({ request: visit.request, response: visit.response, requester: await limited({ parts, limiter }, visit) }),
    [EXPORT_PREFIX]: (visit) => ticketRoute(parts, { ...visit, prefix: EXPORT_PREFIX }, parts.packages),
    [DOWNLOAD_PREFIX]: (visit) => ticketRoute(parts, { ...visit, prefix: DOWNLOAD_PREFIX }, parts.downloads),
    '/graphql': (visit) => graphqlRoute(parts, visit, limiter),
    [SESSION_PATH]: (visit) => answerSession(parts, SESSION_PATH, visit),
    [SESSION_ALL_PATH]: (visit) => answerSession(parts, SESSION_ALL_PATH, visit),
    [SESSION_PASSWORD_PATH]: (visit) => answerSession(parts, SESSION_PASSWORD_PATH, visit),
    [MEDIA_PREFIX]: (visit) => mediaRoute(parts, visit),
  }
}

/** Whoever asks, and not too often: each question is work, and a refused one is an entry in the audit. */
async function limited({ parts, limiter, believed = 'now' }: { readonly parts: RouterParts; readonly limiter: RequestLimiter; readonly believed?: Believed }, visit: Visit): Promise<Requester> {
  const requester = await identify(parts, visit, believed)
  limiter.take(requester.actor.id)
  return requester
}

async function graphqlRoute(parts: RouterParts, visit: Visit, limiter: RequestLimiter): Promise<void> {
  const { request, response, gone } = visit
  if (request.method === 'GET' && parts.options.queryPage === 'on') {
    sendQueryPage(response)
    return
  }
  const requester = await limited({ parts, limiter, believed: 'lately' }, visit)
  if (request.method !== 'POST') sendRefusal(response, { status: 405, message: 'queries are sent with POST', headers: { Allow: 'POST' } })
  else if (!isJson(request)) sendRefusal(response, { status: 415, message: 'queries are sent as application/json' })
  else await parts.graphql(request, response, { requester, knownNow: () => identify(parts, visit), signal: AbortSignal.any([gone, parts.closing]) })
}

/** The ticket is the credential: a browser's player cannot send another. A token that comes all the same must be its actor's. */
async function mediaRoute(parts: RouterParts, visit: Visit): Promise<void> {
  const { request, response, path, address, gone } = visit
  const actor = request.headers.authorization === undefined ? null : (await identify(parts, visit)).actor
  await parts.media({ request, response, ticket: path.slice(MEDIA_PREFIX.length, MEDIA_PREFIX.length + MAX_TICKET_LENGTH), bearer: { address, actor }, signal: gone })
}

/** The ticket is the credential: a browser's download cannot send another. A token that comes all the same must be its actor's. Whoever tries many is slowed down. */
async function ticketRoute(parts: RouterParts, visit: Visit & { readonly prefix: string }, route: PackageRoute): Promise<void> {
  const { request, response, path, address, gone, prefix } = visit
  const bearer = request.headers.authorization === undefined ? null : (await identify(parts, visit)).actor
  try {
    await route({ request, response, ticket: path.slice(prefix.length, prefix.length + MAX_TICKET_LENGTH), bearer, signal: gone })
  } catch (error) {
    if (isHoldfastError(error, 'TICKET_INVALID')) parts.services.authentication.countRefusal(address)
    throw error
  }
}
