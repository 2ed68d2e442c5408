import { connect, type Socket } from 'node:net'
import { LoopbackServer } from './loopback-server.ts'

/** Stands between a client and a server on the loopback interface, and is honest until it is told otherwise. */
export class TcpProxy implements AsyncDisposable {
  /** Whether anybody may connect. */
  isOpen = true
  /** Connections that were let through since the beginning. */
  connections = 0
  readonly #server = new LoopbackServer()
  readonly #sockets = new Set<Socket>()
  #isDeaf = false

  static async open(port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy()
    await proxy.#server.listen((client) => proxy.#join(client, port))
    return proxy
  }

  get port(): number {
    return this.#server.port
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
    await this.#server[Symbol.asyncDispose]()
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
