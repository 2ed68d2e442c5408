import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import type { Library } from '../../../core/library/library.ts'
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

  /** @param services - in the place of the bench's own, over another store */
  static async open(options: Partial<HttpOptions> = {}, bench: LibraryBench | null = null, services: Partial<Library> = {}): Promise<ServerBench> {
    return await ServerBench.#over(bench ?? await LibraryBench.open(), options, services)
  }

  static async #over(bench: LibraryBench, options: Partial<HttpOptions>, services: Partial<Library>): Promise<ServerBench> {
    const server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      services: { ...bench.library, ...services },
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

  /** What a subscription tells over server-sent events, as it comes; `end` hangs up. */
  async subscribe(token: string, query: string): Promise<{ readonly told: readonly GraphqlReply[]; readonly end: () => void }> {
    const gone = new AbortController()
    const reply = await fetch(`${this.server.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', Authorization: `Bearer ${token}` }, body: JSON.stringify({ query }), signal: gone.signal })
    const told: GraphqlReply[] = []
    void (async () => {
      let text = ''
      for await (const chunk of reply.body ?? []) {
        text += Buffer.from(chunk).toString()
        const parts = text.split('\n\n')
        text = parts.pop() ?? ''
        for (const part of parts) {
          const data = /^data: (.*)$/m.exec(part)?.[1] ?? ''
          if (data === '' || !part.includes('event: next')) continue
          const { data: next = null, errors = [] } = JSON.parse(data)
          told.push({ status: reply.status, data: next, errors })
        }
      }
    })().catch(() => undefined)
    return { told, end: () => gone.abort() }
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
