import { connect, type Socket } from 'node:net'
import { LoopbackServer } from '../loopback-server.ts'

/** Stands between a service and its PBX, whatever they speak: the link can be cut, and commands can be lost on it. */
export class LinkProxy implements AsyncDisposable {
  readonly #server = new LoopbackServer()
  readonly #sockets = new Set<Socket>()
  #state: 'open' | 'silent' | 'cut' = 'open'

  static async open(port: number): Promise<LinkProxy> {
    const proxy = new LinkProxy()
    await proxy.#server.listen((service) => proxy.#join(service, port))
    return proxy
  }

  get port(): number {
    return this.#server.port
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
    await this.#server[Symbol.asyncDispose]()
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
