import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import type { HttpOptions } from '../../../graphql/http-options.ts'
import { type HttpServer, startHttpServer } from '../../../graphql/server.ts'
import { collect } from '../../support/bytes.ts'
import { LibraryBench } from '../core/library/library-bench.ts'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** An answer of GraphQL; tests read into it. */
export interface GraphqlReply {
  readonly status: number
  readonly data: Record<string, never> | null
  readonly errors: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly reference?: string } }[]
}

/** The real server on loopback, over the readers' services with fakes behind them. */
export class ServerBench implements AsyncDisposable {
  readonly bench: LibraryBench
  readonly server: HttpServer

  private constructor(bench: LibraryBench, server: HttpServer) {
    this.bench = bench
    this.server = server
  }

  static async open(options: Partial<HttpOptions> = {}): Promise<ServerBench> {
    const bench = await LibraryBench.open()
    const server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      services: bench.library,
      runtime: bench.runtime,
      options: { readiness: async () => [{ component: 'catalogue', ok: true }], metrics: async () => ({ contentType: 'text/plain', body: 'up 1\n' }), ...options },
    })
    return new ServerBench(bench, server)
  }

  /** One request, without any help from a client that knows better: headers are sent as they are given. */
  async request(path: string, { method = 'GET', headers = {}, body = null }: { readonly method?: string; readonly headers?: OutgoingHttpHeaders; readonly body?: string | null } = {}): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const sent = httpRequest(`${this.server.url}${path}`, { method, headers, agent: false }, (reply) => {
      collect(reply).then((whole) => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: whole }), reject)
    })
    sent.once('error', reject)
    sent.end(body ?? undefined)
    return promise
  }

  async query(token: string, query: string, variables: Record<string, unknown> = {}): Promise<GraphqlReply> {
    const reply = await this.request('/graphql', { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }) })
    const { data = null, errors = [] } = JSON.parse(reply.body.toString())
    return { status: reply.status, data, errors }
  }

  /** A ticket's path, asked for over the API. */
  async ticketPath(token: string, recordingId: string): Promise<string> {
    const { data } = await this.query(token, 'mutation ($id: ID!) { recordingRequestPlayback(input: { recordingId: $id }) { playback { path } userErrors { code } } }', { id: recordingId })
    return (data as unknown as { recordingRequestPlayback: { playback: { path: string } } }).recordingRequestPlayback.playback.path
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
  }
}
