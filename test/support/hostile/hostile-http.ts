import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server that answers what it is told to. */
export class HostileHttp implements AsyncDisposable {
  readonly requests: IncomingMessage[] = []
  readonly #server: Server

  private constructor(server: Server, listener: RequestListener) {
    this.#server = server
    server.on('request', (request, response) => {
      this.requests.push(request)
      listener(request, response)
    })
  }

  static async open(listener: RequestListener): Promise<HostileHttp> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new HostileHttp(server, listener)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
