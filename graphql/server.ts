import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { HoldfastError } from '../core/domain/errors.ts'
import type { Library } from '../core/library/library.ts'
import type { Runtime } from '../core/ports/runtime.ts'
import { createAuditRoute } from './audit-route.ts'
import { createGraphqlHandler } from './graphql-handler.ts'
import { DEFAULT_HTTP_OPTIONS, type HttpOptions } from './http-options.ts'
import { createMediaRoute } from './media-route.ts'
import { createReportRoute } from './report-route.ts'
import { createDownloadRoute, createPackageRoute } from './package-route.ts'
import { createRouter } from './router.ts'

/** A client that is not done with its header after this is holding the line. Source: Node's own default is 60 s, for a shared hoster's worst network. */
const HEADERS_TIMEOUT_MS = 10_000
/** The same for a whole request; bodies are small. */
const REQUEST_TIMEOUT_MS = 30_000
/** Above the interval at which players ask for the next range, below that at which proxies give up. A guess. */
const KEEP_ALIVE_MS = 30_000
/** Each may hold some hundred kilobytes; a contact centre has fewer listeners and desks. */
const MAX_CONNECTIONS = 2000
/** Opened keys of listeners who have gone stay in memory for so long at most beyond their time. */
const SWEEP_MS = 30_000

export interface HttpServerParts {
  readonly host: string
  /** 0: the operating system chooses. */
  readonly port: number
  readonly tls?: { readonly certificatePem: string; readonly keyPem: string }
  readonly services: Library
  readonly runtime: Runtime
  readonly options: Partial<HttpOptions> & Pick<HttpOptions, 'readiness' | 'metrics'>
}

export interface HttpServer {
  readonly url: string
  readonly port: number
  /** Takes nothing new, ends subscriptions, lets answers finish until the deadline, ends all tickets. */
  close(): Promise<void>
}

/** The API over HTTP: `/graphql`, `/media/<ticket>`, `/audit/export`, `/reports`, `/healthz`, `/readyz`, `/metrics`. Resolves when it listens. @throws HoldfastError `LISTEN_FAILED` */
export async function startHttpServer({ host, port, tls, services, runtime, options: given }: HttpServerParts): Promise<HttpServer> {
  const options = { ...DEFAULT_HTTP_OPTIONS, ...given }
  const closing = new AbortController()
  const graphql = createGraphqlHandler({ library: services, runtime, options })
  const media = createMediaRoute({ playback: services.playback, stallMs: options.mediaStallMs })
  const stallMs = options.mediaStallMs
  const packages = createPackageRoute({ exports: services.exports, stallMs })
  const downloads = createDownloadRoute({ downloads: services.downloads, stallMs })
  const route = createRouter({ graphql, media, packages, downloads, auditExport: createAuditRoute({ auditExport: services.auditExport, stallMs: options.mediaStallMs }), report: createReportRoute(services), services, runtime, options, closing: closing.signal, transport: tls === undefined ? 'plain' : 'tls' })
  const server = createServer(tls, (request, response) => {
    route(request, response).catch((error: unknown) => {
      // A fault in answering must not end the process that records calls.
      runtime.log.error({ error }, 'answering failed')
      response.destroy()
    })
  })
  server.maxConnections = MAX_CONNECTIONS
  await listening(server, host, port)
  const sweeping = setInterval(() => services.playback.sweep(), SWEEP_MS)
  sweeping.unref()
  const address = addressOf(server)
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    close: async () => {
      clearInterval(sweeping)
      closing.abort()
      await closed(server, options.closeDeadlineMs)
      services.playback[Symbol.dispose]()
      await services.playback.settled()
      await graphql[Symbol.asyncDispose]()
    },
  }
}

function createServer(tls: HttpServerParts['tls'], listener: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const limits: ServerOptions = { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS }
  if (tls === undefined) return createPlainServer(limits, listener)
  return createTlsServer({ ...limits, cert: tls.certificatePem, key: tls.keyPem, minVersion: 'TLSv1.2' }, listener)
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException): void => {
      const reason = cause.code ?? cause.message
      reject(new HoldfastError('LISTEN_FAILED', `the API cannot listen on ${host}, port ${port}: ${LISTEN_FAULTS[reason] ?? reason}`, { host, port, reason }, { cause }))
    }
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

const LISTEN_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program holds the port. `ss -ltnp` shows which; end it, or choose another `http.port`',
  EADDRNOTAVAIL: 'that is no address of this machine. Change `http.host`',
  EACCES: 'ports below 1024 need a right of their own. Choose a higher `http.port`, and a proxy in front',
  ENOTFOUND: 'no address is known for that name. Change `http.host`',
}

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has an address while it listens')
  return address
}

/** Idle connections are ended by `close` itself; the others when their answer is sent, or at the deadline. */
function closed(server: Server, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), deadlineMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
