import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between a service and its PBX, whatever they speak: the link can be cut, and commands can be lost on it. */
export class LinkProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #state: 'open' | 'silent' | 'cut' = 'open'

  private constructor(server: Server, port: number) {
    this.#server = server
    server.on('connection', (service) => this.#join(service, port))
  }

  static async open(port: number): Promise<LinkProxy> {
    const server = createServer()
    const proxy = new LinkProxy(server, port)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** What there is breaks, and nothing new is let through. */
  cut(): void {
    this.#state = 'cut'
    for (const socket of this.#sockets) socket.destroy()
  }

  mend(): void {
    this.#state = 'open'
  }

  /** What the service says is lost from now on. */
  fallSilent(): void {
    this.#state = 'silent'
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #join(service: Socket, port: number): void {
    if (this.#state === 'cut') {
      service.destroy()
      return
    }
    const pbx = connect(port, '127.0.0.1')
    const end = (): void => {
      service.destroy()
      pbx.destroy()
    }
    for (const socket of [service, pbx]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', end)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        end()
      })
    }
    service.on('data', (bytes: Buffer) => {
      if (this.#state === 'open') pbx.write(bytes)
    })
    pbx.on('data', (bytes: Buffer) => service.write(bytes))
  }
}
