import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What is sent back to a line; `null` says nothing at all. */
export type EslAnswer = (line: string) => string | null

/** Speaks the event socket's protocol as far as it is told to, and badly where it is told to. */
export class HostileEsl implements AsyncDisposable {
  /** Every line that reached us, in order, without the login. */
  readonly lines: string[] = []
  connections = 0
  greeting = 'Content-Type: auth/request\n\n'
  answer: EslAnswer = ordinaryAnswer
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => this.#serve(socket))
  }

  static async open(): Promise<HostileEsl> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new HostileEsl(server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Bytes as they are, to every connection. */
  send(bytes: string | Uint8Array): void {
    for (const socket of this.#sockets) socket.write(bytes)
  }

  event(headers: Readonly<Record<string, unknown>>): void {
    this.send(jsonEvent(JSON.stringify(headers)))
  }

  drop(how: 'end' | 'reset'): void {
    for (const socket of this.#sockets) how === 'end' ? socket.destroy() : socket.resetAndDestroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop('end')
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.connections += 1
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.write(this.greeting)
    let buffered = ''
    socket.setEncoding('utf8').on('data', (text: string) => {
      buffered += text
      const lines = buffered.split('\n\n')
      buffered = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('auth ')) this.lines.push(line)
        const answer = this.answer(line)
        if (answer !== null) socket.write(answer)
      }
    })
  }
}

export function ordinaryAnswer(line: string): string {
  if (line.startsWith('api ')) return apiResponse('+OK Success\n')
  return commandReply(line.startsWith('auth ') ? '+OK accepted' : '+OK')
}

export function commandReply(text: string): string {
  return `Content-Type: command/reply\nReply-Text: ${text}\n\n`
}

export function apiResponse(body: string): string {
  return `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`
}

export function jsonEvent(json: string): string {
  return `Content-Length: ${Buffer.byteLength(json)}\nContent-Type: text/event-json\n\n${json}`
}
