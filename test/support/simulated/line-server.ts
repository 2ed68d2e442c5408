import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** What one connected client is to a simulated PBX. */
export interface Client {
  write(text: string | Buffer): void
  /** Whether it has logged in, and hears events. */
  isListening: boolean
  drop(): void
}

export interface LineProtocol {
  readonly greeting: string
  /** What ends a message of the client. */
  readonly end: string
}

/** A TCP server on the loopback interface for a protocol of messages with an end: what all simulated PBXs share. */
export class LineServer implements AsyncDisposable {
  readonly #server: Server
  readonly #clients = new Map<Socket, Client>()
  /** Cut: nobody is let in. Silent: what clients say is lost. */
  state: 'open' | 'silent' | 'cut' = 'open'
  /** A whole message of a client. */
  heard: (client: Client, message: string) => void = () => undefined

  private constructor(server: Server, protocol: LineProtocol) {
    this.#server = server
    server.on('connection', (socket) => this.#serve(socket, protocol))
  }

  static async open(protocol: LineProtocol): Promise<LineServer> {
    const server = createServer()
    const lines = new LineServer(server, protocol)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return lines
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** To every client that listens, and wants it. */
  send(text: string | Buffer, wants: (client: Client) => boolean = () => true): void {
    for (const client of this.#clients.values()) if (client.isListening && wants(client)) client.write(text)
  }

  dropAll(): void {
    for (const socket of this.#clients.keys()) socket.destroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.state = 'cut'
    this.dropAll()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }

  #serve(socket: Socket, { greeting, end }: LineProtocol): void {
    if (this.state === 'cut') {
      socket.destroy()
      return
    }
    const client: Client = { write: (text) => void socket.write(text), isListening: false, drop: () => socket.destroy() }
    this.#clients.set(socket, client)
    socket.setNoDelay(true)
    socket.on('close', () => this.#clients.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.write(greeting)
    let unread = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      const messages = (unread + text).split(end)
      unread = messages.pop() ?? ''
      if (this.state === 'open') for (const message of messages) this.heard(client, message)
    })
  }
}
