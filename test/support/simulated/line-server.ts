import type { Socket } from 'node:net'
import { LoopbackServer, wholeMessages } from '../loopback-server.ts'

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
  readonly #server = new LoopbackServer()
  readonly #clients = new Map<Socket, Client>()
  /** Cut: nobody is let in. Silent: what clients say is lost. */
  state: 'open' | 'silent' | 'cut' = 'open'
  /** A whole message of a client. */
  heard: (client: Client, message: string) => void = () => undefined

  static async open(protocol: LineProtocol): Promise<LineServer> {
    const lines = new LineServer()
    await lines.#server.listen((socket) => lines.#serve(socket, protocol))
    return lines
  }

  get port(): number {
    return this.#server.port
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
    await this.#server[Symbol.asyncDispose]()
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
    socket.setEncoding('utf8').on('data', wholeMessages(end, (message) => {
      if (this.state === 'open') this.heard(client, message)
    }))
  }
}
