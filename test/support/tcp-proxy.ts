import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between a client and a server on the loopback interface, and is honest until it is told otherwise. */
export class TcpProxy implements AsyncDisposable {
  /** Whether anybody may connect. */
  isOpen = true
  /** Connections that were let through since the beginning. */
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isDeaf = false

  private constructor(server: Server) {
    this.#server = server
  }

  static async open(port: number): Promise<TcpProxy> {
    const server = createServer()
    const proxy = new TcpProxy(server)
    server.on('connection', (client) => proxy.#join(client, port))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The link breaks, and stays so until `isOpen` is set again. */
  cut(): void {
    this.isOpen = false
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  /** Connections that exist stay open, and nothing goes through them any more: neither end is told. */
  deafen(): void {
    this.#isDeaf = true
  }

  /** Connections from now on are honest. */
  hear(): void {
    this.#isDeaf = false
    for (const socket of this.#sockets) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket, port: number): void {
    if (!this.isOpen) {
      client.destroy()
      return
    }
    this.connections += 1
    const server = connect(port, '127.0.0.1')
    for (const [from, to] of [[client, server], [server, client]] as const) {
      this.#sockets.add(from)
      from.on('data', (bytes) => {
        if (!this.#isDeaf) to.write(bytes)
      })
      from.on('error', () => from.destroy())
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
    }
  }
}
